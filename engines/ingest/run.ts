/**
 * Works all sources at once, each in its own loop, until the signal aborts; resolves when every loop has let go of its
 * sockets and timers. One source's trouble is never another's.
 */
import { WebSocket } from 'ws'
import { type Clock, type Instant, type Realm, unreachable } from '../record/index.ts'
import type { Store } from '../store/index.ts'
import type { IngestOutcome, SourceDeclaration } from './contract.ts'
import { listen } from './listen.ts'
import { poll } from './poll.ts'

/** What happened at a source, for the log and the counters. */
export type SourceHappening = { readonly source: string; readonly at: Instant } & (
  | { readonly kind: 'ingested'; readonly outcome: IngestOutcome }
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'opened' }
  /** The source failed; the message holds no secret. */
  | { readonly kind: 'failed'; readonly message: string }
  /** We failed: the store, or a bug. */
  | { readonly kind: 'broken'; readonly error: unknown }
)

export type OpenWebSocket = (
  url: string,
  options: { readonly maxBytes: number; readonly userAgent: string },
) => WebSocket

export type RunSources = {
  readonly store: Store
  readonly sources: readonly SourceDeclaration[]
  readonly realm: Realm
  readonly clock: Clock
  readonly random: () => number
  /** Who asks, and whom to write to. */
  readonly userAgent: string
  readonly signal: AbortSignal
  readonly fetch?: typeof globalThis.fetch
  readonly webSocket?: OpenWebSocket
  /** Before a broken line is opened again the first time; doubles. Default one second. */
  readonly reopenMs?: number
  readonly on?: (happening: SourceHappening) => void
}

export type Running = RunSources & Required<Pick<RunSources, 'fetch' | 'webSocket' | 'on'>>

export async function runSources(options: RunSources): Promise<void> {
  const running: Running = { fetch: globalThis.fetch, webSocket: openWebSocket, on: () => {}, ...options }
  await Promise.all(options.sources.map((source) => work(source, running)))
}

function work(source: SourceDeclaration, running: Running): Promise<void> {
  const { transport } = source
  switch (transport.kind) {
    case 'http':
      return poll({ ...source, transport }, running)
    case 'websocket':
      return listen({ ...source, transport }, running)
    default:
      return unreachable(transport)
  }
}

const openWebSocket: OpenWebSocket = (url, { maxBytes, userAgent }) =>
  new WebSocket(url, {
    maxPayload: maxBytes,
    handshakeTimeout: 20_000,
    followRedirects: false,
    headers: { 'user-agent': userAgent },
  })
