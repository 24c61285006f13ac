/** Who is signed in, and signing in and out. What changes something names the session's CSRF token (`call.ts`). */

import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { queryOptions } from '@tanstack/react-query'
import type { SessionView } from '../../server/schemas/index.ts'
import { ask, CallFailed, nameCsrf, tell } from './call.ts'

/** Null where nobody can sign in to this node. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    try {
      return known(await ask<SessionView>('/session', {}, signal))
    } catch (error) {
      if (error instanceof CallFailed && error.status === 404) return null
      throw error
    }
  },
  staleTime: 60_000,
  refetchInterval: 300_000,
})

export const givePassword = (login: string, password: string): Promise<unknown> =>
  tell('/session/password', { login, password })

export const giveCode = async (kind: 'totp' | 'recovery', code: string): Promise<SessionView> =>
  known(await tell<SessionView>(`/session/${kind}`, { code: code.trim() }))

export async function usePasskeyHere(): Promise<SessionView> {
  const { options } = await tell<{ readonly options: never }>('/session/passkey/options', {})
  const response = await startAuthentication({ optionsJSON: options })
  return known(await tell<SessionView>('/session/passkey/verify', { response }))
}

/** The browser goes to the provider and comes back signed in; with a one-time link, or to link, its account there counts here. */
export async function goToProvider(
  id: string,
  why: { readonly token: string } | { readonly intent: 'link' } | undefined = undefined,
): Promise<void> {
  const { url } = await tell<{ readonly url: string }>(
    `/session/oidc/${encodeURIComponent(id)}/start`,
    why ?? {},
  )
  location.assign(url)
}

export const signOut = (): Promise<unknown> => tell('/session', undefined, 'DELETE')

export const choosePurpose = (purpose: string, caseNumber?: string): Promise<SessionView> =>
  tell('/session/purpose', { purpose, ...(caseNumber ? { caseNumber } : {}) })

export type Invited = {
  readonly kind: 'user' | 'first-administrator'
  readonly login?: string
  readonly name?: string
}
export type Setup = {
  readonly login: string
  readonly name: string
  readonly totp: { readonly key: string; readonly uri: string }
  readonly passkey?: object
}
export type Enrolled = { readonly session: SessionView; readonly recoveryCodes: readonly string[] }

export const lookAtLink = (token: string): Promise<Invited> => tell('/enrolment', { token })

export const beginEnrolment = (
  token: string,
  names: { readonly login?: string; readonly name?: string },
): Promise<Setup> => tell('/enrolment/begin', { token, ...names })

export const enrolPassword = (token: string, password: string, code: string): Promise<Enrolled> =>
  tell('/enrolment/password', { token, password, code: code.trim() })

export async function enrolPasskey(token: string, options: object): Promise<Enrolled> {
  const response = await startRegistration({ optionsJSON: options as never })
  return tell('/enrolment/passkey', { token, response })
}

function known(session: SessionView): SessionView {
  nameCsrf(session.csrf)
  return session
}
