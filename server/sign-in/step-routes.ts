/** Password, then a code; or a passkey. Where a session is there already, showing who one is anew makes it fresh. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SignInOutcome } from '../../engines/access/index.ts'
import {
  codeBodySchema,
  nextStepSchema,
  passkeyBodySchema,
  passkeyOptionsSchema,
  passwordSignInSchema,
  problemSchema,
  type SessionView,
  sessionSchema,
} from '../schemas/index.ts'
import { opened, refusal } from './answers.ts'
import { cookieOf, demandParty, demandSecure, setCookie, visitorOf } from './browser.ts'
import type { SignInParts } from './parts.ts'

const refusals = {
  400: problemSchema,
  401: problemSchema,
  403: problemSchema,
  409: problemSchema,
  429: problemSchema,
  503: problemSchema,
}

export const stepRoutes =
  (parts: SignInParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { signIn } = parts.accounts

    const answered = async (
      outcome: SignInOutcome,
      request: FastifyRequest,
      reply: FastifyReply,
    ): Promise<SessionView> => {
      if (outcome.kind !== 'signed-in') throw refusal(outcome, request, reply)
      return opened(request, reply, { ...parts, ...outcome })
    }

    app.post(
      '/session/password',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'First factor: login name and password; the second is asked for next',
          body: passwordSignInSchema,
          response: { 200: nextStepSchema, ...refusals },
        },
      },
      async (request, reply) => {
        demandSecure(request)
        const outcome = await signIn.withPassword(request.body, visitorOf(request))
        if (outcome.kind !== 'second-factor') throw refusal(outcome, request, reply)
        setCookie(request, reply, 'step', outcome.step)
        return { next: outcome.kind }
      },
    )
    app.post(
      '/session/totp',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Second factor: the code that the authenticator shows',
          body: codeBodySchema,
          response: { 200: sessionSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const step = cookieOf(request, 'step')
        return answered(await signIn.withCode(step, request.body.code, visitorOf(request)), request, reply)
      },
    )
    app.post(
      '/session/recovery',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Second factor: one of the recovery codes, once',
          body: codeBodySchema,
          response: { 200: sessionSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const step = cookieOf(request, 'step')
        return answered(
          await signIn.withRecoveryCode(step, request.body.code, visitorOf(request)),
          request,
          reply,
        )
      },
    )
    app.post(
      '/session/passkey/options',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'What the browser asks a passkey with',
          response: { 200: passkeyOptionsSchema, ...refusals },
        },
      },
      async (request, reply) => {
        demandSecure(request)
        const outcome = await signIn.askPasskey(demandParty(request, parts), visitorOf(request))
        if (outcome.kind !== 'asked') throw refusal(outcome, request, reply)
        setCookie(request, reply, 'step', outcome.step)
        return { options: { ...outcome.options } }
      },
    )
    app.post(
      '/session/passkey/verify',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'What the passkey answered',
          body: passkeyBodySchema,
          response: { 200: sessionSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const context = { party: demandParty(request, parts), visitor: visitorOf(request) }
        const step = cookieOf(request, 'step')
        return answered(await signIn.withPasskey(step, request.body.response, context), request, reply)
      },
    )
  }
