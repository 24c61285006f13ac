/**
 * Reports over HTTP: a list, one, and one as a page or a PDF to be read, printed and cited. An address with a version
 * gives the same for ever. Drafts are handled so that only the organisation that writes them has them.
 */
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { inLanguage, type RecordId } from '../../engines/record/index.ts'
import {
  type Pdf,
  reportContentSecurity,
  reportHtml,
  reportPdf,
  reportRecord,
} from '../../engines/report/index.ts'
import { type View, viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import type { Context } from '../context.ts'
import { pageByTime, pagesOf } from '../page.ts'
import { notFound } from '../problems.ts'
import { idParamsSchema, problemSchema, viewQuerySchema } from '../schemas/index.ts'
import {
  reportDetailSchema,
  reportFileQuerySchema,
  reportPageSchema,
  reportQuerySchema,
} from '../schemas/report.ts'
import { detailOf, type HeldReport, isWhole, summaryOf } from '../views/report.ts'
import { idOf } from './events.ts'

export const reportRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { places } = context.node
    const pdfs = keptPdfs()

    app.get(
      '/reports',
      {
        schema: {
          tags: ['reports'],
          summary: 'Reports, by what they tell of, latest first',
          querystring: reportQuerySchema,
          response: { 200: reportPageSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { subject, state, cursor, limit = 50, ...asked } = request.query
        const view = viewOf(context, asked)
        return pageByTime(
          pagesOf(context, request, view.realm),
          { types: [reportRecord.type], ...view },
          { cursor, limit },
          async (held) =>
            held.map((one) => {
              if (!isWhole(one)) return undefined
              const summary = summaryOf(one as HeldReport)
              const isAsked =
                (subject === undefined || summary.subject === subject) &&
                (state === undefined || summary.state === state)
              return isAsked ? summary : undefined
            }),
        )
      },
    )

    app.get(
      '/reports/:id',
      {
        schema: {
          tags: ['reports'],
          summary: 'One report: its state, who wrote and issued it, the records that it rests on',
          params: idParamsSchema,
          querystring: viewQuerySchema,
          response: { 200: reportDetailSchema, 400: problemSchema, 404: problemSchema },
        },
      },
      async (request) => {
        const report = await reportOf(request, viewOf(context, request.query), request.params.id)
        await audited(request, 'read', [report])
        return detailOf(report)
      },
    )

    app.get(
      '/reports/:id.html',
      {
        schema: {
          tags: ['reports'],
          summary: 'The report as a page, without script, fit for paper',
          params: idParamsSchema,
          querystring: reportFileQuerySchema,
          produces: ['text/html'],
          response: { 200: Type.String({ description: 'HTML' }), 400: problemSchema, 404: problemSchema },
        },
      },
      async (request, reply) => {
        const { version } = request.query
        const view = viewOf(context, request.query)
        const { record } = await given(request, view)
        const language = languageOf(request, Object.keys(record.body.texts))
        const addressOf = (other: string) => `${record.id}.html?${questionOf(view, version, other)}`
        return reply
          .header('content-security-policy', reportContentSecurity)
          .type('text/html; charset=utf-8')
          .send(reportHtml({ report: record, places, language, addressOf }))
      },
    )

    app.get(
      '/reports/:id.pdf',
      {
        schema: {
          tags: ['reports'],
          summary: 'The report as PDF/A-2b',
          params: idParamsSchema,
          querystring: reportFileQuerySchema,
          produces: ['application/pdf'],
          response: {
            200: Type.Unsafe<Uint8Array>(Type.Any({ description: 'PDF/A-2b' })),
            400: problemSchema,
            404: problemSchema,
          },
        },
      },
      async (request, reply) => {
        const { record } = await given(request, viewOf(context, request.query))
        const language = languageOf(request, Object.keys(record.body.texts))
        const name = `${record.id}@${record.version}/${language}`
        const { bytes } = await pdfs(name, () => reportPdf({ report: record, places }, language))
        return reply
          .type('application/pdf')
          .header('content-disposition', `inline; filename="report-${record.id.slice(0, 8)}-${language}.pdf"`)
          .send(bytes)
      },
    )
  }

/** The report that was asked for, on the audit trail as given away. */
async function given(request: FastifyRequest, view: View): Promise<HeldReport> {
  const { id } = request.params as { readonly id: string }
  const { version } = request.query as { readonly version?: number }
  const report = await reportOf(request, view, id, version)
  await audited(request, 'export', [report])
  return report
}

async function reportOf(
  { records }: FastifyRequest,
  view: View,
  id: string,
  version?: number,
): Promise<HeldReport> {
  const ids: readonly RecordId[] = [idOf(id)]
  const held = await records.read({
    ...{ types: [reportRecord.type], ids, ...view },
    versions: version === undefined ? 'newest' : 'all',
  })
  const found = version === undefined ? held[0] : held.find(({ record }) => record.version === version)
  if (!found || !isWhole(found)) throw notFound('report', id)
  return found as HeldReport
}

/** What was asked for, else the first language that the browser prefers and the report has, else English. */
function languageOf({ query, headers }: FastifyRequest, has: readonly string[]): string {
  const { language } = query as { readonly language?: string }
  const preferred = (headers['accept-language'] ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => part.split(';')[0]?.trim() ?? '')
  const all = Object.fromEntries(has.map((one) => [one, one]))
  return inLanguage(all, ...(language === undefined ? preferred : [language]))?.language ?? 'en'
}

const questionOf = ({ realm, knownAt }: View, version: number | undefined, language: string): string =>
  new URLSearchParams({
    language,
    realm,
    ...(knownAt === undefined ? {} : { knownAt }),
    ...(version === undefined ? {} : { version: String(version) }),
  }).toString()

/** A PDF takes a tenth of a second of the whole node; the last ones are kept. One version in one language never changes. */
function keptPdfs(most = 32): (name: string, make: () => Promise<Pdf>) => Promise<Pdf> {
  const kept = new Map<string, Promise<Pdf>>()
  return (name, make) => {
    const made = kept.get(name) ?? make()
    kept.delete(name)
    kept.set(name, made)
    made.catch(() => kept.delete(name))
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    return made
  }
}
