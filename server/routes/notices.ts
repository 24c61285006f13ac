/** Warnings of other authorities: what stands of their CAP messages, and the chain behind it. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { noticeRecord } from '../../engines/warn/index.ts'
import { nowIn, viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import { type Context, seenBy } from '../context.ts'
import { pageByTime, pagesOf } from '../page.ts'
import { notFound, Refused } from '../problems.ts'
import {
  idParamsSchema,
  type NoticeQuery,
  type NoticeSummary,
  noticeDetailSchema,
  noticePageSchema,
  noticeQuerySchema,
  problemSchema,
  viewQuerySchema,
} from '../schemas/index.ts'
import { type HeldNotice, noticeDetail, noticeSummary } from '../views/notice.ts'
import { isWhole } from '../views/warning.ts'
import { noting } from '../visible-records.ts'
import { idOf } from './events.ts'

export const noticeRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/notices',
      {
        schema: {
          tags: ['warnings'],
          summary: 'Warnings of other authorities, latest first',
          querystring: noticeQuerySchema,
          response: { 200: noticePageSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { query } = request
        const view = viewOf(context, query)
        const now = nowIn(context, view)
        const isAsked = filterOf(query)
        return pageByTime(
          pagesOf(context, request, view.realm),
          // What begins only later is in force too; what has run out is not looked at.
          { types: [noticeRecord.type], ...view, ...(query.inForce === true ? { validFrom: now } : {}) },
          { cursor: query.cursor, limit: query.limit ?? 50 },
          async (held) =>
            (held as readonly HeldNotice[]).map((notice) => {
              const summary = isWhole(notice) ? noticeSummary(notice, now) : undefined
              return summary && isAsked(summary) ? summary : undefined
            }),
        )
      },
    )

    app.get(
      '/notices/:id',
      {
        schema: {
          tags: ['warnings'],
          summary: 'One warning of another authority, whole, with every message behind it',
          params: idParamsSchema,
          querystring: viewQuerySchema,
          response: { 200: noticeDetailSchema, 400: problemSchema, 404: problemSchema },
        },
      },
      async (request) => {
        const { params, query } = request
        const view = viewOf(context, query)
        const { records, given } = noting(request.records)
        const [held] = await records.read({ types: [noticeRecord.type], ids: [idOf(params.id)], ...view })
        if (!held || !isWhole(held)) throw notFound('notice', params.id)
        const detail = await noticeDetail({ ...seenBy(context, request), records }, view, {
          notice: held as HeldNotice,
          now: nowIn(context, view),
        })
        await audited(request, 'read', given())
        return detail
      },
    )
  }

const severities = ['Minor', 'Moderate', 'Severe', 'Extreme']

function filterOf({ country, kind, severity, inForce }: NoticeQuery): (notice: NoticeSummary) => boolean {
  const least = severity === undefined ? 0 : severities.indexOf(severity)
  if (least < 0)
    throw new Refused(400, 'server/no-severity', `severity is one of CAP 1.2: ${severities.join(', ')}.`)
  return (notice) =>
    (country === undefined || notice.authority.country === country.toUpperCase()) &&
    (kind === undefined ||
      notice.kind.some(({ scheme, code }) => kind.split(',').includes(`${scheme}:${code}`))) &&
    (severity === undefined || severities.indexOf(notice.severity) >= least) &&
    (inForce === undefined || notice.inForce === inForce)
}
