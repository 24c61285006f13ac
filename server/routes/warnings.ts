import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { Held, RecordId } from '../../engines/record/index.ts'
import { chainIdOf, inForce, type ProposalBody, type WarningBody } from '../../engines/warn/index.ts'
import { nowIn, type View, viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import { type Context, type Seen, seenBy } from '../context.ts'
import { pageByTime, pagesOf } from '../page.ts'
import { notFound } from '../problems.ts'
import {
  idParamsSchema,
  problemSchema,
  viewQuerySchema,
  warningDetailSchema,
  warningPageSchema,
  warningQuerySchema,
} from '../schemas/index.ts'
import { type HeldWarning, isWhole, warningDetail, warningSummaries } from '../views/warning.ts'
import { idOf } from './events.ts'

export const warningRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/warnings',
      {
        schema: {
          tags: ['warnings'],
          summary: 'Issued warnings, latest first',
          querystring: warningQuerySchema,
          response: { 200: warningPageSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { query } = request
        const seen = seenBy(context, request)
        const view = viewOf(context, query)
        return pageByTime(
          pagesOf(context, request, view.realm),
          { types: ['warn.warning'], ...view },
          { cursor: query.cursor, limit: query.limit ?? 50 },
          async (held) => {
            const warnings = held.filter(isWhole) as readonly HeldWarning[]
            const related = await relatedTo(seen, view, warnings)
            const byId = new Map(
              warningSummaries(related, nowIn(context, view)).map((summary) => [summary.id, summary]),
            )
            return (held as readonly HeldWarning[]).map(({ record: { id, body } }) => {
              const summary = byId.get(id)
              const isAsked =
                summary !== undefined &&
                (query.country === undefined || body.country === query.country.toUpperCase()) &&
                (query.event === undefined || body.event === query.event) &&
                (query.inForce === undefined || summary.inForce === query.inForce)
              return isAsked ? summary : undefined
            })
          },
        )
      },
    )

    app.get(
      '/warnings/:id',
      {
        schema: {
          tags: ['warnings'],
          summary: 'One warning, in every language it has',
          params: idParamsSchema,
          querystring: viewQuerySchema,
          response: { 200: warningDetailSchema, 400: problemSchema, 404: problemSchema },
        },
      },
      async (request) => {
        const { params, query } = request
        const seen = seenBy(context, request)
        const view = viewOf(context, query)
        const warning = await warningOf(seen, view, idOf(params.id))
        await audited(request, 'read', [warning])
        const related = await relatedTo(seen, view, [warning])
        return warningDetail(warning, related, await becauseOf(seen, warning), nowIn(context, view))
      },
    )

    app.get(
      '/warnings/:id.xml',
      {
        schema: {
          tags: ['warnings'],
          summary: 'The CAP 1.2 message, byte for byte as issued',
          params: idParamsSchema,
          querystring: viewQuerySchema,
          produces: ['application/cap+xml'],
          response: {
            200: Type.String({ description: 'CAP 1.2' }),
            400: problemSchema,
            404: problemSchema,
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request
        const warning = await warningOf(seenBy(context, request), viewOf(context, query), idOf(params.id))
        await audited(request, 'export', [warning])
        const { record } = warning
        return reply.type('application/cap+xml; charset=utf-8').send(record.body.xml)
      },
    )
  }

async function warningOf({ records }: Seen, { realm, knownAt }: View, id: RecordId): Promise<HeldWarning> {
  const known = knownAt === undefined ? {} : { knownAt }
  const [warning] = (await records.read({
    types: ['warn.warning'],
    realm,
    ids: [id],
    ...known,
  })) as readonly HeldWarning[]
  if (!warning || !isWhole(warning)) throw notFound('warning', id)
  return warning
}

/** Every message about the events of these, or of their chains where no event is told; themselves among them. */
export async function relatedTo(
  { records }: Seen,
  view: View,
  warnings: readonly HeldWarning[],
): Promise<readonly HeldWarning[]> {
  const events = [...new Set(warnings.flatMap(({ record: { body } }) => body.event ?? chainIdOf(body) ?? []))]
  if (events.length === 0) return []
  const held = await records.read({
    types: ['warn.warning'],
    linkedTo: events,
    linkType: 'about',
    ...view,
  })
  return held.filter(isWhole) as readonly Held<WarningBody>[]
}

/** Every warning that holds now in this realm. */
export async function warningsInForce(seen: Seen, view: View): Promise<readonly HeldWarning[]> {
  const now = nowIn(seen, view)
  const open = await seen.records.read({
    types: ['warn.warning'],
    validFrom: now,
    validUntil: now,
    ...view,
  })
  return inForce(await relatedTo(seen, view, open.filter(isWhole) as readonly HeldWarning[]), now)
}

async function becauseOf({ records }: Seen, { record }: HeldWarning) {
  const { proposal: said } = record.body
  if (said === undefined) return []
  const proposal = (await records.get(said.id, said.version)) as Held<ProposalBody> | undefined
  if (!proposal || !isWhole(proposal)) return []
  return (proposal.record.body.because ?? []).map((reason) => ({ ...reason }))
}
