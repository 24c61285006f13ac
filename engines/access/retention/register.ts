/**
 * The register of processing activities (GDPR Art. 30; Directive (EU) 2016/680, Art. 24), made of what the node really
 * has: what it holds by type, for which purposes, how long, under which labels; where it comes from; who is given it; who
 * may work on it. What only people know (the controller's address, the legal basis) comes from the settings, and where it
 * is missing the register says so.
 */
import type { Instant, NodeId, Registry, TlpLabel } from '../../record/index.ts'
import { tlpLabels } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import type { Role } from '../contract.ts'
import { type HeldTypeRow, heldTypes, peopleByRole } from './register-queries.ts'

export type Recipient = {
  readonly node: NodeId
  readonly organisation?: string
  readonly state: string
  readonly gives: readonly {
    readonly types: readonly string[]
    readonly upTo: TlpLabel
    readonly areas?: readonly string[]
    readonly purposes?: readonly string[]
  }[]
}

export type RegisterParts = {
  readonly database: Sql
  readonly node: NodeId
  readonly now: Instant
  readonly registry: Pick<Registry, 'definition'>
  readonly sources: readonly {
    readonly id: string
    readonly title: Readonly<Record<string, string>>
    readonly attribution: { readonly source: string; readonly licence: string }
  }[]
  readonly recipients: readonly Recipient[]
  readonly keepDays: number
  /** The controller, its data protection officer, legal bases by record type or `*`: from the settings. */
  readonly declared?: Declared
}

export type Declared = {
  readonly controller?: string
  readonly dataProtectionOfficer?: string
  readonly legalBasis?: Readonly<Record<string, string>>
}

export type Activity = {
  readonly type: string
  readonly isKnown: boolean
  readonly isConfidential: boolean
  readonly legalBasis?: string
  readonly records: number
  readonly own: number
  readonly erased: number
  readonly origins: readonly string[]
  readonly labels: readonly TlpLabel[]
  /** Empty: bound to none. */
  readonly purposes: readonly string[]
  readonly policeCoded: number
  readonly retention: {
    readonly unlimited: number
    readonly earliest?: Instant
    readonly latest?: Instant
  }
  readonly firstReceivedAt: Instant
  readonly lastReceivedAt: Instant
  /** Peers whose rules name this type. */
  readonly recipients: readonly NodeId[]
}

export type Register = {
  readonly format: 'mosaic-processing-1'
  readonly node: NodeId
  readonly madeAt: Instant
  readonly controller?: string
  readonly dataProtectionOfficer?: string
  readonly activities: readonly Activity[]
  readonly sources: readonly {
    readonly id: string
    readonly title: string
    readonly source: string
    readonly licence: string
  }[]
  readonly recipients: readonly Recipient[]
  readonly people: readonly { readonly role: Role; readonly accounts: number }[]
  readonly security: readonly string[]
  /** What the law asks for and nobody has said. */
  readonly missing: readonly string[]
}

export async function registerOf(parts: RegisterParts): Promise<Register> {
  const { database, node, now, sources, recipients, declared = {} } = parts
  const activities = (await heldTypes(database, node)).map((row) => activityOf(row, parts))
  return {
    format: 'mosaic-processing-1',
    node,
    madeAt: now,
    ...(declared.controller === undefined ? {} : { controller: declared.controller }),
    ...(declared.dataProtectionOfficer === undefined
      ? {}
      : { dataProtectionOfficer: declared.dataProtectionOfficer }),
    activities,
    sources: sources.map(({ id, title, attribution }) => ({
      id,
      title: title['en'] ?? Object.values(title)[0] ?? id,
      source: attribution.source,
      licence: attribution.licence,
    })),
    recipients,
    people: await peopleByRole(database),
    security: measures(parts.keepDays),
    missing: missingIn(declared, activities),
  }
}

function activityOf(row: HeldTypeRow, { registry, recipients, declared = {} }: RegisterParts): Activity {
  const definition = registry.definition(row.type)
  const basis = declared.legalBasis?.[row.type] ?? declared.legalBasis?.['*']
  const { earliest, latest, unlimited, ...rest } = row
  return {
    ...rest,
    isKnown: definition !== undefined,
    isConfidential: definition?.confidential === true,
    ...(basis === undefined ? {} : { legalBasis: basis }),
    labels: row.labels.flatMap((rank) => tlpLabels[rank] ?? []),
    retention: {
      unlimited,
      ...(earliest === undefined ? {} : { earliest }),
      ...(latest === undefined ? {} : { latest }),
    },
    recipients: recipients
      .filter(({ gives }) => gives.some(({ types }) => types.some((pattern) => names(pattern, row.type))))
      .map(({ node }) => node),
  }
}

/** `hazards.event`, `hazards.*`, `*`. */
const names = (pattern: string, type: string): boolean =>
  pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)))

const measures = (keepDays: number): readonly string[] => [
  'One policy of labels, audiences, purposes and police codes decides every read, list, export and transfer.',
  `Every read, search, export, disclosure, change and refusal is on an append-only trail, kept ${keepDays} days.`,
  'Records stand in a transparency log that peers countersign; content can be erased, the commitment stays.',
  'Content whose time is over is erased by itself, and the erasure is on record.',
  'Emergency access lasts an hour at most and is reviewed by a second person.',
]

function missingIn(
  { controller, dataProtectionOfficer }: Declared,
  activities: readonly Activity[],
): readonly string[] {
  const baseless = activities.filter(({ legalBasis }) => legalBasis === undefined).map(({ type }) => type)
  return [
    ...(controller === undefined ? ['the name and contact of the controller'] : []),
    ...(dataProtectionOfficer === undefined ? ['the data protection officer'] : []),
    ...(baseless.length > 0 ? [`the legal basis of ${baseless.join(', ')}`] : []),
  ]
}
