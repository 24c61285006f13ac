/**
 * What every route of `/api/v1` shares: instants, text in several languages, pages with a cursor, the two questions that
 * may be put to any list or detail (`realm`: of which world; `knownAt`: as this node knew it when), and problems
 * (RFC 9457). These schemas are the contract between the node and its faces; OpenAPI 3.1 is generated from them.
 */
import { type TProperties, type TSchema, Type } from 'typebox'

export const instantSchema = Type.String({
  description: 'RFC 3339, UTC, milliseconds',
  examples: ['2019-11-26T02:54:12.000Z'],
})
export const idSchema = Type.String({ description: 'record id', pattern: '^[0-9a-f]{40}$' })
export type MultilingualText = { readonly [language: string]: string }
export const textSchema = Type.Record(Type.String(), Type.String(), {
  description: 'BCP 47 tag → text',
})
export const levelSchema = Type.Union(
  [Type.Literal('green'), Type.Literal('yellow'), Type.Literal('orange'), Type.Literal('red'), Type.Null()],
  { description: 'alert level of the impact assessment; null while there is none' },
)
export const attributionSchema = Type.Object({
  source: Type.String(),
  licence: Type.String(),
  credit: Type.String(),
  url: Type.Optional(Type.String()),
})
export const issueSchema = Type.Object({
  rule: Type.String({ description: 'stable code or rule' }),
  place: Type.String({ description: 'JSON pointer, XPath or line' }),
  value: Type.Optional(Type.String({ description: 'what stood there, cut to 200 characters' })),
  message: Type.String(),
})
/** Fields that the record marks higher than the asker may have. */
export const withheldSchema = Type.Array(Type.String({ description: 'JSON pointer into the record' }), {
  description: 'fields taken out for this asker; absent: none',
})
export const rangeSchema = Type.Tuple([Type.Number(), Type.Number()], { description: '[low, high]' })

/** A measure that spoke for or against two reports being one thing. */
export const reasonSchema = Type.Object({
  name: Type.String(),
  value: Type.Number(),
  unit: Type.String(),
  weight: Type.Number({ description: 'what it added to the score, −1..1' }),
})

/** The two questions any list or detail may be asked. */
export const viewQuery = {
  realm: Type.Optional(
    Type.String({
      description: "`actual`, `test` or `exercise:<name>`; the node's default realm when absent",
      pattern: '^(actual|test|exercise:[a-z0-9][a-z0-9.-]*)$',
    }),
  ),
  knownAt: Type.Optional(
    Type.String({ description: 'RFC 3339 instant: answer with what this node knew then' }),
  ),
}
export const viewQuerySchema = Type.Object(viewQuery)
export const pageQuery = {
  ...viewQuery,
  cursor: Type.Optional(Type.String({ description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
}
export const listQuery = <More extends TProperties>(more: More) => Type.Object({ ...pageQuery, ...more })
export const pageSchema = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    next: Type.Optional(Type.String({ description: 'cursor of the next page; absent on the last' })),
  })
export const idParamsSchema = Type.Object({ id: Type.String() })

/** RFC 9457, media type `application/problem+json`. */
export const problemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  code: Type.String({ description: 'stable, `owner/what`' }),
  reasons: Type.Optional(
    Type.Array(Type.Object({ code: Type.String() }, { additionalProperties: true }), {
      description: 'why, as data: what was asked for and what the asker has',
    }),
  ),
})
