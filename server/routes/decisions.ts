/**
 * A person's word on a proposal to warn, by the same function as `mosaic decide`. Who decides is who has signed in. A
 * duty officer decides; an approver may, as the second party to what the node itself proposed.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { mayAct } from '../../engines/access/index.ts'
import { unreachable } from '../../engines/record/index.ts'
import type { Appended } from '../../engines/store/index.ts'
import { DecisionUnfit, type Word } from '../../engines/warn/index.ts'
import { audited } from '../audit-hook.ts'
import type { Context } from '../context.ts'
import { notFound, Refused, RefusedBecause } from '../problems.ts'
import { problemSchema } from '../schemas/index.ts'
import { decidedSchema, decisionOrderSchema } from '../schemas/recall.ts'
import { demand } from './audit.ts'
import { idOf } from './events.ts'

/** The one way from the web to a decision. */
export type WithDecisions = { readonly decide: (word: Word) => Promise<Appended> }

const refusals = { 400: problemSchema, 401: problemSchema, 403: problemSchema, 404: problemSchema }

export const decisionRoutes =
  (context: Context & WithDecisions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.setErrorHandler((error) => {
      if (error instanceof DecisionUnfit) throw new Refused(409, error.code, error.message)
      throw error
    })
    app.post(
      '/decisions',
      {
        schema: {
          tags: ['warnings'],
          summary: 'Issue, decline or end what a rule proposed, in the name of who has signed in',
          body: decisionOrderSchema,
          response: { 201: decidedSchema, ...refusals, 409: problemSchema },
        },
      },
      async (request, reply) => {
        demandDecider(request, context)
        const { proposal, version, decision, because } = request.body
        const held = await request.records.get(idOf(proposal))
        if (held?.record.type !== 'warn.proposal') throw notFound('proposal', proposal)
        await audited(request, 'change', [held], { query: { decision, proposal, version, because } })
        const by = await context.personOf(request.asking.principal, ['duty-officer', 'approver'])
        const word = { proposal: held.record.id, version, decision, by, because: because.trim() }
        return reply.code(201).send({ decision: idIn(await context.decide(word)) })
      },
    )
  }

function demandDecider(request: FastifyRequest, { node }: Context): void {
  const proposer = `node:${node.identity.node}`
  if (mayAct(request.asking.principal, 'approve-warning', proposer).kind === 'allowed') return
  demand(request, 'decide-warning')
}

function idIn(outcome: Appended): string {
  switch (outcome.kind) {
    case 'appended':
    case 'unchanged':
      return outcome.record.id
    case 'refused':
      throw new RefusedBecause('The decision was not taken; look at the proposal again.', {
        status: 409,
        reasons: [{ ...outcome.reason }],
      })
    case 'held-back':
      throw new Refused(409, 'warn/decision-unfit', 'The decision was not written; try again.')
    default:
      return unreachable(outcome)
  }
}
