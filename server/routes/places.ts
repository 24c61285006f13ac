import { createHash } from 'node:crypto'
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { AreaBody } from '../../engines/place/index.ts'
import type { Held, Validity } from '../../engines/record/index.ts'
import { viewOf } from '../ask.ts'
import type { Context } from '../context.ts'
import { pageByTime, pagesOf } from '../page.ts'
import {
  areaPageSchema,
  areaQuerySchema,
  countryShapesSchema,
  problemSchema,
  townQuerySchema,
  townsSchema,
} from '../schemas/index.ts'

export const placeRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { places } = context.node
    const shapes = JSON.stringify(shapesOf(context))
    const etag = `"${createHash('sha256').update(shapes).digest('base64url').slice(0, 22)}"`

    app.get(
      '/map/countries.json',
      {
        schema: {
          tags: ['map'],
          summary: 'Country shapes of the region, GeoJSON',
          produces: ['application/geo+json'],
          response: { 200: Type.Unsafe<string>(countryShapesSchema), 304: Type.Null() },
        },
      },
      async (request, reply) => {
        reply
          .header('etag', etag)
          .header('cache-control', 'public, max-age=86400')
          .type('application/geo+json; charset=utf-8')
        if (namesTag(request.headers['if-none-match'], etag)) return reply.code(304).send(null)
        return reply.send(shapes)
      },
    )

    app.get(
      '/map/towns.json',
      {
        schema: {
          tags: ['map'],
          summary: 'Towns with population',
          querystring: townQuerySchema,
          response: { 200: townsSchema },
        },
      },
      async ({ query }, reply) => {
        const least = query.minPeople ?? 20_000
        reply.header('cache-control', 'public, max-age=86400')
        const items = places.towns().filter(({ people }) => people >= least)
        return { items: items.map((town) => ({ ...town, at: [town.at[0], town.at[1]] as [number, number] })) }
      },
    )

    app.get(
      '/areas',
      {
        schema: {
          tags: ['map'],
          summary: 'Areas by code, with the edition they belong to',
          querystring: areaQuerySchema,
          response: { 200: areaPageSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { query } = request
        const view = {
          ...viewOf(context, query),
          realm: viewOf(context, { realm: query.realm ?? 'actual' }).realm,
        }
        return pageByTime(
          pagesOf(context, request, view.realm),
          { types: ['place.area'], ...view },
          { cursor: query.cursor, limit: query.limit ?? 50 },
          async (held) =>
            (held as readonly Held<AreaBody>[]).map(({ record }) => {
              const area = areaView(record.id, record.body, record.valid)
              const text = [area.code, ...Object.values(area.names)].join(' ').toLocaleLowerCase('en')
              const isAsked =
                (query.scheme === undefined || area.scheme === query.scheme) &&
                (query.q === undefined || text.includes(query.q.toLocaleLowerCase('en')))
              return isAsked ? area : undefined
            }),
        )
      },
    )
  }

/** `If-None-Match` may name several, weak ones among them, or any (RFC 9110 §13.1.2). */
const namesTag = (header: string | undefined, etag: string): boolean =>
  header?.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, ''))) ?? false

function shapesOf({ node: { places } }: Context) {
  return {
    type: 'FeatureCollection' as const,
    features: places.region.countries.flatMap(({ code, group, names }) => {
      const geometry = places.shapeOf(code)
      return geometry
        ? [{ type: 'Feature' as const, id: code, properties: { code, group, names }, geometry }]
        : []
    }),
  }
}

function areaView(id: string, { scheme, code, name = {}, country, validFrom }: AreaBody, valid: Validity) {
  return {
    id,
    scheme,
    code,
    asOf: validFrom,
    names: name,
    countries: country === undefined ? [] : [country],
    validFrom: valid.from,
    ...(valid.until === undefined ? {} : { validUntil: valid.until }),
  }
}
