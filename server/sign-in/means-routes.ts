/**
 * What somebody signs in with: listed, added, removed. Takes a fresh session, ends the others, and gives this one a new
 * secret, so whoever had stolen one is out.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { User } from '../../engines/access/index.ts'
import {
  addPasskeySchema,
  addTotpSchema,
  meansParamsSchema,
  meansSchema,
  newPasswordSchema,
  passkeyOptionsSchema,
  problemSchema,
  recoveryCodesSchema,
  type SessionView,
  sessionSchema,
  totpSetupSchema,
} from '../schemas/index.ts'
import { opened } from './answers.ts'
import { demandFresh, demandSession, notSignedIn } from './asking.ts'
import { cookieOf, demandParty, setCookie } from './browser.ts'
import type { SignInParts } from './parts.ts'

const refusals = {
  400: problemSchema,
  401: problemSchema,
  403: problemSchema,
  404: problemSchema,
  409: problemSchema,
}

export const meansRoutes =
  (parts: SignInParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { means, sessions, users } = parts.accounts

    const userOf = async (request: FastifyRequest): Promise<User> => {
      demandSession(request)
      demandFresh(request)
      const user = await users.get(request.asking.principal.id)
      if (user === undefined) throw notSignedIn()
      return user
    }

    const rotated = async (request: FastifyRequest, reply: FastifyReply): Promise<SessionView> => {
      const { session } = demandSession(request)
      await sessions.endOthers(request.asking.principal.id, session)
      const again = await sessions.rotate(cookieOf(request, 'session') ?? '')
      if (again === undefined) throw notSignedIn()
      return opened(request, reply, { ...parts, ...again })
    }

    app.get(
      '/credentials',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'By what you can sign in',
          response: { 200: meansSchema, ...refusals },
        },
      },
      async (request) => {
        demandSession(request)
        const { totps, passkeys, openids, ...rest } = await means.of(request.asking.principal.id)
        return { ...rest, totps: [...totps], passkeys: [...passkeys], openids: [...openids] }
      },
    )
    app.post(
      '/credentials/password',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Set or change the password; it counts only together with one-time codes',
          body: newPasswordSchema,
          response: { 200: sessionSchema, ...refusals },
        },
      },
      async (request, reply) => {
        await means.setPassword(await userOf(request), request.body.password)
        return rotated(request, reply)
      },
    )
    app.post(
      '/credentials/totp/options',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'The key of a new authenticator, shown once',
          response: { 200: totpSetupSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const { step, setup } = await means.beginTotp(await userOf(request))
        setCookie(request, reply, 'step', step)
        return setup
      },
    )
    app.post(
      '/credentials/totp',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Add the authenticator, by a code that it shows',
          body: addTotpSchema,
          response: { 200: sessionSchema, ...refusals },
        },
      },
      async (request, reply) => {
        await means.addTotp(await userOf(request), { ...request.body, step: cookieOf(request, 'step') })
        return rotated(request, reply)
      },
    )
    app.post(
      '/credentials/recovery',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Ten new recovery codes in place of those before',
          response: { 200: recoveryCodesSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const recoveryCodes = await means.renewRecoveryCodes(await userOf(request))
        return { recoveryCodes: [...recoveryCodes], session: await rotated(request, reply) }
      },
    )
    app.post(
      '/credentials/passkey/options',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'What the browser makes a passkey with',
          response: { 200: passkeyOptionsSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const { step, options } = await means.beginPasskey(await userOf(request), demandParty(request, parts))
        setCookie(request, reply, 'step', step)
        return { options: { ...options } }
      },
    )
    app.post(
      '/credentials/passkey',
      {
        schema: {
          tags: ['sign-in'],
          summary: 'Add the passkey that was made',
          body: addPasskeySchema,
          response: { 200: sessionSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const given = { ...request.body, step: cookieOf(request, 'step') }
        await means.addPasskey(await userOf(request), demandParty(request, parts), given)
        return rotated(request, reply)
      },
    )
    app.delete(
      '/credentials/:kind/:id',
      {
        schema: {
          tags: ['sign-in'],
          summary:
            'Remove one of them, as long as another is left to sign in by (a password has the id "password")',
          params: meansParamsSchema,
          response: { 200: sessionSchema, ...refusals },
        },
      },
      async (request, reply) => {
        await means.remove(await userOf(request), request.params.kind, request.params.id)
        return rotated(request, reply)
      },
    )
  }
