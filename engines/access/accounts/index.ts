/** Opens the accounts of a node: everything about who may sign in, by what, and what they are signed in with. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, instant } from '../../record/index.ts'
import { isTransient, type Sql } from '../../store/index.ts'
import { createAttempts } from './attempts.ts'
import type { AccountHappening, AccountParts, Organisation, Random } from './contract.ts'
import { createEnrolment, type Enrolment } from './enrolment.ts'
import { createMeans, type Means } from './means.ts'
import { createOpenId, type OpenId, type OpenIdProvider } from './openid.ts'
import { createOrganisations, type Organisations } from './organisations.ts'
import { Hasher } from './password.ts'
import { createSeal, keyInDatabase } from './seal.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { createSteps } from './steps.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { createUsers, type Users } from './users.ts'

export { lockOutRules } from './attempts.ts'
export { notedOf } from './audit-note.ts'
export * from './contract.ts'
export * from './enrolment.ts'
export * from './errors.ts'
export { type Means, type MeansList, type RemovableMeans, removableMeans } from './means.ts'
export type { OpenId, OpenIdProvider } from './openid.ts'
export type { Organisations } from './organisations.ts'
export type { Passkey, RelyingParty } from './passkey.ts'
export { cost as passwordCost } from './password.ts'
export { passwordLength, weaknessOf } from './password-rules.ts'
export {
  csrfTokenOf,
  freshMs,
  isCsrfTokenOf,
  isFresh,
  type OpenedSession,
  type Session,
  type SessionSummary,
  type Sessions,
} from './sessions.ts'
export type { SignedIn as SignInOutcome, SignIn, Visitor } from './sign-in.ts'
export {
  mostDays as mostTokenDays,
  type NewToken,
  type Token,
  type TokenHolder,
  type TokenScope,
  type Tokens,
  tokenScopes,
} from './tokens.ts'
export type { TotpSetup } from './totp.ts'
export { principalOf, type Users } from './users.ts'

export type AccountOptions = {
  readonly sql: Sql
  readonly clock: Clock
  /** `randomBytes` of node:crypto. */
  readonly random: Random
  readonly node: string
  /** As authenticator applications and passkeys show the node. */
  readonly title: string
  /** 32 bytes from outside the database; one in the database where absent (see `seal.ts`). */
  readonly key?: Uint8Array
  /** The organisation that runs the node, made with its first administrator. */
  readonly home: Pick<Organisation, 'id' | 'name'>
  readonly providers?: readonly OpenIdProvider[]
  /** For the node's log and audit. */
  readonly on?: (happening: AccountHappening) => void
}

export type Accounts = {
  readonly organisations: Organisations
  readonly users: Users
  readonly enrolment: Enrolment
  readonly signIn: SignIn
  readonly sessions: Sessions
  readonly means: Means
  readonly tokens: Tokens
  readonly openId: OpenId
  /** Takes away all means, sessions and tokens of a user, who gets in again by a new link alone. */
  readonly reset: (account: string) => ReturnType<Enrolment['linkFor']>
  /** Deletes what has expired. */
  readonly sweep: () => Promise<void>
  /** Sweeps now and then until the signal aborts. */
  readonly live: (signal: AbortSignal) => Promise<void>
}

export async function openAccounts(options: AccountOptions): Promise<Accounts> {
  const { sql, clock, random, on = () => {} } = options
  const now = () => clock.now()
  const parts: AccountParts = {
    sql,
    now,
    random,
    seal: createSeal(options.key ?? (await keyInDatabase(sql, random)), random),
    node: options.node,
    title: options.title,
    on: (happening) => on({ ...happening, at: instant(now()) }),
  }
  const hasher = new Hasher(random)
  const users = createUsers(parts)
  const attempts = createAttempts(parts)
  const steps = createSteps(parts)
  const sessions = createSessions(parts)
  const openId = createOpenId(options.providers ?? [], parts)
  const enrolment = createEnrolment(parts, { users, steps, hasher, home: options.home })
  const sweep = async () => {
    for (const each of [steps, sessions, enrolment, attempts]) await each.sweep()
  }
  return {
    organisations: createOrganisations(parts),
    users,
    enrolment,
    signIn: createSignIn(parts, { attempts, steps, sessions, enrolment, hasher, openId }),
    sessions,
    means: createMeans(parts, steps, hasher),
    tokens: createTokens(parts),
    openId,
    reset: async (account) => {
      const link = await enrolment.linkFor(account)
      await takeAway(parts, account)
      return link
    },
    sweep,
    live: (signal) => sweepUntil(signal, sweep),
  }
}

const betweenSweepsMs = 10 * 60_000

async function sweepUntil(signal: AbortSignal, sweep: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await sweep().catch((error: unknown) => {
      if (!isTransient(error)) throw error // else the next one does it
    })
    await sleep(betweenSweepsMs, undefined, { signal, ref: false }).catch(() => {}) // aborted: the loop ends
  }
}

async function takeAway({ sql, now, on }: AccountParts, account: string): Promise<void> {
  await sql.begin(async (tx) => {
    for (const table of meansTables) await tx`delete from ${tx(table)} where account = ${account}`
    await tx`
      update account_token set revoked_at = ${now()} where account = ${account} and revoked_at is null`
  })
  on({ kind: 'user-reset', account })
}

const meansTables = [
  'account_password',
  'account_totp',
  'account_passkey',
  'account_recovery_code',
  'account_subject',
  'account_session',
  'account_step',
] as const
