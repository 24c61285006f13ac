/**
 * The audit over HTTP: the trail and figures for oversight, who looked for the owner of a record. Whoever reads the trail
 * is on it.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import {
  type Act,
  type Audit,
  type Look,
  mayAct,
  mergeLooks,
  type NodeLooks,
  ownedOf,
  sayRefusedAct,
  type TrailEntry,
} from '../../engines/access/index.ts'
import { type Instant, millis, plusMs, type RecordId } from '../../engines/record/index.ts'
import { cursorsOf, instantOf, noCursor } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import type { Context } from '../context.ts'
import { notFound, Refused, RefusedBecause } from '../problems.ts'
import {
  figuresQuerySchema,
  figuresSchema,
  looksSchema,
  type TrailQueryText,
  trailPageSchema,
  trailQuerySchema,
} from '../schemas/audit.ts'
import { idParamsSchema, problemSchema } from '../schemas/index.ts'
import { notSignedIn } from '../sign-in/asking.ts'
import { idOf } from './events.ts'

export type WithAudit = {
  readonly audit: Audit
  /** What the peers that hold these records say of looks at them. */
  readonly looksElsewhere?: (ids: readonly RecordId[]) => Promise<readonly NodeLooks[]>
}

const refusals = { 400: problemSchema, 401: problemSchema, 403: problemSchema }
const dayMs = 86_400_000
const mostFigureDays = 366

export const auditRoutes =
  (context: Context & WithAudit): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { audit } = context
    app.get(
      '/audit/trail',
      {
        schema: {
          tags: ['audit'],
          summary: 'The audit trail, newest first',
          querystring: trailQuerySchema,
          response: { 200: trailPageSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'read-audit-trail')
        const { placeOf, cursorOf } = cursorsOf(context, request, 'audit')
        const page = await audit.auditor.trail({
          ...trailQueryOf(request.query),
          ...beforeIn(placeOf(request.query.cursor)),
        })
        await audited(request, 'oversee', [], { query: request.query, results: page.items.length })
        return {
          items: page.items.map(entryOf),
          ...(page.next === undefined ? {} : { next: cursorOf([page.next]) }),
        }
      },
    )

    app.get(
      '/audit/figures',
      {
        schema: {
          tags: ['audit'],
          summary: 'Counts by day, organisation, purpose, act and outcome: no names, no records, no content',
          querystring: figuresQuerySchema,
          response: { 200: figuresSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'read-audit-figures')
        const span = spanOf(request.query, request.asking.now)
        const { figures, public: anybody } = await audit.auditor.figures(span)
        await audited(request, 'oversee', [], { query: span })
        return { ...span, figures: [...figures], public: [...anybody] }
      },
    )

    app.get(
      '/records/:id/looks',
      {
        schema: {
          tags: ['audit'],
          summary: 'Who looked at a record of this node, here and at the peers that hold it',
          params: idParamsSchema,
          response: { 200: looksSchema, ...refusals, 404: problemSchema },
        },
      },
      async (request) => looksAt(context, request, idOf(request.params.id)),
    )
  }

export function demand({ asking }: FastifyRequest, act: Act): void {
  const { principal } = asking
  if (principal.kind === 'public') throw notSignedIn()
  const decision = mayAct(principal, act)
  if (decision.kind === 'refused')
    throw new RefusedBecause(sayRefusedAct(act, decision.because), {
      status: 403,
      reasons: [decision.because],
    })
}

function trailQueryOf({ from, until, cursor: _, limit = 50, record, ...query }: TrailQueryText) {
  return {
    ...query,
    limit,
    ...(record === undefined ? {} : { record: idOf(record) }),
    ...(from === undefined ? {} : { from: instantOf(from, 'from') }),
    ...(until === undefined ? {} : { until: instantOf(until, 'until') }),
  }
}

function beforeIn(place: readonly (string | number)[] | undefined): { readonly before?: number } {
  if (place === undefined) return {}
  const [before] = place
  if (place.length !== 1 || !Number.isSafeInteger(before)) throw noCursor()
  return { before: Number(before) }
}

const entryOf = ({ retainUntil: _, subjects: __, roles, records, ...entry }: TrailEntry) => ({
  ...entry,
  roles: [...roles],
  records: [...records],
})

function spanOf(asked: { readonly from?: string; readonly until?: string }, now: Instant) {
  const until = asked.until === undefined ? now : instantOf(asked.until, 'until')
  const from = asked.from === undefined ? plusMs(until, -30 * dayMs) : instantOf(asked.from, 'from')
  const days = (millis(until) - millis(from)) / dayMs
  if (days < 0 || days > mostFigureDays)
    throw new Refused(
      400,
      'server/no-span',
      `From and until span at most ${mostFigureDays} days, in this order.`,
    )
  return { from, until }
}

/** Oversight may ask of any record; others of their own node's, which they may see. */
async function looksAt({ audit, looksElsewhere }: WithAudit, request: FastifyRequest, id: RecordId) {
  demand(request, 'see-who-looked')
  const isOverseer = mayAct(request.asking.principal, 'read-audit-trail').kind === 'allowed'
  const held = await request.records.get(id)
  const isOwn = (await ownedOf(audit.database, audit.node, [id])).length > 0
  if (!held && !isOverseer) throw notFound('record', id)
  if (!isOwn && !isOverseer)
    throw new Refused(403, 'access/not-the-owner', 'Its own node tells who looked at it: ask there.')
  const { items, next } = await audit.auditor.looks({
    ids: [id],
    named: isOverseer || audit.policy.ownersSeeNames,
  })
  await audited(request, 'oversee', [], { query: { looksAt: id }, results: items.length })
  const here = { kind: 'answered', node: audit.node, looks: items, hasMore: next !== undefined } as const
  const merged = mergeLooks([here, ...(isOwn ? ((await looksElsewhere?.([id])) ?? []) : [])])
  return {
    looks: merged.looks.map(withRoles),
    unanswered: [...merged.unanswered],
    more: [...merged.more],
  }
}

const withRoles = <One extends Look>(look: One) => ({ ...look, roles: [...look.roles] })
