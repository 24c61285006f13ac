/**
 * Taking from a peer: one batch asked for, verified, stored, and only then the next.
 *
 * What it brought is stored before the cursor moves, so a crash asks for the same batch again, of which the store keeps
 * each record once; nothing is skipped. What is wrong with one item stands in quarantine and stops nothing; what is wrong
 * with the batch is thrown, and nothing of it is taken.
 */
import { hash } from 'node:crypto'
import {
  actual,
  type Clock,
  type Digest,
  isRealm,
  type MosaicRecord,
  type NodeId,
  type Realm,
} from '../record/index.ts'
import type { OpenStore, Received } from '../store/index.ts'
import { originOf } from '../tlog/index.ts'
import type { Client } from './client.ts'
import type { Batch, BatchItem, Peer } from './contract.ts'
import { PeerFailed, QuarantineFull } from './errors.ts'
import type { Introductions } from './introductions.ts'
import { nodeOfLog } from './origins.ts'
import type { Peers } from './peers.ts'
import { claimOf } from './received.ts'
import type { Relayed } from './relayed.ts'
import {
  type MayHold,
  type Verdict,
  type VerifiedItems,
  type VerifyParts,
  verifyHead,
  verifyItems,
} from './verify.ts'
import { maxAnswerBytes, maxBatchItems, parseBatch } from './wire.ts'

export type PullParts = Omit<VerifyParts, 'mayHold'> & {
  /** Our own policy, as of now. */
  readonly mayHold: () => MayHold
  readonly store: Pick<OpenStore, 'receive' | 'read' | 'quarantine'>
  readonly peers: Peers
  readonly client: Client
  readonly clock: Clock
  readonly introductions: Introductions
  readonly relayed: Relayed
  /** What came and was taken, for whoever follows up: attachments, schemas, recalls. */
  readonly taken: (peer: Peer, records: readonly MosaicRecord[]) => Promise<void>
}

export type Pulled = {
  readonly isLast: boolean
  readonly items: number
  readonly received: number
  readonly refused: number
  /** Of the peer's log, as of the newest checkpoint that it showed. */
  readonly logSize: number
  /** What is in it, to see the same coming again. */
  readonly digest: string
}

const path = '/exchange/v1/records'

/** `waitMs`: how long the peer may hold the request while it has nothing. */
export async function pullOnce(
  parts: PullParts,
  peer: Peer,
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
): Promise<Pulled> {
  const { peers, origins, client } = parts
  const { cursor, from, claim: before, chain } = await peers.progress(peer.node)
  const seen = await origins.seen(peer.logOrigin)
  const have = seen?.size
  const query = new URLSearchParams({
    limit: String(maxBatchItems),
    wait: String(Math.round(waitMs / 1000)),
    ...(cursor !== undefined && { cursor }),
    ...(have !== undefined && { have: String(have) }),
  })
  const answer = await client.ask(
    peer,
    { method: 'GET', path: `${path}?${query}`, ...(before !== undefined && { received: before }) },
    {
      timeoutMs: waitMs + 60_000,
      idleMs: waitMs + 20_000,
      maxBytes: maxAnswerBytes,
      maxUnfoldedBytes: maxAnswerBytes,
      expects: [410],
      signal,
    },
  )
  if (answer.status === 410) {
    await peers.beginAnew(peer.node)
    return { isLast: false, items: 0, received: 0, refused: 0, logSize: 0, digest: '' }
  }
  const batch = parseBatch(answer.body)
  const head = await verifyHead(origins, peer, { ...batch, seen })
  await parts.introductions.before(peer, batch, signal)
  const { verdicts, checkpoints } = await verifyItems(
    { ...parts, mayHold: parts.mayHold() },
    peer.node,
    batch,
  )
  const { leaves, ...outcome } = await take(parts, peer, verdicts)
  await seeAll(parts, head === undefined ? checkpoints : [head, ...checkpoints])
  await parts.relayed.noteRecords(
    peer,
    verdicts.filter((verdict) => verdict.kind === 'sound'),
  )
  const claim = claimOf(leaves, chain)
  await peers.advance(peer.node, {
    ...(from !== undefined && { from }),
    cursor: batch.cursor,
    isCaughtUp: batch.isLast,
    ...(claim !== undefined && { claim: claim.text, chain: claim.chain }),
    ...outcome,
  })
  return {
    isLast: batch.isLast,
    items: batch.items.length,
    ...outcome,
    logSize: head?.checkpoint.size ?? 0,
    digest: digestOf(batch),
  }
}

/** By the places in the origins' logs: enough to know the same page again. */
const digestOf = ({ items, checkpoints }: Batch): string =>
  items.length === 0
    ? ''
    : hash(
        'sha256',
        items.map(({ under, proof }) => `${checkpoints[under]?.split('\n', 1)[0]} ${proof.index}`).join('\n'),
      )

/** What was verified is what later checkpoints must extend, whoever brings them. A fork of another origin stops only that one. */
export async function seeAll(
  { origins, peers, clock, node }: Pick<PullParts, 'origins' | 'peers' | 'clock' | 'node'>,
  checkpoints: VerifiedItems['checkpoints'],
): Promise<void> {
  for (const { checkpoint, note } of checkpoints) {
    if (checkpoint.origin === originOf(node) || (await origins.see(checkpoint, note, clock.now()))) continue
    await origins.keepFork(checkpoint.origin, note)
    const origin = nodeOfLog(checkpoint.origin)
    if (origin !== undefined && (await peers.get(origin)) !== undefined)
      await peers.setState(
        origin,
        'forked',
        'Another peer brought a checkpoint of its log with another root.',
      )
  }
}

/** `leaves`: of each item of the batch that is held now. */
type Taken = {
  readonly received: number
  readonly refused: number
  readonly leaves: readonly (Digest | undefined)[]
}

async function take(parts: PullParts, peer: Peer, verdicts: readonly Verdict[]): Promise<Taken> {
  refuseFlood(verdicts)
  const sound = verdicts.filter((verdict) => verdict.kind === 'sound')
  const received = sound.length === 0 ? [] : await parts.store.receive(sound.map(({ arrival }) => arrival))
  const taken: MosaicRecord[] = []
  let refused = 0
  let isFull = false
  const known = await heldAlready(parts, verdicts)
  for (const verdict of verdicts) {
    if (verdict.kind === 'sound' || known.has(verdict)) continue
    refused += 1
    const { isKept } = await hold(parts, peer.node, verdict)
    isFull ||= !isKept && isItsFault(verdict)
  }
  for (const [at, one] of received.entries()) {
    const from = sound[at]
    // What was withdrawn here does not come back; its giver has not heard of it yet, and nobody needs to look.
    if (one.kind === 'refused' && from !== undefined && one.reason.code !== 'record/erased') {
      refused += 1
      await holdRefused(parts, peer.node, from.record, one)
    }
    if (one.kind === 'accepted' || one.kind === 'completed') taken.push(one.record)
    if (one.kind === 'equivocation') {
      refused += 1
      isFull ||= !one.isKept
    }
  }
  if (taken.length > 0) await parts.taken(peer, taken)
  // Nothing is passed over: the cursor stays, and the batch is asked for again once there is room.
  if (isFull) throw new QuarantineFull(peer.node)
  const held = new Set(sound.filter((_, at) => isHeld(received[at])))
  const leaves = verdicts.map((one) => (one.kind === 'sound' && held.has(one) ? one.leaf : undefined))
  return { received: taken.length, refused, leaves }
}

const isHeld = (one: Received | undefined): boolean =>
  one?.kind === 'accepted' || one?.kind === 'completed' || one?.kind === 'unchanged'

/** Own records that come back and that this node has: whoever holds them of us may not know that we wrote them. */
async function heldAlready(
  { store }: PullParts,
  verdicts: readonly Verdict[],
): Promise<ReadonlySet<Verdict>> {
  const own = verdicts.filter((verdict) => verdict.kind === 'own')
  if (own.length === 0) return new Set()
  const ids = [...new Set(own.map(({ record }) => record.id))]
  const held = await store.read({ ids, versions: 'all', erased: true })
  const names = new Set(held.map(({ record }) => `${record.id}@${record.version}`))
  return new Set(own.filter(({ record }) => names.has(`${record.id}@${record.version}`)))
}

/**
 * What nobody vouches for here, or is not for us, is kept by its name and may be counted alone: an honest relay has any
 * number of these. What is altered or made up is evidence, and nothing more of it is taken when it cannot be kept.
 */
const isItsFault = (verdict: Verdict): boolean => verdict.kind === 'wrong' && !isOfUnknownOrigin(verdict)

/** A few wrong records are those records' fault; many are the batch's, and would fill the quarantine. */
function refuseFlood(verdicts: readonly Verdict[]): void {
  const wrong = verdicts.filter((verdict) => verdict.kind === 'wrong' && !isOfUnknownOrigin(verdict))
  if (wrong.length > maxWrong)
    throw new PeerFailed(
      'exchange/not-an-answer',
      `${wrong.length} of the ${verdicts.length} records in its batch cannot be verified; nothing of it is taken.`,
    )
}

const maxWrong = 100

/**
 * Nobody vouches for it here, or not this log any more: whoever relays may know origins and successions that this node
 * does not, or took things before a succession was known, so an honest relay has many of these.
 */
const isOfUnknownOrigin = ({ issues }: Extract<Verdict, { kind: 'wrong' }>): boolean =>
  issues.every(({ rule }) => notVouchedFor.has(rule))

const notVouchedFor: ReadonlySet<string> = new Set([
  'exchange/unknown-origin',
  'exchange/other-log',
  'exchange/after-succession',
  'exchange/before-succession',
])

/** What is wrong is kept whole, to be looked at; what is not for us is kept by its name alone. */
const hold = (parts: PullParts, from: NodeId, verdict: Exclude<Verdict, { kind: 'sound' }>) =>
  verdict.kind !== 'not-for-us'
    ? keep(parts, from, {
        realm: realmOf(verdict.item),
        content:
          verdict.kind === 'wrong' && isOfUnknownOrigin(verdict) ? saidName(verdict.item) : verdict.item,
        issues: verdict.issues,
      })
    : keep(parts, from, {
        realm: verdict.record.realm,
        content: nameOf(verdict.record),
        issues: verdict.issues,
      })

const holdRefused = (
  parts: PullParts,
  from: NodeId,
  record: MosaicRecord,
  { reason }: Received & { kind: 'refused' },
) =>
  keep(parts, from, {
    realm: record.realm,
    content: nameOf(record),
    issues:
      reason.code === 'record/invalid'
        ? reason.issues
        : [{ rule: reason.code, place: '', message: 'The store refused it; ask its origin.' }],
  })

const nameOf = ({ id, version, type, origin }: MosaicRecord) => ({ id, version, type, origin })

type Kept = {
  readonly realm: Realm
  readonly content: object
  readonly issues: Parameters<OpenStore['quarantine']['hold']>[0]['issues']
}

const keep = ({ store, clock }: PullParts, from: NodeId, { realm, content, issues }: Kept) =>
  store.quarantine.hold({
    kind: 'refused',
    from,
    realm,
    receivedAt: clock.now(),
    mediaType: 'application/json',
    bytes: Buffer.from(JSON.stringify(content)),
    issues: issues.slice(0, 20),
  })

/** Of an origin that is not known nothing can be proven; once it is, its records can be asked for again. */
const saidName = ({ parcel }: BatchItem): object =>
  Object.fromEntries(
    parcel.disclosed
      .filter((field) => ['id', 'version', 'type', 'origin'].includes(field?.name))
      .map(({ name, value }) => [name, value]),
  )

/** As it says itself; what does not say it stands among what is real, where somebody looks. */
function realmOf({ parcel }: BatchItem): Realm {
  const said = parcel.disclosed.find((field) => field?.name === 'realm')?.value
  return isRealm(said) ? said : actual
}
