/**
 * One-time links by which somebody sets up their first means to sign in: who is new, whom an administrator has reset,
 * and, on a node without any user, its first administrator. 256 random bits, kept as a hash, good for 24 hours and for
 * one success.
 *
 * The token stands behind the `#` of the link, which browsers do not send: no proxy, log or referrer sees it. The page
 * hands it over in the body of a request.
 */
import { type Instant, plusMs } from '../../record/index.ts'
import { roles } from '../contract.ts'
import type { AccountParts, Handle, Organisation, User } from './contract.ts'
import { AccountRefused } from './errors.ts'
import { namesAround, refuseWeak, wrongCode } from './means.ts'
import {
  keepPasskey,
  type RegistrationOptions,
  type RelyingParty,
  registrationOptions,
  verifiedPasskey,
} from './passkey.ts'
import type { Hasher } from './password.ts'
import { renewRecoveryCodes } from './recovery.ts'
import { hashOf, isSecret, newSecret } from './secret.ts'
import type { Steps } from './steps.ts'
import { keepTotp, newTotpKey, setupOf, stepOfCode, type TotpSetup } from './totp.ts'
import { checkedUser, insertUser, type Users } from './users.ts'

export type EnrolmentLink = { readonly secret: string; readonly expiresAt: Instant }

/** Who the link is for; nobody yet where it makes the first administrator. */
export type Invited =
  | { readonly kind: 'user'; readonly login: string; readonly name: string }
  | { readonly kind: 'first-administrator' }

export type Setup = {
  readonly step: string
  readonly login: string
  readonly name: string
  readonly totp: TotpSetup
  /** Absent where the page stands on an address that passkeys cannot be bound to. */
  readonly passkey?: RegistrationOptions
}

export type Enrolled = { readonly account: string; readonly recoveryCodes?: readonly string[] }

export type Enrolment = {
  readonly linkFor: (account: string) => Promise<EnrolmentLink>
  /** Undefined once there is a user; the one before no longer opens. */
  readonly firstRunLink: () => Promise<EnrolmentLink | undefined>
  readonly look: (secret: string) => Promise<Invited>
  /** The first administrator says by which names. */
  readonly begin: (
    secret: string,
    names: { readonly login?: string; readonly name?: string },
    party: RelyingParty | undefined,
  ) => Promise<Setup>
  readonly withPassword: (given: {
    readonly secret: string
    readonly step: string | undefined
    readonly password: string
    readonly code: string
  }) => Promise<Enrolled>
  readonly withPasskey: (
    given: { readonly secret: string; readonly step: string | undefined; readonly response: unknown },
    party: RelyingParty,
  ) => Promise<Enrolled>
  /** Uses the link inside the caller's transaction; undefined when it is spent or makes the first administrator. */
  readonly spend: (sql: Handle, secretHash: Buffer) => Promise<string | undefined>
  readonly sweep: () => Promise<void>
}

export const linkMs = 24 * 60 * 60_000

export type EnrolmentDeps = {
  readonly users: Users
  readonly steps: Steps
  readonly hasher: Hasher
  /** The organisation that runs the node; made with its first administrator. */
  readonly home: Pick<Organisation, 'id' | 'name'>
}

export function createEnrolment(
  parts: AccountParts,
  { users, steps, hasher, home }: EnrolmentDeps,
): Enrolment {
  const { sql, now, random, seal, title: issuer, on } = parts

  const makeLink = async (account: string | null): Promise<EnrolmentLink> => {
    const secret = newSecret(random)
    const expiresAt = plusMs(now(), linkMs)
    await sql`
      insert into account_enrolment (token_hash, account, made_at, expires_at)
      values (${hashOf(secret)}, ${account}, ${now()}, ${expiresAt})`
    return { secret, expiresAt }
  }

  const held = async (secret: string): Promise<{ account: string | null }> => {
    const [row] = isSecret(secret)
      ? await sql<{ account: string | null }[]>`
          select account from account_enrolment where token_hash = ${hashOf(secret)} and expires_at > ${now()}`
      : []
    if (row === undefined || (row.account === null && (await users.count()) > 0)) throw spent()
    return row
  }

  const invited = async (secret: string): Promise<User | undefined> => {
    const { account } = await held(secret)
    return account === null ? undefined : users.get(account)
  }

  const begun = async (secret: string, name: string | undefined) => {
    const facts = await steps.look('enrolment', name)
    if (facts === undefined || facts.enrolment !== hashOf(secret).toString('hex'))
      throw new AccountRefused('access/session-ended', 'This took too long; open the link again.')
    await held(secret)
    return facts
  }
  type Begun = Awaited<ReturnType<typeof begun>>

  /** Spends the link, makes the first administrator where it is theirs, and keeps the means, all or nothing. */
  const complete = (
    { secret, step }: { readonly secret: string; readonly step: string | undefined },
    facts: Begun,
    keep: (sql: Handle, account: string) => Promise<readonly string[] | undefined>,
  ): Promise<Enrolled> =>
    sql.begin(async (tx) => {
      if ((await steps.take('enrolment', step, tx)) === undefined) throw spent()
      const account =
        facts.account === undefined
          ? await firstAdministrator(tx, secret, facts)
          : await spend(tx, hashOf(secret))
      if (account === undefined) throw spent()
      const recoveryCodes = await keep(tx, account)
      on({ kind: 'enrolled', account })
      return { account, ...(recoveryCodes ? { recoveryCodes } : {}) }
    }) as Promise<Enrolled>

  const spend: Enrolment['spend'] = async (tx, secretHash) => {
    const [link] = await tx<{ account: string | null }[]>`
      delete from account_enrolment as e
      using account as a
      where e.token_hash = ${secretHash} and e.expires_at > ${now()}
        and a.id = e.account and a.disabled_at is null
      returning e.account`
    return link?.account ?? undefined
  }

  /** One only, however many hold a link: the lock lets no second in between. */
  const firstAdministrator = async (
    tx: Handle,
    secret: string,
    { login, name, handle }: Begun,
  ): Promise<string> => {
    await tx`lock table account in share row exclusive mode`
    const [link] = await tx`
      delete from account_enrolment
      where token_hash = ${hashOf(secret)} and account is null and expires_at > ${now()}
      returning token_hash`
    const [there] = await tx<{ count: number }[]>`select count(*)::int as count from account`
    if (link === undefined || there?.count !== 0) throw spent()
    await tx`delete from account_enrolment where account is null`
    await tx`
      insert into organisation (id, name, standing, added_at)
      values (${home.id}, ${home.name}, 'home', ${now()})
      on conflict do nothing`
    return insertUser(parts, tx, {
      login,
      name,
      handle: Buffer.from(handle, 'base64url'),
      organisation: home.id,
      roles: roles.filter((role) => role === 'reader' || role === 'administrator'),
      clearances: [],
      purposes: [],
      police: [],
    })
  }

  return {
    linkFor: async (account) => {
      const user = await users.get(account)
      if (user === undefined) throw new AccountRefused('access/user-unknown', `There is no user ${account}.`)
      if (user.disabledAt !== undefined)
        throw new AccountRefused('access/user-unknown', `${user.login} is disabled; enable them first.`)
      await sql`delete from account_enrolment where account = ${account}`
      return makeLink(account)
    },
    firstRunLink: async () => {
      if ((await users.count()) > 0) return undefined
      await sql`delete from account_enrolment where account is null`
      return makeLink(null)
    },
    look: async (secret) => {
      const user = await invited(secret)
      return user === undefined
        ? { kind: 'first-administrator' }
        : { kind: 'user', login: user.login, name: user.name }
    },
    begin: async (secret, names, party) => {
      const user = await invited(secret)
      const { login, name } = user ?? checkedUser({ login: names.login ?? '', name: names.name ?? '' })
      const [kept] = user
        ? await sql<{ handle: Buffer }[]>`select handle from account where id = ${user.id}`
        : []
      const handle = kept?.handle ?? Buffer.from(random(32))
      const challenge = newSecret(random)
      const key = newTotpKey(random)
      const enrolment = hashOf(secret).toString('hex')
      const step = await steps.begin({
        kind: 'enrolment',
        enrolment,
        login,
        name,
        handle: handle.toString('base64url'),
        challenge,
        sealedKey: seal.seal(key, enrolment).toString('base64'),
        ...(user ? { account: user.id } : {}),
      })
      const passkey =
        party &&
        (await registrationOptions({ ...party, title: issuer }, { login, name, handle }, { challenge }))
      return { step, login, name, totp: setupOf(key, issuer, login), ...(passkey ? { passkey } : {}) }
    },
    withPassword: async (given) => {
      const facts = await begun(given.secret, given.step)
      const { login, name, account } = facts
      const known = account === undefined ? undefined : await users.get(account)
      refuseWeak(given.password, [
        ...namesAround(known ?? { login, name, organisation: home.id, id: '' }),
        parts.node,
      ])
      const key = seal.open(Buffer.from(facts.sealedKey, 'base64'), facts.enrolment)
      const step = stepOfCode(key, given.code, now())
      if (step === undefined) throw wrongCode()
      const phc = await hasher.hash(given.password)
      return complete(given, facts, async (tx, owner) => {
        await tx`
          insert into account_password (account, phc, set_at) values (${owner}, ${phc}, ${now()})
          on conflict (account) do update set phc = excluded.phc, set_at = excluded.set_at`
        await keepTotp(parts, tx, { account: owner, key, step, title: 'Authenticator' })
        return renewRecoveryCodes(parts, tx, owner)
      })
    },
    withPasskey: async (given, party) => {
      const facts = await begun(given.secret, given.step)
      const passkey = await verifiedPasskey(party, facts.challenge, given.response)
      return complete(given, facts, async (tx, owner) => {
        await keepPasskey(parts, tx, { ...passkey, account: owner, title: 'Passkey' })
        return undefined
      })
    },
    spend,
    sweep: async () => {
      await sql`delete from account_enrolment where expires_at <= ${now()}`
    },
  }
}

const spent = (): AccountRefused =>
  new AccountRefused(
    'access/link-spent',
    'This link was used, is too old, or was replaced by another. Ask an administrator for a new one: mosaic user reset LOGIN.',
  )
