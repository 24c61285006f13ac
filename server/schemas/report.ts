/** `GET /api/v1/reports`, `/reports/:id`, `/reports/:id.html` and `/reports/:id.pdf`: reports drafted from records. */
import { type Static, Type } from 'typebox'
import { idSchema, instantSchema, listQuery, pageSchema, textSchema, viewQuery } from './common.ts'

const stateSchema = Type.Enum(['draft', 'edited', 'issued'])

export const reportQuerySchema = listQuery({
  subject: Type.Optional(Type.String({ description: 'record id of what it reports on' })),
  state: Type.Optional(stateSchema),
})

const signedSchema = Type.Object({
  name: Type.String(),
  role: Type.Optional(Type.String()),
  at: instantSchema,
})
const summaryFields = {
  id: idSchema,
  version: Type.Integer(),
  realm: Type.String(),
  origin: Type.String(),
  template: Type.String(),
  subject: idSchema,
  edition: Type.Integer(),
  state: stateSchema,
  title: textSchema,
  languages: Type.Array(Type.String()),
  unreviewed: Type.Array(Type.String({ description: 'languages for whose words nobody stands' })),
  asOf: instantSchema,
  issued: Type.Optional(signedSchema),
  receivedAt: instantSchema,
}
export const reportSummarySchema = Type.Object(summaryFields)
export type ReportSummary = Static<typeof reportSummarySchema>
export const reportPageSchema = pageSchema(reportSummarySchema)

export const reportDetailSchema = Type.Object({
  ...summaryFields,
  drafted: signedSchema,
  edits: Type.Array(
    Type.Object({ ...signedSchema.properties, language: Type.String(), block: Type.String() }),
  ),
  supersedes: Type.Array(Type.Object({ id: idSchema, version: Type.Optional(Type.Integer()) })),
  rests: Type.Array(
    Type.Object({
      id: idSchema,
      version: Type.Integer(),
      type: Type.String(),
      origin: Type.String(),
      receivedAt: instantSchema,
    }),
    { description: 'the records that it rests on, in the order in which they came' },
  ),
  credits: Type.Array(Type.String()),
})
export type ReportDetail = Static<typeof reportDetailSchema>

export const reportFileQuerySchema = Type.Object({
  ...viewQuery,
  language: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$',
      maxLength: 35,
      description: 'BCP 47; absent: what the asker prefers, else English',
    }),
  ),
  version: Type.Optional(Type.Integer({ minimum: 1, description: 'absent: the newest' })),
})
