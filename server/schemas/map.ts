/**
 * `GET /api/v1/areas`, `/map/countries.json`, `/map/towns.json`. Shapes are GeoJSON (RFC 7946); the country shapes are
 * given with `code` and `group` in the properties of each feature, and cached by ETag.
 */
import { type Static, Type } from 'typebox'
import { instantSchema, listQuery, pageSchema, textSchema } from './common.ts'

export const areaQuerySchema = listQuery({
  scheme: Type.Optional(Type.String({ description: 'ISO3166-1, EMMA_ID, NUTS …' })),
  q: Type.Optional(Type.String({ maxLength: 200 })),
})
export const areaSchema = Type.Object({
  id: Type.String(),
  scheme: Type.String(),
  code: Type.String(),
  asOf: Type.Optional(Type.String()),
  names: textSchema,
  countries: Type.Array(Type.String()),
  validFrom: Type.Optional(instantSchema),
  validUntil: Type.Optional(instantSchema),
})
export type Area = Static<typeof areaSchema>
export const areaPageSchema = pageSchema(areaSchema)

/** GeoJSON FeatureCollection; `features[].properties`: `{ code, group, names }`. Coordinates pass through unread. */
export const countryShapesSchema = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(
    Type.Object({
      type: Type.Literal('Feature'),
      id: Type.Optional(Type.String()),
      properties: Type.Object({
        code: Type.String(),
        group: Type.Union([Type.Literal('region'), Type.Literal('neighbour')]),
        names: textSchema,
      }),
      geometry: Type.Unknown(),
    }),
  ),
})

export const townQuerySchema = Type.Object({
  minPeople: Type.Optional(Type.Integer({ minimum: 0, default: 20_000 })),
})
export const townSchema = Type.Object({
  id: Type.Integer({ description: 'GeoNames id' }),
  name: Type.String(),
  country: Type.String(),
  at: Type.Tuple([Type.Number(), Type.Number()], { description: '[lon, lat]' }),
  people: Type.Number(),
  isCapital: Type.Boolean(),
})
export type TownOnMap = Static<typeof townSchema>
export const townsSchema = Type.Object({ items: Type.Array(townSchema) })
