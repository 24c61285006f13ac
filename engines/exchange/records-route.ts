/**
 * `GET records?cursor=&limit=&wait=&have=`: the next batch for a peer. Without anything for it the request is held up to
 * `wait` seconds (at most 30), and answered the moment there is something. `have` is the size of our log that the taker
 * has verified: the answer proves that the newest checkpoint extends it. What the taker says it received of the batch
 * before is kept with its signature (`deliveries.ts`).
 */
import type { NodeId } from '../record/index.ts'
import type { SignedCheckpoint, SigningHold, TransparencyLog } from '../tlog/index.ts'
import type { Peer } from './contract.ts'
import type { Cursors, Place } from './cursor.ts'
import type { Deliveries } from './deliveries.ts'
import { type EntitlementParts, entitlementOf } from './entitlement.ts'
import { RequestRefused } from './errors.ts'
import type { Given, GiveParts, Ref } from './give.ts'
import type { Growth } from './growth.ts'
import type { Asker, ExchangeRoute } from './handlers.ts'
import type { Peers } from './peers.ts'
import { createReadAhead, type ReadAhead } from './read-ahead.ts'
import { WithdrawnMeanwhile } from './recall/index.ts'
import type { GivenLogs } from './relayed-logs.ts'
import { maxBatchItems } from './wire.ts'
import type { Doubts } from './witnessing.ts'

export type RecordsParts = GiveParts &
  EntitlementParts & {
    readonly cursors: Cursors
    readonly growth: Growth
    readonly peers: Peers
    readonly deliveries: Deliveries
    readonly givenLogs: GivenLogs
    readonly hold: Pick<SigningHold, 'state'>
    readonly doubts: Doubts
  }

const maxWaitMs = 30_000
/** Rules may change and embargoes end while nothing is appended. */
const lookAgainMs = 2_000
const atMostHeld = 200

/** Follow-ups that went with a cursor: stored by the peer once it asks from there. */
type Unacknowledged = Map<NodeId, { readonly cursor: string; readonly refs: readonly Ref[] }>

export function recordsRoute(parts: RecordsParts): ExchangeRoute {
  const unacknowledged: Unacknowledged = new Map()
  const ahead = createReadAhead(parts)
  let held = 0
  const hold = () => {
    if (held >= atMostHeld) return undefined
    held += 1
    return () => {
      held -= 1
    }
  }
  return {
    method: 'GET',
    path: 'records',
    async answer(asker) {
      await acknowledge(parts, unacknowledged, asker)
      await keepReceipt(parts, asker)
      const { given, goOn } = await next(parts, asker, { hold, ahead })
      const { node } = asker.peer
      if (given.refs.length > 0) {
        await noteSent(parts, node, given.refs)
        await parts.deliveries.given(node, given.refs, parts.clock.now())
        await parts.givenLogs.note(node, given.checkpoints)
      }
      const cursor = parts.cursors.seal(node, given.place)
      const owed = given.refs.filter(({ id }) => given.followUps.has(id))
      if (owed.length > 0) unacknowledged.set(node, { cursor, refs: owed })
      if (haveOf(asker.query) > (given.head?.size ?? 0)) parts.doubts.add(node)
      const body = await bodyOf(parts, asker, given, cursor)
      goOn()
      return { mediaType: 'application/json', body }
    },
  }
}

/** What was withdrawn in the same moment does not leave; the peer asks again. */
async function noteSent({ recall }: RecordsParts, node: NodeId, refs: readonly Ref[]): Promise<void> {
  try {
    await recall.noteSent(node, refs)
  } catch (error) {
    if (error instanceof WithdrawnMeanwhile) throw new RequestRefused(503, error.code, error.message)
    throw error
  }
}

async function acknowledge(
  { recall }: RecordsParts,
  sent: Unacknowledged,
  { peer, query }: Asker,
): Promise<void> {
  const last = sent.get(peer.node)
  if (last === undefined || last.cursor !== query.get('cursor')) return
  sent.delete(peer.node)
  await recall.noteAcknowledged?.(peer.node, last.refs)
}

/** The key is kept with it: it may be rotated, and the receipt must prove itself later too. */
async function keepReceipt(
  { deliveries, clock }: RecordsParts,
  { peer, headers, evidence }: Asker,
): Promise<void> {
  const claim = headers['mosaic-received']
  const signer = peer.keys.find(({ keyId }) => keyId === evidence.keyId)
  if (claim === undefined || signer === undefined) return
  const key = new Uint8Array(Buffer.from(signer.key, 'base64'))
  await deliveries.received(peer.node, { ...evidence, claim, key }, clock.now())
}

type Giving = { readonly hold: () => (() => void) | undefined; readonly ahead: ReadAhead }

type Next = { readonly given: Given; readonly goOn: () => void }

async function next(parts: RecordsParts, asker: Asker, { hold, ahead }: Giving): Promise<Next> {
  const items = whole(asker.query, 'limit', [1, maxBatchItems]) ?? maxBatchItems
  const waitMs = 1000 * (whole(asker.query, 'wait', [0, maxWaitMs / 1000]) ?? 0)
  const release = waitMs > 0 ? hold() : undefined
  const over = AbortSignal.any([asker.signal, AbortSignal.timeout(waitMs)])
  let place = placeOf(parts, asker)
  try {
    for (;;) {
      const seen = parts.growth.count()
      const peer = await currentPeer(parts, asker)
      const entitlement = await entitlementOf(parts, peer)
      const asked = { peer, entitlement, ...(place && { place }) }
      const given = await ahead.give(asked, items)
      if (given.items.length === 0 && given.isLast) await refuseUnsigned(parts, given)
      if (given.items.length > 0 || !given.isLast || release === undefined || over.aborted)
        return { given, goOn: () => ahead.goOn(asked, items, given) }
      place = given.place
      await parts.growth.wait(seen, lookAgainMs, over)
    }
  } finally {
    release?.()
  }
}

/** What is signed was given. What came since cannot be proven while signing is held: the peer is told why it waits. */
async function refuseUnsigned({ store, hold }: RecordsParts, { head }: Given): Promise<void> {
  if ((head?.size ?? 0) > (await store.head()) || (await hold.state()).kind === 'signs') return
  throw new RequestRefused(
    503,
    'exchange/not-signed',
    'This node was restored from a backup and does not sign its log, so it can prove nothing new; ask its operators.',
  )
}

/** As its operators have it now: rules may have changed, or the peer been suspended, while the request was held. */
async function currentPeer({ peers }: RecordsParts, { peer: { node } }: Asker): Promise<Peer> {
  const peer = await peers.get(node)
  if (peer === undefined || peer.state === 'suspended')
    throw new RequestRefused(
      403,
      'exchange/suspended',
      "This node's operators have ended the exchange; ask them.",
    )
  return peer
}

function placeOf({ cursors }: RecordsParts, { query, peer }: Asker): Place | undefined {
  const cursor = query.get('cursor')
  if (cursor === null) return undefined
  const place = cursors.open(peer.node, cursor)
  if (place === undefined)
    throw new RequestRefused(
      410,
      'exchange/no-cursor',
      'This node did not give this cursor; begin without one.',
    )
  return place
}

function whole(
  query: URLSearchParams,
  name: string,
  [min, max]: readonly [number, number],
): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^\d{1,16}$/.test(text))
    throw new RequestRefused(400, 'exchange/bad-request', `"${name}" takes a whole number.`)
  return Math.min(max, Math.max(min, Number(text)))
}

async function bodyOf(
  { log }: RecordsParts,
  { query }: Asker,
  given: Given,
  sealed: string,
): Promise<string> {
  const { head, isLast, hashes, items } = given
  const checkpoints = [...given.checkpoints]
  const cursor = JSON.stringify(sealed)
  const lead =
    head === undefined ? '' : `"head":${JSON.stringify(await headOf(log, head, query, checkpoints))},`
  return `{"cursor":${cursor},"isLast":${isLast},${lead}"checkpoints":${JSON.stringify(checkpoints)},"hashes":${JSON.stringify(hashes)},"items":[${items.join(',')}]}`
}

/** Size of our log that the taker has verified. */
const haveOf = (query: URLSearchParams): number => whole(query, 'have', [0, Number.MAX_SAFE_INTEGER]) ?? 0

/** Where the taker's size is larger than ours, or there is none, there is nothing to prove. */
async function headOf(
  log: TransparencyLog,
  head: SignedCheckpoint,
  query: URLSearchParams,
  checkpoints: string[],
) {
  const have = haveOf(query)
  const proof = have > 0 && have < head.size ? await log.consistency(have, head.size) : []
  const known = checkpoints.indexOf(head.note)
  const under = known < 0 ? checkpoints.push(head.note) - 1 : known
  return { under, consistency: proof.map((hash) => Buffer.from(hash).toString('base64')) }
}
