/**
 * One-time links. The token comes in the body, not in the address: what stands in an address is written down by proxies,
 * histories and logs. In the link itself it stands behind the `#`, which browsers keep to themselves.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Enrolled } from '../../engines/access/index.ts'
import {
  enrolmentBeginSchema,
  enrolmentPasskeySchema,
  enrolmentPasswordSchema,
  enrolmentSetupSchema,
  invitedSchema,
  linkBodySchema,
  problemSchema,
  recoveryCodesSchema,
} from '../schemas/index.ts'
import { opened, refusal } from './answers.ts'
import { cookieOf, demandParty, demandSecure, partyOf, setCookie, visitorOf } from './browser.ts'
import type { SignInParts } from './parts.ts'

const refusals = { 400: problemSchema, 403: problemSchema, 409: problemSchema, 410: problemSchema }

export const enrolmentRoutes =
  (parts: SignInParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { enrolment, signIn } = parts.accounts

    const enrolled = async (
      { account, recoveryCodes = [] }: Enrolled,
      means: string,
      [request, reply]: readonly [FastifyRequest, FastifyReply],
    ) => {
      const outcome = await signIn.open(account, means, visitorOf(request))
      if (outcome.kind !== 'signed-in') throw refusal(outcome, request, reply)
      return {
        session: await opened(request, reply, { ...parts, ...outcome }),
        recoveryCodes: [...recoveryCodes],
      }
    }

    app.post(
      '/enrolment',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Whom a one-time link is for',
          body: linkBodySchema,
          response: { 200: invitedSchema, ...refusals },
        },
      },
      async ({ body }) => enrolment.look(body.token),
    )
    app.post(
      '/enrolment/begin',
      {
        schema: {
          tags: ['sign-in'],
          summary:
            'What an authenticator, or a passkey, is set up with; the first administrator says by which names',
          body: enrolmentBeginSchema,
          response: { 200: enrolmentSetupSchema, ...refusals },
        },
      },
      async (request, reply) => {
        demandSecure(request)
        const { token, ...names } = request.body
        const { step, passkey, ...setup } = await enrolment.begin(token, names, partyOf(request, parts))
        setCookie(request, reply, 'step', step)
        return { ...setup, ...(passkey ? { passkey: { ...passkey } } : {}) }
      },
    )
    app.post(
      '/enrolment/password',
      {
        schema: {
          tags: ['sign-in'],
          summary:
            'Set a password, with the first code of the authenticator; signs in and gives ten recovery codes',
          body: enrolmentPasswordSchema,
          response: { 200: recoveryCodesSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const { token, password, code } = request.body
        const given = { secret: token, step: cookieOf(request, 'step'), password, code }
        return enrolled(await enrolment.withPassword(given), 'password+totp', [request, reply])
      },
    )
    app.post(
      '/enrolment/passkey',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Set a passkey; signs in',
          body: enrolmentPasskeySchema,
          response: { 200: recoveryCodesSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const { token, response } = request.body
        const given = { secret: token, step: cookieOf(request, 'step'), response }
        const done = await enrolment.withPasskey(given, demandParty(request, parts))
        return enrolled(done, 'passkey', [request, reply])
      },
    )
  }
