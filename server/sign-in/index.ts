/**
 * Who asks, for every request: the person of a session, the holder of a token, or the public. A Fastify plugin that
 * stands before all routes; the routes to sign in by are `signInRoutes`.
 *
 * What changes something in a session names its CSRF token (`mosaic-csrf`), beside what `guard.ts` asks of every
 * request. A token is not sent by browsers on their own, so it needs none; without the scope `write` or `admin` it reads.
 */
import fastifyCookie from '@fastify/cookie'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import {
  type Asking,
  isCsrfTokenOf,
  type Principal,
  type Purpose,
  principalOf,
  purposes,
  type Session,
  type TokenHolder,
  thePublic,
} from '../../engines/access/index.ts'
import { Refused } from '../problems.ts'
import { notSignedIn, publicAsking, type SignedIn } from './asking.ts'
import { cookieOf } from './browser.ts'
import type { AskingParts } from './parts.ts'

export * from './asking.ts'
export type { SignInParts } from './parts.ts'
export { signInRoutes } from './routes.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** It only reads, although it is no GET: a token of the scope `read` may ask it. */
    readonly reads?: true
  }
}

type Found = { readonly asking: Asking; readonly signedIn: SignedIn }

export function signIn(parts: AskingParts): FastifyPluginAsync {
  const plugin: FastifyPluginAsync = async (app) => {
    await app.register(fastifyCookie)
    app.decorateRequest('asking')
    app.decorateRequest('signedIn')
    app.decorateRequest('asksStill')
    app.addHook('onRequest', async (request, reply) => {
      const found = await whoAsks(request, reply, parts)
      request.asking = found.asking
      request.signedIn = found.signedIn
      request.asksStill = async () => (await found.again())?.asking
    })
    app.addHook('onSend', keepPrivate)
  }
  // Fastify's mark for a plugin whose hooks and decorators are those of the whole application.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}

type FoundForLong = Found & { readonly again: () => Promise<Found | undefined> }

async function whoAsks(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: AskingParts,
): Promise<FoundForLong> {
  const bearer = bearerOf(request)
  if (bearer !== undefined) return tokenAsks(request, reply, { ...parts, bearer })
  const secret = cookieOf(request, 'session')
  const session = secret === undefined ? undefined : await parts.accounts?.sessions.of(secret)
  if (secret === undefined || session === undefined) {
    const asPublic = async (): Promise<Found> => publicFound(request, parts)
    return { ...(await asPublic()), again: asPublic }
  }
  const found = await sessionFound(request, session, parts)
  if (!isReading(request)) demandCsrfToken(request, secret)
  return {
    ...found,
    again: async () => {
      const still = await parts.accounts?.sessions.of(secret, false)
      return still && sessionFound(request, still, parts)
    },
  }
}

async function tokenAsks(
  request: FastifyRequest,
  reply: FastifyReply,
  { bearer, ...parts }: AskingParts & { readonly bearer: string },
): Promise<FoundForLong> {
  const holder = await parts.accounts?.tokens.of(bearer)
  if (holder === undefined) {
    reply.header('www-authenticate', 'Bearer')
    throw new Refused(
      401,
      'sign-in/token-refused',
      'This token is none, was revoked, or has expired; make a new one.',
    )
  }
  const found = tokenFound(request, holder, parts)
  const { scopes } = holder.token
  const isBeyond = !isReading(request) && !scopes.includes('write') && !scopes.includes('admin')
  if (isBeyond && request.routeOptions.config?.reads !== true)
    throw new Refused(403, 'sign-in/scope-missing', 'This token only reads; make one with the scope write.')
  return {
    ...found,
    again: async () => {
      const still = await parts.accounts?.tokens.of(bearer, false)
      return still && tokenFound(request, still, parts)
    },
  }
}

/** `Authorization: Bearer …`; other schemes are for whoever stands in front of the node. */
const bearerOf = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer +(\S{1,200})$/i.exec(headers.authorization ?? '')?.[1]

export const isReading = ({ method }: Pick<FastifyRequest, 'method'>): boolean =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS'

function demandCsrfToken({ headers }: FastifyRequest, secret: string): void {
  const given = headers['mosaic-csrf']
  if (typeof given === 'string' && isCsrfTokenOf(secret, given)) return
  throw new Refused(
    403,
    'sign-in/no-csrf-token',
    'What changes something names the token of its session: the header mosaic-csrf with `csrf` of GET /api/v1/session.',
  )
}

function publicFound(request: FastifyRequest, { instants }: AskingParts): Found {
  const { now, embargoNow } = instants()
  const asking = publicAsking(now, embargoNow)
  purposeAsked(request, thePublic, 'public')
  return { asking, signedIn: { kind: 'public' } }
}

async function sessionFound(request: FastifyRequest, session: Session, parts: AskingParts): Promise<Found> {
  const { id, authenticatedAt, purpose, caseNumber } = session
  const person = principalOf(session.user)
  const principal = (await parts.withGlass?.(person)) ?? person
  const chosen = purpose ?? (principal.purposes.length === 1 ? principal.purposes[0] : undefined)
  return {
    asking: askingOf(request, parts, { principal, purpose: chosen ?? 'public', caseNumber }),
    signedIn: { kind: 'session', session: id, authenticatedAt },
  }
}

const tokenFound = (
  request: FastifyRequest,
  { token, principal }: TokenHolder,
  parts: AskingParts,
): Found => ({
  asking: askingOf(request, parts, {
    principal,
    purpose: principal.purposes.includes(token.purpose) ? token.purpose : 'public',
    caseNumber: undefined,
  }),
  signedIn: { kind: 'token', token: token.id },
})

/** Who asks is set before what they ask for is judged: a refusal goes on the trail under their name. */
function askingOf(
  request: FastifyRequest,
  { instants }: AskingParts,
  from: { readonly principal: Principal; readonly purpose: Purpose; readonly caseNumber: string | undefined },
): Asking {
  const { principal } = from
  request.asking ??= { principal, purpose: from.purpose, ...instants() }
  const caseNumber = caseAsked(request) ?? from.caseNumber
  return {
    principal,
    purpose: purposeAsked(request, principal, from.purpose),
    ...(caseNumber === undefined ? {} : { caseNumber }),
    ...instants(),
  }
}

/** The header goes before what the session has chosen, and never beyond what the principal may ask for. */
function purposeAsked({ headers }: FastifyRequest, principal: Principal, otherwise: Purpose): Purpose {
  const asked = headers['mosaic-purpose']
  if (asked === undefined) return otherwise
  const purpose = purposes.find((one) => one === asked)
  if (purpose === undefined)
    throw new Refused(400, 'sign-in/no-purpose', `mosaic-purpose is one of ${purposes.join(', ')}.`)
  if (purpose !== 'public' && principal.kind === 'public') throw notSignedIn()
  if (purpose !== 'public' && !principal.purposes.includes(purpose))
    throw new Refused(
      403,
      'sign-in/purpose-not-yours',
      'You may not ask for this purpose; an administrator grants it.',
    )
  return purpose
}

/** Letters, digits and what stands between them in the numbers that authorities give. */
export const caseNumberPattern = '^[A-Za-z0-9][A-Za-z0-9 ./_:()-]{0,99}$'
const caseNumberShape = new RegExp(caseNumberPattern)

function caseAsked({ headers }: FastifyRequest): string | undefined {
  const asked = headers['mosaic-case']
  if (asked === undefined) return undefined
  if (typeof asked === 'string' && caseNumberShape.test(asked)) return asked
  throw new Refused(
    400,
    'sign-in/no-case-number',
    'mosaic-case is 1 to 100 letters, digits, spaces and ./_:()-.',
  )
}

/** What was made for somebody is kept by nobody in between. */
const keepPrivate = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  if (!/^\/(api|feeds)\//.test(request.url)) return
  reply.header('vary', varying(reply.getHeader('vary')))
  const isPublic = request.signedIn === undefined || request.signedIn.kind === 'public'
  if (!isPublic && reply.getHeader('cache-control') !== 'no-store')
    reply.header('cache-control', 'private, no-cache')
}

const varying = (before: ReturnType<FastifyReply['getHeader']>): string =>
  [before, 'cookie', 'authorization', 'mosaic-purpose'].filter(Boolean).join(', ')
