/** `GET /api/v1/audit/…`, `/records/:id/looks`, `/break-glass`: what oversight, owners and reviewers read. */
import { type Static, type TSchema, Type } from 'typebox'
import { auditActs, auditOutcomes, purposes, verdicts } from '../../engines/access/index.ts'
import { idSchema, instantSchema, pageSchema } from './common.ts'

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const optional = <Schema extends TSchema>(schema: Schema) => Type.Optional(schema)
const page = {
  cursor: optional(Type.String({ description: '`next` of the page before' })),
  limit: optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
}

export const trailQuerySchema = Type.Object({
  ...page,
  principal: optional(text(300)),
  organisation: optional(text(300)),
  purpose: optional(Type.Enum(purposes)),
  caseNumber: optional(text(100)),
  act: optional(Type.Enum(auditActs)),
  outcome: optional(Type.Enum(auditOutcomes)),
  record: optional(idSchema),
  from: optional(Type.String({ description: 'RFC 3339' })),
  until: optional(Type.String({ description: 'RFC 3339; before this instant' })),
})
export type TrailQueryText = Static<typeof trailQuerySchema>

const whoSchema = {
  at: instantSchema,
  act: Type.Enum(auditActs),
  kind: Type.String(),
  organisation: optional(Type.String()),
  roles: Type.Array(Type.String()),
  purpose: Type.Enum(purposes),
  caseNumber: optional(Type.String()),
  glassBroken: optional(Type.Literal(true)),
}

/** `query`: a search as data; never the content of a record. */
export const trailEntrySchema = Type.Object({
  seq: Type.Integer(),
  ...whoSchema,
  principal: Type.String(),
  outcome: Type.Enum(auditOutcomes),
  reason: optional(Type.String()),
  query: optional(Type.Unknown()),
  results: optional(Type.Integer()),
  records: Type.Array(Type.String()),
  digest: Type.String({ description: 'of the chain up to this entry' }),
})
export const trailPageSchema = pageSchema(trailEntrySchema)

export const figuresQuerySchema = Type.Object({
  from: optional(Type.String({ description: 'RFC 3339; 30 days before `until` when absent' })),
  until: optional(Type.String({ description: 'RFC 3339; now when absent' })),
})
export const figuresSchema = Type.Object({
  from: instantSchema,
  until: instantSchema,
  figures: Type.Array(
    Type.Object({
      day: Type.String({ description: 'YYYY-MM-DD, UTC' }),
      organisation: optional(Type.String()),
      purpose: Type.Enum(purposes),
      act: Type.Enum(auditActs),
      outcome: Type.Enum(auditOutcomes),
      count: Type.Integer(),
    }),
  ),
  public: Type.Array(
    Type.Object({ day: Type.String(), act: Type.String(), what: Type.String(), count: Type.Integer() }),
    { description: 'reads by anybody: counted, not traced' },
  ),
})

export const looksSchema = Type.Object({
  looks: Type.Array(
    Type.Object({
      node: Type.String(),
      record: Type.String(),
      ...whoSchema,
      principal: optional(Type.String({ description: 'a person only where the policy lets the asker know' })),
    }),
  ),
  unanswered: Type.Array(Type.Object({ node: Type.String(), reason: Type.String() })),
  more: Type.Array(Type.String(), { description: 'nodes that know of more looks than they gave' }),
})

export const brokenGlassSchema = Type.Object({
  id: Type.String(),
  principal: Type.String(),
  organisation: optional(Type.String()),
  reason: Type.String(),
  openedAt: instantSchema,
  until: instantSchema,
  reviewBy: instantSchema,
  review: optional(
    Type.Object({
      at: instantSchema,
      by: Type.String(),
      verdict: Type.Enum(verdicts),
      note: optional(Type.String()),
    }),
  ),
})
export const glassQuerySchema = Type.Object({
  ...page,
  unreviewed: optional(Type.Boolean()),
})
export const glassPageSchema = pageSchema(brokenGlassSchema)
export const breakGlassSchema = Type.Object(
  { reason: text(500), minutes: Type.Integer({ minimum: 1, maximum: 60 }) },
  { additionalProperties: false },
)
export const reviewGlassSchema = Type.Object(
  { verdict: Type.Enum(verdicts), note: optional(text(500)) },
  { additionalProperties: false },
)
export const glassParamsSchema = Type.Object({ id: Type.String({ maxLength: 64 }) })
