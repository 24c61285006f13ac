/**
 * Append: drafts become records of this node, in transactions of up to a thousand. The locks, the newest versions and
 * the inputs are asked for in one round trip; what follows is planned without I/O (`plan-append.ts`) and written by
 * COPY. The sequencer then gives the log indexes, in a transaction of its own.
 */
import type { Digest, Draft, Instant, MosaicRecord, RecordId } from '../record/index.ts'
import { confidentialRecordId, recordId } from '../record/index.ts'
import { ancestryOf, heldInput, inputName, inputsHeld } from './ancestry.ts'
import { moveCheckpoint } from './checkpoints.ts'
import type { Sql, Transaction } from './connect.ts'
import type { Appended, AppendOptions } from './contract.ts'
import { TurnTaken } from './errors.ts'
import { identifyHeld } from './in-place-of.ts'
import {
  createPlanner,
  type HeldVersion,
  type Identified,
  identify,
  inputsOf,
  type Known,
  type Outcome,
  type Planned,
  type Writer,
} from './plan-append.ts'
import {
  digestsOf,
  lockIds,
  type NewestRow,
  newestOf,
  type VersionRef,
  versionsOf,
  writeRows,
} from './queries.ts'
import { releasesOf } from './released.ts'
import type { RecordRow } from './rows.ts'
import type { Sequencer } from './sequencer.ts'

const batchSize = 1000
const chunkSize = 50

export type AppendParts = Writer & {
  readonly sql: Sql
  readonly sequencer: Sequencer
  readonly secret: Uint8Array
}

export async function append(
  parts: AppendParts,
  drafts: readonly Draft[],
  options: AppendOptions = {},
): Promise<readonly Appended[]> {
  const receivedAt = options.receivedAt ?? parts.clock.now()
  const { inPlaceOf } = options
  const identified =
    inPlaceOf === undefined
      ? identify(drafts, parts.registry, (draft) => idOf(parts, draft))
      : await identifyHeld(parts, drafts, inPlaceOf.origin)
  const size = options.turn === undefined ? batchSize : identified.length
  const appended: Appended[] = []
  for (let at = 0; at < identified.length; at += size) {
    const batch = identified.slice(at, at + size)
    appended.push(...(await appendBatch(parts, batch, receivedAt, options)))
  }
  if (appended.some(({ kind }) => kind === 'appended')) await parts.sequencer.run()
  return appended
}

function idOf({ registry, secret, node }: AppendParts, { type, key, realm }: Draft): RecordId {
  return registry.isConfidential(type)
    ? confidentialRecordId(secret, node, type, key, realm)
    : recordId(node, type, key, realm)
}

async function appendBatch(
  parts: AppendParts,
  batch: readonly Identified[],
  receivedAt: Instant,
  { unlessEver = false, turn, inPlaceOf }: AppendOptions,
): Promise<readonly Appended[]> {
  const ids = [...new Set(batch.flatMap((one) => ('id' in one ? [one.id] : [])))]
  const outcomes: Outcome[] = []
  const isWritten = await parts.sql
    .begin(async (handle) => {
      const tx = handle as Transaction
      if (turn && !(await moveCheckpoint(tx, turn, parts.clock.now()))) throw new TurnTaken(turn.reactor)
      const known = ids.length > 0 ? await ask(tx, batch, ids, unlessEver) : nothing
      const plan = createPlanner(known, writerOf(parts, inPlaceOf), receivedAt)
      await writeRows(tx, plannedRows(batch, plan, outcomes), parts.home)
      if (turn && outcomes.some(({ kind }) => kind === 'refused')) throw rolledBack
      return true
    })
    .catch((error: unknown) => {
      if (error === rolledBack) return false
      throw error
    })
  if (isWritten) return withVersions(parts.sql, outcomes)
  return outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome : { kind: 'held-back' }))
}

const writerOf = (parts: AppendParts, inPlaceOf: AppendOptions['inPlaceOf']): Writer =>
  inPlaceOf ? { ...parts, node: inPlaceOf.origin, above: inPlaceOf.above } : parts

/** Ends the transaction of a turn in which one draft is refused. */
const rolledBack = new Error('a draft of this turn is refused')

const nothing: Known = { newest: new Map(), inputs: new Map() }

/** Some at a time, so that the server takes in the first rows while the next are hashed. */
function* plannedRows(
  batch: readonly Identified[],
  plan: (one: Identified) => Planned,
  outcomes: Outcome[],
): Generator<readonly RecordRow[]> {
  for (let at = 0; at < batch.length; at += chunkSize) {
    const planned = batch.slice(at, at + chunkSize).map(plan)
    outcomes.push(...planned.map(({ outcome }) => outcome))
    yield planned.flatMap(({ row }) => (row ? [row] : []))
  }
}

/** All questions are sent at once, in this order; each sees what was committed before its lock was granted. */
async function ask(
  tx: Transaction,
  batch: readonly Identified[],
  ids: readonly RecordId[],
  unlessEver: boolean,
): Promise<Known> {
  const drafts = batch.flatMap((one) => ('id' in one ? [one.draft] : []))
  const links = drafts.flatMap(inputsOf)
  const named = [...new Set(drafts.flatMap(releasesOf).map(({ id }) => id))]

  const [, newest, digests, inputs, ancestry] = await Promise.all([
    lockIds(tx, ids),
    newestOf(tx, ids),
    unlessEver ? digestsOf(tx, ids) : [],
    inputsHeld(tx, links),
    named.length > 0 ? ancestryOf(tx, links, named) : undefined,
  ])
  return {
    newest: new Map(newest.map((row): [RecordId, HeldVersion] => [row.record.id, heldVersion(row)])),
    inputs,
    ...(ancestry && { ancestry }),
    ...(unlessEver && { ever: byDigest(digests) }),
  }
}

/** Of own records all fields are held; what was erased has no digest. */
const heldVersion = ({ record, effective, digest }: NewestRow): HeldVersion => ({
  ...heldInput({ record, effective, withheld: null, isErased: digest === '' }),
  digest,
})

const distinct = (refs: readonly VersionRef[]): readonly VersionRef[] => [
  ...new Map(refs.map((ref) => [inputName(ref.id, ref.version), ref])).values(),
]

function byDigest(rows: readonly { id: RecordId; digest: Digest; version: number }[]) {
  const ever = new Map<RecordId, Map<Digest, number>>()
  for (const { id, digest, version } of rows) {
    const one = ever.get(id) ?? new Map<Digest, number>()
    ever.set(id, one.set(digest, version))
  }
  return ever
}

/** Reads the older versions that said the same before. */
async function withVersions(sql: Sql, outcomes: readonly Outcome[]): Promise<readonly Appended[]> {
  const said = outcomes.filter((outcome) => outcome.kind === 'said-before')
  if (said.length === 0) return outcomes as readonly Appended[]
  const found = await versionsOf(sql, distinct(said))
  const byName = new Map(found.map(({ record }) => [inputName(record.id, record.version), record]))
  return outcomes.map((outcome): Appended => {
    if (outcome.kind !== 'said-before') return outcome
    return { kind: 'unchanged', record: byName.get(inputName(outcome.id, outcome.version)) as MosaicRecord }
  })
}
