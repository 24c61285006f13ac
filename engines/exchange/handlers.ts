/**
 * What this node answers to other nodes, free of any HTTP framework: a request in, an answer out, each answer signed.
 *
 * Everything but the node's own card wants a signed request of a peer. A request counts once (its nonce is kept as long as
 * its signature lives) and within 60 s of our clock; who is outside is told what time it is here. One peer has a few
 * requests at a time, so that none crowds the others out.
 */
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import { type Clock, type Instant, MosaicError, millis, type NodeId } from '../record/index.ts'
import type { Peer } from './contract.ts'
import { RequestRefused } from './errors.ts'
import type { Nonces } from './nonces.ts'
import type { Peers } from './peers.ts'
import {
  type Evidence,
  type Headers,
  type SignedRequest,
  type Signer,
  signatureLifeMs,
  signResponse,
  type Verify,
  verifyRequest,
} from './signing.ts'

export type ExchangeRequest = {
  readonly method: string
  /** Path and query as they came: `/exchange/v1/records?limit=10`. */
  readonly url: string
  /** Lower case; `host` among them. */
  readonly headers: Headers
  readonly body: Uint8Array
  /** The asker has gone, or the node stops. */
  readonly signal?: AbortSignal
}

export type ExchangeResponse = {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

export type Handlers = (request: ExchangeRequest) => Promise<ExchangeResponse>

export type Asker = {
  readonly peer: Peer
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: Uint8Array
  readonly signal: AbortSignal
  /** The signature of the request, as it was verified. */
  readonly evidence: Evidence
}

export type Reply = {
  readonly status?: number
  readonly mediaType: string
  readonly body: Uint8Array | string
  readonly headers?: Headers
}

/** `path` as it stands below `/exchange/v1/`; `:name` holds any one part. */
export type ExchangeRoute = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly answer: (asker: Asker) => Promise<Reply>
}

export type OpenRoute = { readonly path: string; readonly answer: () => Promise<Reply> }

export type HandlerParts = {
  readonly node: NodeId
  readonly peers: Peers
  readonly nonces: Nonces
  readonly verify: Verify
  readonly signer: () => Signer
  readonly clock: Clock
  readonly nonce: () => string
  readonly routes: readonly ExchangeRoute[]
  readonly open: readonly OpenRoute[]
  /** Something broke that is nobody's fault outside: told inside only. */
  readonly onFailure: (error: unknown) => void
}

export const prefix = '/exchange/v1/'
const atOncePerPeer = 6
const compress = promisify(zstdCompress)
/** Half the time of the usual level 3, and of records with their proofs no larger: most of it is random anyway. */
const compression = { chunkSize: 1_048_576, params: { [constants.ZSTD_c_compressionLevel]: 1 } }

export function exchangeHandlers(parts: HandlerParts): Handlers {
  const busy = new Map<NodeId, number>()
  return async (request) => {
    const signed = signedOf(request)
    try {
      return await finish(parts, request, signed, await answer(parts, busy, request, signed))
    } catch (error) {
      return await finish(parts, request, signed, problemOf(parts, error))
    }
  }
}

async function answer(
  parts: HandlerParts,
  busy: Map<NodeId, number>,
  request: ExchangeRequest,
  signed: SignedRequest,
): Promise<Reply> {
  const url = new URL(signed.url)
  const path = url.pathname.slice(prefix.length).split('/')
  if (request.method === 'GET') {
    const open = parts.open.find((route) => route.path === path.join('/'))
    if (open !== undefined) return open.answer()
  }
  const { peer, evidence } = await authenticate(parts, request, signed)
  const route = parts.routes.find((one) => one.method === request.method && fits(one.path, path))
  if (route === undefined)
    throw new RequestRefused(
      404,
      'exchange/no-route',
      `There is nothing at ${request.method} ${url.pathname}.`,
    )
  const running = busy.get(peer.node) ?? 0
  if (running >= atOncePerPeer)
    throw new RequestRefused(
      429,
      'exchange/too-many',
      `${atOncePerPeer} requests at a time are answered; wait for one.`,
    )
  busy.set(peer.node, running + 1)
  try {
    const { headers, body, signal = new AbortController().signal } = request
    return await route.answer({ peer, path, query: url.searchParams, headers, body, signal, evidence })
  } finally {
    busy.set(peer.node, (busy.get(peer.node) ?? 1) - 1)
  }
}

const fits = (pattern: string, path: readonly string[]): boolean => {
  const parts = pattern.split('/')
  return parts.length === path.length && parts.every((part, at) => part.startsWith(':') || part === path[at])
}

async function authenticate(
  parts: HandlerParts,
  request: ExchangeRequest,
  signed: SignedRequest,
): Promise<Pick<Asker, 'peer' | 'evidence'>> {
  const verified = await verifyRequest({ ...signed, body: request.body }, parts.node, parts.verify)
  if (verified.kind === 'refused')
    throw new RequestRefused(401, `exchange/request-${verified.reason}`, verified.message)
  const now = parts.clock.now()
  if (isSkewed(verified.at, now) || verified.expires < now)
    throw new RequestRefused(
      401,
      'exchange/clock-skew',
      `Your clock and ours differ; here it is ${now}.`,
      now,
    )
  const isNew = await parts.nonces.take(verified.from, verified.nonce, verified.expires, now)
  if (!isNew) throw new RequestRefused(401, 'exchange/replayed', 'This request came before; sign a new one.')
  const peer = await parts.peers.get(verified.from)
  if (peer === undefined)
    throw new RequestRefused(401, 'exchange/request-unknown-key', 'You are no peer of this node.')
  if (peer.state === 'suspended')
    throw new RequestRefused(
      403,
      'exchange/suspended',
      "This node's operators have suspended the exchange; ask them.",
    )
  return { peer, evidence: verified.evidence }
}

const isSkewed = (at: Instant, now: Instant): boolean => Math.abs(millis(at) - millis(now)) > signatureLifeMs

function signedOf({ method, url, headers }: ExchangeRequest): SignedRequest {
  const base = `http://${headers['host'] ?? 'unknown.invalid'}`
  const full = URL.canParse(url, base) ? new URL(url, base) : new URL('http://unknown.invalid/')
  return { method, url: full.href, headers }
}

async function finish(
  { signer, clock, nonce }: HandlerParts,
  { headers: asked }: ExchangeRequest,
  signed: SignedRequest,
  reply: Reply,
): Promise<ExchangeResponse> {
  const plain = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  const isWorth = plain.length > 1024 && !reply.mediaType.startsWith('application/octet-stream')
  const encoding = isWorth && /\bzstd\b/.test(asked['accept-encoding'] ?? '') ? 'zstd' : 'identity'
  const body = encoding === 'zstd' ? await compress(plain, compression) : plain
  const status = reply.status ?? 200
  const stamp = { now: clock.now(), nonce: nonce() }
  const signature = await signResponse(signer(), { status, body, encoding, request: signed }, stamp)
  return {
    status,
    headers: { ...reply.headers, ...signature, 'content-type': reply.mediaType, 'cache-control': 'no-store' },
    body,
  }
}

function problemOf({ onFailure }: HandlerParts, error: unknown): Reply {
  const isTold = error instanceof RequestRefused
  if (!isTold) onFailure(error)
  const told = isTold
    ? {
        status: error.status,
        code: error.code,
        detail: error.message,
        ...(error.now !== undefined && { now: error.now }),
      }
    : {
        status: 500,
        code: error instanceof MosaicError ? error.code : 'exchange/failed',
        detail: 'The node failed; its log has it.',
      }
  return {
    status: told.status,
    mediaType: 'application/problem+json',
    body: JSON.stringify({ type: `https://mosaic.example/problems/${told.code}`, title: 'Refused', ...told }),
  }
}
