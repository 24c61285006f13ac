/** Tokens for programs, made by a person who has just shown who they are. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Token } from '../../engines/access/index.ts'
import { Refused } from '../problems.ts'
import {
  doneSchema,
  madeTokenSchema,
  namedParamsSchema,
  newTokenSchema,
  problemSchema,
  tokenListSchema,
} from '../schemas/index.ts'
import { demandFresh, demandSession, notSignedIn } from './asking.ts'
import type { SignInParts } from './parts.ts'

const refusals = { 401: problemSchema, 403: problemSchema }

export const tokenRoutes =
  (parts: SignInParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { tokens, users } = parts.accounts
    app.get(
      '/tokens',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Your tokens, without what they open',
          response: { 200: tokenListSchema, ...refusals },
        },
      },
      async (request) => {
        demandSession(request)
        return { items: (await tokens.list(request.asking.principal.id)).map(viewOfToken) }
      },
    )
    app.post(
      '/tokens',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Make a token: its secret is shown once',
          body: newTokenSchema,
          response: { 200: madeTokenSchema, 400: problemSchema, ...refusals },
        },
      },
      async (request) => {
        demandSession(request)
        demandFresh(request)
        const user = await users.get(request.asking.principal.id)
        if (user === undefined) throw notSignedIn()
        const { secret, token } = await tokens.add(user, request.body)
        return { secret, token: viewOfToken(token) }
      },
    )
    app.delete(
      '/tokens/:id',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Revoke a token',
          params: namedParamsSchema,
          response: { 200: doneSchema, 404: problemSchema, ...refusals },
        },
      },
      async (request) => {
        demandSession(request)
        if (!(await tokens.revoke(request.params.id, request.asking.principal.id)))
          throw new Refused(404, 'server/not-found', 'You have no such token, or it was revoked.')
        return { done: true as const }
      },
    )
  }

const viewOfToken = ({ account: _, scopes, ...token }: Token) => ({ ...token, scopes: [...scopes] })
