/**
 * `GET /api/v1/areas/missing`, `/areas/:scheme/:code`, `/places/warnings`: what codes of areas stand for, which have no
 * shape, and every warning that holds at a point.
 */
import { type Static, Type } from 'typebox'
import { attributionSchema, idSchema, instantSchema, textSchema, viewQuery } from './common.ts'
import { noticeSummarySchema } from './notice.ts'
import { warningSummarySchema } from './warning.ts'

const daySchema = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'YYYY-MM-DD' })

/** What stands for a code in place of its own area on its own day. */
export const areaFallbackSchema = Type.Object({
  scheme: Type.String(),
  code: Type.String(),
  reason: Type.String({
    description: 'place/area-as-country, place/area-of-other-edition, place/area-unknown',
  }),
  country: Type.Optional(Type.String({ description: 'the whole of it stands for the code' })),
  edition: Type.Optional(Type.String({ description: 'first day of the edition whose shape stands for it' })),
})

export const missingAreaQuerySchema = Type.Object({
  ...viewQuery,
  days: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3660,
      default: 30,
      description: 'in warnings of the last so many days, and to come',
    }),
  ),
})
export const missingAreasSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      ...areaFallbackSchema.properties,
      message: Type.String({ description: 'what happened and what to do, in English' }),
      notices: Type.Integer({ description: 'warnings that name it' }),
      until: instantSchema,
      authorities: Type.Array(Type.String()),
      called: textSchema,
    }),
    { description: 'the most named first' },
  ),
  isAll: Type.Boolean({ description: 'false: only part of the warnings was looked at; ask for fewer days' }),
})
export type MissingAreas = Static<typeof missingAreasSchema>

export const areaCodeParamsSchema = Type.Object({
  scheme: Type.String({ minLength: 1, maxLength: 60 }),
  code: Type.String({ minLength: 1, maxLength: 100 }),
})
export const areaCodeQuerySchema = Type.Object({ ...viewQuery, on: Type.Optional(daySchema) })
export const areaCodeSchema = Type.Object({
  scheme: Type.String(),
  code: Type.String(),
  on: daySchema,
  stands: Type.Array(
    Type.Object({
      id: idSchema,
      scheme: Type.String(),
      code: Type.String(),
      names: textSchema,
      country: Type.Optional(Type.String()),
      validFrom: daySchema,
      validUntil: Type.Optional(daySchema),
      attribution: Type.Array(attributionSchema),
    }),
  ),
  /** GeoJSON geometry, WGS 84, [lon, lat]; absent where no shape is held. */
  geometry: Type.Optional(Type.Unknown()),
  fallbacks: Type.Array(areaFallbackSchema),
})
export type AreaCodeView = Static<typeof areaCodeSchema>

export const atPointQuerySchema = Type.Object({
  ...viewQuery,
  lon: Type.Number({ minimum: -180, maximum: 180, description: 'degrees, WGS 84' }),
  lat: Type.Number({ minimum: -90, maximum: 90, description: 'degrees, WGS 84' }),
})

const because = Type.Union([Type.Literal('shape'), Type.Literal('country'), Type.Literal('nearby')], {
  description:
    'shape: it holds the point; country: the whole country stands for a code without a shape, or for a warning without any area; nearby: its shape is not held whole, its cells hold the point',
})
export const warningsAtPointSchema = Type.Object({
  country: Type.Optional(Type.String({ description: 'of the point; absent at sea' })),
  isNearBorder: Type.Boolean({
    description: 'within 2 km of a line on the map: what stands for a whole country is given for both sides',
  }),
  warnings: Type.Array(Type.Object({ because, warning: warningSummarySchema })),
  notices: Type.Array(Type.Object({ because, notice: noticeSummarySchema })),
})
export type WarningsAtPoint = Static<typeof warningsAtPointSchema>
