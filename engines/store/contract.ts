/**
 * What a store is to the rest of Mosaic: append records, read them by log index, follow the log, and keep beside it
 * what is not record: checkpoints, quarantine, raw payloads, the state of sources, jobs.
 *
 * Order is the log index: contiguous from 0, given by one sequencer per node after the record is durable, so a reader
 * that goes by the index never misses a record. Notifications only wake; the index is the truth.
 */
import type { Draft, Held, Instant, Issue, MosaicRecord, Realm, RecordId } from '../record/index.ts'

/** What became of one appended draft. */
export type Appended =
  /** Written as this version. */
  | { readonly kind: 'appended'; readonly record: MosaicRecord }
  /** The newest version already says the same (or, with `unlessEver`, any version does): nothing written. */
  | { readonly kind: 'unchanged'; readonly record: MosaicRecord }
  /** Not written; the reason is data. */
  | { readonly kind: 'refused'; readonly reason: Refusal }
  /** Not written, because another draft of the same turn is refused. */
  | { readonly kind: 'held-back' }

export type Refusal =
  | { readonly code: 'record/invalid'; readonly issues: readonly Issue[] }
  /** The inputs' audiences or purposes have nobody, or nothing, in common. */
  | { readonly code: 'handling/join-to-nobody'; readonly inputs: readonly RecordId[] }
  /** An input stands in another realm. */
  | { readonly code: 'record/realms-crossed'; readonly inputs: readonly RecordId[] }
  /** An input is not held by this node. */
  | { readonly code: 'record/input-missing'; readonly inputs: readonly RecordId[] }

/** What became of one record that a peer sent. */
export type Received =
  | { readonly kind: 'accepted'; readonly record: MosaicRecord }
  | { readonly kind: 'unchanged'; readonly record: MosaicRecord }
  /** Other content under an (id, version) that we hold: kept in quarantine as equivocation. */
  | { readonly kind: 'equivocation'; readonly quarantined: string }
  | { readonly kind: 'refused'; readonly reason: Refusal }

export type AppendOptions = {
  /** Also unchanged when an older version has the same content: for sources whose caches replay old reports. */
  readonly unlessEver?: boolean
  /** When the content reached this node; the clock's now when absent. */
  readonly receivedAt?: Instant
  /**
   * A reactor's turn: its checkpoint moves with these drafts, in one transaction, from where the reactor believes it to
   * be. Stands it elsewhere, another runner was faster: nothing is written and `TurnTaken` is thrown. Is one draft
   * refused, nothing is written and the checkpoint stays.
   */
  readonly turn?: Turn
}

export type Turn = { readonly reactor: string; readonly from: number; readonly to: number }

export type Query = {
  readonly types?: readonly string[]
  readonly realm?: Realm
  readonly ids?: readonly RecordId[]
  readonly key?: string
  /** Records whose validity meets [from, until]. */
  readonly validFrom?: Instant
  readonly validUntil?: Instant
  /** What this node knew then: versions received at or before. */
  readonly knownAt?: Instant
  /** Versions whose log index is at or before. */
  readonly upTo?: number
  /** Log index strictly after. */
  readonly after?: number
  readonly since?: Instant
  /** Records with a link to one of these ids (`linkType` narrows it). */
  readonly linkedTo?: readonly RecordId[]
  readonly linkType?: string
  /** Records whose cells meet one of these H3 cells or their ancestors or descendants. */
  readonly cells?: readonly string[]
  /** `newest` (default): the newest version of each record that fits; `all`: every version. */
  readonly versions?: 'newest' | 'all'
  /** `index` (default) ascending; `-index` newest first; `-valid`: latest validity first. */
  readonly order?: 'index' | '-index' | '-valid'
  /** In the order `-valid`: only what comes after this place, so that a page begins where the one before ended. */
  readonly past?: { readonly validFrom: Instant; readonly index: number }
  /** Only what anybody may have at this moment: see `isPublic` of engines/record. */
  readonly public?: boolean
  readonly limit?: number
}

export type Store = AsyncDisposable & {
  readonly append: (drafts: readonly Draft[], options?: AppendOptions) => Promise<readonly Appended[]>
  /** A peer's records, ids and versions as their origin gave them. */
  readonly receive: (
    records: readonly MosaicRecord[],
    options?: AppendOptions,
  ) => Promise<readonly Received[]>
  readonly read: (query: Query) => Promise<readonly Held[]>
  /** The newest version, or the version asked for. */
  readonly get: (id: RecordId, version?: number) => Promise<Held | undefined>
  readonly count: (query: Query) => Promise<number>
  /** Index of the newest record, -1 when empty. */
  readonly head: () => Promise<number>
  /** Records after `after`, in index order, for ever until `signal` aborts. Wakes on notification, polls as a net. */
  readonly follow: (options: {
    readonly after: number
    readonly types?: readonly string[]
    readonly realm?: Realm
    readonly batch?: number
    readonly signal: AbortSignal
  }) => AsyncIterable<readonly Held[]>
  readonly checkpoints: Checkpoints
  readonly quarantine: Quarantine
  readonly payloads: Payloads
  readonly sources: SourceStates
  readonly jobs: Jobs
  /** This node's lasting facts: its name, its incarnation (new after every restore), its secret. */
  readonly identity: Identity
}

export type Identity = {
  readonly node: string
  /** Changes at every restore, so that no CAP identifier is ever given twice. */
  readonly incarnation: string
}

export type Checkpoints = {
  /** Index of the last record that the reactor has digested; -1 when none. */
  readonly get: (reactor: string) => Promise<number>
  readonly set: (reactor: string, index: number) => Promise<void>
  /** Moves it from where the caller believes it to be; false when it stands elsewhere, and then it stays there. */
  readonly move: (turn: Turn) => Promise<boolean>
  readonly all: () => Promise<
    readonly { readonly reactor: string; readonly index: number; readonly movedAt: Instant }[]
  >
}

export type QuarantineKind = 'undecodable' | 'refused' | 'equivocation' | 'reactor-failed'

/** Something that could not be read or digested, whole, with its reason. */
export type Quarantined = {
  readonly id: string
  readonly kind: QuarantineKind
  /** The source, peer or reactor it came from. */
  readonly from: string
  readonly realm: Realm
  readonly receivedAt: Instant
  readonly mediaType: string
  readonly bytes: Uint8Array
  readonly issues: readonly Issue[]
  readonly state: 'held' | 'released' | 'discarded'
  /** How often the very same came. */
  readonly times: number
}

export type Quarantine = {
  /** Held once per (from, realm, kind, content hash); a repeat counts. Answers the id. */
  readonly hold: (item: Omit<Quarantined, 'id' | 'state' | 'times'>) => Promise<string>
  readonly list: (query?: {
    readonly from?: string
    readonly state?: Quarantined['state']
    readonly before?: string
    readonly limit?: number
  }) => Promise<readonly Quarantined[]>
  readonly get: (id: string) => Promise<Quarantined | undefined>
  readonly settle: (id: string, state: 'released' | 'discarded') => Promise<void>
  readonly count: () => Promise<number>
}

/** Raw bytes as received, once per content hash, with a receipt for every arrival. */
export type Payloads = {
  /** Answers whether the bytes are new to this source and realm. `hash` is the SHA-256 in hexadecimal. */
  readonly keep: (payload: {
    readonly source: string
    readonly realm: Realm
    readonly mediaType: string
    readonly bytes: Uint8Array
    readonly receivedAt: Instant
  }) => Promise<{ readonly hash: string; readonly isNew: boolean }>
  readonly get: (
    hash: string,
  ) => Promise<{ readonly mediaType: string; readonly bytes: Uint8Array } | undefined>
}

export type SourceState = {
  readonly source: string
  readonly lastAttemptAt?: Instant
  readonly lastSuccessAt?: Instant
  /** Last time something new came. */
  readonly lastChangeAt?: Instant
  readonly errorsInARow: number
  readonly lastError?: string
  /** Newest content minus its arrival, milliseconds. */
  readonly lagMs?: number
  readonly etag?: string
  readonly lastModified?: string
  readonly received: number
  readonly accepted: number
  readonly quarantined: number
}

export type SourceStates = {
  readonly all: () => Promise<readonly SourceState[]>
  readonly get: (source: string) => Promise<SourceState | undefined>
  readonly put: (state: SourceState) => Promise<void>
}

export type Job = {
  readonly id: string
  readonly queue: string
  readonly key: string
  readonly payload: unknown
  readonly attempt: number
}

/** Work that is claimed once, retried with back-off, and woken by notification. */
export type Jobs = {
  /** One job per (queue, key) at a time. */
  readonly add: (job: {
    readonly queue: string
    readonly key: string
    readonly payload: unknown
    readonly runAt?: Instant
  }) => Promise<void>
  /** Runs jobs until the signal aborts. A throw retries with exponential back-off; after `maxAttempts` it stays as failed. */
  readonly work: (
    queue: string,
    run: (job: Job) => Promise<void>,
    options: { readonly signal: AbortSignal; readonly maxAttempts?: number },
  ) => Promise<void>
  readonly counts: () => Promise<
    readonly {
      readonly queue: string
      readonly state: 'waiting' | 'running' | 'failed'
      readonly count: number
    }[]
  >
}
