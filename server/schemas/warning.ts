/** `GET /api/v1/warnings`, `/warnings/:id` and `/warnings/:id.xml`: issued CAP 1.2 messages, structured. */
import { type Static, Type } from 'typebox'
import { idSchema, instantSchema, listQuery, pageSchema, textSchema } from './common.ts'

export const warningQuerySchema = listQuery({
  country: Type.Optional(Type.String({ description: 'ISO 3166-1 alpha-2' })),
  event: Type.Optional(Type.String({ description: 'record id of the event' })),
  inForce: Type.Optional(Type.Boolean({ description: 'true: neither expired, nor cancelled, nor updated' })),
})
export type WarningQuery = Static<typeof warningQuerySchema>

const summaryFields = {
  id: idSchema,
  realm: Type.String(),
  identifier: Type.String({ description: 'CAP identifier' }),
  country: Type.String(),
  event: Type.Optional(idSchema),
  hazard: Type.String(),
  status: Type.String({ description: 'CAP: Actual, Exercise, Test …' }),
  msgType: Type.String({ description: 'CAP: Alert, Update, Cancel' }),
  severity: Type.String(),
  urgency: Type.String(),
  certainty: Type.String(),
  sender: Type.String(),
  senderName: Type.Optional(Type.String()),
  sent: instantSchema,
  onset: Type.Optional(instantSchema),
  expires: Type.Optional(instantSchema),
  inForce: Type.Boolean(),
  supersededBy: Type.Optional(idSchema),
  /** `warning`: issued under the country's mandate. `advice`: this node's advice to the authority, not its warning. */
  authority: Type.Union([Type.Literal('warning'), Type.Literal('advice')]),
  languages: Type.Array(Type.String()),
  unreviewed: Type.Array(Type.String({ description: 'languages whose text no person has reviewed' })),
  headline: textSchema,
  receivedAt: instantSchema,
}
export const warningSummarySchema = Type.Object(summaryFields)
export type WarningSummary = Static<typeof warningSummarySchema>
export const warningPageSchema = pageSchema(warningSummarySchema)
export type WarningPage = Static<typeof warningPageSchema>

const pairSchema = Type.Object({ valueName: Type.String(), value: Type.String() })
export const warningAreaSchema = Type.Object({
  desc: textSchema,
  /** Rings of [lon, lat], as in GeoJSON; the CAP file itself has [lat, lon]. */
  polygons: Type.Array(Type.Array(Type.Tuple([Type.Number(), Type.Number()]))),
  circles: Type.Array(
    Type.Object({ center: Type.Tuple([Type.Number(), Type.Number()]), radiusKm: Type.Number() }),
  ),
  geocodes: Type.Array(Type.Object({ scheme: Type.String(), code: Type.String() })),
})
export type WarningArea = Static<typeof warningAreaSchema>

export const warningInfoSchema = Type.Object({
  language: Type.String({ description: 'BCP 47' }),
  event: Type.String(),
  headline: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  instruction: Type.Optional(Type.String()),
  isUnreviewed: Type.Boolean(),
  reviewed: Type.Optional(Type.Object({ by: Type.String(), on: Type.String() })),
})
export type WarningInfo = Static<typeof warningInfoSchema>

export const warningDetailSchema = Type.Object({
  ...summaryFields,
  category: Type.Array(Type.String()),
  responseType: Type.Array(Type.String()),
  eventCode: Type.Array(pairSchema),
  parameter: Type.Array(pairSchema),
  note: Type.Optional(Type.String()),
  mandate: Type.Optional(Type.String({ description: 'under what it was issued' })),
  infos: Type.Array(warningInfoSchema),
  areas: Type.Array(warningAreaSchema),
  references: Type.Array(
    Type.Object({
      sender: Type.String(),
      identifier: Type.String(),
      sent: Type.String(),
      id: Type.Optional(Type.String({ description: 'record id, where this node holds it' })),
    }),
  ),
  /** Why it was proposed: rule, figures, thresholds. */
  because: Type.Array(
    Type.Object({
      name: Type.String(),
      value: Type.Union([Type.Number(), Type.String()]),
      threshold: Type.Optional(Type.Union([Type.Number(), Type.String()])),
    }),
  ),
})
export type WarningDetail = Static<typeof warningDetailSchema>
