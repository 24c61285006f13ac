/**
 * Through an OpenID provider: the page is told where to send the browser, which comes back to `callback` and is sent on
 * to a page of ours. `callback` is a GET that signs in; what protects it is the state, bound to a cookie of this browser.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AccountRefused } from '../../engines/access/index.ts'
import { Refused } from '../problems.ts'
import {
  goesOnSchema,
  openIdStartSchema,
  problemSchema,
  providerParamsSchema,
  redirectSchema,
} from '../schemas/index.ts'
import { opened, refusal } from './answers.ts'
import { demandFresh, demandSession } from './asking.ts'
import { cookieOf, demandSecure, originOf, setCookie, visitorOf } from './browser.ts'
import type { SignInParts } from './parts.ts'

export const openIdRoutes =
  (parts: SignInParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { signIn } = parts.accounts

    app.post(
      '/session/oidc/:id/start',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Where to send the browser to sign in at a provider, to link it, or to use an invitation',
          params: providerParamsSchema,
          body: openIdStartSchema,
          response: {
            200: redirectSchema,
            403: problemSchema,
            404: problemSchema,
            409: problemSchema,
            410: problemSchema,
            429: problemSchema,
            502: problemSchema,
          },
        },
      },
      async (request, reply) => {
        demandSecure(request)
        const { id } = request.params
        const { token } = request.body
        const { intent, account } = intentOf(request, request.body)
        const outcome = await signIn.askOpenId(
          {
            provider: id,
            redirectUri: `${originOf(request, parts)}/api/v1/session/oidc/${encodeURIComponent(id)}/callback`,
            intent,
            ...(account === undefined ? {} : { account }),
            ...(token === undefined ? {} : { link: token }),
          },
          visitorOf(request),
        )
        if (outcome.kind !== 'asked') throw refusal(outcome, request, reply)
        setCookie(request, reply, 'step', outcome.step)
        return { url: outcome.url }
      },
    )
    app.get(
      '/session/oidc/:id/callback',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Where the provider sends the browser back to',
          params: providerParamsSchema,
          response: { 200: goesOnSchema, 303: goesOnSchema },
        },
      },
      async (request, reply) => reply.redirect(await nextPage(request, reply), 303),
    )

    async function nextPage(
      request: FastifyRequest<{ Params: { id: string } }>,
      reply: FastifyReply,
    ): Promise<string> {
      try {
        const answer = { provider: request.params.id, query: new URL(request.url, 'http://x').search }
        const outcome = await signIn.withOpenId(cookieOf(request, 'step'), answer, visitorOf(request))
        if (outcome.kind !== 'signed-in') throw refusal(outcome, request, reply)
        await opened(request, reply, { ...parts, ...outcome })
        return '/'
      } catch (error) {
        // A person stands before this, not a program: what is expected is told by the page, in their language.
        if (error instanceof Refused || error instanceof AccountRefused)
          return `/sign-in?problem=${encodeURIComponent(error.code)}`
        throw error
      }
    }
  }

function intentOf(
  request: FastifyRequest,
  { intent = 'sign-in', token }: { readonly intent?: 'sign-in' | 'link'; readonly token?: string },
) {
  if (token !== undefined) return { intent: 'enrolment' } as const
  if (intent === 'link') {
    demandFresh(request)
    demandSession(request)
    return { intent, account: request.asking.principal.id } as const
  }
  if (request.signedIn.kind !== 'session') return { intent } as const
  return { intent: 'again', account: request.asking.principal.id } as const
}
