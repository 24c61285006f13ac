/** Forecasts scored in the open: what became of each warning, counted, and as a table for whoever counts again. */
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { outcomes, scoreCsv, scoreRecord } from '../../engines/assess/index.ts'
import { instantOf, viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import type { Context } from '../context.ts'
import { pageByTime, pagesOf } from '../page.ts'
import { notFound, Refused } from '../problems.ts'
import {
  idParamsSchema,
  problemSchema,
  type ScoreSetQuery,
  scoreDetailSchema,
  scoreGroupsSchema,
  scorePageSchema,
  scoreQuerySchema,
  scoreSetQuerySchema,
  viewQuerySchema,
} from '../schemas/index.ts'
import { type HeldScore, scoreDetail, scoreGroups, scoreSummary } from '../views/score.ts'
import { isWhole } from '../views/warning.ts'
import { idOf } from './events.ts'

/** Counted in one answer, and given in one file. */
const mostScores = 20_000

export const scoreRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/scores',
      {
        schema: {
          tags: ['scores'],
          summary: 'Warnings held against what was observed, latest first',
          querystring: scoreQuerySchema,
          response: { 200: scorePageSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { query } = request
        const view = viewOf(context, query)
        const isAsked = filterOf(query)
        return pageByTime(
          pagesOf(context, request, view.realm),
          { types: [scoreRecord.type], ...view, ...periodOf(query) },
          { cursor: query.cursor, limit: query.limit ?? 50 },
          async (held) =>
            (held as readonly HeldScore[]).map((score) =>
              isWhole(score) && isAsked(score) ? scoreSummary(score) : undefined,
            ),
        )
      },
    )

    app.get(
      '/scores/summary',
      {
        schema: {
          tags: ['scores'],
          summary:
            'Hits, misses and false alarms counted, with what follows from them, per issuer, hazard and country',
          querystring: scoreSetQuerySchema,
          response: { 200: scoreGroupsSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { scores, isAll } = await scoresIn(context, request, request.query)
        const query = { route: 'GET /api/v1/scores/summary', asked: request.query }
        await audited(request, 'search', [], { query, results: scores.length })
        return scoreGroups(scores, isAll)
      },
    )

    app.get(
      '/scores.csv',
      {
        schema: {
          tags: ['scores'],
          summary: 'The same as a table, one line for each score',
          querystring: scoreSetQuerySchema,
          produces: ['text/csv'],
          response: { 200: Type.String({ description: 'RFC 4180, UTF-8' }), 400: problemSchema },
        },
      },
      async (request, reply) => {
        const { scores, isAll } = await scoresIn(context, request, request.query)
        if (!isAll)
          throw new Refused(400, 'server/too-many', `More than ${mostScores} scores; narrow from and until.`)
        await audited(request, 'export', scores)
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="scores.csv"')
          .send(scoreCsv(scores))
      },
    )

    app.get(
      '/scores/:id',
      {
        schema: {
          tags: ['scores'],
          summary: 'One score, with its reasons and all that it rests on',
          params: idParamsSchema,
          querystring: viewQuerySchema,
          response: { 200: scoreDetailSchema, 400: problemSchema, 404: problemSchema },
        },
      },
      async (request) => {
        const { params, query } = request
        const view = viewOf(context, query)
        const [held] = await request.records.read({
          types: [scoreRecord.type],
          ids: [idOf(params.id)],
          ...view,
        })
        if (!held || !isWhole(held)) throw notFound('score', params.id)
        await audited(request, 'read', [held])
        return scoreDetail(held as HeldScore)
      },
    )
  }

async function scoresIn(
  context: Context,
  { records }: FastifyRequest,
  query: ScoreSetQuery,
): Promise<{ readonly scores: readonly HeldScore[]; readonly isAll: boolean }> {
  const view = viewOf(context, query)
  const isAsked = filterOf(query)
  const held = await records.read({
    types: [scoreRecord.type],
    ...view,
    ...periodOf(query),
    order: '-valid',
    limit: mostScores + 1,
  })
  const scores = (held as readonly HeldScore[]).filter((score) => isWhole(score) && isAsked(score))
  return { scores: scores.slice(0, mostScores), isAll: held.length <= mostScores }
}

const periodOf = ({ from, until }: ScoreSetQuery) => ({
  ...(from === undefined ? {} : { validFrom: instantOf(from, 'from') }),
  ...(until === undefined ? {} : { validUntil: instantOf(until, 'until') }),
})

function filterOf({ issuer, hazard, country, outcome }: ScoreSetQuery): (score: HeldScore) => boolean {
  if (outcome !== undefined && !outcomes.some((word) => word === outcome))
    throw new Refused(400, 'server/no-outcome', `outcome is one of: ${outcomes.join(', ')}.`)
  return ({ record: { body } }) =>
    (issuer === undefined || body.issuer.id === issuer) &&
    (hazard === undefined || body.matter === hazard) &&
    (country === undefined || body.countries.includes(country.toUpperCase())) &&
    (outcome === undefined ? body.outcome !== 'withdrawn' : body.outcome === outcome)
}
