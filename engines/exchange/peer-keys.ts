/**
 * Following the keys of a peer, or of an introduced origin (introductions.ts), from those that were compared to those it signs with today (engines/tlog/follow-keys.ts). Its
 * statements come with its records; a rotation that came meanwhile is asked for when something is signed by a key that is
 * not known, at most once in half a minute. Each statement carries its own signature, so whoever hands it over can
 * forge nothing.
 */
import { actual, type Clock, type Instant, millis, type NodeId } from '../record/index.ts'
import type { Store } from '../store/index.ts'
import { followKeys, type StatedRecord, tlogKey, tlogKeyRevocation } from '../tlog/index.ts'
import type { BatchItem, KeyStatements, Peer, PeerKey } from './contract.ts'
import { PeerFailed, RequestRefused } from './errors.ts'
import type { ExchangeRoute, OpenRoute } from './handlers.ts'
import type { Origins } from './origins.ts'
import type { Peers } from './peers.ts'
import type { Verify } from './signing.ts'
import { type Transport, unfolded } from './transport.ts'
import { parseStatements } from './wire.ts'

export const keyTypes = [tlogKey.type, tlogKeyRevocation.type]

export type KeyParts = {
  readonly node: NodeId
  readonly peers: Peers
  readonly store: Pick<Store, 'read' | 'provenance'>
  readonly transport: Transport
  readonly clock: Clock
}

/** What the node's records say about its keys, each with its place in that node's log: they come in any order. */
export async function statementsOf(
  { store }: Pick<KeyParts, 'store'>,
  node: NodeId,
): Promise<readonly StatedRecord[]> {
  const [held, sources] = await heldStatements({ store }, node)
  return held.map(({ record: { type, origin, body }, index }, at) => ({
    ...{ type, origin, body },
    index: sources[at]?.proof?.index ?? index,
  }))
}

async function heldStatements({ store }: Pick<KeyParts, 'store'>, node: NodeId) {
  const held = await store.read({
    types: keyTypes,
    realm: actual,
    versions: 'all',
    where: { kind: 'origin-in', nodes: [node] },
  })
  const sources = await store.provenance(held.map(({ record: { id, version } }) => ({ id, version })))
  return [held, sources] as const
}

/** Keys as they follow, from these on, from what their node has said. */
export function followed(
  node: NodeId,
  roots: readonly PeerKey[],
  { statements, now }: { readonly statements: readonly StatedRecord[]; readonly now: Instant },
): readonly PeerKey[] {
  const { known } = followKeys(
    roots.map((key) => ({ ...key, node })),
    statements,
    now,
  )
  return known.map(({ node: _, ...key }) => key)
}

/** Takes up what the peer has said about its keys by now. */
export async function renewKeys(
  parts: KeyParts,
  peer: Peer,
  told: readonly StatedRecord[] = [],
): Promise<void> {
  const statements = [...(await statementsOf(parts, peer.node)), ...told]
  const keys = followed(peer.node, peer.pinned, { statements, now: parts.clock.now() })
  if (JSON.stringify(keys) !== JSON.stringify(peer.keys)) await parts.peers.change(peer.node, { keys })
}

const askAgainMs = 30_000

/** The same as `verify`, but a key that is not known is asked for once. */
export function following(parts: KeyParts, verify: Verify): Verify {
  const askedAt = new Map<NodeId, number>()
  return async (node, keyId) => {
    const found = await verify(node, keyId)
    const peer = found === undefined ? await parts.peers.get(node) : undefined
    const now = millis(parts.clock.now())
    if (peer === undefined || Math.abs(now - (askedAt.get(node) ?? Number.NEGATIVE_INFINITY)) < askAgainMs)
      return found
    askedAt.set(node, now)
    try {
      await renewKeys(parts, peer, await fetchStatements(parts.transport, peer))
    } catch (error) {
      if (!(error instanceof PeerFailed)) throw error
      return undefined // it cannot be asked now: the key stays unknown
    }
    return verify(node, keyId)
  }
}

async function fetchStatements(
  transport: Transport,
  { url, ca, node }: Peer,
): Promise<readonly StatedRecord[]> {
  const maxBytes = 1024 * 1024
  const headers = { 'accept-encoding': 'identity' }
  const sending = {
    method: 'GET',
    url: `${url}/exchange/v1/key-statements`,
    headers,
    body: new Uint8Array(0),
    ...(ca !== undefined && { ca }),
  }
  const answer = await transport.send(sending, { timeoutMs: 10_000, idleMs: 10_000, maxBytes })
  if (answer.status !== 200)
    throw new PeerFailed('exchange/not-an-answer', 'It does not say which keys it has.')
  const { statements } = parseStatements(
    await unfolded(answer.body, answer.headers['content-encoding'], maxBytes),
  )
  return statements.map(({ type, body }) => ({ type, body, origin: node }))
}

/** Our own statements, for anybody. */
export const statementsRoute = (parts: Pick<KeyParts, 'store' | 'node'>): OpenRoute => ({
  path: 'key-statements',
  async answer() {
    const own = await statementsOf(parts, parts.node)
    const said: KeyStatements = { statements: own.map(({ type, body }) => ({ type, body })) }
    return { mediaType: 'application/json', body: JSON.stringify(said) }
  },
})

/** Is there a record of that origin that the peer may have? Whose keys we know is nobody's business otherwise. */
export type MayHaveOf = (peer: Peer, origin: NodeId) => Promise<boolean>

/** `GET keys/NODE`: keys of an origin that we know, and what it said of them, for a peer that lets us introduce it. */
export const keysRoute = (
  { origins, store }: { readonly origins: Origins; readonly store: KeyParts['store'] },
  mayHaveOf: MayHaveOf,
): ExchangeRoute => ({
  method: 'GET',
  path: 'keys/:node',
  async answer({ path, peer }) {
    const node = (path[1] ?? '') as NodeId
    const keys = (await mayHaveOf(peer, node)) ? await origins.keys(node) : []
    if (keys.length === 0)
      throw new RequestRefused(404, 'exchange/unknown-origin', 'No key of that node is known here.')
    const said = { keys: keys.slice(-mostSaid), ...(await provenStatements({ store }, node)) }
    return { mediaType: 'application/json', body: JSON.stringify(said) }
  },
})

const mostSaid = 100

/** As they came, each with the proof of its origin's log; the newest where there are very many. */
async function provenStatements(parts: Pick<KeyParts, 'store'>, node: NodeId) {
  const [, sources] = await heldStatements(parts, node)
  const checkpoints: string[] = []
  const items = sources.slice(-mostSaid).flatMap((source): BatchItem[] => {
    if (source?.proof === undefined) return []
    const { checkpoint, ...proof } = source.proof
    const known = checkpoints.indexOf(checkpoint)
    return [{ parcel: source.parcel, under: known < 0 ? checkpoints.push(checkpoint) - 1 : known, proof }]
  })
  return { checkpoints, items }
}
