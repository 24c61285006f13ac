/**
 * Exchange: nodes that hand each other records, each under its own rules, and trust each other only as far as they can
 * check.
 *
 * A node pulls from its peers. What it is given is decided by the giver (`gives`: what this peer may receive, and the
 * policy with the peer as principal), proven by the origin's log, and checked again by the taker. The place in a peer's
 * log is an opaque cursor that the giver made.
 */
import type { Clearance, PassingOn, Purpose } from '../access/index.ts'
import type {
  Instant,
  Issue,
  MultilingualText,
  NodeId,
  Parcel,
  PoliceCode,
  Realm,
  RecordId,
  TlpLabel,
} from '../record/index.ts'
import type { OriginProof } from '../store/index.ts'

export const protocolVersion = 1

/**
 * Of all but `active` nothing is taken until a person resumes it; `suspended` alone is given nothing either. `paused`: so
 * much of what it sent stands in quarantine that no more is kept.
 */
export type PeerState = 'active' | 'suspended' | 'forked' | 'paused'

/** What one peer may receive; the policy is asked besides, with the peer as principal. */
export type SharingRule = {
  /** `hazards.event`, `warn.*`, `*`. */
  readonly types: readonly string[]
  /** ISO 3166-1 alpha-2 codes or other area codes as `scheme:code`; absent: everywhere, and records without area. */
  readonly areas?: readonly string[]
  readonly upTo: TlpLabel
  /** Records that name a purpose must name one of these; records that name none fit. */
  readonly purposes?: readonly Purpose[]
  /** Absent: `actual` alone. */
  readonly realms?: readonly Realm[]
}

/** A key of a node as a peer keeps it: pinned by its operators, or vouched for by one that is. */
export type PeerKey = {
  /** First 4 bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ key), hexadecimal: the key id of signed notes. */
  readonly keyId: string
  /** 32 bytes Ed25519, base64. */
  readonly key: string
  readonly validFrom: Instant
  readonly validUntil?: Instant
  readonly revokedAt?: Instant
}

export type Peer = {
  readonly node: NodeId
  /** Where it answers: scheme, host and port. */
  readonly url: string
  readonly title: MultilingualText
  readonly organisation?: string
  /** Those whose fingerprints the operators compared. */
  readonly pinned: readonly PeerKey[]
  /** Those, and the ones that a pinned key has vouched for since, with the end of their time. */
  readonly keys: readonly PeerKey[]
  /** The first line of its checkpoints. */
  readonly logOrigin: string
  readonly state: PeerState
  readonly stateReason?: string
  readonly clearances: readonly Clearance[]
  readonly purposes: readonly Purpose[]
  /** Police codes whose terms its operators accepted. */
  readonly police: readonly PoliceCode[]
  /** What it may receive from us. */
  readonly gives: readonly SharingRule[]
  /** Origins beyond itself whose keys it may introduce to us. */
  readonly introduces: boolean
  /** PEM of the authority that its certificate must come from, in place of the machine's own. */
  readonly ca?: string
  readonly addedAt: Instant
}

/** What another peer brought of the same origin, and this one does not: `relayed.ts` says how it is found and what it proves. */
export type Withheld = {
  readonly origin: NodeId
  readonly kind: 'older-log' | 'missing-records'
  readonly since: Instant
  /** Entries of the origin's log that it has not reached, or records that it passed over. */
  readonly count: number
}

export type PeerStatus = {
  readonly node: NodeId
  readonly title: MultilingualText
  readonly url: string
  readonly state: PeerState
  readonly stateReason?: string
  readonly lastContactAt?: Instant
  /** The stable code and the sentence of the last failure; absent once it is well again. */
  readonly lastError?: { readonly code: string; readonly message: string; readonly at: Instant }
  readonly errorsInARow: number
  /** Records taken from it, and refused (their ids and reasons stand in quarantine). */
  readonly received: number
  readonly refused: number
  /** False while a newcomer's history is still coming. */
  readonly isCaughtUp: boolean
  /** Size of its log as of the newest checkpoint that we verified. */
  readonly logSize?: number
  /** How far its clock stands before (positive) or behind ours, as it last said. */
  readonly clockAheadMs?: number
  /** Of origins from which we do not take directly; absent where nothing seems to be left out. */
  readonly withheld?: readonly Withheld[]
}

/** One answer to a pull. */
export type Batch = {
  readonly cursor: string
  /** Nothing waits behind this one. */
  readonly isLast: boolean
  /** The giver's newest checkpoint, by position in `checkpoints`, and that it extends the one the taker named. */
  readonly head?: { readonly under: number; readonly consistency: readonly string[] }
  /** Signed notes that the parcels' proofs refer to by position. */
  readonly checkpoints: readonly string[]
  readonly items: readonly BatchItem[]
}

export type BatchItem = {
  readonly parcel: Parcel
  /** Position in `checkpoints`. */
  readonly under: number
  readonly proof: Omit<OriginProof, 'checkpoint'>
}

/** Why a parcel was not taken; held in quarantine with these issues. */
export type RefusedItem = { readonly id?: RecordId; readonly issues: readonly Issue[] }

/** What a node says of itself to anybody: `GET /exchange/v1/node`. */
export type NodeCard = {
  readonly node: NodeId
  readonly title: MultilingualText
  readonly organisation?: string
  readonly keys: readonly PeerKey[]
  /** The key that signs now, and so the one whose fingerprint people compare. */
  readonly current: string
  readonly logOrigin: string
  readonly versions: readonly number[]
  readonly now: Instant
}

/** What a node says about its keys (`tlog.key`, `tlog.key-revocation`), each with a signature of its own. */
export type KeyStatements = {
  readonly statements: readonly { readonly type: string; readonly body: unknown }[]
}

/** What the recall adds to the exchange; `engines/exchange/recall` gives it, and nothing happens where it is absent. */
export type RecallHooks = {
  /** Before the answer leaves: this peer is being given these versions. */
  readonly noteSent: (
    peer: NodeId,
    refs: readonly { readonly id: RecordId; readonly version: number }[],
  ) => Promise<void>
  /** It asked for what comes after them, so it has stored them. */
  readonly noteAcknowledged?: (
    peer: NodeId,
    refs: readonly { readonly id: RecordId; readonly version: number }[],
  ) => Promise<void>
  /** Records that this peer must get whatever the rules say: recalls of what it was given. */
  readonly followUpsFor: (peer: NodeId) => Promise<readonly RecordId[]>
}

/** Which consents of originators hold for this peer now; `engines/access` reads them (onward.ts). */
export type ConsentsFor = (peer: NodeId) => Promise<Omit<PassingOn, 'own' | 'controlledByOthers'>>
