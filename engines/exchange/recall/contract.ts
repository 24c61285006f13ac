/** What recall asks for, and what it answers. */
import type {
  Clock,
  Handling,
  Held,
  Instant,
  MosaicRecord,
  NodeId,
  Producer,
  RecordId,
} from '../../record/index.ts'
import type { OpenStore } from '../../store/index.ts'
import type { ConsentBody, RecallBody, ReceiptBody } from './records.ts'

export type RecallParts = {
  readonly store: OpenStore
  readonly node: NodeId
  readonly clock: Clock
  /** The organisation that runs this node, by the name that audiences give it. */
  readonly organisation?: string
  /**
   * What else of these versions this node keeps beside the log (raw payloads, copies in quarantine) goes, too. Called
   * before their content is erased, because what they are found by goes with it; a repeat must change nothing.
   */
  readonly dropLeftBehind?: (held: readonly Held[]) => Promise<unknown>
  /** Does this node speak for that origin: did it take over what a lost or merged node owned? Absent: nobody does. */
  readonly speaksFor?: (node: NodeId, origin: NodeId) => Promise<boolean>
  /** The origins that a node took over; its consents hold for their records, too. Absent: none. */
  readonly ownedBy?: (node: NodeId) => Promise<readonly NodeId[]>
}

export type RecallOrder = {
  readonly target: RecordId
  readonly by: Producer
  readonly reason: string
}

export type RelabelOrder = RecallOrder & { readonly handling: Handling }

export type Recalled =
  | {
      readonly kind: 'recalled'
      readonly recall: MosaicRecord<RecallBody>
      /** Versions of the target, and of what is derived from it, that this node did something about now. */
      readonly touched: number
      /** Peers that were given the target and are now told. */
      readonly told: readonly NodeId[]
    }
  /** The same was ordered before. */
  | { readonly kind: 'unchanged'; readonly recall: MosaicRecord<RecallBody> }
  | { readonly kind: 'refused'; readonly reason: RecallRefusal }

export type RecallRefusal =
  | { readonly code: 'exchange/recall-not-held'; readonly target: RecordId }
  /** Only the origin takes back what it shared. */
  | { readonly code: 'exchange/recall-not-ours'; readonly origin: NodeId }
  /** The handling asked for restricts nothing that is not restricted already. */
  | { readonly code: 'exchange/relabel-not-stricter'; readonly handling: Handling }
  /** From TLP:AMBER upwards an audience admits whom the bare label keeps out: this would let these have it. */
  | { readonly code: 'exchange/relabel-admits'; readonly names: readonly string[] }
  /** Recalls and receipts are themselves the account of what was taken back. */
  | { readonly code: 'exchange/not-recallable'; readonly type: string }

export type ConsentOrder = {
  readonly to: readonly string[]
  readonly ids?: readonly RecordId[]
  readonly types?: readonly string[]
  readonly until?: Instant
  readonly reason?: string
  readonly by: Producer
}

export type Consented =
  | { readonly kind: 'consented'; readonly consent: MosaicRecord<ConsentBody> }
  | {
      readonly kind: 'refused'
      readonly reason:
        | { readonly code: 'exchange/consent-to-nothing' }
        /** Of these records somebody else is the originator: ask them. */
        | { readonly code: 'exchange/consent-not-ours'; readonly ids: readonly RecordId[] }
    }

/** One holder of what was recalled. */
export type Holder = {
  readonly node: NodeId
  /** The relay that passed it on; absent where this node gave it. */
  readonly through?: NodeId
  readonly sentAt?: Instant
  /** It asked for what comes after, so it has stored it. */
  readonly acknowledgedAt?: Instant
  /** What it did, and when that was known here. */
  readonly confirmed?: {
    readonly done: ReceiptBody['done']
    readonly at: Instant
    readonly receivedAt: Instant
    readonly derived: number
  }
}

export type RecallState = {
  readonly id: RecordId
  readonly target: RecordId
  readonly action: RecallBody['action']
  readonly reason: string
  readonly orderedAt: Instant
  readonly follows?: RecordId
  readonly holders: readonly Holder[]
  /** Those without an answer have been silent since the order. */
  readonly waitingFor: readonly NodeId[]
  readonly isComplete: boolean
}
