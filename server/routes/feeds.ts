import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { inLanguage } from '../../engines/record/index.ts'
import { nowIn, viewOf } from '../ask.ts'
import { atomOf } from '../atom.ts'
import { audited } from '../audit-hook.ts'
import { type Context, seenBy } from '../context.ts'
import { notFound } from '../problems.ts'
import { problemSchema, viewQuerySchema } from '../schemas/index.ts'
import { warningsInForce } from './warnings.ts'

export const feedRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/feeds/:area.atom',
      {
        schema: {
          tags: ['warnings'],
          summary: 'Atom index of the CAP messages in force: `region`, or a country by its code',
          params: Type.Object({ area: Type.String({ maxLength: 20 }) }),
          querystring: viewQuerySchema,
          produces: ['application/atom+xml'],
          response: {
            200: Type.String({ description: 'Atom (RFC 4287)' }),
            400: problemSchema,
            404: problemSchema,
          },
        },
      },
      async (request, reply) => {
        const { places, settings } = context.node
        const view = viewOf(context, request.query)
        const code = request.params.area.toUpperCase()
        const country = places.country(code)
        if (!country && request.params.area !== 'region') throw notFound('feed', request.params.area)
        const all = (await warningsInForce(seenBy(context, request), view)).filter(
          ({ record: { body } }) => body.scope === 'Public',
        )
        const warnings = country ? all.filter(({ record }) => record.body.country === code) : all
        await audited(request, 'export', warnings)
        const name = inLanguage(country?.names ?? settings.region.title, 'en')?.text ?? code
        const base = baseOf(request)
        const realm = view.realm === 'actual' ? '' : `?realm=${encodeURIComponent(view.realm)}`
        const feed = atomOf({
          title: `${view.realm === 'actual' ? '' : `${view.realm}: `}Warnings, ${name}`,
          self: `${base}/api/v1/feeds/${request.params.area}.atom${realm}`,
          addressOf: ({ record }) => `${base}/api/v1/warnings/${record.id}.xml${realm}`,
          author: inLanguage(settings.title, 'en')?.text ?? settings.name,
          asOf: nowIn(context, view),
          warnings,
        })
        return reply.type('application/atom+xml; charset=utf-8').send(feed)
      },
    )
  }

const baseOf = (request: FastifyRequest): string => `${request.protocol}://${request.host}`
