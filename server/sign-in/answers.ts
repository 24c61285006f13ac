/** How outcomes of the accounts are told: who somebody is now, and each refusal with its code and status. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type AccountCode,
  AccountRefused,
  csrfTokenOf,
  freshMs,
  type OpenedSession,
  principalOf,
  type SignInOutcome,
} from '../../engines/access/index.ts'
import { millis, plusMs } from '../../engines/record/index.ts'
import { Refused } from '../problems.ts'
import type { SessionView } from '../schemas/index.ts'
import { cookieOf, partyOf, setCookie } from './browser.ts'
import type { SignInParts } from './parts.ts'

type Opened = Extract<SignInOutcome, { readonly kind: 'signed-in' }>
type NotOpened = Exclude<SignInOutcome, Opened> | { readonly kind: 'unlinked' }

/** Who asks with this request. */
export async function viewOf(request: FastifyRequest, parts: SignInParts): Promise<SessionView> {
  const { asking } = request
  const { principal, purpose, caseNumber } = asking
  const secret = cookieOf(request, 'session')
  const isSession = request.signedIn.kind === 'session' && secret !== undefined
  const session = isSession ? await parts.accounts.sessions.of(secret, false) : undefined
  const { id, organisation, roles, clearances, purposes, breakGlassUntil } = principal
  return {
    kind: principal.kind === 'node' ? 'public' : principal.kind,
    ...(principal.kind === 'public'
      ? {}
      : {
          user: {
            id,
            ...(session ? { login: session.user.login, name: session.user.name } : {}),
            ...(organisation === undefined ? {} : { organisation }),
          },
        }),
    roles: [...roles],
    clearances: [...clearances],
    purposes: withPublic(purposes),
    purpose,
    ...(caseNumber === undefined ? {} : { caseNumber }),
    ...(session && secret ? { csrf: csrfTokenOf(secret), session: timesOf(session) } : {}),
    ...(breakGlassUntil === undefined ? {} : { breakGlassUntil }),
    ...(await here(request, parts)),
  }
}

/** Who asks from now on: the cookie goes with it. */
export async function opened(
  request: FastifyRequest,
  reply: FastifyReply,
  { secret, session, device, ...parts }: SignInParts & OpenedSession & { readonly device?: string },
): Promise<SessionView> {
  setCookie(request, reply, 'session', secret)
  setCookie(request, reply, 'step', undefined)
  if (device !== undefined) setCookie(request, reply, 'device', device)
  const principal = principalOf(session.user)
  const { organisation, roles, clearances, purposes } = principal
  return {
    kind: 'person',
    user: {
      id: session.user.id,
      login: session.user.login,
      name: session.user.name,
      ...(organisation === undefined ? {} : { organisation }),
    },
    roles: [...roles],
    clearances: [...clearances],
    purposes: withPublic(purposes),
    purpose: session.purpose ?? (purposes.length === 1 ? (purposes[0] ?? 'public') : 'public'),
    ...(session.caseNumber === undefined ? {} : { caseNumber: session.caseNumber }),
    csrf: csrfTokenOf(secret),
    session: timesOf(session),
    ...(await here(request, parts)),
  }
}

/** Throws what did not come to a session. One word for all that is wrong: which part was, is not said. */
export function refusal(outcome: NotOpened, request: FastifyRequest, reply: FastifyReply): Refused {
  switch (outcome.kind) {
    case 'refused':
      return new Refused(
        401,
        'sign-in/refused',
        'That does not fit. Check the login name, the password and the code.',
      )
    case 'wait': {
      const seconds = Math.ceil((millis(outcome.until) - millis(request.asking.now)) / 1000)
      reply.header('retry-after', String(Math.max(1, seconds)))
      return new Refused(
        429,
        'sign-in/wait',
        `Too many attempts; try again in ${Math.max(1, seconds)} seconds.`,
      )
    }
    case 'busy':
      reply.header('retry-after', '5')
      return new Refused(
        503,
        'sign-in/busy',
        'Too many people sign in at this moment; try again in a few seconds.',
      )
    case 'expired':
      return new Refused(409, 'sign-in/begin-again', 'This took too long, or was done already; begin anew.')
    case 'unlinked':
      return new Refused(
        403,
        'sign-in/unlinked',
        'No account here belongs to that one. Sign in another way and link it, or use the link of your invitation.',
      )
    default:
      return outcome satisfies never
  }
}

const statusOf: Readonly<Record<AccountCode, number>> = {
  'access/login-unfit': 400,
  'access/login-taken': 409,
  'access/name-unfit': 400,
  'access/organisation-unfit': 400,
  'access/organisation-taken': 409,
  'access/organisation-unknown': 404,
  'access/user-unknown': 404,
  'access/grant-unfit': 400,
  'access/password-weak': 400,
  'access/code-wrong': 400,
  'access/passkey-unusable': 400,
  'access/link-spent': 410,
  'access/too-many-means': 409,
  'access/last-means': 409,
  'access/means-unknown': 404,
  'access/session-ended': 409,
  'access/subject-taken': 409,
  'access/token-unfit': 400,
  'access/seal-broken': 500,
  'access/provider-unknown': 404,
  'access/provider-unfit': 500,
  'access/provider-failed': 502,
}

/** The error handler of these routes: what the accounts refuse, as an HTTP refusal; the rest goes on to the one handler. */
export const passOn = (error: unknown): never => {
  if (error instanceof AccountRefused) throw new Refused(statusOf[error.code], error.code, error.message)
  throw error
}

const withPublic = (purposes: readonly string[]): string[] => [...new Set([...purposes, 'public'])]

const timesOf = ({ id, authenticatedAt, expiresAt }: OpenedSession['session']) => ({
  id,
  authenticatedAt,
  freshUntil: plusMs(authenticatedAt, freshMs),
  expiresAt,
})

const here = async (request: FastifyRequest, parts: SignInParts) => ({
  hasUsers: (await parts.accounts.users.count()) > 0,
  passkeys: partyOf(request, parts) !== undefined,
  providers: parts.accounts.openId.providers.map(({ id, title }) => ({ id, title })),
})
