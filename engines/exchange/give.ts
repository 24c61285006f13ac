/**
 * Giving: what of our log a peer is sent next.
 *
 * In every batch first what is new (`live`), then what is new to it because an embargo ended (`ended`), then what is old
 * (`backlog`: what still holds, then history). So a newcomer has the warnings in force before it has last year's, and a
 * long history never delays what happens now. Only indexes under the newest signed checkpoint are looked at. Own records
 * go with an inclusion proof in our log; others' as they came, with their origin's proof.
 *
 * A batch ends at so many records or so many bytes; the place moves only over what is in it.
 */
import type { Clock, Instant, NodeId, RecordId } from '../record/index.ts'
import type { Condition, OpenStore, Proven, Query } from '../store/index.ts'
import { LogHeld, type SignedCheckpoint, type TransparencyLog } from '../tlog/index.ts'
import type { Peer, RecallHooks } from './contract.ts'
import type { Place } from './cursor.ts'
import type { GivenRecord } from './deliveries.ts'
import { type Entitlement, entitledIn } from './entitlement.ts'
import { type Rendered, renderer } from './render.ts'

export type GiveParts = {
  readonly store: Pick<OpenStore, 'read' | 'readProven' | 'provenance' | 'head' | 'database'>
  readonly log: TransparencyLog
  readonly node: NodeId
  readonly clock: Clock
  readonly embargoNow: () => Promise<Instant>
  readonly recall: RecallHooks
}

export type GiveBounds = { readonly items: number; readonly bytes: number }

export type Given = {
  readonly place: Place
  readonly isLast: boolean
  readonly head?: SignedCheckpoint
  readonly checkpoints: readonly string[]
  /** That the proofs of the items name. */
  readonly hashes: readonly string[]
  /** Each item as JSON. */
  readonly items: readonly string[]
  readonly refs: readonly GivenRecord[]
  /** Those that go whatever the rules say. */
  readonly followUps: ReadonlySet<RecordId>
}

export type Ref = { readonly id: RecordId; readonly version: number }

type Turn = GiveParts & {
  readonly entitlement: Entitlement
  readonly now: Instant
  readonly judgedAt: Instant
  readonly followUps: readonly RecordId[]
  readonly peer: Peer
}

/** One of the three strands: what it reads next, and where it stands after that. */
type Strand = {
  readonly read: (limit: number) => Promise<Page>
  /** The place once everything up to this index is given; `isDone` when nothing is left in it. */
  readonly move: (place: Place, index: number, isDone: boolean) => Place
}

export async function give(
  parts: GiveParts,
  asked: { readonly peer: Peer; readonly entitlement: Entitlement; readonly place?: Place },
  bounds: GiveBounds,
): Promise<Given> {
  const head = await signedHead(parts)
  const now = parts.clock.now()
  const turn: Turn = {
    ...parts,
    ...asked,
    now,
    judgedAt: await parts.embargoNow(),
    followUps: await parts.recall.followUpsFor(asked.peer.node),
  }
  const size = head?.size ?? 0
  const begun = begin(asked.place, turn, size)
  const render = renderer(parts, asked.entitlement.readers(now, turn.judgedAt), { head, bytes: bounds.bytes })
  let place = begun
  let isLast = true
  for (const strandOf of [live, ended, backlog, backlog]) {
    const strand = await strandOf(turn, place, size)
    if (strand === undefined) continue
    const step = await walk(strand, place, render, bounds.items)
    place = step.place
    isLast = step.isDone
    if (!isLast) break
  }
  return {
    place,
    isLast,
    ...(head && { head }),
    checkpoints: render.checkpoints(),
    hashes: render.hashes(),
    items: render.items(),
    refs: render.refs(),
    followUps: new Set(turn.followUps),
  }
}

/** The newest checkpoint, made anew where the log has grown beyond it; while signing is held, the one that there is. */
export async function signedHead({ store, log }: GiveParts): Promise<SignedCheckpoint | undefined> {
  const [newest, head] = await Promise.all([log.checkpoint(), store.head()])
  if ((newest?.size ?? 0) > head) return newest
  try {
    return await log.integrate()
  } catch (error) {
    if (error instanceof LogHeld) return newest
    throw error
  }
}

function begin(place: Place | undefined, turn: Turn, size: number): Place {
  const { entitlement, now, judgedAt } = turn
  const all = { stage: 'valid' as const, after: -1, upTo: size - 1, since: now }
  if (place === undefined || place.live >= size)
    return { epoch: entitlement.epoch, live: size - 1, backlog: all, embargo: judgedAt }
  if (place.epoch === entitlement.epoch) return place
  // What was left of a backlog was owed under the older entitlement already, so the new one begins where that began.
  const beyond = place.backlog === undefined ? place.epoch : place.backlog.beyond
  const again = { ...all, upTo: place.live, ...(beyond !== undefined && { beyond }) }
  return { ...place, epoch: entitlement.epoch, backlog: again }
}

async function walk(
  strand: Strand,
  from: Place,
  render: Rendered,
  limit: number,
): Promise<{ place: Place; isDone: boolean }> {
  let place = from
  for (;;) {
    const room = limit - render.items().length
    if (room <= 0) return { place, isDone: false }
    const page = await strand.read(room)
    const cut = await render.take(page.held)
    if (cut !== undefined) return { place: cut < 0 ? place : strand.move(place, cut, false), isDone: false }
    place = strand.move(place, page.end, page.isLast)
    if (page.isLast) return { place, isDone: true }
    if (room === page.held.length) return { place, isDone: false }
  }
}

type Range = { readonly after: number; readonly upTo: number }
type Page = { readonly held: readonly Proven[]; readonly isLast: boolean; readonly end: number }

const maxWindow = 65_536

/**
 * The next records of a stretch of the log, looked for in windows that widen while they hold nothing: a database that is
 * asked for the first thousand of all may read all to find them, and takes longer with every record.
 */
async function readPage(
  { store }: Turn,
  { after, upTo, ...query }: Pick<Query, 'where' | 'validFrom'> & Range,
  limit: number,
): Promise<Page> {
  let window = 2 * Math.max(limit, 500)
  for (let at = after; ; window = Math.min(2 * window, maxWindow)) {
    const end = Math.min(upTo, at + window)
    const held =
      at >= upTo ? [] : await store.readProven({ ...query, after: at, upTo: end, versions: 'all', limit })
    const last = held.at(-1)
    if (held.length === limit && last !== undefined)
      return { held, isLast: last.index >= upTo, end: last.index }
    if (end >= upTo || at >= upTo) return { held, isLast: true, end: upTo }
    if (held.length > 0) return { held, isLast: false, end }
    at = end
  }
}

/** What the peer may have now; recalls of what it was given go whatever the rules say. */
function owed(
  { entitlement, now, followUps }: Turn,
  embargoNow: Instant,
  besides: readonly Condition[] = [],
): Condition {
  const entitled: Condition = { kind: 'all', of: [entitlement.at(now, embargoNow), ...besides] }
  return followUps.length === 0
    ? entitled
    : { kind: 'any', of: [entitled, { kind: 'id-in', ids: followUps }] }
}

async function live(turn: Turn, place: Place, size: number): Promise<Strand | undefined> {
  if (place.live >= size - 1) return undefined
  let after = place.live
  return {
    async read(limit) {
      const where = owed(turn, turn.judgedAt)
      const page = await readPage(turn, { after, upTo: size - 1, where }, limit)
      after = page.end
      return page
    },
    move: (at, index) => ({ ...at, live: index }),
  }
}

/** Embargoes that ended since the peer was served last, among the records that have gone by. */
async function ended(turn: Turn, place: Place): Promise<Strand | undefined> {
  const to = place.ended?.to ?? turn.judgedAt
  if (to <= place.embargo || !(await anyEnded(turn, place.embargo, to))) return undefined
  const still: Condition = { kind: 'not', of: { kind: 'embargo-over', at: place.embargo } }
  const where: Condition = { kind: 'all', of: [turn.entitlement.at(turn.now, to), still] }
  let after = place.ended?.after ?? -1
  return {
    async read(limit) {
      const page = await readPage(turn, { after, upTo: place.live, where }, limit)
      after = page.end
      return page
    },
    move({ ended: _, ...at }, index, isDone) {
      return isDone ? { ...at, embargo: to } : { ...at, ended: { to, after: index } }
    },
  }
}

async function anyEnded({ store }: Turn, after: Instant, upTo: Instant): Promise<boolean> {
  const rows = await store.database`
    select from record where embargo_until > ${after} and embargo_until <= ${upTo} limit 1`
  return rows.length > 0
}

/** Both stages in turn: what holds at `since`, then what does not. */
async function backlog(turn: Turn, place: Place): Promise<Strand | undefined> {
  const { backlog: old } = place
  if (old === undefined) return undefined
  const before =
    old.beyond === undefined ? undefined : await entitledIn(turn.store.database, turn.peer.node, old.beyond)
  const where = owed(turn, turn.judgedAt, before === undefined ? [] : [{ kind: 'not', of: before }])
  const isValid = old.stage === 'valid'
  const query = { upTo: old.upTo, where, ...(isValid && { validFrom: old.since }) }
  let after = old.after
  return {
    async read(limit) {
      const page = await readPage(turn, { ...query, after }, isValid ? limit : Math.max(limit, 500))
      const wanted = isValid
        ? page.held
        : page.held.filter(({ record }) => (record.valid.until ?? '~') < old.since)
      const held = wanted.slice(0, limit)
      const isCut = held.length < wanted.length
      after = isCut ? (held.at(-1)?.index ?? after) : page.end
      return { held, isLast: page.isLast && !isCut, end: after }
    },
    move({ backlog: _, ...at }, index, isDone) {
      if (!isDone) return { ...at, backlog: { ...old, after: index } }
      return isValid ? { ...at, backlog: { ...old, stage: 'history', after: -1 } } : at
    },
  }
}
