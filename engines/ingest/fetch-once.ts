/**
 * One conditional HTTP request (RFC 9110 §13), bounded in time, size and redirects. Every outcome is a value.
 *
 * - `ETag` and `Last-Modified` of the newest readable answer go back as `If-None-Match` and `If-Modified-Since`.
 * - The bound on bytes holds for what comes out of decompression, counted while it streams.
 * - Redirects are followed by hand: at most five, http and https only, never from https to http.
 * - Credentials go to the origin (RFC 6454) that was asked and to none that it redirects to.
 * - Messages name host and path only: a query may carry a key, an address may carry a password.
 */

import { retryAfterMs } from './back-off.ts'
import type { HttpTransport } from './contract.ts'

export type Validators = { readonly etag?: string; readonly lastModified?: string }

export type Fetched =
  | {
      readonly kind: 'payload'
      readonly bytes: Uint8Array
      readonly mediaType: string
      readonly validators: Validators
    }
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'failed'; readonly message: string; readonly retryAfterMs: number }

export type Request = {
  readonly transport: HttpTransport
  readonly validators: Validators
  readonly userAgent: string
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
  /** Where a redirect may lead beside what is never followed. Absent: anywhere. */
  readonly mayAsk?: (url: URL) => boolean
  /** Milliseconds since 1970, for a Retry-After that is a date. */
  readonly now: number
}

const maxRedirects = 5

export async function fetchOnce(request: Request): Promise<Fetched> {
  const { transport } = request
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), transport.timeoutMs)
  const signal = AbortSignal.any([request.signal, deadline.signal])
  try {
    return await follow(request, signal)
  } catch (error) {
    if (deadline.signal.aborted) {
      return failure(`${safeAddress(transport.url)} did not answer within ${transport.timeoutMs} ms.`)
    }
    return failure(`${safeAddress(transport.url)} could not be read: ${networkReason(error)}.`)
  } finally {
    clearTimeout(timer)
    deadline.abort() // lets go of a body that was not read to its end
  }
}

async function follow(request: Request, signal: AbortSignal): Promise<Fetched> {
  const { transport, validators, userAgent, fetch, mayAsk = () => true } = request
  const headers = {
    accept: transport.accept,
    'user-agent': userAgent,
    ...(validators.etag === undefined ? {} : { 'if-none-match': validators.etag }),
    ...(validators.lastModified === undefined ? {} : { 'if-modified-since': validators.lastModified }),
  }
  let url = new URL(transport.url)
  const home = url.origin
  for (let hops = 0; ; hops++) {
    const credentials = url.origin === home ? transport.credentials?.() : undefined
    const response = await fetch(url, { headers: { ...headers, ...credentials }, signal, redirect: 'manual' })
    const location = response.headers.get('location')
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
      return await answer(response, request)
    }
    if (hops === maxRedirects)
      return failure(`${safeAddress(transport.url)} redirects more than ${maxRedirects} times.`)
    const next = URL.parse(location, url)
    if (next === null || !isAllowed(next, url) || !mayAsk(next)) {
      return failure(
        `${safeAddress(url.href)} redirects to an address that is not followed: ${safeAddress(location)}.`,
      )
    }
    url = next
  }
}

const isAllowed = (next: URL, from: URL): boolean =>
  next.protocol === 'https:' || (next.protocol === 'http:' && from.protocol === 'http:')

async function answer(response: Response, { transport, now }: Request): Promise<Fetched> {
  if (response.status === 304) return { kind: 'not-modified' }
  const from = safeAddress(transport.url)
  if (response.status !== 200) {
    return failure(
      `${from} answered ${response.status}.`,
      retryAfterMs(response.headers.get('retry-after'), now),
    )
  }
  const bytes = await readBounded(response, transport.maxBytes)
  if (bytes === undefined)
    return failure(`${from} sent more than ${transport.maxBytes} bytes; nothing of it was taken.`)
  if (bytes.length === 0) return failure(`${from} sent an empty answer.`)
  const etag = response.headers.get('etag')
  const lastModified = response.headers.get('last-modified')
  return {
    kind: 'payload',
    bytes,
    mediaType: response.headers.get('content-type') ?? 'application/octet-stream',
    validators: { ...(etag === null ? {} : { etag }), ...(lastModified === null ? {} : { lastModified }) },
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of response.body ?? []) {
    total += chunk.length
    if (total > maxBytes) return undefined
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

const failure = (message: string, waitMs = 0): Fetched => ({ kind: 'failed', message, retryAfterMs: waitMs })

/** Host and path, without user, password, query or fragment. */
export function safeAddress(address: string): string {
  const url = URL.parse(address)
  return url === null ? 'an address that cannot be read' : `${url.protocol}//${url.host}${url.pathname}`
}

/** `fetch` says "fetch failed" and hides the reason in its cause; the code (`ECONNREFUSED`) holds no secret. */
function networkReason(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return error instanceof Error ? error.name : 'unknown reason'
}
