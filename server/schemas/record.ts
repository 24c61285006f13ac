/**
 * `GET /api/v1/records`, `/records/counts`, `/records/:id` and `/records/:id/proof`: any record, of a type that this node
 * knows or not, as plainly as its envelope has it, without the fields that the asker may not have, and told which.
 */
import { type Static, Type } from 'typebox'
import {
  attributionSchema,
  idSchema,
  instantSchema,
  pageQuery,
  pageSchema,
  viewQuery,
  withheldSchema,
} from './common.ts'

/** TLP 2.0. */
export const labelSchema = Type.Union([
  Type.Literal('TLP:CLEAR'),
  Type.Literal('TLP:GREEN'),
  Type.Literal('TLP:AMBER'),
  Type.Literal('TLP:AMBER+STRICT'),
  Type.Literal('TLP:RED'),
])

const filters = {
  type: Type.Optional(
    Type.String({ maxLength: 200, description: 'a record type; several with commas between' }),
  ),
  key: Type.Optional(Type.String({ maxLength: 500, description: "the origin's own key" })),
  from: Type.Optional(Type.String({ description: 'RFC 3339: holds at or after' })),
  until: Type.Optional(Type.String({ description: 'RFC 3339: holds at or before' })),
  area: Type.Optional(
    Type.String({ maxLength: 200, description: 'in this area: `SCHEME:CODE`, for example ISO3166-1:AL' }),
  ),
  label: Type.Optional(Type.String({ description: 'labelled so or lower, for example TLP:GREEN' })),
  linkedTo: Type.Optional(Type.String({ description: 'id of a record that it refers to' })),
}
export const recordQuerySchema = Type.Object({
  ...pageQuery,
  ...filters,
  q: Type.Optional(Type.String({ maxLength: 200, description: 'words in type, key, origin or body' })),
})
export type RecordQuery = Static<typeof recordQuerySchema>
export const recordCountQuerySchema = Type.Object({ ...viewQuery, ...filters })
export type RecordCountQuery = Static<typeof recordCountQuerySchema>
export const recordVersionQuerySchema = Type.Object({
  version: Type.Optional(Type.Integer({ minimum: 1, description: 'the newest when absent' })),
})

const handlingSchema = Type.Object({
  tlp: labelSchema,
  audience: Type.Optional(Type.Array(Type.String())),
  originatorControl: Type.Optional(Type.Boolean()),
  purposes: Type.Optional(Type.Array(Type.String())),
  police: Type.Optional(Type.Array(Type.String())),
  embargoUntil: Type.Optional(instantSchema),
  fieldMarks: Type.Optional(Type.Record(Type.String(), labelSchema)),
  retainUntil: Type.Optional(instantSchema),
})
const validitySchema = Type.Object({ from: instantSchema, until: Type.Optional(instantSchema) })

const summaryFields = {
  id: idSchema,
  version: Type.Integer(),
  type: Type.String(),
  origin: Type.String({ description: 'the node that owns it' }),
  key: Type.String(),
  realm: Type.String(),
  label: labelSchema,
  valid: validitySchema,
  recordedAt: instantSchema,
  receivedAt: instantSchema,
  isKnownType: Type.Boolean({ description: 'this node knows the schema of its type' }),
  withheld: Type.Optional(withheldSchema),
}
export const recordSummarySchema = Type.Object(summaryFields)
export type RecordSummary = Static<typeof recordSummarySchema>
export const recordPageSchema = pageSchema(recordSummarySchema)
export type RecordPage = Static<typeof recordPageSchema>

export const recordCountsSchema = Type.Object({
  total: Type.Integer(),
  /** Types that this node knows; the others together stand under `*`. */
  types: Type.Array(Type.Object({ type: Type.String(), count: Type.Integer() })),
  labels: Type.Array(Type.Object({ label: labelSchema, count: Type.Integer() })),
})
export type RecordCounts = Static<typeof recordCountsSchema>

export const recordDetailSchema = Type.Object({
  ...summaryFields,
  schemaVersion: Type.Integer(),
  producer: Type.Unknown({ description: 'person, method with its version, or source' }),
  attribution: Type.Array(attributionSchema),
  place: Type.Optional(Type.Unknown({ description: 'GeoJSON geometry, area codes, H3 cells' })),
  /** As it binds whoever has the record now: where a recall, a later version or an input tightened it, the stricter one. */
  handling: handlingSchema,
  isTightened: Type.Boolean({ description: 'stricter than the record says itself' }),
  links: Type.Array(
    Type.Object({ type: Type.String(), id: idSchema, version: Type.Optional(Type.Integer()) }),
  ),
  body: Type.Optional(Type.Unknown()),
  versions: Type.Array(
    Type.Object({ version: Type.Integer(), recordedAt: instantSchema, receivedAt: instantSchema }),
    { description: 'those that the asker may have, oldest first' },
  ),
  notConfirmedSince: Type.Optional(
    Type.String({ description: 'its origin cannot be reached since then, so a recall could be missing' }),
  ),
})
export type RecordDetail = Static<typeof recordDetailSchema>

export const recordProofSchema = Type.Object({
  id: idSchema,
  version: Type.Integer(),
  origin: Type.String(),
  leaf: Type.String({ description: 'SHA-256 over the salted digests of its fields' }),
  parcel: Type.Object({
    disclosed: Type.Array(
      Type.Object({ name: Type.String(), value: Type.Optional(Type.Unknown()), salt: Type.String() }),
    ),
    withheld: Type.Array(Type.String(), { description: 'digests of the fields that are withheld, sorted' }),
  }),
  /** RFC 9162 §2.1.3, under a signed note of the origin (C2SP tlog-checkpoint). */
  proof: Type.Object({
    index: Type.Integer(),
    treeSize: Type.Integer(),
    hashes: Type.Array(Type.String({ description: '32 bytes, base64' })),
    checkpoint: Type.String({ description: 'the signed note' }),
  }),
  keys: Type.Array(Type.String(), {
    description: 'what signs that log, as this node knows it: vkeys (C2SP signed-note); none that is revoked',
  }),
})
export type RecordProof = Static<typeof recordProofSchema>
