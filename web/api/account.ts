/** One's own means to sign in, tokens and sessions. What is secret comes once, in the answer that makes it. */
import { startRegistration } from '@simplewebauthn/browser'
import { queryOptions } from '@tanstack/react-query'
import type { SessionView } from '../../server/schemas/index.ts'
import { ask, nameCsrf, tell } from './call.ts'

type Mean = {
  readonly id: string
  readonly title: string
  readonly addedAt: string
  readonly usedAt?: string
}
export type Means = {
  readonly password?: { readonly setAt: string }
  readonly totps: readonly Mean[]
  readonly passkeys: readonly Mean[]
  readonly openids: readonly {
    readonly provider: string
    readonly subject: string
    readonly addedAt: string
  }[]
  readonly recoveryCodesLeft: number
}
export type Token = Mean & {
  readonly scopes: readonly string[]
  readonly purpose: string
  readonly expiresAt: string
  readonly revokedAt?: string
}
export type OwnSession = {
  readonly id: string
  readonly isThis: boolean
  readonly means: string
  readonly agent: string
  readonly signedInAt: string
  readonly seenAt: string
}
export type TotpSetup = { readonly key: string; readonly uri: string }
export type NewToken = {
  readonly title: string
  readonly scopes: readonly string[]
  readonly purpose: string
  readonly days: number
}

export const meansQuery = queryOptions({
  queryKey: ['account', 'means'],
  queryFn: ({ signal }) => ask<Means>('/credentials', {}, signal),
})
export const tokensQuery = queryOptions({
  queryKey: ['account', 'tokens'],
  queryFn: ({ signal }) => ask<{ readonly items: readonly Token[] }>('/tokens', {}, signal),
})
export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => ask<{ readonly items: readonly OwnSession[] }>('/sessions', {}, signal),
})

export const endSession = (id: string): Promise<unknown> =>
  tell(`/sessions/${encodeURIComponent(id)}`, undefined, 'DELETE')
export const makeToken = (token: NewToken): Promise<{ readonly secret: string }> => tell('/tokens', token)
export const revokeToken = (id: string): Promise<unknown> =>
  tell(`/tokens/${encodeURIComponent(id)}`, undefined, 'DELETE')

/** A change of means gives the session a new secret, so its answer brings a new CSRF token. */
export const removeMean = async (kind: 'totp' | 'passkey' | 'openid', id: string): Promise<unknown> =>
  known(await tell<SessionView>(`/credentials/${kind}/${encodeURIComponent(id)}`, undefined, 'DELETE'))

export async function newRecoveryCodes(): Promise<readonly string[]> {
  const made = await tell<{ readonly session: SessionView; readonly recoveryCodes: readonly string[] }>(
    '/credentials/recovery',
    {},
  )
  known(made.session)
  return made.recoveryCodes
}

export const changePassword = async (password: string): Promise<unknown> =>
  known(await tell<SessionView>('/credentials/password', { password }))

export const beginTotp = (): Promise<TotpSetup> => tell('/credentials/totp/options', {})
export const addTotp = async (title: string, code: string): Promise<unknown> =>
  known(await tell<SessionView>('/credentials/totp', { title, code: code.trim() }))

export async function addPasskey(title: string): Promise<unknown> {
  const { options } = await tell<{ readonly options: never }>('/credentials/passkey/options', {})
  const response = await startRegistration({ optionsJSON: options })
  return known(await tell<SessionView>('/credentials/passkey', { title, response }))
}

function known(session: SessionView): SessionView {
  nameCsrf(session.csrf)
  return session
}
