/**
 * Retention: content whose time is over is erased, its commitment stays, and the erasure itself is on record.
 *
 * A record's time is over when the effective `retainUntil` of its newest version has passed; every version then goes. So
 * a next version with a later instant is how an origin prolongs after a review (Directive (EU) 2016/680, Art. 5). What is
 * derived has the earliest retention of its inputs and goes by itself, unless a release freed it.
 *
 * In batches, each in this order, so that a crash leaves nothing erased without a record of it, and a repeat harmless:
 *
 *     1. on the trail            which records, by the node itself, for retention
 *     2. on record               `access.erasure`, its key computed from what it names
 *     3. what else holds it      payloads and copies in quarantine (left-behind.ts)
 *     4. the content             with the files to which nothing else refers
 *
 * The store asks at the last whether the time is over still. What its origin prolonged between 1 and 4 stays, and the record
 * of its erasure is put right: its next version names what went, or, where nothing did, its content goes.
 *
 * Erased records are not found again, so the next run goes on where this one stopped.
 */
import { hash } from 'node:crypto'
import {
  type Clock,
  canonical,
  type Draft,
  type Handling,
  type Held,
  type Instant,
  type NodeId,
  type RecordId,
} from '../../record/index.ts'
import type { Ref, Sql, Store } from '../../store/index.ts'
import type { Auditor } from '../audit/index.ts'
import type { Asking } from '../contract.ts'
import { nodePrincipal } from '../principals.ts'
import { ErasureRefused } from './errors.ts'
import { dropLeftBehind, type KeysIn, type LeftBehind, nothingLeft } from './left-behind.ts'
import { type ErasureBody, erasureRecord } from './records.ts'

export type Erasing = {
  readonly store: Pick<Store, 'append' | 'read' | 'erase'>
  readonly database: Sql
  readonly clock: Clock
  readonly auditor: Pick<Auditor, 'noteBefore'>
  readonly node: NodeId
  readonly keysIn: KeysIn
}

export type Erased = LeftBehind & {
  readonly records: number
  readonly versions: number
}

export type EraseDueOptions = {
  readonly batch?: number
  readonly signal?: AbortSignal
  /** After every batch, the sum so far. */
  readonly onProgress?: (erased: Erased) => void
}

export const nothingErased: Erased = { ...nothingLeft, records: 0, versions: 0 }

export async function eraseDue(
  parts: Erasing,
  { batch = 200, signal, onProgress }: EraseDueOptions = {},
): Promise<Erased> {
  let sum = nothingErased
  for (;;) {
    if (signal?.aborted) return sum
    const due = await dueNow(parts, batch)
    if (due.length === 0) return sum
    const why = { because: 'retention', reason: 'The time for which it was to be kept is over.' } as const
    const asking = byTheNode(parts)
    const erased = await eraseRecords(parts, due, { ...why, asking, overAt: asking.now })
    if (erased.versions === 0) return sum // another process has just done it
    sum = added(sum, erased)
    onProgress?.(sum)
  }
}

/** How many records wait for erasure now? */
export const countDue = ({ store, clock }: { readonly store: Pick<Store, 'count'>; readonly clock: Clock }) =>
  store.count({ matching: { kind: 'not', of: { kind: 'retained', at: clock.now() } } })

export type Why = {
  readonly because: ErasureBody['because']
  readonly reason: string
  readonly asking: Asking
  /** Only what is over then still, when it comes to it. */
  readonly overAt?: Instant
}

/** All versions of these records, whose newest are given. */
export async function eraseRecords(parts: Erasing, newest: readonly Held[], why: Why): Promise<Erased> {
  let sum = nothingErased
  for (const group of groupsOf(newest)) sum = added(sum, await eraseGroup(parts, group, why))
  return sum
}

const dueNow = ({ store, clock }: Erasing, limit: number) =>
  store.read({ matching: { kind: 'not', of: { kind: 'retained', at: clock.now() } }, limit })

async function eraseGroup(parts: Erasing, group: readonly Held[], why: Why): Promise<Erased> {
  const { store, database, auditor, keysIn } = parts
  const ids = group.map(({ record }) => record.id)
  const held = await store.read({ ids, versions: 'all' })
  await auditor.noteBefore({ asking: why.asking, act: 'erase', subjects: ids, reason: why.reason })
  const draft = erasureDraft(group, held, why)
  const onRecord = await putOnRecord(store, draft)
  const left = await dropLeftBehind(database, held, keysIn)
  const { reason, overAt } = why
  const gone = await store.erase(ids, { derived: false, reason, ...(overAt && { overAt }) })
  const stayed = overAt === undefined ? new Set<RecordId>() : await heldStill(store, ids, gone)
  if (stayed.size > 0) await putRight(store, { draft, onRecord, stayed })
  return { ...left, records: ids.length - stayed.size, versions: gone.length }
}

async function putOnRecord(store: Pick<Store, 'append'>, draft: Draft<ErasureBody>): Promise<RecordId> {
  const [appended] = await store.append([draft])
  if (appended?.kind === 'appended' || appended?.kind === 'unchanged') return appended.record.id
  throw new ErasureRefused(appended?.kind === 'refused' ? appended.reason.code : 'held back')
}

/** Those that were not erased, and not because another process had done it already. */
async function heldStill(store: Pick<Store, 'read'>, ids: readonly RecordId[], gone: readonly Ref[]) {
  const went = new Set(gone.map(({ id }) => id))
  const held = await store.read({ ids: ids.filter((id) => !went.has(id)) })
  return new Set(held.map(({ record }) => record.id))
}

type OnRecord = {
  readonly draft: Draft<ErasureBody>
  readonly onRecord: RecordId
  readonly stayed: ReadonlySet<RecordId>
}

async function putRight(
  store: Pick<Store, 'append' | 'erase'>,
  { draft, onRecord, stayed }: OnRecord,
): Promise<void> {
  const records = draft.body.records.filter(({ id }) => !stayed.has(id as RecordId))
  const links = (draft.links ?? []).filter(({ id }) => !stayed.has(id))
  if (records.length > 0) await putOnRecord(store, { ...draft, links, body: { ...draft.body, records } })
  else await store.erase([onRecord], { derived: false, reason: 'What it names was prolonged and stays.' })
}

/** One record of erasure names only what may be known by the same readers. */
function groupsOf(newest: readonly Held[]): readonly (readonly Held[])[] {
  const groups = Map.groupBy(newest, (held) => canonical([held.record.realm, handlingOf(held)]))
  return [...groups.values()]
}

/** Who might have the record may know that it is gone; that itself is not erased. */
function handlingOf({ record, effective }: Held): Handling {
  const { retainUntil: _, fieldMarks: __, ...rest } = effective ?? record.handling
  return rest
}

function erasureDraft(
  group: readonly Held[],
  held: readonly Held[],
  { because, reason }: Why,
): Draft<ErasureBody> {
  const [first] = group
  if (first === undefined) throw new Error('nothing is erased')
  const versions = Map.groupBy(held, ({ record }) => record.id)
  const records = group
    .map(({ record: { id, origin } }) => ({ id, origin, versions: versionsOf(versions.get(id) ?? []) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const body: ErasureBody = { because, reason, records }
  return {
    type: erasureRecord.type,
    key: hash('sha256', canonical(body)),
    realm: first.record.realm,
    producer: { kind: 'method', name: 'mosaic.access', version: '1' },
    valid: { from: lastDue(group) },
    handling: handlingOf(first),
    links: records.map(({ id }) => ({ type: 'about', id })),
    body,
  }
}

const versionsOf = (held: readonly Held[]): number[] =>
  held.map(({ record }) => record.version).sort((a, b) => a - b)

/** Computed from what goes, not from the clock: a repeat after a crash is the same record. */
const lastDue = (group: readonly Held[]): Instant =>
  group
    .map(({ record, effective }) => (effective ?? record.handling).retainUntil ?? record.recordedAt)
    .reduce((a, b) => (a > b ? a : b))

/** The node keeps its own rules: nobody asks. */
export function byTheNode({ node, clock }: { readonly node: NodeId; readonly clock: Clock }): Asking {
  const now = clock.now()
  return { principal: nodePrincipal({ node, standing: 'home' }), purpose: 'oversight', now, embargoNow: now }
}

const added = (a: Erased, b: Erased): Erased => ({
  records: a.records + b.records,
  versions: a.versions + b.versions,
  payloads: a.payloads + b.payloads,
  shared: a.shared + b.shared,
  unread: a.unread + b.unread,
  quarantined: a.quarantined + b.quarantined,
})
