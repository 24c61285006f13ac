/**
 * A source, as a pack declares it: where, how often, whose, and how its bytes become observations. The runtime does the
 * rest: conditional requests, time-out, back-off with jitter, no overlap, raw bytes kept, what is unreadable held.
 */
import type { Attribution, Draft, Instant, Issue, MultilingualText, Realm } from '../record/index.ts'

export type HttpTransport = {
  readonly kind: 'http'
  readonly url: string
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly accept: string
}
export type WebSocketTransport = {
  readonly kind: 'websocket'
  readonly url: string
  /** Silence after which the line is dropped and opened again. */
  readonly silenceMs: number
  readonly maxBytes: number
}

export type Payload = {
  readonly bytes: Uint8Array
  readonly mediaType: string
  readonly receivedAt: Instant
}

/** One thing in a payload that could not become an observation: kept whole, with where and why. */
export type Rejected = {
  readonly bytes: Uint8Array
  readonly mediaType: string
  readonly issues: readonly Issue[]
}

export type Decoded = {
  readonly observations: readonly Omit<Draft, 'realm' | 'attribution' | 'producer'>[]
  readonly rejected: readonly Rejected[]
  /** Wrong but readable: recorded beside the source's health. */
  readonly defects: readonly Issue[]
  /** Instant of the newest content, for the lag. */
  readonly newest?: Instant
}

export type SourceDeclaration = {
  /** `usgs-earthquakes`: stable, names the source in every record and receipt. */
  readonly id: string
  readonly title: MultilingualText
  readonly transport: HttpTransport | WebSocketTransport
  readonly attribution: Attribution
  /**
   * Sources that carry the same reports by different paths name one family: it is what their records give as producer,
   * so that a report that came twice is one version of one record. Absent: the id.
   */
  readonly family?: string
  /** Pure: bytes in, observations and rejections out. Never throws for what the bytes say. */
  readonly decode: (payload: Payload) => Decoded
}

export type IngestOutcome = {
  readonly read: number
  readonly accepted: number
  readonly unchanged: number
  readonly quarantined: number
  readonly issues: readonly Issue[]
  readonly realm: Realm
}
