/**
 * One HTTP exchange with another node: bounded in time, in bytes as they come and in bytes as they unfold, without
 * redirects. Bodies come plain, gzip (RFC 1952) or zstd (RFC 8878). TLS by the machine's authorities or the peer's own.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import { PeerFailed } from './errors.ts'
import type { Headers } from './signing.ts'

export type Bounds = {
  /** Of the whole exchange. */
  readonly timeoutMs: number
  /** Without a byte. */
  readonly idleMs: number
  /** As they come. */
  readonly maxBytes: number
  readonly signal?: AbortSignal
}

export type Sending = {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: Uint8Array
  /** PEM: this authority in place of the machine's own. */
  readonly ca?: string
}

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Buffer }

export type Transport = AsyncDisposable & {
  readonly send: (sending: Sending, bounds: Bounds) => Promise<Answer>
}

/** Connections are kept open between exchanges and closed with it. */
export function createTransport(): Transport {
  const plain = new HttpAgent({ keepAlive: true })
  const secure = new HttpsAgent({ keepAlive: true })
  return {
    send: (sending, bounds) => send({ plain, secure }, sending, bounds),
    async [Symbol.asyncDispose]() {
      plain.destroy()
      secure.destroy()
    },
  }
}

function send(
  agents: { readonly plain: HttpAgent; readonly secure: HttpsAgent },
  { method, url, headers, body, ca }: Sending,
  bounds: Bounds,
): Promise<Answer> {
  const signals = [AbortSignal.timeout(bounds.timeoutMs), ...(bounds.signal ? [bounds.signal] : [])]
  const options = {
    method,
    headers: { ...headers, 'content-length': String(body.length) },
    signal: AbortSignal.any(signals),
  }
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(failureOf(error, bounds))
    const request = url.startsWith('https:')
      ? httpsRequest(url, { ...options, agent: agents.secure, ...(ca !== undefined && { ca }) })
      : httpRequest(url, { ...options, agent: agents.plain })
    request.on('error', fail)
    request.on('response', (response) => {
      read(response, bounds.maxBytes).then(
        (bytes) => resolve({ status: response.statusCode ?? 0, headers: headersOf(response), body: bytes }),
        fail,
      )
    })
    request.setTimeout(bounds.idleMs, () => request.destroy(new PeerFailed('exchange/too-slow', stalled)))
    request.end(body)
  })
}

const stalled = 'The connection stood still for too long; it is tried again.'

async function read(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) {
      response.destroy()
      throw new PeerFailed('exchange/too-large', `An answer of more than ${maxBytes} bytes is not read.`)
    }
    chunks.push(chunk)
  }
  if (!response.complete)
    throw new PeerFailed('exchange/unreachable', 'The connection was cut; it is tried again.')
  return Buffer.concat(chunks)
}

const headersOf = ({ headers }: IncomingMessage): Headers =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )

function failureOf(error: unknown, { signal, timeoutMs }: Bounds): unknown {
  if (error instanceof PeerFailed || signal?.aborted) return error
  const { name, message } = error as Error
  if (name === 'TimeoutError' || name === 'AbortError')
    return new PeerFailed('exchange/too-slow', `It did not answer within ${timeoutMs / 1000} s.`, error)
  return new PeerFailed('exchange/unreachable', `It cannot be reached: ${message}.`, error)
}

const unfold = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) } as const

/** Of what comes out at once: in the 16 KiB that are usual a large answer takes four times as long. */
const unfoldedChunk = 1_048_576

/** The body as it was before it was compressed. Nothing more than `maxBytes` is unfolded. */
export async function unfolded(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return body
  if (encoding !== 'gzip' && encoding !== 'zstd')
    throw new PeerFailed('exchange/not-an-answer', `"${encoding}" is no encoding that was asked for.`)
  try {
    const chunkSize = Math.min(unfoldedChunk, Math.max(16_384, 8 * body.length))
    return (await unfold[encoding](body, { maxOutputLength: maxBytes, chunkSize })) as Buffer
  } catch (cause) {
    const isBomb = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw isBomb
      ? new PeerFailed(
          'exchange/too-large',
          `An answer that unfolds to more than ${maxBytes} bytes is not read.`,
          cause,
        )
      : new PeerFailed('exchange/not-an-answer', `Its body is not ${encoding}.`, cause)
  }
}
