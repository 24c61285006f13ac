/**
 * What a store is to the rest of Mosaic: append records, read them by log index, follow the log, and keep beside it
 * what is not record: checkpoints, quarantine, raw payloads, the state of sources, jobs.
 *
 * Order is the log index: contiguous from 0, given by one sequencer per node after the record is durable, so a reader
 * that goes by the index never misses a record. Notifications only wake; the index is the truth.
 */
import type {
  Digest,
  Draft,
  Handling,
  Held,
  Instant,
  Issue,
  MosaicRecord,
  NodeId,
  Parcel,
  Realm,
  RecordId,
} from '../record/index.ts'
import type { Condition } from './condition.ts'

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
  /** Its content, or that of a newer version, was taken away here, and does not come back. */
  | { readonly code: 'record/erased'; readonly inputs: readonly RecordId[] }
  /** A release that the draft names does not cover these origins' evidence: ask them. */
  | {
      readonly code: 'handling/not-released'
      readonly origins: readonly NodeId[]
      readonly inputs: readonly RecordId[]
    }

/**
 * A record as a peer hands it over: what it discloses, and how its origin vouches for it. The store keeps the proof and
 * does not read it; `engines/exchange` has verified it before.
 */
export type Arrival = {
  readonly parcel: Parcel
  /** The peer it came from, which need not be its origin. */
  readonly via: NodeId
  readonly proof: OriginProof
}

/** That the leaf stands in the origin's log: RFC 9162 inclusion proof under a checkpoint that the origin signed. */
export type OriginProof = {
  readonly index: number
  readonly treeSize: number
  /** 32 bytes each, base64. */
  readonly hashes: readonly string[]
  /** The signed note, as text. */
  readonly checkpoint: string
}

/** What of a held version can be handed on: own records anew, a peer's as it came, never more than came. */
export type Provenance = {
  readonly leaf: Digest
  readonly parcel: Parcel
  /** Absent for this node's own records: its own log proves them. */
  readonly proof?: OriginProof
  readonly via?: NodeId
}

/** What became of one record that a peer sent. */
export type Received =
  | { readonly kind: 'accepted'; readonly record: MosaicRecord }
  | { readonly kind: 'unchanged'; readonly record: MosaicRecord }
  /** The same version with fields that were withheld before: filled in, no new version. */
  | { readonly kind: 'completed'; readonly record: MosaicRecord }
  /** Other content under an (id, version) that we hold: kept in quarantine as equivocation. */
  | {
      readonly kind: 'equivocation'
      readonly quarantined: string
      /** False: so much from this peer is held that it could only be counted. */
      readonly isKept: boolean
    }
  | { readonly kind: 'refused'; readonly reason: Refusal }

/** A record as it is held, with how it can be proven and handed on. */
export type Proven = Held & { readonly provenance: Provenance | undefined }

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
  /**
   * In the place of an origin that this node succeeds: next versions of what that origin owned and is held here, under its
   * name, with higher numbers than its own log can hold. What is not held is refused.
   */
  readonly inPlaceOf?: { readonly origin: NodeId; readonly above: number }
}

export type Ref = { readonly id: RecordId; readonly version: number; readonly origin: NodeId }

export type Erasure = Ref & { readonly at: Instant; readonly reason: string }

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
  /**
   * Only what this condition lets through: what the asker may have, made by the policy. What does not pass changes
   * nothing that is found: the newest version is chosen among those that pass, and no record is found by its place
   * (`cells`, an area in `matching`) or by one of its links (`linkedTo`, `linkType`) where that is marked.
   */
  readonly where?: Condition
  /**
   * What the asker looks for, as a condition: asked of the version found alone, as the other fields are, and no part of
   * what he may have.
   */
  readonly matching?: Condition
  /**
   * With `where`: records may also be found by a field of their own that is marked. For a caller that asks each record
   * again, as its reader sees it.
   */
  readonly byMarked?: boolean
  /** Also versions whose content is erased, as what is left of them. */
  readonly erased?: boolean
  readonly limit?: number
}

export type Store = AsyncDisposable & {
  readonly append: (drafts: readonly Draft[], options?: AppendOptions) => Promise<readonly Appended[]>
  /** A peer's records, ids and versions as their origin gave them. */
  readonly receive: (arrivals: readonly Arrival[], options?: AppendOptions) => Promise<readonly Received[]>
  /** How each version can be proven and handed on; undefined where it is not held or is erased. */
  readonly provenance: (
    refs: readonly { readonly id: RecordId; readonly version: number }[],
  ) => Promise<readonly (Provenance | undefined)[]>
  /**
   * Joins a handling to the effective one of every version of this record and of all that is derived from it, as far as
   * it goes. Answers the versions that became stricter. Only ever tightens, so a repeat changes nothing.
   */
  readonly tighten: (id: RecordId, handling: Handling) => Promise<readonly Ref[]>
  /**
   * Takes the content away and keeps the commitment: every version of these records, and with `derived` of all that is
   * derived from them. What is left: id, version, type, origin, realm, recordedAt, handling, links.
   */
  readonly erase: (
    ids: readonly RecordId[],
    options: {
      readonly derived: boolean
      readonly reason: string
      /** Only those whose newest version is not to be retained any more at this instant: what was prolonged meanwhile stays. */
      readonly overAt?: Instant
    },
  ) => Promise<readonly Ref[]>
  /** Of these records, which versions were erased, when and why. */
  readonly erasures: (ids: readonly RecordId[]) => Promise<readonly Erasure[]>
  /** All that is derived from this record, directly or through others, whatever its origin. */
  readonly derivedFrom: (id: RecordId) => Promise<readonly Ref[]>
  readonly read: (query: Query) => Promise<readonly Held[]>
  /** The same by index, each record with its `provenance`: one question in place of two, and of one moment. */
  readonly readProven: (query: Omit<Query, 'order' | 'past'>) => Promise<readonly Proven[]>
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
    /**
     * Only what this lets through when it is looked at; as a function, asked for anew at each look, because who may have
     * what changes with time. What passes later, an embargo over, does not come afterwards.
     */
    readonly where?: Condition | (() => Condition)
    readonly batch?: number
    readonly signal: AbortSignal
  }) => AsyncIterable<readonly Held[]>
  readonly checkpoints: Checkpoints
  readonly quarantine: Quarantine
  readonly payloads: Payloads
  readonly attachments: Attachments
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

/** How much is held from one sender at most: items, and bytes of content with its reasons. */
export type QuarantineLimits = { readonly items: number; readonly bytes: number }

/** What of one sender is held, and what came beyond its measure. */
export type QuarantineSender = {
  readonly from: string
  readonly held: number
  readonly bytes: number
  readonly dropped: readonly QuarantineDropped[]
}

/** Counted and not kept: nothing is left of it but this. */
export type QuarantineDropped = {
  readonly kind: QuarantineKind
  /** The first rule that it broke; `other` for the rest of a sender that broke very many. */
  readonly rule: string
  readonly times: number
  readonly bytes: number
  readonly firstAt: Instant
  readonly lastAt: Instant
  /** The newest ids, as they would be had they been held: whoever has the content can say that it was among them. */
  readonly newest: readonly string[]
  /** Over the ids of all of them: SHA-256 of the digest before (at first 32 bytes of zero) and the id's 20 bytes. */
  readonly digest: string
}

export type Quarantine = {
  /**
   * Held once per (from, realm, kind, content hash); a repeat counts. Not kept where so much of this sender is held
   * already; it is then counted.
   */
  readonly hold: (
    item: Omit<Quarantined, 'id' | 'state' | 'times'>,
  ) => Promise<{ readonly id: string; readonly isKept: boolean }>
  readonly list: (query?: {
    readonly from?: string
    readonly state?: Quarantined['state']
    readonly before?: string
    readonly limit?: number
  }) => Promise<readonly Quarantined[]>
  readonly get: (id: string) => Promise<Quarantined | undefined>
  /** Of what is discarded its name and reasons stay, its bytes go. */
  readonly settle: (id: string, state: 'released' | 'discarded') => Promise<void>
  /** All that is held from a sender, of one kind or received up to an instant where that is said; answers how many. */
  readonly discardFrom: (
    from: string,
    only?: { readonly kind?: QuarantineKind; readonly upTo?: Instant },
  ) => Promise<number>
  /** Each of whom something is held or was dropped, the most first. */
  readonly senders: () => Promise<readonly QuarantineSender[]>
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

/**
 * Files that records refer to (`body.attachments`), by content: kept in chunks, so that a part can be read and a download
 * goes on where it stopped. Complete once all bytes are there and hash to the name.
 */
export type Attachments = {
  /** Whole, from this node. Answers its SHA-256 in hexadecimal. */
  readonly put: (
    mediaType: string,
    bytes: AsyncIterable<Uint8Array>,
  ) => Promise<{ readonly sha256: string; readonly size: number }>
  /** Announced by a record that came from a peer: expected, nothing of it held yet. */
  readonly expect: (attachment: {
    readonly sha256: string
    readonly size: number
    readonly mediaType: string
  }) => Promise<void>
  readonly get: (sha256: string) => Promise<AttachmentState | undefined>
  /** Adds what follows on the bytes held (`offset` must be their number). Throws when the whole does not hash to its name. */
  readonly add: (sha256: string, offset: number, bytes: Uint8Array) => Promise<AttachmentState>
  /** The bytes from `start` to `end` (exclusive), in chunks. */
  readonly read: (sha256: string, start: number, end: number) => AsyncIterable<Uint8Array>
  /** Expected and not complete, oldest first. */
  readonly missing: (limit: number) => Promise<readonly AttachmentState[]>
  /** Records that refer to it, in any version that is not erased. */
  readonly records: (sha256: string) => Promise<readonly RecordId[]>
}

export type AttachmentState = {
  readonly sha256: string
  readonly size: number
  readonly mediaType: string
  readonly heldBytes: number
  readonly isComplete: boolean
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
