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
  exerciseOf,
  isRealm,
  type MosaicRecord,
  type NodeId,
  type Realm,
} from '../record/index.ts'
import type { OpenStore, Received } from '../store/index.ts'
import { openCheckpoint, originOf } from '../tlog/index.ts'
import type { Client } from './client.ts'
import type { Batch, BatchItem, Peer } from './contract.ts'
import { PeerFailed } from './errors.ts'
import { nodeOfLog } from './origins.ts'
import type { Peers } from './peers.ts'
import { claimOf } from './received.ts'
import {
  type MayHold,
  type Verdict,
  type VerifiedItems,
  type VerifyParts,
  verifyHead,
  verifyItems,
} from './verify.ts'
import { maxAnswerBytes, maxBatchItems, parseBatch, parseKeys } from './wire.ts'

export type PullParts = Omit<VerifyParts, 'mayHold'> & {
  /** Our own policy, as of now. */
  readonly mayHold: () => MayHold
  readonly store: Pick<OpenStore, 'receive' | 'quarantine'>
  readonly peers: Peers
  readonly client: Client
  readonly clock: Clock
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
  const { cursor, claim: before } = await peers.progress(peer.node)
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
    await peers.advance(peer.node, { isCaughtUp: false, received: 0, refused: 0 })
    return { isLast: false, items: 0, received: 0, refused: 0, logSize: 0, digest: '' }
  }
  const batch = parseBatch(answer.body)
  const head = await verifyHead(origins, peer, { ...batch, seen })
  await introduce(parts, peer, batch, signal)
  const { verdicts, checkpoints } = await verifyItems(
    { ...parts, mayHold: parts.mayHold() },
    peer.node,
    batch,
  )
  const { leaves, ...outcome } = await take(parts, peer, verdicts)
  await seeAll(parts, head === undefined ? checkpoints : [head, ...checkpoints])
  const claim = claimOf(leaves)
  await peers.advance(peer.node, {
    cursor: batch.cursor,
    isCaughtUp: batch.isLast,
    ...(claim !== undefined && { claim }),
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
async function seeAll(
  { origins, peers, clock, node }: PullParts,
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

/** Origins whose keys are not known here, as far as this peer may introduce them. */
async function introduce(
  { node: me, origins, peers, client, clock }: PullParts,
  peer: Peer,
  batch: Batch,
  signal: AbortSignal,
): Promise<void> {
  if (!peer.introduces) return
  const strange = new Set<NodeId>()
  for (const note of batch.checkpoints) {
    const node = nodeOfLog(note.slice(0, Math.max(0, note.indexOf('\n'))))
    if (node === undefined || node === me || strange.has(node) || strange.size >= maxIntroduced) continue
    if ((await peers.get(node)) !== undefined) continue
    if (openCheckpoint(note, await origins.verifiers(node)).kind !== 'verified') strange.add(node)
  }
  for (const node of strange) {
    const bounds = {
      timeoutMs: 30_000,
      idleMs: 20_000,
      maxBytes: 65_536,
      maxUnfoldedBytes: 65_536,
      expects: [404],
      signal,
    }
    const answer = await client.ask(peer, { method: 'GET', path: `/exchange/v1/keys/${node}` }, bounds)
    if (answer.status === 404) continue
    await origins.introduce(node, parseKeys(answer.body).keys, peer.node, clock.now())
  }
}

/** Of one batch: more origins than that are not new to us at once. */
const maxIntroduced = 20

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
  for (const verdict of verdicts) {
    if (verdict.kind === 'sound') continue
    refused += 1
    await hold(parts, peer.node, verdict)
  }
  for (const [at, one] of received.entries()) {
    const from = sound[at]
    // What was withdrawn here does not come back; its giver has not heard of it yet, and nobody needs to look.
    if (one.kind === 'refused' && from !== undefined && one.reason.code !== 'record/erased') {
      refused += 1
      await holdRefused(parts, peer.node, from.record, one)
    }
    if (one.kind === 'accepted' || one.kind === 'completed') taken.push(one.record)
    if (one.kind === 'equivocation') refused += 1
  }
  if (taken.length > 0) await parts.taken(peer, taken)
  const held = new Set(sound.filter((_, at) => isHeld(received[at])))
  const leaves = verdicts.map((one) => (one.kind === 'sound' && held.has(one) ? one.leaf : undefined))
  return { received: taken.length, refused, leaves }
}

const isHeld = (one: Received | undefined): boolean =>
  one?.kind === 'accepted' || one?.kind === 'completed' || one?.kind === 'unchanged'

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
 * Of an origin that nobody vouches for here. In an exercise also of one that is known here, and not where it was first
 * proven by the log of whoever plays it: an honest relay has many of these, and they are no fault of its batch.
 */
const isOfUnknownOrigin = ({ item, issues }: Extract<Verdict, { kind: 'wrong' }>): boolean =>
  issues.every(
    ({ rule }) =>
      rule === 'exchange/unknown-origin' ||
      (rule === 'exchange/other-log' && exerciseOf(realmOf(item)) !== undefined),
  )

/** What is wrong is kept whole, to be looked at; what is not for us is kept by its name alone. */
const hold = (parts: PullParts, from: NodeId, verdict: Exclude<Verdict, { kind: 'sound' }>) =>
  verdict.kind === 'wrong'
    ? keep(parts, from, {
        realm: realmOf(verdict.item),
        content: isOfUnknownOrigin(verdict) ? saidName(verdict.item) : verdict.item,
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
