/**
 * `GET /api/v1/notices` and `/notices/:id`: warnings of other authorities, as their CAP messages together say them
 * (`warn.notice`). They are theirs: this node neither issues nor changes them, and says what is wrong with them.
 */
import { type Static, Type } from 'typebox'
import {
  attributionSchema,
  idSchema,
  instantSchema,
  issueSchema,
  listQuery,
  pageSchema,
  textSchema,
} from './common.ts'
import { type GeoShape, geoShape } from './event.ts'
import { warningAreaSchema } from './warning.ts'

export const noticeQuerySchema = listQuery({
  country: Type.Optional(Type.String({ description: 'ISO 3166-1 alpha-2: of the authority' })),
  kind: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'SCHEME:CODE, several with commas: awareness_type:12,awareness_type:13',
    }),
  ),
  severity: Type.Optional(
    Type.String({ description: 'CAP 1.2: this or worse; Minor, Moderate, Severe, Extreme' }),
  ),
  inForce: Type.Optional(Type.Boolean({ description: 'true: neither run out, nor ended, nor replaced' })),
})
export type NoticeQuery = Static<typeof noticeQuerySchema>

const codeSchema = Type.Object({ scheme: Type.String(), code: Type.String() })

const summaryFields = {
  id: idSchema,
  realm: Type.String(),
  authority: Type.Object({
    id: Type.String(),
    names: textSchema,
    isKnown: Type.Boolean({
      description: 'false: no authority of the region’s register sends under this name',
    }),
    country: Type.Optional(Type.String()),
  }),
  sender: Type.String({ description: 'as the message writes it' }),
  status: Type.String({ description: 'CAP: Actual, Exercise, Test …' }),
  state: Type.Union([Type.Literal('in-force'), Type.Literal('ended'), Type.Literal('superseded')]),
  inForce: Type.Boolean({ description: 'state in-force, and not run out' }),
  /** In the authority's own words where it has a scheme: `3; orange; Severe`. */
  ownLevel: Type.Optional(Type.String()),
  severity: Type.String(),
  urgency: Type.String(),
  certainty: Type.String(),
  kind: Type.Array(codeSchema),
  event: textSchema,
  headline: textSchema,
  area: textSchema,
  from: instantSchema,
  until: instantSchema,
  expiresAssumed: Type.Boolean({
    description: 'the message names no end: 24 hours after it was sent are assumed',
  }),
  group: Type.String({ description: 'notices of one group differ in their area alone' }),
  holds: Type.Boolean({ description: 'taken for still in force on suspicion; a person looks' }),
  holdsBecause: Type.Optional(Type.String()),
  hasConflict: Type.Boolean({ description: 'other content came under the name of one of its messages' }),
  receivedAt: Type.String(),
  version: Type.Integer(),
}
export const noticeSummarySchema = Type.Object(summaryFields)
export type NoticeSummary = Static<typeof noticeSummarySchema>
export const noticePageSchema = pageSchema(noticeSummarySchema)
export type NoticePage = Static<typeof noticePageSchema>

/** One message of the chain, as received. */
export const noticeMessageSchema = Type.Object({
  id: Type.Optional(Type.String({ description: 'record id of the message, where the asker may have it' })),
  sender: Type.String(),
  identifier: Type.String(),
  sent: instantSchema,
  msgType: Type.Optional(Type.String({ description: 'CAP: Alert, Update, Cancel' })),
  role: Type.String({ description: 'first, copy, update, re-issue, cancel, all-clear, conflict' }),
  because: Type.String({ description: 'why it has this role' }),
  receivedAt: Type.Optional(instantSchema),
  signature: Type.Optional(
    Type.Object({
      kind: Type.String({ description: 'unsigned, failed, not-checked, verified' }),
      fingerprint: Type.Optional(Type.String()),
      trusted: Type.Optional(Type.Boolean({ description: 'by a certificate of this authority’s policy' })),
      weak: Type.Optional(Type.Boolean()),
    }),
  ),
  defects: Type.Array(issueSchema),
})

export const noticeDetailSchema = Type.Object({
  ...summaryFields,
  languages: Type.Array(Type.String({ description: 'BCP 47' })),
  description: textSchema,
  instruction: textSchema,
  senderName: textSchema,
  web: textSchema,
  contact: textSchema,
  onset: Type.Optional(instantSchema),
  effective: Type.Optional(instantSchema),
  endedAt: Type.Optional(instantSchema),
  goesOnAs: Type.Optional(Type.String({ description: 'record id of the notice that it goes on under' })),
  areas: warningAreaSchema,
  /** Of the areas by their codes, where the message carries no shape and this node holds theirs. */
  shape: Type.Optional(Type.Unsafe<GeoShape>(geoShape)),
  /** Codes for which no shape of their own day is held, and what stands for each. */
  codesWithoutShape: Type.Array(
    Type.Object({
      scheme: Type.String(),
      code: Type.String(),
      reason: Type.String({
        description: 'place/area-as-country, place/area-unknown, place/area-of-other-edition',
      }),
      country: Type.Optional(Type.String({ description: 'the whole of it stands for the code' })),
      edition: Type.Optional(
        Type.String({ description: 'first day of the edition whose shape stands for it' }),
      ),
    }),
  ),
  messages: Type.Array(noticeMessageSchema, { description: 'in the order of the chain' }),
  dangling: Type.Array(Type.String(), { description: 'references to messages that this node does not hold' }),
  attribution: Type.Array(attributionSchema),
})
export type NoticeDetail = Static<typeof noticeDetailSchema>
