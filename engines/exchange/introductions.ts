/**
 * Origins that this node knows through others: a relay tells their keys (introduced.ts says what is believed), and what
 * they have said of them since.
 *
 * A rotation or a revocation is a record in the origin's own log. It comes as any record does where the rules give it; and
 * because a stolen key goes on verifying until the revocation is known here, whoever brings something of an introduced
 * origin is asked for its statements as well, at most once a minute, before what it brought is looked at. Each statement
 * carries a signature by a key that is followed already and a proof by the origin's log, is kept as the record it is, and so
 * can be asked for by the next.
 */
import {
  actual,
  type Clock,
  isNodeId,
  type MosaicRecord,
  millis,
  type NodeId,
  openParcel,
} from '../record/index.ts'
import type { Arrival, OpenStore } from '../store/index.ts'
import {
  inclusionUnder,
  logVerifier,
  openCheckpoint,
  originOf,
  type StatedRecord,
  tlogSuccession,
} from '../tlog/index.ts'
import type { Client } from './client.ts'
import type { Batch, BatchItem, Peer, PeerKey } from './contract.ts'
import { fingerprintOf } from './fingerprint.ts'
import { nodeOfLog, type Origins } from './origins.ts'
import { followed, type KeyParts, keyTypes, renewKeys, statementsOf } from './peer-keys.ts'
import type { Peers } from './peers.ts'
import { type KeysSaid, parseKeys } from './wire.ts'

export type IntroductionParts = {
  readonly node: NodeId
  readonly origins: Origins
  readonly peers: Pick<Peers, 'get'>
  readonly client: Client
  readonly store: Pick<OpenStore, 'read' | 'provenance' | 'receive' | 'quarantine'>
  readonly clock: Clock
}

export type Introductions = {
  /** Before the items of a batch are looked at. */
  readonly before: (peer: Peer, batch: Batch, signal: AbortSignal) => Promise<void>
}

/** Of one batch: more origins than that are not asked about at once. */
const mostAsked = 20
const askAgainMs = 60_000

export function createIntroductions(parts: IntroductionParts): Introductions {
  const askedAt = new Map<string, number>()
  const isDue = (peer: NodeId, origin: NodeId): boolean => {
    const now = millis(parts.clock.now())
    const last = askedAt.get(`${peer} ${origin}`)
    if (last !== undefined && Math.abs(now - last) < askAgainMs) return false
    askedAt.set(`${peer} ${origin}`, now)
    return true
  }
  return {
    async before(peer, batch, signal) {
      let asked = 0
      for (const [origin, isStrange] of await originsOf(parts, batch)) {
        if (asked >= mostAsked || (isStrange && !peer.introduces)) continue
        if (!isStrange && !isDue(peer.node, origin)) continue
        asked += 1
        const said = await askKeys(parts, peer, { origin, signal })
        if (said !== undefined) await takeUp(parts, peer, { origin, said })
      }
    },
  }
}

/** Those in a batch that are no peers of ours; strange is one whose key is not known here. */
async function originsOf(
  { node: me, peers, origins }: IntroductionParts,
  { checkpoints, items }: Batch,
): Promise<ReadonlyMap<NodeId, boolean>> {
  const found = new Map<NodeId, boolean>()
  const isOthers = async (node: NodeId) => node !== me && (await peers.get(node)) === undefined
  for (const note of checkpoints) {
    const node = nodeOfLog(note.slice(0, Math.max(0, note.indexOf('\n'))))
    if (node === undefined || found.get(node) === true || !(await isOthers(node))) continue
    found.set(node, openCheckpoint(note, await origins.verifiers(node)).kind !== 'verified')
  }
  for (const node of namedIn(items, checkpoints))
    if (!found.has(node) && (await isOthers(node)) && (await origins.keys(node)).length === 0)
      found.set(node, true)
  return found
}

/** Origins whose records another's log proves, and those that a succession is of: their keys say whether it holds. */
function namedIn(items: readonly BatchItem[], checkpoints: readonly string[]): ReadonlySet<NodeId> {
  const named = new Set<NodeId>()
  for (const { parcel, under } of items) {
    const said = (name: string): unknown => parcel.disclosed.find((field) => field?.name === name)?.value
    if (said('realm') !== actual) continue
    const origin = said('origin')
    if (typeof origin === 'string' && !checkpoints[under]?.startsWith(`${originOf(origin as NodeId)}\n`))
      named.add(origin as NodeId)
    const from = said('type') === tlogSuccession.type && (said('body') as { from?: unknown } | null)?.from
    if (typeof from === 'string') named.add(from as NodeId)
  }
  return new Set([...named].filter(isNodeId).slice(0, mostAsked))
}

async function askKeys(
  { client }: IntroductionParts,
  peer: Peer,
  { origin, signal }: { readonly origin: NodeId; readonly signal: AbortSignal },
): Promise<KeysSaid | undefined> {
  const bounds = {
    timeoutMs: 30_000,
    idleMs: 20_000,
    maxBytes: 1024 * 1024,
    maxUnfoldedBytes: 1024 * 1024,
    expects: [404],
    signal,
  }
  const path = `/exchange/v1/keys/${encodeURIComponent(origin)}`
  const answer = await client.ask(peer, { method: 'GET', path }, bounds)
  return answer.status === 404 ? undefined : parseKeys(answer.body)
}

type Told = { readonly origin: NodeId; readonly said: KeysSaid }

async function takeUp(parts: IntroductionParts, peer: Peer, { origin, said }: Told): Promise<void> {
  const { origins, clock } = parts
  const { introduced } = origins
  const isKnown = (await introduced.keys(origin)).length > 0
  if (!isKnown && peer.introduces) await introduced.introduce(origin, said.keys, peer.node, clock.now())
  await takeStatements(parts, peer, { origin, said })
  await renewIntroduced(parts, origin)
  if (!isKnown || !peer.introduces) return
  const contested = await introduced.introduce(origin, said.keys, peer.node, clock.now())
  if (contested.length > 0) await show(parts, peer, { origin, contested })
}

/** Takes up what an introduced origin has said about its keys by now. */
export async function renewIntroduced(
  parts: Pick<IntroductionParts, 'origins' | 'clock'> & Pick<KeyParts, 'store'>,
  origin: NodeId,
): Promise<void> {
  const statements = await statementsOf(parts, origin)
  const now = parts.clock.now()
  await parts.origins.introduced.renew(origin, (roots) => followed(origin, roots, { statements, now }), now)
}

/** Records came: what they say of the keys of whichever node is taken up. */
export async function renewAll(
  parts: KeyParts & Pick<IntroductionParts, 'origins'>,
  records: readonly MosaicRecord[],
): Promise<void> {
  const stated = records.filter(({ type }) => keyTypes.includes(type)).map(({ origin }) => origin)
  for (const origin of new Set(stated)) {
    const peer = await parts.peers.get(origin)
    if (peer === undefined) await renewIntroduced(parts, origin)
    else await renewKeys(parts, peer)
  }
}

/** Statements under a checkpoint that a key signed which they lead to: an origin signs with its new key alone, one day. */
async function takeStatements(parts: IntroductionParts, peer: Peer, { origin, said }: Told): Promise<void> {
  const told = (said.items ?? []).flatMap(statementIn(origin))
  const roots = (await parts.origins.introduced.all(origin))
    .filter(({ standing }) => standing === 'introduced')
    .map(({ root }) => root)
  if (told.length === 0 || roots.length === 0) return
  const statements = [...(await statementsOf(parts, origin)), ...told.map(({ stated }) => stated)]
  const keys = followed(origin, roots, { statements, now: parts.clock.now() })
  const isProven = provenUnder(origin, said.checkpoints ?? [], keys)
  await parts.store.receive(
    told.filter(isProven).map(
      ({ item }): Arrival => ({
        parcel: item.parcel,
        via: peer.node,
        proof: { ...item.proof, checkpoint: said.checkpoints?.[item.under] ?? '' },
      }),
    ),
  )
}

type ToldStatement = { readonly item: BatchItem; readonly leaf: Uint8Array; readonly stated: StatedRecord }

const statementIn =
  (node: NodeId) =>
  (item: BatchItem): ToldStatement[] => {
    const opened = openParcel(item.parcel)
    if (opened.kind !== 'opened') return []
    const { type, origin, body } = opened.record
    if (!keyTypes.includes(type) || origin !== node) return []
    const leaf = new Uint8Array(Buffer.from(opened.leaf, 'hex'))
    return [{ item, leaf, stated: { type, origin, body, index: item.proof.index } }]
  }

function provenUnder(
  origin: NodeId,
  notes: readonly string[],
  keys: readonly PeerKey[],
): (told: ToldStatement) => boolean {
  const verifiers = keys.map(({ key }) => logVerifier({ node: origin, key }))
  const opened = notes.map((note) => openCheckpoint(note, verifiers))
  return ({ item: { under, proof }, leaf }) => {
    const found = opened[under]
    if (found?.kind !== 'verified' || found.checkpoint.origin !== originOf(origin)) return false
    if (found.checkpoint.size !== proof.treeSize) return false
    return inclusionUnder(found.checkpoint)({ index: proof.index, entry: leaf, proof: proof.hashes })
  }
}

/** Two introductions that cannot both be true: a person who asks the origin's operators settles it. */
async function show(
  { store, origins, clock }: IntroductionParts,
  peer: Peer,
  { origin, contested }: { readonly origin: NodeId; readonly contested: readonly PeerKey[] },
): Promise<void> {
  const believed = (await origins.introduced.keys(origin)).map(fingerprintOf)
  for (const key of contested)
    await store.quarantine.hold({
      kind: 'refused',
      from: peer.node,
      realm: actual,
      receivedAt: clock.now(),
      mediaType: 'application/json',
      bytes: Buffer.from(JSON.stringify({ origin, keyId: key.keyId, given: fingerprintOf(key), believed })),
      issues: [
        {
          rule: 'exchange/introduction-contested',
          place: origin,
          value: fingerprintOf(key),
          message: `Another key of ${origin} is believed here, and does not vouch for this one. Ask its operators for their fingerprint, then: mosaic peer origin ${origin} --fingerprint …`,
        },
      ],
    })
}
