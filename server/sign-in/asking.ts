/**
 * What every route may read of the request: who asks, for what purpose and under which case number (`request.asking`),
 * and by what means that was shown (`request.signedIn`). `signIn` sets both before any route's own hook or handler; a
 * request without session and token asks as the public.
 */
import type { FastifyRequest } from 'fastify'
import { type Asking, isFresh, type Role, thePublic } from '../../engines/access/index.ts'
import type { Instant } from '../../engines/record/index.ts'
import { Refused } from '../problems.ts'

/** By what means a request shows who asks. */
export type SignedIn =
  | { readonly kind: 'public' }
  /** `authenticatedAt`: when a credential was last shown in this session; fresh for five minutes. */
  | { readonly kind: 'session'; readonly session: string; readonly authenticatedAt: Instant }
  | { readonly kind: 'token'; readonly token: string }

declare module 'fastify' {
  interface FastifyRequest {
    asking: Asking
    signedIn: SignedIn
    /**
     * Whoever asks, as of now, for what goes on for long (a stream): undefined when the session or token has ended
     * meanwhile, or the person's rights have. Does not count as use, so a forgotten page signs nobody in for ever.
     */
    asksStill: () => Promise<Asking | undefined>
  }
}

export const publicAsking = (now: Instant, embargoNow: Instant): Asking => ({
  principal: thePublic,
  purpose: 'public',
  now,
  embargoNow,
})

/** Throws unless the asker has one of these roles: 401 where nobody is signed in, 403 where somebody is. */
export function demandRole({ asking }: FastifyRequest, ...roles: readonly Role[]): void {
  const { principal } = asking
  if (principal.kind === 'public') throw notSignedIn()
  if (principal.roles.some((role) => roles.includes(role))) return
  throw new Refused(
    403,
    'sign-in/role-missing',
    `This takes the role ${roles.join(' or ')}; ask an administrator.`,
  )
}

export const notSignedIn = (): Refused =>
  new Refused(401, 'sign-in/not-signed-in', 'Sign in first, or send a token: Authorization: Bearer mosaic_….')

/** Throws unless somebody showed a credential in this session within five minutes: not for whoever finds a browser open. */
export function demandFresh({ asking, signedIn }: FastifyRequest): void {
  if (signedIn.kind === 'public') throw notSignedIn()
  if (signedIn.kind === 'session' && isFresh(signedIn, asking.now)) return
  throw new Refused(
    403,
    'sign-in/show-again',
    'This takes that you have shown who you are within five minutes: sign in again, then repeat it.',
  )
}

/** The session that asks; throws where a token does, or nobody. */
export function demandSession({ signedIn }: FastifyRequest): Extract<SignedIn, { readonly kind: 'session' }> {
  if (signedIn.kind === 'session') return signedIn
  if (signedIn.kind === 'public') throw notSignedIn()
  throw new Refused(403, 'sign-in/person-needed', 'This takes a person who has signed in, not a token.')
}
