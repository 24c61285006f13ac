/**
 * Who looked, for the owner of a record, on every node: each node answers its origin from its own trail, and the origin
 * puts the answers together. A node that does not answer is named, never taken for one where nobody looked.
 */
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  type Instant,
  instantSchema,
  MosaicError,
  type NodeId,
  type RecordId,
  recordIdSchema,
} from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import { purposes, type Role, roles } from '../contract.ts'
import { type Auditor, auditActs, type Look, type Page } from './contract.ts'
import type { AuditPolicy } from './policy.ts'
import { ownedOf } from './queries.ts'

export const mostIdsPerQuestion = 500

export type LooksForOrigin = {
  readonly database: Sql
  readonly auditor: Pick<Auditor, 'looks'>
  readonly policy: Pick<AuditPolicy, 'ownersSeeNames'>
}

/** What this node tells the origin of its own records; of others nothing, whatever was asked. */
export async function looksFor(
  { database, auditor, policy }: LooksForOrigin,
  asked: { readonly origin: NodeId; readonly ids: readonly RecordId[]; readonly before?: number },
): Promise<Page<Look>> {
  const ids = await ownedOf(database, asked.origin, asked.ids.slice(0, mostIdsPerQuestion))
  if (ids.length === 0) return { items: [] }
  const { before } = asked
  return auditor.looks({ ids, named: policy.ownersSeeNames, ...(before === undefined ? {} : { before }) })
}

const word = (maxLength: number) => Type.String({ minLength: 1, maxLength })

export const lookSchema = Type.Object(
  {
    record: Type.Unsafe<RecordId>(recordIdSchema),
    at: Type.Unsafe<Instant>(instantSchema),
    act: Type.Enum(auditActs),
    kind: Type.Enum(['public', 'person', 'token', 'node'] as const),
    organisation: Type.Optional(word(300)),
    roles: Type.Unsafe<readonly Role[]>(Type.Array(Type.Enum(roles), { maxItems: roles.length })),
    purpose: Type.Enum(purposes),
    caseNumber: Type.Optional(word(100)),
    glassBroken: Type.Optional(Type.Literal(true)),
    principal: Type.Optional(word(300)),
  },
  { additionalProperties: false },
)
const validator = Compile(lookSchema)

/** What a peer says of looks at our records: only what has the form, and speaks of what was asked. */
export function readLooks(value: readonly unknown[], asked: readonly RecordId[]): readonly Look[] {
  return value.filter((one): one is Look => validator.Check(one) && asked.includes(one.record))
}

export type NodeLooks =
  | {
      readonly kind: 'answered'
      readonly node: NodeId
      readonly looks: readonly Look[]
      readonly hasMore: boolean
    }
  | { readonly kind: 'unanswered'; readonly node: NodeId; readonly reason: string }

/** Asks each of these nodes; one that fails is named with its reason. `ask`: the exchange's. */
export const looksAtPeers =
  (
    peers: () => Promise<readonly NodeId[]>,
    ask: (peer: NodeId, ids: readonly RecordId[]) => Promise<readonly unknown[]>,
  ) =>
  async (ids: readonly RecordId[]): Promise<readonly NodeLooks[]> =>
    Promise.all(
      (await peers()).map(async (node): Promise<NodeLooks> => {
        try {
          const looks = readLooks(await ask(node, ids), ids)
          return { kind: 'answered', node, looks, hasMore: looks.length >= looksPerAnswer }
        } catch (error) {
          return { kind: 'unanswered', node, reason: reasonOf(error) }
        }
      }),
    )

const looksPerAnswer = 500
const reasonOf = (error: unknown): string =>
  error instanceof MosaicError ? error.code : error instanceof Error ? error.message : String(error)

export type LookSomewhere = Look & { readonly node: NodeId }

export type LooksEverywhere = {
  /** Newest first. */
  readonly looks: readonly LookSomewhere[]
  readonly unanswered: readonly { readonly node: NodeId; readonly reason: string }[]
  /** Nodes that know of more looks than they gave. */
  readonly more: readonly NodeId[]
}

export function mergeLooks(answers: readonly NodeLooks[]): LooksEverywhere {
  const answered = answers.filter((one) => one.kind === 'answered')
  const looks = answered.flatMap(({ node, looks: all }) => all.map((look) => ({ ...look, node })))
  return {
    looks: looks.sort((a, b) => byInstant(b.at, a.at)),
    unanswered: answers
      .filter((one) => one.kind === 'unanswered')
      .map(({ node, reason }) => ({ node, reason })),
    more: answered.filter(({ hasMore }) => hasMore).map(({ node }) => node),
  }
}

const byInstant = (a: Instant, b: Instant): number => (a < b ? -1 : a > b ? 1 : 0)
