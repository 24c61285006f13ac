/**
 * Recalls over HTTP: where each stands (who has confirmed, who is silent since when, through which relay), and the order
 * itself, by a person of the originator who has just shown who they are.
 *
 * A recall is listed for whom its record is, through the one door; so nobody learns by it of a record they never could
 * have had.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import {
  exchangeRecall,
  type Recalled,
  type Recalls,
  sayRecallRefused,
} from '../../engines/exchange/index.ts'
import { type Handling, type Held, nodeId, unreachable } from '../../engines/record/index.ts'
import { viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import type { Context } from '../context.ts'
import { pageByTime, pagesOf } from '../page.ts'
import { notFound, Refused, RefusedBecause } from '../problems.ts'
import { problemSchema } from '../schemas/index.ts'
import {
  type RecalledView,
  type RecallStateView,
  recalledSchema,
  recallOrderSchema,
  recallPageSchema,
  recallQuerySchema,
} from '../schemas/recall.ts'
import { demandFresh } from '../sign-in/asking.ts'
import { demand } from './audit.ts'
import { idOf } from './events.ts'

/** The recalls of the node. */
export type WithRecalls = { readonly recalls: Pick<Recalls, 'state' | 'withdraw' | 'relabel'> }

const refusals = { 400: problemSchema, 401: problemSchema, 403: problemSchema }

export const recallRoutes =
  (context: Context & WithRecalls): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/recalls',
      {
        schema: {
          tags: ['recalls'],
          summary:
            'Recalls that this node ordered, newest first: who has confirmed, and who has not answered',
          querystring: recallQuerySchema,
          response: { 200: recallPageSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'see-recalls')
        const { cursor, limit = 20 } = request.query
        const { realm } = viewOf(context, request.query)
        const own = { kind: 'origin-in', nodes: [nodeId(context.node.identity.node)] } as const
        return pageByTime(
          pagesOf(context, request, realm),
          { types: [exchangeRecall.type], realm, matching: own },
          { cursor, limit },
          (held) => Promise.all(held.map((one) => stateOf(context, one))),
        )
      },
    )

    app.post(
      '/recalls',
      {
        schema: {
          tags: ['recalls'],
          summary: 'Withdraw a record of this node, or tighten its handling, here and at every holder',
          body: recallOrderSchema,
          response: { 201: recalledSchema, ...refusals, 404: problemSchema, 409: problemSchema },
        },
      },
      async (request, reply) => {
        demand(request, 'recall-record')
        demandFresh(request)
        const { target, action, reason, handling } = request.body
        const held = await recallable(request, target)
        if ((action === 'relabel') !== (handling !== undefined))
          throw new Refused(
            400,
            'server/no-handling',
            'A relabelling names a handling; a withdrawal names none.',
          )
        await audited(request, 'change', [held], { query: { recall: action, target, reason } })
        const by = await context.personOf(request.asking.principal, ['liaison', 'approver', 'duty-officer'])
        const order = { target: held.record.id, reason: reason.trim(), by }
        const outcome = handling
          ? await context.recalls.relabel({ ...order, handling: handling as Handling })
          : await context.recalls.withdraw(order)
        return reply.code(201).send(answerOf(outcome))
      },
    )
  }

async function stateOf({ recalls }: WithRecalls, { record }: Held): Promise<RecallStateView | undefined> {
  const state = await recalls.state(record.id)
  if (!state) return undefined
  const { follows: _, holders, waitingFor, ...rest } = state
  const { producer } = record
  return {
    ...rest,
    ...(producer?.kind === 'person' ? { by: producer.name } : {}),
    holders: holders.map((holder) => ({ ...holder })),
    waitingFor: [...waitingFor],
  }
}

/** Seen by who orders, and of the organisation that runs this node: guests here take nothing back. */
async function recallable(request: FastifyRequest, id: string): Promise<Held> {
  const held = await request.records.get(idOf(id))
  if (!held) throw notFound('record', id)
  if (request.asking.principal.standing === 'home') return held
  throw new Refused(
    403,
    'access/not-the-owner',
    'Only the people of its originator take a record back: ask there.',
  )
}

function answerOf(outcome: Recalled): RecalledView {
  switch (outcome.kind) {
    case 'recalled':
      return {
        recall: outcome.recall.id,
        isNew: true,
        touched: outcome.touched,
        told: [...outcome.told],
      }
    case 'unchanged':
      return { recall: outcome.recall.id, isNew: false, touched: 0, told: [] }
    case 'refused':
      throw new RefusedBecause(sayRecallRefused(outcome.reason), {
        status: 409,
        reasons: [{ ...outcome.reason }],
      })
    default:
      return unreachable(outcome)
  }
}
