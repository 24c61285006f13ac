/**
 * Sign-in through an OpenID provider (OpenID Connect Core 1.0): authorization code flow with PKCE S256 (RFC 7636), state,
 * nonce, and the issuer in the answer where the provider sends it (RFC 9207). `openid-client` verifies signature, issuer,
 * audience and times of the ID token, by the machine's clock.
 *
 * A provider says who somebody is and nothing about what they may do here: of the claims only the subject is kept, and
 * no role, clearance or organisation ever comes from one. A subject opens the account that it was linked to by somebody
 * who was signed in or held an invitation; an e-mail address links nothing, since providers let people choose them.
 */
import { readFile } from 'node:fs/promises'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  None,
} from 'openid-client'
import { type Instant, instant } from '../../record/index.ts'
import type { AccountParts } from './contract.ts'
import { AccountRefused } from './errors.ts'
import { newSecret } from './secret.ts'
import type { StepOf } from './steps.ts'

export type OpenIdProvider = {
  readonly id: string
  /** As the page shows it. */
  readonly title: string
  readonly issuer: string
  readonly clientId: string
  /** A file that holds the secret, or the secret itself from the environment; a public client has none. */
  readonly clientSecret?: { readonly file: string } | { readonly value: string }
  /** Of the methods in the claim `amr` (RFC 8176) one must be there: `mfa`, `hwk`. */
  readonly needsAmr?: readonly string[]
}

export type OpenIdPerson = { readonly subject: string; readonly authenticatedAt?: Instant }

export type OpenIdStart = { readonly url: string; readonly facts: StepOf<'openid'> }

export type OpenId = {
  readonly providers: readonly Pick<OpenIdProvider, 'id' | 'title'>[]
  readonly start: (
    asked: Pick<StepOf<'openid'>, 'provider' | 'redirectUri' | 'intent' | 'account' | 'enrolment'>,
  ) => Promise<OpenIdStart>
  /** `query`: with what the provider sent the browser back. */
  readonly finish: (facts: StepOf<'openid'>, query: string) => Promise<OpenIdPerson>
}

/** Somebody who is to show who they are now is not let in by having done so this morning. */
const againWithinSeconds = 60
const patienceSeconds = 10

export function createOpenId(
  providers: readonly OpenIdProvider[],
  { random, on }: Pick<AccountParts, 'random' | 'on'>,
): OpenId {
  const known = new Map<string, Promise<Configuration>>()

  const providerOf = (id: string): OpenIdProvider => {
    const provider = providers.find((one) => one.id === id)
    if (provider === undefined)
      throw new AccountRefused('access/provider-unknown', 'This node knows no OpenID provider of that name.')
    return provider
  }

  const toldFailure = (provider: OpenIdProvider, cause: unknown): AccountRefused => {
    on({ kind: 'provider-failed', what: `${provider.id}: ${reasonOf(cause)}` })
    return failed(provider, cause)
  }

  const configurationOf = async (provider: OpenIdProvider): Promise<Configuration> => {
    const found = known.get(provider.id) ?? discovered(provider)
    known.set(provider.id, found)
    try {
      return await found
    } catch (cause) {
      known.delete(provider.id) // it may be back with the next attempt
      throw toldFailure(provider, cause)
    }
  }

  return {
    providers: providers.map(({ id, title }) => ({ id, title })),
    start: async (asked) => {
      const provider = providerOf(asked.provider)
      const configuration = await configurationOf(provider)
      const [state, nonce, verifier] = [newSecret(random), newSecret(random), newSecret(random)]
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: asked.redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(asked.intent === 'sign-in' ? {} : { max_age: String(againWithinSeconds) }),
        // Core §5.5: many say by which means somebody signed in only when they are asked.
        ...(provider.needsAmr ? { claims: '{"id_token":{"amr":{"essential":true}}}' } : {}),
      })
      return { url: url.href, facts: { kind: 'openid', ...asked, state, nonce, verifier } }
    },
    finish: async (facts, query) => {
      const provider = providerOf(facts.provider)
      const configuration = await configurationOf(provider)
      const url = new URL(facts.redirectUri)
      url.search = query
      try {
        const answer = await authorizationCodeGrant(configuration, url, {
          expectedState: facts.state,
          expectedNonce: facts.nonce,
          pkceCodeVerifier: facts.verifier,
          idTokenExpected: true,
          ...(facts.intent === 'sign-in' ? {} : { maxAge: againWithinSeconds }),
        })
        return personOf(provider, answer.claims() ?? {})
      } catch (cause) {
        throw toldFailure(provider, cause)
      }
    },
  }
}

async function discovered(provider: OpenIdProvider): Promise<Configuration> {
  const issuer = new URL(provider.issuer)
  const isLocal = issuer.protocol === 'http:' && loopback.has(issuer.hostname)
  if (issuer.protocol !== 'https:' && !isLocal)
    throw new AccountRefused(
      'access/provider-unfit',
      `The issuer of ${provider.id} must begin with https://.`,
    )
  const secret = await secretOf(provider)
  return discovery(
    issuer,
    provider.clientId,
    undefined,
    secret === undefined ? None() : ClientSecretBasic(secret),
    { timeout: patienceSeconds, ...(isLocal ? { execute: [allowInsecureRequests] } : {}) },
  )
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

async function secretOf({ id, clientSecret }: OpenIdProvider): Promise<string | undefined> {
  if (clientSecret === undefined || 'value' in clientSecret) return clientSecret?.value
  try {
    return (await readFile(clientSecret.file, 'utf8')).trim()
  } catch (cause) {
    throw new AccountRefused(
      'access/provider-unfit',
      `The client secret of ${id} cannot be read; check its file.`,
      cause,
    )
  }
}

function personOf(
  { id, needsAmr }: OpenIdProvider,
  claims: { readonly sub?: unknown; readonly amr?: unknown; readonly auth_time?: unknown },
): OpenIdPerson {
  const { sub, amr, auth_time } = claims
  if (typeof sub !== 'string' || sub === '' || sub.length > 255)
    throw new AccountRefused('access/provider-failed', `${id} named nobody.`)
  const used = Array.isArray(amr) ? amr : []
  if (needsAmr !== undefined && !needsAmr.some((method) => used.includes(method)))
    throw new AccountRefused(
      'access/provider-failed',
      `${id} did not say that a second factor was shown (${needsAmr.join(' or ')}); sign in there with one.`,
    )
  return {
    subject: sub,
    ...(typeof auth_time === 'number' ? { authenticatedAt: instant(auth_time * 1000) } : {}),
  }
}

/** The library's words, which name what did not fit and hold no value of it that is secret. */
const reasonOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return 'not an error'
  const deeper = cause.cause instanceof Error ? ` (${cause.cause.message})` : ''
  return `${cause.message}${deeper}`.slice(0, 300)
}

const failed = ({ id }: OpenIdProvider, cause: unknown): AccountRefused =>
  cause instanceof AccountRefused
    ? cause
    : new AccountRefused(
        'access/provider-failed',
        `The answer of ${id} could not be believed, or there was none. Sign in anew; if it goes on, tell an administrator.`,
        cause,
      )
