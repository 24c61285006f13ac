/** Any record, whatever its type: listed, counted, shown, proven. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import {
  exerciseOf,
  type Held,
  type Instant,
  isRecordId,
  type RecordId,
  type TlpLabel,
  tlpLabels,
} from '../../engines/record/index.ts'
import type { Condition } from '../../engines/store/index.ts'
import { instantOf, viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import type { Context } from '../context.ts'
import { pageByTime, pagesOf } from '../page.ts'
import { notFound, Refused } from '../problems.ts'
import {
  idParamsSchema,
  problemSchema,
  type RecordCountQuery,
  type RecordCounts,
  recordCountQuerySchema,
  recordCountsSchema,
  recordDetailSchema,
  recordPageSchema,
  recordProofSchema,
  recordQuerySchema,
  recordVersionQuerySchema,
} from '../schemas/index.ts'
import { isRecordNamedBy, recordDetail, recordSummary } from '../views/record.ts'
import type { VisibleQuery } from '../visible-records.ts'
import { idOf } from './events.ts'

export const recordRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/records',
      {
        schema: {
          tags: ['records'],
          summary: 'Records of any type that the asker may have, latest validity first',
          querystring: recordQuerySchema,
          response: { 200: recordPageSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { query } = request
        const { realm } = viewOf(context, query)
        return pageByTime(
          pagesOf(context, request, realm),
          questionOf(context, query),
          { cursor: query.cursor, limit: query.limit ?? 50 },
          async (held) =>
            held.map((one) =>
              query.q === undefined || isRecordNamedBy(one, query.q)
                ? recordSummary(context, one)
                : undefined,
            ),
        )
      },
    )

    app.get(
      '/records/counts',
      {
        schema: {
          tags: ['records'],
          summary: 'How many of them there are, by type and by label',
          querystring: recordCountQuerySchema,
          response: { 200: recordCountsSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const counts = await countsOf(context, request, questionOf(context, request.query))
        const query = { route: 'GET /api/v1/records/counts', asked: request.query }
        await audited(request, 'search', [], { query, results: counts.total })
        return counts
      },
    )

    app.get(
      '/records/:id',
      {
        schema: {
          tags: ['records'],
          summary: 'One record, with the fields that are withheld named',
          params: idParamsSchema,
          querystring: recordVersionQuerySchema,
          response: { 200: recordDetailSchema, 400: problemSchema, 404: problemSchema },
        },
      },
      async (request) => {
        const held = await heldOf(request, request.params.id, request.query.version)
        await audited(request, 'read', [held])
        const [versions, notConfirmedSince] = await Promise.all([
          request.records.read({ ids: [held.record.id], versions: 'all', order: '-index', limit: 500 }),
          silentSince(context, held),
        ])
        return recordDetail(context, held, { versions, notConfirmedSince })
      },
    )

    app.get(
      '/records/:id/proof',
      {
        schema: {
          tags: ['records'],
          summary: 'What the asker may have of it, with the proof that it stands in the log of its origin',
          params: idParamsSchema,
          querystring: recordVersionQuerySchema,
          response: { 200: recordProofSchema, 400: problemSchema, 404: problemSchema, 503: problemSchema },
        },
      },
      async (request) => {
        const { proofs } = context
        if (!proofs)
          throw new Refused(
            503,
            'server/no-log',
            'This node keeps no transparency log, so it proves nothing yet.',
          )
        const held = await heldOf(request, request.params.id, request.query.version)
        const proven = await proofs.proofOf(held)
        if (!proven)
          throw new Refused(
            503,
            'server/not-proven-yet',
            'This version is not under a signed checkpoint yet; ask again in a minute.',
          )
        await audited(request, 'export', [held])
        const { id, version, origin } = held.record
        return { id, version, origin, ...proven }
      },
    )
  }

async function heldOf({ records }: FastifyRequest, text: string, version?: number): Promise<Held> {
  const id = idOf(text)
  const held = await records.get(id, version)
  if (!held) throw notFound('record', id)
  return held
}

type Question = Omit<VisibleQuery, 'order' | 'limit' | 'past'>

function questionOf(context: Context, query: RecordCountQuery): Question {
  const { type, key, from, until, label, linkedTo } = query
  const matching = matchingOf(query)
  return {
    ...viewOf(context, query),
    ...(type === undefined ? {} : { types: type.split(',') }),
    ...(key === undefined ? {} : { key }),
    ...(from === undefined ? {} : { validFrom: instantOf(from, 'from') }),
    ...(until === undefined ? {} : { validUntil: instantOf(until, 'until') }),
    ...(linkedTo === undefined ? {} : { linkedTo: [linkOf(linkedTo)] }),
    ...(matching.length === 0 && label === undefined ? {} : { matching: all(matching) }),
  }
}

function matchingOf({ area, label }: RecordCountQuery): readonly Condition[] {
  return [
    ...(area === undefined ? [] : [{ kind: 'area-in' as const, areas: [areaOf(area)] }]),
    ...(label === undefined ? [] : [{ kind: 'tlp-at-most' as const, label: labelOf(label) }]),
  ]
}

const all = (of: readonly Condition[]): Condition => ({ kind: 'all', of })

function areaOf(text: string): { readonly scheme: string; readonly code: string } {
  const at = text.lastIndexOf(':')
  if (at < 1) throw new Refused(400, 'server/no-area', 'An area is SCHEME:CODE, for example ISO3166-1:AL.')
  return { scheme: text.slice(0, at), code: text.slice(at + 1) }
}

function labelOf(text: string): TlpLabel {
  const label = tlpLabels.find((one) => one === text)
  if (!label)
    throw new Refused(400, 'server/no-label', `"${text}" is no label of TLP 2.0: ${tlpLabels.join(', ')}.`)
  return label
}

function linkOf(text: string): RecordId {
  if (!isRecordId(text)) throw new Refused(400, 'server/no-id', 'A record id is 40 hexadecimal digits.')
  return text
}

/** Every figure is counted under the same condition as the list, so none tells of a record that the list would not. */
async function countsOf(
  { node }: Context,
  { records }: FastifyRequest,
  question: Question,
): Promise<RecordCounts> {
  const known = node.registry.definitions().map(({ type }) => type)
  const types = question.types ?? known
  const upTo = (label: TlpLabel) =>
    records.count({
      ...question,
      matching: all([...(question.matching ? [question.matching] : []), { kind: 'tlp-at-most', label }]),
    })
  const [total, byType, cumulative] = await Promise.all([
    records.count(question),
    Promise.all(types.map((type) => records.count({ ...question, types: [type] }))),
    Promise.all(tlpLabels.map(upTo)),
  ])
  const counted = byType.reduce((sum, count) => sum + count, 0)
  const rows = types.map((type, at) => ({ type, count: byType[at] ?? 0 }))
  return {
    total,
    types: [...rows, { type: '*', count: total - counted }].filter(({ count }) => count > 0),
    labels: tlpLabels
      .map((label, at) => ({ label, count: (cumulative[at] ?? 0) - (cumulative[at - 1] ?? 0) }))
      .filter(({ count }) => count > 0),
  }
}

/**
 * Since when its origin was not heard of; of one that never was, since the record came. The names that a scenario brings
 * are no nodes, and nobody waits to hear of them.
 */
async function silentSince({ confirmations }: Context, held: Held): Promise<Instant | undefined> {
  const { origin, realm } = held.record
  if (exerciseOf(realm) !== undefined) return undefined
  const found = await confirmations?.freshnessOf(origin)
  return found?.kind === 'not-confirmed' ? (found.since ?? held.receivedAt) : undefined
}
