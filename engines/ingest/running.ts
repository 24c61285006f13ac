/** What the loops of all sources are handed, and what they tell of themselves. */
import type { WebSocket } from 'ws'
import type { Clock, Instant, Realm } from '../record/index.ts'
import type { Store } from '../store/index.ts'
import type { IngestOutcome, SourceDeclaration } from './contract.ts'

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
