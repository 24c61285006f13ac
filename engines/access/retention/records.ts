/**
 * The record types of this folder: that content was erased, that a record was corrected, that its origin is asked to
 * correct one. None of them repeats content: they name records, versions and reasons.
 */
import { type Static, Type } from 'typebox'
import { defineRecord, type NodeId, type RecordId, recordIdSchema } from '../../record/index.ts'

const strict = { additionalProperties: false }
const RecordIdText = Type.Unsafe<RecordId>(recordIdSchema)
const NodeText = Type.Unsafe<NodeId>(Type.String({ minLength: 1, maxLength: 253 }))
const version = Type.Integer({ minimum: 1 })
const reason = Type.String({ minLength: 1, maxLength: 500 })

/** Content is gone, or goes now; the leaf of each version stays in the log. When: the record's own `recordedAt`. */
export const erasureRecord = defineRecord({
  type: 'access.erasure',
  schemaVersion: 1,
  body: Type.Object(
    {
      /** `retention`: its time was over. `request`: the person concerned, or an authority, asked for it. */
      because: Type.Union([Type.Literal('retention'), Type.Literal('request')]),
      reason,
      records: Type.Array(
        Type.Object({ id: RecordIdText, origin: NodeText, versions: Type.Array(version) }, strict),
        { minItems: 1, maxItems: 500 },
      ),
    },
    strict,
  ),
})
export type ErasureBody = Static<typeof erasureRecord.body>

/** The next version puts right what the one before said: whoever was given that one is to be told (LED Art. 16 (6)). */
export const correctionRecord = defineRecord({
  type: 'access.correction',
  schemaVersion: 1,
  body: Type.Object({ record: RecordIdText, was: version, now: version, reason }, strict),
})
export type CorrectionBody = Static<typeof correctionRecord.body>

/** To the origin of a record that another node holds: what is wrong, and what it should say. */
export const correctionRequestRecord = defineRecord({
  type: 'access.correction-request',
  schemaVersion: 1,
  confidential: true,
  body: Type.Object(
    {
      record: RecordIdText,
      version,
      origin: NodeText,
      reason,
      /** JSON pointer into the body → what should stand there; null takes the member out. */
      changes: Type.Record(Type.String({ pattern: '^/' }), Type.Unknown()),
    },
    strict,
  ),
})
export type CorrectionRequestBody = Static<typeof correctionRequestRecord.body>

export const retentionRecords = [erasureRecord, correctionRecord, correctionRequestRecord] as const
