/** Broken glass over HTTP: for who needs it in an emergency, and for the second person who reviews it. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import {
  type BreakingRefusal,
  type BrokenGlass,
  isFresh,
  mayAct,
  type ReviewRefusal,
  sayRefusedAct,
} from '../../engines/access/index.ts'
import { isInstant } from '../../engines/record/index.ts'
import { cursorsOf, noCursor } from '../ask.ts'
import type { Context } from '../context.ts'
import { Refused, RefusedBecause } from '../problems.ts'
import {
  breakGlassSchema,
  brokenGlassSchema,
  glassPageSchema,
  glassParamsSchema,
  glassQuerySchema,
  reviewGlassSchema,
} from '../schemas/audit.ts'
import { problemSchema } from '../schemas/index.ts'
import { notSignedIn } from '../sign-in/asking.ts'
import type { WithAudit } from './audit.ts'

const refusals = { 400: problemSchema, 401: problemSchema, 403: problemSchema }

export const breakGlassRoutes =
  (context: Context & WithAudit): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { audit } = context
    app.get(
      '/break-glass',
      {
        schema: {
          tags: ['audit'],
          summary: 'Emergency accesses: all of them for who reviews, their own for the others',
          querystring: glassQuerySchema,
          response: { 200: glassPageSchema, ...refusals },
        },
      },
      async (request) => listOfGlass(context, request, request.query),
    )

    app.post(
      '/break-glass',
      {
        schema: {
          tags: ['audit'],
          summary: 'Break glass: see for some minutes what the policy would keep back',
          body: breakGlassSchema,
          response: { 201: brokenGlassSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const { asking, signedIn, body } = request
        if (asking.principal.kind === 'public') throw notSignedIn()
        request.isAudited = true
        const isStepUp = signedIn.kind === 'session' && isFresh(signedIn, asking.now)
        const broken = await audit.glass.break({ asking, ...body, isFresh: isStepUp })
        if (broken.kind === 'refused') throw breakingProblem(broken.reason)
        return reply.code(201).send(broken.glass)
      },
    )

    app.post(
      '/break-glass/:id/review',
      {
        schema: {
          tags: ['audit'],
          summary: 'The review by a second person',
          params: glassParamsSchema,
          body: reviewGlassSchema,
          response: { 200: brokenGlassSchema, ...refusals, 404: problemSchema, 409: problemSchema },
        },
      },
      async (request) => {
        const { asking, params, body } = request
        if (asking.principal.kind === 'public') throw notSignedIn()
        request.isAudited = true
        const reviewed = await audit.glass.review({ asking, id: params.id, ...body })
        if (reviewed.kind === 'refused') throw reviewProblem(reviewed.reason, params.id)
        return reviewed.glass
      },
    )
  }

async function listOfGlass(
  context: Context & WithAudit,
  request: FastifyRequest,
  { cursor, unreviewed, limit = 50 }: { cursor?: string; unreviewed?: boolean; limit?: number },
): Promise<{ items: BrokenGlass[]; next?: string }> {
  const { principal } = request.asking
  if (principal.kind === 'public') throw notSignedIn()
  const isReviewer = mayAct(principal, 'review-broken-glass', 'somebody else').kind === 'allowed'
  const { placeOf, cursorOf } = cursorsOf(context, request, 'audit')
  const place = placeOf(cursor)
  const [openedAt, id] = place ?? []
  if (place !== undefined && !(isInstant(openedAt) && typeof id === 'string')) throw noCursor()
  const items = await context.audit.glass.list({
    limit: limit + 1,
    ...(unreviewed === undefined ? {} : { unreviewed }),
    ...(isReviewer ? {} : { principal: principal.id }),
    ...(isInstant(openedAt) && typeof id === 'string' ? { before: { openedAt, id } } : {}),
  })
  const shown = items.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown,
    ...(items.length > limit && last ? { next: cursorOf([last.openedAt, last.id]) } : {}),
  }
}

function breakingProblem(reason: BreakingRefusal): Refused {
  switch (reason.code) {
    case 'access/step-up-required':
      return new Refused(
        403,
        reason.code,
        'Show a credential again first: it must be less than five minutes old.',
      )
    case 'access/reason-required':
      return new Refused(
        400,
        reason.code,
        'Say in at least ten characters why; a second person will read it.',
      )
    case 'access/minutes-refused':
      return new Refused(400, reason.code, `For at most ${reason.max} minutes.`)
    default:
      return new RefusedBecause(sayRefusedAct('break-glass', reason), { status: 403, reasons: [reason] })
  }
}

function reviewProblem(reason: ReviewRefusal, id: string): Refused {
  switch (reason.code) {
    case 'access/no-broken-glass':
      return new Refused(404, reason.code, `There is no emergency access ${id}.`)
    case 'access/reviewed-already':
      return new Refused(409, reason.code, 'It has been reviewed already; a review stays as it is.')
    case 'access/glass-still-broken':
      return new Refused(409, reason.code, `It is approved only once it has ended, at ${reason.until}.`)
    default:
      return new RefusedBecause(sayRefusedAct('review-broken-glass', reason), {
        status: 403,
        reasons: [reason],
      })
  }
}
