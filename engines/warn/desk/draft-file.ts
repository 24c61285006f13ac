/**
 * All that is known of one draft, read and put together: its versions, what people did with it, where that leaves it,
 * and the chain of messages that it belongs to. Reads through whatever it is given: the store, a reactor's view, or what
 * one asker may see.
 */
import type { Held, Instant, RecordId } from '../../record/index.ts'
import type { ReactorView } from '../../store/index.ts'
import { chainOf, type HeldWarning, liveOf } from '../chain.ts'
import { type WarningBody, warningRecord } from '../records.ts'
import type { DeskRules } from './contract.ts'
import { type Life, lived, type Move, type MoveRefusal } from './life.ts'
import { type DraftBody, type DraftStepBody, draftRecord, draftStepRecord } from './records.ts'

export type Reads = Pick<ReactorView, 'read'>
export type HeldDraft = Held<DraftBody>
export type Told = Move & {
  readonly held: HeldDraft | Held<DraftStepBody>
  readonly despite: readonly string[]
  readonly void?: MoveRefusal
}

export type DraftFile = {
  readonly id: RecordId
  /** The version that counts. */
  readonly held: HeldDraft
  readonly body: DraftBody
  readonly life: Life
  /** The first version, then every change and step, as the log has them. */
  readonly first: HeldDraft
  readonly history: readonly Told[]
  /** Rules that were set aside for the version that counts. */
  readonly despite: readonly string[]
  readonly chainId: RecordId
  readonly chain: readonly HeldWarning[]
  /** The message that was made of it. */
  readonly warning?: HeldWarning
}

export async function draftFile(
  reads: Reads,
  id: RecordId,
  rules: DeskRules,
): Promise<DraftFile | undefined> {
  const versions = (await reads.read({
    ids: [id],
    types: [draftRecord.type],
    versions: 'all',
  })) as readonly HeldDraft[]
  const [first] = versions
  if (first === undefined) return undefined
  const steps = (await reads.read({
    types: [draftStepRecord.type],
    linkedTo: [id],
    linkType: 'answers',
  })) as readonly Held<DraftStepBody>[]
  const chainId = first.record.body.chain ?? id
  return fileOf({ versions, steps, chainId, chain: await readChain(reads, chainId) }, rules)
}

/** By links that both kinds of chains have: messages of a proposal are derived from it, those of the desk are part of it. */
export async function readChain(reads: Reads, chainId: RecordId): Promise<readonly HeldWarning[]> {
  const held = await reads.read({ types: [warningRecord.type], linkedTo: [chainId] })
  return chainOf(held as readonly Held<WarningBody>[], chainId)
}

export type FileParts = {
  readonly versions: readonly HeldDraft[]
  readonly steps: readonly Held<DraftStepBody>[]
  readonly chainId: RecordId
  readonly chain: readonly HeldWarning[]
}

export function fileOf({ versions, steps, chainId, chain }: FileParts, rules: DeskRules): DraftFile {
  const ordered = [...versions].sort((a, b) => a.record.version - b.record.version)
  const [first, ...changes] = ordered as [HeldDraft, ...HeldDraft[]]
  const moves: readonly Told[] = [...changes.map(changeOf), ...steps.map(stepOf)].sort(
    (a, b) => a.held.index - b.held.index,
  )
  const needed = (version: number) => {
    const said = ordered.find(({ record }) => record.version === version)
    return said === undefined ? 1 : approvalsFor(said.record.body, chain, rules)
  }
  const { life, history } = lived(first.record.body.by, moves, needed)
  const held = ordered.find(({ record }) => record.version === life.version) ?? first
  const warning = chain.find(({ record }) => record.body.draft?.id === first.record.id)
  return {
    id: first.record.id,
    ...{ held, life, first, history, chainId, chain },
    body: held.record.body,
    despite: history
      .filter((told) => told.void === undefined && told.version === life.version)
      .flatMap(({ despite }) => despite),
    ...(warning && { warning }),
  }
}

/**
 * By the gravest of what is said now and what is changed or ended by it: to call off a grave warning is as grave.
 */
export function approvalsFor(
  body: DraftBody,
  chain: readonly HeldWarning[],
  { approvals }: DeskRules,
): number {
  const before = chain.slice(0, body.after).flatMap(({ record }) => record.body.infos[0]?.severity ?? [])
  const touched = body.purpose === 'alert' ? [] : before
  return Math.max(...[body.content.severity, ...touched].map((severity) => approvals[severity]))
}

/** What its message would update or end at this instant. */
export const liveFor = ({ chain }: Pick<DraftFile, 'chain'>, at: Instant): readonly HeldWarning[] =>
  liveOf(chain, at)

export const hasMovedOn = ({ body, chain, warning }: DraftFile): boolean =>
  warning === undefined && chain.length > body.after

const changeOf = (held: HeldDraft): Told => ({
  kind: 'edit',
  by: held.record.body.by,
  version: held.record.version,
  basedOn: held.record.body.basedOn,
  held,
  despite: [],
})

const stepOf = (held: Held<DraftStepBody>): Told => {
  const { step, by, version, because, despite } = held.record.body
  return { kind: step, by, version, ...(because !== undefined && { because }), held, despite }
}
