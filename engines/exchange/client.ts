/**
 * Asking a peer: a signed request, and an answer that is believed only when the peer signed it as the answer to this
 * request. A peer that says our clock is wrong tells its own time; we sign once more by that, for this peer alone.
 */
import { type Clock, type Instant, isInstant, millis, type NodeId, plusMs } from '../record/index.ts'
import type { Peer } from './contract.ts'
import { PeerFailed } from './errors.ts'
import { type Signer, signRequest, type Verify, verifyResponse } from './signing.ts'
import { type Answer, type Bounds, type Transport, unfolded } from './transport.ts'

export type Asked = {
  readonly method: 'GET' | 'POST'
  /** Path and query, as it is sent. */
  readonly path: string
  readonly body?: Uint8Array
  readonly mediaType?: string
  /** What was received before, signed with the request (`received.ts`). */
  readonly received?: string
}

export type PeerAnswer = {
  readonly status: number
  readonly body: Buffer
  readonly headers: Answer['headers']
}

export type Client = {
  /** Throws `PeerFailed` unless the answer is the peer's own and its status is below 300 or one of `expects`. */
  readonly ask: (
    peer: Pick<Peer, 'node' | 'url' | 'ca'>,
    asked: Asked,
    bounds: AskBounds,
  ) => Promise<PeerAnswer>
}

export type AskBounds = Bounds & {
  /** After it is unfolded. */
  readonly maxUnfoldedBytes: number
  readonly expects?: readonly number[]
}

export type ClientParts = {
  readonly transport: Transport
  readonly signer: () => Signer
  readonly verify: Verify
  readonly clock: Clock
  readonly nonce: () => string
  readonly heard: (node: NodeId, at: { readonly there: Instant; readonly here: Instant }) => Promise<void>
}

const nothing = new Uint8Array(0)

export function createClient(parts: ClientParts): Client {
  const skewMs = new Map<NodeId, number>()
  const once: Client['ask'] = async (peer, asked, bounds) => {
    const body = asked.body ?? nothing
    const url = new URL(asked.path, peer.url).href
    const now = plusMs(parts.clock.now(), skewMs.get(peer.node) ?? 0)
    const stamp = { now, nonce: parts.nonce() }
    const request = await signRequest(parts.signer(), { ...asked, url, to: peer.node, body }, stamp)
    const headers = {
      ...request.headers,
      'accept-encoding': 'zstd, gzip',
      ...(asked.mediaType !== undefined && { 'content-type': asked.mediaType }),
    }
    const sending = {
      method: asked.method,
      url,
      headers,
      body,
      ...(peer.ca !== undefined && { ca: peer.ca }),
    }
    const answer = await parts.transport.send(sending, bounds)
    const verified = await verifyResponse({ ...answer, request }, peer.node, parts.verify)
    if (verified.kind === 'refused') throw notBelieved(answer, verified.message)
    await parts.heard(peer.node, { there: verified.at, here: parts.clock.now() })
    const plain = await unfolded(answer.body, answer.headers['content-encoding'], bounds.maxUnfoldedBytes)
    return { status: answer.status, headers: answer.headers, body: plain }
  }
  return {
    async ask(peer, asked, bounds) {
      const first = await once(peer, asked, bounds)
      const there = skewed(first)
      if (there !== undefined) skewMs.set(peer.node, millis(there) - millis(parts.clock.now()))
      const answer = there === undefined ? first : await once(peer, asked, bounds)
      if (answer.status < 300 || bounds.expects?.includes(answer.status)) return answer
      throw refusalOf(answer)
    },
  }
}

/** The peer's time, where it refused for ours. */
function skewed({ status, body }: PeerAnswer): Instant | undefined {
  if (status !== 401) return undefined
  const problem = problemOf(body)
  return problem.code === 'exchange/clock-skew' && isInstant(problem.now) ? problem.now : undefined
}

function refusalOf({ status, body }: PeerAnswer): PeerFailed {
  const { code, detail } = problemOf(body)
  const said = typeof detail === 'string' ? detail.slice(0, 300) : `status ${status}`
  const by = typeof code === 'string' ? ` (${code.slice(0, 60)})` : ''
  return new PeerFailed('exchange/refused', `It refused: ${said}${by}`)
}

type Problem = { readonly code?: unknown; readonly detail?: unknown; readonly now?: unknown }

function problemOf(body: Buffer): Problem {
  try {
    const problem: unknown = JSON.parse(body.toString('utf8'))
    return typeof problem === 'object' && problem !== null ? problem : {}
  } catch {
    return {} // no JSON: the status says what there is to say
  }
}

const notBelieved = ({ status }: Answer, why: string): PeerFailed =>
  new PeerFailed(
    'exchange/wrong-signature',
    `What answered (status ${status}) is not the peer: ${why} Does the address lead to it, and are its keys the ones you compared?`,
  )
