import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { isRecordId, type RecordId } from '../../engines/record/index.ts'
import { instantOf, viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import { type Context, seenBy } from '../context.ts'
import { pageByTime, pagesOf } from '../page.ts'
import { Refused } from '../problems.ts'
import {
  eventDetailSchema,
  eventPageSchema,
  eventQuerySchema,
  idParamsSchema,
  problemSchema,
  viewQuerySchema,
} from '../schemas/index.ts'
import { fits, isPlaced, partsOf, summaryOf } from '../views/event.ts'
import { eventDetail } from '../views/event-detail.ts'
import { sharedAmong } from '../views/shared-events.ts'
import { noting } from '../visible-records.ts'

export const eventRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/events',
      {
        schema: {
          tags: ['events'],
          summary: 'Fused events, latest first',
          querystring: eventQuerySchema,
          response: { 200: eventPageSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { query } = request
        const view = viewOf(context, query)
        const asked = {
          types: context.types.events,
          realm: view.realm,
          ...(view.knownAt === undefined ? {} : { knownAt: view.knownAt }),
          ...(query.from === undefined ? {} : { validFrom: instantOf(query.from, 'from') }),
          ...(query.until === undefined ? {} : { validUntil: instantOf(query.until, 'until') }),
        }
        const seen = seenBy(context, request)
        return pageByTime(
          pagesOf(context, request, view.realm),
          asked,
          { cursor: query.cursor, limit: query.limit ?? 50 },
          async (held) => {
            const shared = await sharedAmong(seen, view, held)
            const parts = await partsOf(seen, view, held)
            return parts.map((one) => {
              const { id } = one.event.record
              if (shared.isBeside(id)) return undefined
              const summary = summaryOf(context, view, { ...one, elsewhere: shared.beside(id) })
              return isPlaced(one.event) && fits(summary, query) ? summary : undefined
            })
          },
        )
      },
    )

    app.get(
      '/events/:id',
      {
        schema: {
          tags: ['events'],
          summary: 'One event, whole',
          params: idParamsSchema,
          querystring: viewQuerySchema,
          response: { 200: eventDetailSchema, 400: problemSchema, 404: problemSchema },
        },
      },
      async (request) => {
        const { params, query } = request
        const { records, given } = noting(request.records)
        const detail = await eventDetail({ ...context, records }, viewOf(context, query), {
          id: idOf(params.id),
          beside: request.records,
        })
        await audited(request, 'read', given())
        return detail
      },
    )
  }

export function idOf(text: string): RecordId {
  if (!isRecordId(text)) throw new Refused(400, 'server/no-id', 'A record id is 40 hexadecimal digits.')
  return text
}
