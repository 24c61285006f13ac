/**
 * Becoming peers. A node's card is fetched unsigned, since nobody knows its keys yet, and believed only when its
 * fingerprint is the one that its operators said by another way. Two operators add each other's address, each reads the
 * other the fingerprint that their screen shows, and only then do the nodes speak.
 */
import { type Clock, isNodeId, type NodeId } from '../record/index.ts'
import { logVerifier, originOf } from '../tlog/index.ts'
import { type NodeCard, type Peer, type PeerKey, protocolVersion } from './contract.ts'
import { PeerFailed, PeerUnfit } from './errors.ts'
import { fingerprintOf, sameFingerprint } from './fingerprint.ts'
import type { Peers } from './peers.ts'
import { type Transport, unfolded } from './transport.ts'
import { parseCard } from './wire.ts'

export type Introduction = {
  readonly card: NodeCard
  readonly key: PeerKey
  readonly fingerprint: string
  readonly url: string
}

export type MeetOptions = {
  readonly url: string
  readonly ca?: string
  /** Unencrypted HTTP beyond this machine: what is sent can be read on the way. */
  readonly insecureHttp?: boolean
  readonly signal?: AbortSignal
}

/** Who answers there, and the fingerprint to compare. */
export async function meet(transport: Transport, options: MeetOptions): Promise<Introduction> {
  const url = addressOf(options)
  const sending = {
    method: 'GET',
    url: `${url}/exchange/v1/node`,
    headers: { 'accept-encoding': 'identity' },
    body: new Uint8Array(0),
    ...(options.ca !== undefined && { ca: options.ca }),
  }
  const maxBytes = 65_536
  const bounds = {
    timeoutMs: 20_000,
    idleMs: 15_000,
    maxBytes,
    ...(options.signal && { signal: options.signal }),
  }
  const answer = await transport.send(sending, bounds)
  if (answer.status !== 200)
    throw new PeerFailed(
      'exchange/not-an-answer',
      `${url} answers with status ${answer.status}; is a node of Mosaic there?`,
    )
  const card = parseCard(await unfolded(answer.body, answer.headers['content-encoding'], maxBytes))
  const key = soundKey(card)
  return { card, key, fingerprint: fingerprintOf(key), url }
}

function soundKey(card: NodeCard): PeerKey {
  const { node, keys, current, logOrigin, versions } = card
  const unfit = (what: string) =>
    new PeerFailed('exchange/not-an-answer', `The card of ${node.slice(0, 100)} is not sound: ${what}.`)
  if (!isNodeId(node)) throw unfit('its name is none')
  if (logOrigin !== originOf(node)) throw unfit('its log has another name')
  if (!versions.includes(protocolVersion)) throw unfit(`it does not speak version ${protocolVersion}`)
  for (const key of keys)
    if (logVerifier({ node, key: key.key }).keyId !== key.keyId)
      throw unfit('a key and its id do not belong together')
  const key = keys.find(({ keyId, revokedAt }) => keyId === current && revokedAt === undefined)
  if (key === undefined) throw unfit('its current key is missing or revoked')
  return key
}

export type PeerTerms = Pick<Peer, 'gives' | 'clearances' | 'purposes' | 'police' | 'introduces'> &
  Partial<Pick<Peer, 'organisation' | 'ca'>>

/** Keeps it as a peer, with the one key that was compared. */
export async function welcome(
  parts: { readonly peers: Peers; readonly clock: Clock; readonly node: NodeId },
  { card, key, url, fingerprint }: Introduction,
  asked: { readonly fingerprint: string; readonly terms: PeerTerms },
): Promise<Peer> {
  if (card.node === parts.node) throw new PeerUnfit('exchange/is-this-node', `${url} is this node itself.`)
  if (!sameFingerprint(asked.fingerprint, fingerprint))
    throw new PeerUnfit(
      'exchange/fingerprint-differs',
      `${card.node} answers with the fingerprint ${fingerprint}, not with the one you gave. Somebody may stand between; ask its operators again.`,
    )
  const { organisation = card.organisation, ...terms } = asked.terms
  await parts.peers.add({
    node: card.node,
    url,
    title: card.title,
    ...(organisation !== undefined && { organisation }),
    pinned: [key],
    keys: [key],
    logOrigin: card.logOrigin,
    addedAt: parts.clock.now(),
    ...terms,
  })
  const peer = await parts.peers.get(card.node)
  if (peer === undefined)
    throw new PeerUnfit('exchange/no-peer', `${card.node} was removed in the same moment; add it again.`)
  return peer
}

function addressOf({ url, insecureHttp = false }: MeetOptions): string {
  const unfit = (why: string) => new PeerUnfit('exchange/address-unfit', `"${url}" ${why}.`)
  if (!URL.canParse(url)) throw unfit('is no address; write https://node.example')
  const { protocol, hostname, origin, pathname, search, username, password } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') throw unfit('is neither https nor http')
  if (pathname !== '/' || search !== '' || username !== '' || password !== '')
    throw unfit('says more than scheme, host and port; a node has a host of its own')
  if (protocol === 'http:' && !insecureHttp && !isLoopback(hostname))
    throw unfit('is not encrypted; use https, or say --insecure-http where the line itself is protected')
  return origin
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
