/** Recall for one node, composed: what people order, what the exchange calls, and the follower that obeys. */
import type { MosaicRecord, NodeId, RecordId } from '../../record/index.ts'
import { consent, consentsFor } from './consent.ts'
import type {
  Consented,
  ConsentOrder,
  Recalled,
  RecallOrder,
  RecallParts,
  RecallState,
  RelabelOrder,
} from './contract.ts'
import { followUpsFor, noteAcknowledged, noteSent, type SentRef } from './delivery.ts'
import { obeyArrived, obeyOnce, obeyRecalls } from './obey.ts'
import { relabel, withdraw } from './order.ts'
import { recallState, recallsOrdered } from './state.ts'

export type Recalls = {
  readonly withdraw: (order: RecallOrder) => Promise<Recalled>
  readonly relabel: (order: RelabelOrder) => Promise<Recalled>
  readonly consent: (order: ConsentOrder) => Promise<Consented>
  readonly state: (id: RecordId) => Promise<RecallState | undefined>
  readonly ordered: (limit?: number) => Promise<readonly RecallState[]>
  /** For `ExchangeOptions.recall`. Throws `WithdrawnMeanwhile`: then the answer must not leave. */
  readonly noteSent: (peer: NodeId, refs: readonly SentRef[]) => Promise<void>
  readonly noteAcknowledged: (peer: NodeId, refs: readonly SentRef[]) => Promise<void>
  readonly followUpsFor: (peer: NodeId) => Promise<readonly RecordId[]>
  /** For `ExchangeOptions.consentsFor`. */
  readonly consentsFor: (peer: NodeId) => ReturnType<typeof consentsFor>
  /** For `ExchangeOptions.taken`: what came is looked at before the next batch is asked for. */
  readonly taken: (records: readonly MosaicRecord[]) => Promise<void>
  /** Obeys until the signal aborts. */
  readonly live: (signal: AbortSignal) => Promise<void>
  /** Obeys what stands in the log now. */
  readonly catchUp: () => Promise<void>
}

export const openRecalls = (parts: RecallParts): Recalls => ({
  withdraw: (order) => withdraw(parts, order),
  relabel: (order) => relabel(parts, order),
  consent: (order) => consent(parts, order),
  state: (id) => recallState(parts, id),
  ordered: (limit) => recallsOrdered(parts, limit),
  noteSent: (peer, refs) => noteSent(parts, peer, refs),
  noteAcknowledged: (peer, refs) => noteAcknowledged(parts, peer, refs),
  followUpsFor: (peer) => followUpsFor(parts, peer),
  consentsFor: (peer) => consentsFor(parts, peer),
  taken: (records) => obeyArrived(parts, records),
  live: (signal) => obeyRecalls(parts, signal),
  catchUp: () => obeyOnce(parts),
})
