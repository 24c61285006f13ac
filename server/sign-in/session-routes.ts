/** Who am I, what do I ask for, where am I signed in; signing out. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Refused } from '../problems.ts'
import {
  doneSchema,
  namedParamsSchema,
  problemSchema,
  purposeBodySchema,
  sessionListSchema,
  sessionSchema,
} from '../schemas/index.ts'
import { viewOf } from './answers.ts'
import { demandSession } from './asking.ts'
import { setCookie } from './browser.ts'
import type { SignInParts } from './parts.ts'

const refusals = { 401: problemSchema, 403: problemSchema }

export const sessionRoutes =
  (parts: SignInParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { sessions } = parts.accounts
    app.get(
      '/session',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Who asks, for what purposes they may ask, and how one can sign in here',
          response: { 200: sessionSchema },
        },
      },
      async (request) => viewOf(request, parts),
    )
    app.delete(
      '/session',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Sign out',
          response: { 200: doneSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const { session } = demandSession(request)
        await sessions.end(request.asking.principal.id, session)
        setCookie(request, reply, 'session', undefined)
        setCookie(request, reply, 'step', undefined)
        return { done: true as const }
      },
    )
    app.post(
      '/session/purpose',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Choose what this session asks for, and under which case number',
          body: purposeBodySchema,
          response: { 200: sessionSchema, 400: problemSchema, ...refusals },
        },
      },
      async (request) => {
        const { session } = demandSession(request)
        const { purpose, caseNumber } = request.body
        const { principal } = request.asking
        if (purpose !== 'public' && !principal.purposes.includes(purpose))
          throw new Refused(
            403,
            'sign-in/purpose-not-yours',
            'You may not ask for this purpose; an administrator grants it.',
          )
        await sessions.choose(session, { purpose, ...(caseNumber === undefined ? {} : { caseNumber }) })
        const { caseNumber: _, ...asking } = request.asking
        request.asking = { ...asking, purpose, ...(caseNumber === undefined ? {} : { caseNumber }) }
        return viewOf(request, parts)
      },
    )
    app.get(
      '/sessions',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Where you are signed in',
          response: { 200: sessionListSchema, ...refusals },
        },
      },
      async (request) => {
        const { session } = demandSession(request)
        const list = await sessions.list(request.asking.principal.id)
        return { items: list.map((one) => ({ ...one, isThis: one.id === session })) }
      },
    )
    app.delete(
      '/sessions/:id',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Sign out elsewhere',
          params: namedParamsSchema,
          response: { 200: doneSchema, 404: problemSchema, ...refusals },
        },
      },
      async (request) => {
        demandSession(request)
        if (!(await sessions.end(request.asking.principal.id, request.params.id)))
          throw new Refused(404, 'server/not-found', 'You have no such session; it may have ended.')
        return { done: true as const }
      },
    )
  }
