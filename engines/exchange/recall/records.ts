/**
 * The record types by which nodes take back, answer for, and consent to what they shared.
 *
 *     exchange.recall    the origin of a record withdraws it, or tightens its handling; links `recalls` to it
 *     exchange.receipt   a holder says what it did about a recall; links `answers` to it. Standing in the holder's log,
 *                        under a checkpoint that the holder signed, it is signed by the holder
 *     exchange.consent   an originator lets named nodes have what only it may pass on; links `consentsTo` records
 */
import { Type } from 'typebox'
import {
  defineRecord,
  type Handling,
  handlingSchema,
  type Instant,
  instantSchema,
  type NodeId,
  type RecordId,
  recordIdSchema,
} from '../../record/index.ts'

const strict = { additionalProperties: false }
const name = Type.String({ minLength: 1, maxLength: 253 })
const reason = Type.String({ minLength: 1, maxLength: 2000 })

export const exchangeRecall = defineRecord({
  type: 'exchange.recall',
  schemaVersion: 1,
  body: Type.Object(
    {
      target: recordIdSchema,
      action: Type.Union([Type.Literal('withdraw'), Type.Literal('relabel')]),
      /** Joined to the record's handling; of `relabel` alone. */
      handling: Type.Optional(handlingSchema),
      reason,
      /** The recall that this one follows from: the target is derived from what that one recalls. */
      follows: Type.Optional(recordIdSchema),
    },
    strict,
  ),
})

export const exchangeReceipt = defineRecord({
  type: 'exchange.receipt',
  schemaVersion: 1,
  body: Type.Object(
    {
      recall: recordIdSchema,
      target: recordIdSchema,
      done: Type.Union([Type.Literal('removed'), Type.Literal('relabelled'), Type.Literal('not-held')]),
      /** Versions of the target that were held. */
      versions: Type.Integer({ minimum: 0 }),
      /** Versions of records derived from it that were removed or tightened with it. */
      derived: Type.Integer({ minimum: 0 }),
      at: instantSchema,
      /** Nodes to which this holder had passed it on, and which answer for themselves. */
      downstream: Type.Optional(Type.Array(name, { maxItems: 1000 })),
    },
    strict,
  ),
})

export const exchangeConsent = defineRecord({
  type: 'exchange.consent',
  schemaVersion: 1,
  body: Type.Object(
    {
      /** Nodes, organisations or communities that may be given it. */
      to: Type.Array(name, { minItems: 1, maxItems: 1000 }),
      ids: Type.Optional(Type.Array(recordIdSchema, { maxItems: 1000 })),
      /** `hazards.event`, `hazards.*`: of the consenting origin alone. */
      types: Type.Optional(
        Type.Array(Type.String({ pattern: '^[a-z][a-z0-9.-]*(\\.\\*)?$', maxLength: 100 }), {
          maxItems: 1000,
        }),
      ),
      until: Type.Optional(instantSchema),
      reason: Type.Optional(reason),
    },
    strict,
  ),
})

export const recallRecords = [exchangeRecall, exchangeReceipt, exchangeConsent] as const

export type RecallBody = {
  readonly target: RecordId
  readonly action: 'withdraw' | 'relabel'
  readonly handling?: Handling
  readonly reason: string
  readonly follows?: RecordId
}

export type ReceiptBody = {
  readonly recall: RecordId
  readonly target: RecordId
  readonly done: 'removed' | 'relabelled' | 'not-held'
  readonly versions: number
  readonly derived: number
  readonly at: Instant
  readonly downstream?: readonly NodeId[]
}

export type ConsentBody = {
  readonly to: readonly string[]
  readonly ids?: readonly RecordId[]
  readonly types?: readonly string[]
  readonly until?: Instant
  readonly reason?: string
}
