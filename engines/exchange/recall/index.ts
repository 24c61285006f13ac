export * from './contract.ts'
export { WithdrawnMeanwhile } from './delivery.ts'
export * from './freshness.ts'
export { openRecalls, type Recalls } from './open.ts'
export {
  type ConsentBody,
  exchangeConsent,
  exchangeRecall,
  exchangeReceipt,
  type RecallBody,
  type ReceiptBody,
  recallRecords,
} from './records.ts'
export { sayRecallRefused } from './refused.ts'
