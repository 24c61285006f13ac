/**
 * The envelope as a JSON Schema, for checking what comes from outside and for peers to read. The static types stand in
 * `record.ts` and `handling.ts`; a test holds the two together.
 */
import { Type } from 'typebox'
import { policeCodes, tlpLabels } from './handling.ts'
import { maxFieldMarks } from './marks.ts'
import { linkTypes } from './record.ts'

const strict = { additionalProperties: false }
const word = (maxLength: number) => Type.String({ minLength: 1, maxLength })

export const instantSchema = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
  description: 'RFC 3339, UTC, milliseconds: 2019-11-26T02:54:12.000Z',
})
export const recordIdSchema = Type.String({ pattern: '^[0-9a-f]{40}$' })
export const recordTypeSchema = Type.String({
  pattern: '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+$',
  maxLength: 100,
  description: 'owner.name',
})
export const realmSchema = Type.String({
  pattern: '^(actual|test|exercise:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$',
})
const tlpSchema = Type.Enum(tlpLabels)

export const handlingSchema = Type.Object(
  {
    tlp: tlpSchema,
    audience: Type.Optional(Type.Array(word(253), { maxItems: 1000 })),
    originatorControl: Type.Optional(Type.Boolean()),
    purposes: Type.Optional(Type.Array(word(253), { maxItems: 1000 })),
    police: Type.Optional(Type.Array(Type.Enum(policeCodes), { maxItems: 8 })),
    embargoUntil: Type.Optional(instantSchema),
    fieldMarks: Type.Optional(
      Type.Record(Type.String({ pattern: '^/' }), tlpSchema, { ...strict, maxProperties: maxFieldMarks }),
    ),
    retainUntil: Type.Optional(instantSchema),
  },
  strict,
)

export const producerSchema = Type.Union([
  Type.Object({ kind: Type.Literal('method'), name: word(253), version: word(100) }, strict),
  Type.Object(
    {
      kind: Type.Literal('person'),
      name: word(253),
      role: Type.Optional(word(253)),
      authority: Type.Optional(word(253)),
      mandate: Type.Optional(word(1000)),
    },
    strict,
  ),
  Type.Object({ kind: Type.Literal('source'), name: word(253) }, strict),
])

export const attributionSchema = Type.Object(
  { source: word(253), licence: word(253), credit: word(2000), url: Type.Optional(word(2000)) },
  strict,
)

export const validitySchema = Type.Object(
  { from: instantSchema, until: Type.Optional(instantSchema) },
  strict,
)

export const placeSchema = Type.Object(
  {
    geometry: Type.Optional(
      Type.Object({
        type: Type.Enum([
          'Point',
          'MultiPoint',
          'LineString',
          'MultiLineString',
          'Polygon',
          'MultiPolygon',
          'GeometryCollection',
        ]),
      }),
    ),
    areas: Type.Optional(
      Type.Array(
        Type.Object(
          {
            scheme: word(100),
            code: word(100),
            asOf: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })),
          },
          strict,
        ),
      ),
    ),
    cells: Type.Optional(Type.Array(Type.String({ pattern: '^8[0-9a-f]{14}$' }), { maxItems: 10_000 })),
  },
  strict,
)

export const maxLinks = 10_000

export const linkSchema = Type.Object(
  {
    type: Type.Enum(linkTypes),
    id: recordIdSchema,
    version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  },
  strict,
)

/** Characters, not bytes: at most 2 kB in UTF-8, which an index of PostgreSQL can still hold. */
const keySchema = word(512)

const shared = {
  type: recordTypeSchema,
  key: keySchema,
  realm: realmSchema,
  producer: producerSchema,
  valid: validitySchema,
  place: Type.Optional(placeSchema),
  body: Type.Unknown(),
}

export const draftSchema = Type.Object(
  {
    ...shared,
    attribution: Type.Optional(Type.Array(attributionSchema, { maxItems: 1000 })),
    handling: Type.Optional(handlingSchema),
    links: Type.Optional(Type.Array(linkSchema, { maxItems: maxLinks })),
  },
  strict,
)

export const recordSchema = Type.Object(
  {
    ...shared,
    id: recordIdSchema,
    version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    schemaVersion: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    origin: Type.String({ minLength: 1, maxLength: 253 }),
    attribution: Type.Array(attributionSchema, { maxItems: 1000 }),
    recordedAt: instantSchema,
    handling: handlingSchema,
    links: Type.Array(linkSchema, { maxItems: maxLinks }),
  },
  strict,
)
