/**
 * A source, as a pack declares it: where, how often, whose, and how its bytes become observations. The runtime does the
 * rest: conditional requests, time-out, back-off with jitter, no overlap, raw bytes kept, what is unreadable held.
 */
import type { Attribution, Draft, Held, Instant, Issue, MultilingualText, Realm } from '../record/index.ts'

export type HttpTransport = {
  readonly kind: 'http'
  readonly url: string
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly accept: string
  /**
   * Headers that let us in, such as a partner's key. A function, so that no list and no log can show what it gives. They
   * go to the host of `url` alone, whatever redirects or an index say.
   */
  readonly credentials?: () => Readonly<Record<string, string>>
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
  /** Of a message that an index names: what the index said of it (`IndexLink.about`). */
  readonly about?: unknown
}

/** One thing in a payload that could not become an observation: kept whole, with where and why. */
export type Rejected = {
  readonly bytes: Uint8Array
  readonly mediaType: string
  readonly issues: readonly Issue[]
}

/** One thing in a payload; the runtime adds realm, attribution and producer. */
export type Observed = Omit<Draft, 'realm' | 'attribution' | 'producer'> & {
  /**
   * The source itself says that this is a test or an exercise. It never enters the realm `actual`: there it goes to `test`;
   * in an exercise it stays, as all else does.
   */
  readonly isTest?: boolean
}

export type Decoded = {
  readonly observations: readonly Observed[]
  readonly rejected: readonly Rejected[]
  /** Wrong but readable: recorded beside the source's health. */
  readonly defects: readonly Issue[]
  /** Instant of the newest content, for the lag. */
  readonly newest?: Instant
}

/** A message that stands elsewhere, as the index names it. */
export type IndexLink = {
  readonly id: string
  /** As written: it may be relative to the index. */
  readonly url: string
  /** Whatever tells that the entry changed; compared, never read. Absent: an entry once fetched is not fetched again. */
  readonly updated?: string
  /** What the index says of the message beyond its address; `decode` is given it with the message. */
  readonly about?: unknown
}

/**
 * What its answers list is all that holds: what vanishes from them was taken back, though nobody says so. An answer counts
 * when it could be read whole, lists something, and did not lose most of what was listed before; a source that fails,
 * is empty or breaks off in the middle makes nothing vanish.
 */
export type CompleteListing = {
  /** Answers in a row that lack a thing, */
  readonly absences: number
  /** and the least time between the first and the last of them, before it has vanished. */
  readonly forMs: number
  /**
   * What to record of a thing that vanished, absent since then; undefined: nothing, since it was over anyway. Pure. When it
   * comes back, what the list says of it is recorded anew.
   */
  readonly vanished: (held: Held, since: Instant) => Observed | undefined
}

/**
 * The payload lists messages that are fetched one by one, each decoded by the source's `decode`. An entry that vanishes
 * from the list, and a list that is empty or cannot be read, end nothing and erase nothing.
 */
export type SourceIndex = {
  /** Pure, and never throws for what the bytes say. */
  readonly links: (payload: Payload) => readonly IndexLink[]
  /** Hosts beside the index's own that an entry may name; what names another is reported and not asked. */
  readonly hosts: readonly string[]
  readonly accept: string
  /** Bytes of one message. */
  readonly maxBytes: number
  /** Requests after one reading of the index; what is left comes after the next. */
  readonly maxPerPoll: number
  /** Requests at the same time. */
  readonly atOnce: number
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
  /** For HTTP sources whose payload is a list of messages that stand elsewhere. */
  readonly index?: SourceIndex
  /** For HTTP sources whose every answer lists all that holds. Absent: from what is missing nothing follows. */
  readonly listing?: CompleteListing
}

/** What an operator states of a source that lets in partners only. */
export type PartnerLogin = {
  readonly url: string
  readonly credentials: NonNullable<HttpTransport['credentials']>
}

/** A source whose address and key are the operator's: worked where the settings name it, and nowhere else. */
export type PartnerSource = {
  readonly id: string
  readonly title: MultilingualText
  readonly open: (login: PartnerLogin) => SourceDeclaration
}

export type IngestOutcome = {
  readonly read: number
  readonly accepted: number
  readonly unchanged: number
  readonly quarantined: number
  readonly issues: readonly Issue[]
  readonly realm: Realm
  /** Of an index: messages that it names and that stand elsewhere. */
  readonly listed?: number
}
