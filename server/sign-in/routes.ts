/** The routes to sign in by, and to look after what one signs in with; all answers are kept by nobody. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { passOn } from './answers.ts'
import { enrolmentRoutes } from './enrolment-routes.ts'
import { meansRoutes } from './means-routes.ts'
import { openIdRoutes } from './openid-routes.ts'
import type { SignInParts } from './parts.ts'
import { sessionRoutes } from './session-routes.ts'
import { stepRoutes } from './step-routes.ts'
import { tokenRoutes } from './token-routes.ts'

export const signInRoutes =
  (parts: SignInParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.setErrorHandler(passOn)
    app.addHook('onRequest', async (_, reply) => {
      reply.header('cache-control', 'no-store')
    })
    for (const routes of [sessionRoutes, stepRoutes, openIdRoutes, enrolmentRoutes, meansRoutes, tokenRoutes])
      await app.register(routes(parts))
  }
