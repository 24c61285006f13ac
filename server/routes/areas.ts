/** Areas by code: what a code stands for, which codes of warnings have no shape, and what holds at a point. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { areaIndex, areaOf, fallbackMessage, isDay, resolveCodes } from '../../engines/place/index.ts'
import { actual, type Held, type NodeId, plusMs } from '../../engines/record/index.ts'
import {
  areaLookup,
  heldAreas,
  missingAreas,
  type NoticeBody,
  noticeRecord,
} from '../../engines/warn/index.ts'
import { nowIn, viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import { type Context, seenBy } from '../context.ts'
import { Refused } from '../problems.ts'
import {
  areaCodeParamsSchema,
  areaCodeQuerySchema,
  areaCodeSchema,
  atPointQuerySchema,
  missingAreaQuerySchema,
  missingAreasSchema,
  problemSchema,
  warningsAtPointSchema,
} from '../schemas/index.ts'
import { warningsAtPoint } from '../views/at-point.ts'
import { isWhole } from '../views/warning.ts'
import { noting } from '../visible-records.ts'
import { warningsInForce } from './warnings.ts'

/** Looked at for one answer. */
const mostNotices = 20_000
const dayMs = 86_400_000

export const areaRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { places, identity } = context.node
    const lookup = areaLookup(places)

    app.get(
      '/areas/missing',
      {
        schema: {
          tags: ['map'],
          summary: 'Codes that warnings name and for which no shape is held',
          querystring: missingAreaQuerySchema,
          response: { 200: missingAreasSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { query } = request
        const view = viewOf(context, query)
        const notices = await request.records.read({
          types: [noticeRecord.type],
          ...view,
          validFrom: plusMs(nowIn(context, view), -(query.days ?? 30) * dayMs),
          order: '-valid',
          limit: mostNotices,
        })
        const items = missingAreas(notices.filter(isWhole) as readonly Held<NoticeBody>[])
        const asked = { route: 'GET /api/v1/areas/missing', asked: query }
        await audited(request, 'search', [], { query: asked, results: items.length })
        return {
          items: items.map(({ authorities, called, ...one }) => ({
            ...{ ...one, message: fallbackMessage(one) },
            ...{ authorities: [...authorities], called: { ...called } },
          })),
          isAll: notices.length < mostNotices,
        }
      },
    )

    app.get(
      '/areas/:scheme/:code',
      {
        schema: {
          tags: ['map'],
          summary: 'What a code of an area stands for on a day, with its shape',
          params: areaCodeParamsSchema,
          querystring: areaCodeQuerySchema,
          response: { 200: areaCodeSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { params, query } = request
        const view = viewOf(context, { ...query, realm: query.realm ?? actual })
        const on = query.on ?? nowIn(context, view).slice(0, 10)
        if (!isDay(on)) throw new Refused(400, 'server/no-day', `"${on}" is no day of the calendar.`)
        const { records, given } = noting(request.records)
        const held = await heldAreas([params], lookup, {
          view: { read: (asked) => records.read({ ...asked, ...view }) },
          node: identity.node as NodeId,
        })
        const byArea = new Map(held.flatMap((one) => [[areaOf(one.record), one] as const]))
        const index = areaIndex([...byArea.keys()].filter((area) => area !== undefined))
        const { areas, fallbacks } = resolveCodes([params], on, { ...lookup, index })
        await audited(request, 'read', given())
        return {
          ...{ scheme: params.scheme, code: params.code, on },
          stands: areas.flatMap((area) => {
            const one = byArea.get(area)?.record
            return one === undefined
              ? []
              : [
                  {
                    ...{ id: one.id, scheme: area.scheme, code: area.code, names: { ...area.name } },
                    ...(area.country === undefined ? {} : { country: area.country }),
                    validFrom: area.validFrom,
                    ...(area.validUntil === undefined ? {} : { validUntil: area.validUntil }),
                    attribution: one.attribution.map((credit) => ({ ...credit })),
                  },
                ]
          }),
          ...(areas[0] === undefined ? {} : { geometry: areas[0].geometry }),
          fallbacks: fallbacks.map((fallback) => ({ ...fallback })),
        }
      },
    )

    app.get(
      '/places/warnings',
      {
        schema: {
          tags: ['warnings'],
          summary:
            'Every warning that holds at a point, ours and those of others, now or to come; the gravest first',
          querystring: atPointQuerySchema,
          response: { 200: warningsAtPointSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { query } = request
        const view = viewOf(context, query)
        const { records, given } = noting(request.records)
        const seen = { ...seenBy(context, request), records }
        const warnings = await warningsInForce(seen, view)
        const found = await warningsAtPoint(seen, view, { at: [query.lon, query.lat], warnings })
        await audited(request, 'read', given())
        return found
      },
    )
  }
