/**
 * The means by which somebody signs in, as they see and change them. Whoever changes one has just shown another
 * (`isFresh`); every other session of theirs ends then, and the last complete means is not taken away: a password counts
 * only together with one-time codes.
 */
import type { Instant } from '../../record/index.ts'
import { instant } from '../../record/index.ts'
import type { AccountParts, User } from './contract.ts'
import { AccountRefused } from './errors.ts'
import { checkedName } from './organisations.ts'
import {
  credentialsOf,
  keepPasskey,
  type Passkey,
  passkeysOf,
  type RegistrationOptions,
  type RelyingParty,
  registrationOptions,
  verifiedPasskey,
} from './passkey.ts'
import type { Hasher } from './password.ts'
import { passwordLength, type Weakness, weaknessOf } from './password-rules.ts'
import { recoveryCodesLeft, renewRecoveryCodes } from './recovery.ts'
import { newSecret } from './secret.ts'
import type { Steps } from './steps.ts'
import { keepTotp, newTotpKey, setupOf, stepOfCode, type Totp, type TotpSetup, totpsOf } from './totp.ts'

export type OpenIdLink = { readonly provider: string; readonly subject: string; readonly addedAt: Instant }

export type MeansList = {
  readonly password?: { readonly setAt: Instant }
  readonly totps: readonly Totp[]
  readonly passkeys: readonly Passkey[]
  readonly recoveryCodesLeft: number
  readonly openids: readonly OpenIdLink[]
}

export const removableMeans = ['password', 'totp', 'passkey', 'openid'] as const
export type RemovableMeans = (typeof removableMeans)[number]

export type Means = {
  readonly of: (account: string) => Promise<MeansList>
  readonly setPassword: (user: User, password: string) => Promise<void>
  readonly beginTotp: (user: User) => Promise<{ readonly step: string; readonly setup: TotpSetup }>
  readonly addTotp: (
    user: User,
    given: { readonly step: string | undefined; readonly code: string; readonly title: string },
  ) => Promise<void>
  readonly renewRecoveryCodes: (user: User) => Promise<readonly string[]>
  readonly beginPasskey: (
    user: User,
    party: RelyingParty,
  ) => Promise<{ readonly step: string; readonly options: RegistrationOptions }>
  readonly addPasskey: (
    user: User,
    party: RelyingParty,
    given: { readonly step: string | undefined; readonly response: unknown; readonly title: string },
  ) => Promise<void>
  readonly remove: (user: User, kind: RemovableMeans, id: string) => Promise<void>
}

const most = { totp: 2, passkey: 20 } as const

export function createMeans(parts: AccountParts, steps: Steps, hasher: Hasher): Means {
  const { sql, seal, random, now, title: issuer, on } = parts
  const changed = (user: User, what: string) => on({ kind: 'means-changed', account: user.id, what })

  const of: Means['of'] = async (account) => {
    const [password] = await sql<{ set_at: Date }[]>`
      select set_at from account_password where account = ${account}`
    const openids = await sql<{ provider: string; subject: string; added_at: Date }[]>`
      select provider, subject, added_at from account_subject where account = ${account} order by added_at`
    return {
      ...(password === undefined ? {} : { password: { setAt: instant(password.set_at) } }),
      totps: await totpsOf(parts, account),
      passkeys: await passkeysOf(parts, account),
      recoveryCodesLeft: await recoveryCodesLeft(parts, account),
      openids: openids.map(({ added_at, ...link }) => ({ ...link, addedAt: instant(added_at) })),
    }
  }

  return {
    of,
    setPassword: async (user, password) => {
      refuseWeak(password, namesAround(user))
      const phc = await hasher.hash(password)
      await sql`
        insert into account_password (account, phc, set_at) values (${user.id}, ${phc}, ${now()})
        on conflict (account) do update set phc = excluded.phc, set_at = excluded.set_at`
      await sql`delete from account_step where account = ${user.id}` // a right old password leads nowhere now
      changed(user, 'password')
    },
    beginTotp: async (user) => {
      if ((await totpsOf(parts, user.id)).length >= most.totp)
        throw tooMany('Two authenticators are set up already; remove one first.')
      const key = newTotpKey(random)
      const sealedKey = seal.seal(key, user.id).toString('base64')
      const step = await steps.begin({ kind: 'add-totp', account: user.id, sealedKey })
      return { step, setup: setupOf(key, issuer, user.login) }
    },
    addTotp: async (user, { step: name, code, title }) => {
      const facts = await steps.look('add-totp', name)
      if (facts === undefined || facts.account !== user.id) throw ended()
      const key = seal.open(Buffer.from(facts.sealedKey, 'base64'), user.id)
      const step = stepOfCode(key, code, now())
      if (step === undefined) throw wrongCode()
      await sql.begin(async (tx) => {
        if ((await steps.take('add-totp', name, tx)) === undefined) throw ended()
        await keepTotp(parts, tx, { account: user.id, key, step, title: checkedName(title) })
      })
      changed(user, 'totp')
    },
    renewRecoveryCodes: async (user) => {
      const codes = await sql.begin((tx) => renewRecoveryCodes(parts, tx, user.id))
      changed(user, 'recovery-codes')
      return codes as readonly string[]
    },
    beginPasskey: async (user, party) => {
      const known = await credentialsOf(parts, user.id)
      if (known.length >= most.passkey) throw tooMany('Twenty passkeys are set up already; remove one first.')
      const challenge = newSecret(random)
      const step = await steps.begin({ kind: 'add-passkey', account: user.id, challenge })
      const [owner] = await sql<{ handle: Buffer }[]>`select handle from account where id = ${user.id}`
      const options = await registrationOptions(
        { ...party, title: issuer },
        { login: user.login, name: user.name, handle: owner?.handle ?? Buffer.alloc(0) },
        { challenge, known },
      )
      return { step, options }
    },
    addPasskey: async (user, party, { step, response, title }) => {
      const facts = await steps.take('add-passkey', step)
      if (facts === undefined || facts.account !== user.id) throw ended()
      const passkey = await verifiedPasskey(party, facts.challenge, response)
      await keepPasskey(parts, sql, { ...passkey, account: user.id, title: checkedName(title) })
      changed(user, 'passkey')
    },
    remove: async (user, kind, id) => {
      await sql.begin(async (tx) => {
        await tx`select id from account where id = ${user.id} for update` // two removals at once leave none
        const gone = await removal(kind)
        if (gone.length === 0)
          throw new AccountRefused('access/means-unknown', 'There is nothing of that kind by that name.')
        const [left] = await tx<{ isEnough: boolean }[]>`
          select
            exists (select from account_passkey where account = ${user.id})
            or exists (select from account_subject where account = ${user.id})
            or (
              exists (select from account_password where account = ${user.id})
              and exists (select from account_totp where account = ${user.id})
            ) as "isEnough"`
        if (!left?.isEnough)
          throw new AccountRefused(
            'access/last-means',
            'Without it you could not sign in any more; set up another first. A password counts only with one-time codes.',
          )

        async function removal(what: RemovableMeans): Promise<readonly unknown[]> {
          switch (what) {
            case 'password':
              return tx`delete from account_password where account = ${user.id} returning account`
            case 'totp':
              return tx`delete from account_totp where account = ${user.id} and id = ${id} returning id`
            case 'passkey':
              return tx`delete from account_passkey where account = ${user.id} and id = ${id} returning id`
            case 'openid':
              return tx`delete from account_subject where account = ${user.id} and provider = ${id} returning provider`
            default:
              return what satisfies never
          }
        }
      })
      changed(user, kind)
    },
  }
}

/** What anybody who knows the person would try. */
export const namesAround = (
  user: Pick<User, 'login' | 'name' | 'organisation' | 'id'>,
): readonly string[] => [user.login, user.name, user.organisation, user.id]

export function refuseWeak(password: string, names: readonly string[]): void {
  const weakness = weaknessOf(password, names)
  if (weakness !== undefined) throw new AccountRefused('access/password-weak', sayWeak(weakness))
}

function sayWeak(weakness: Weakness): string {
  switch (weakness) {
    case 'too-short':
      return `A password has at least ${passwordLength.min} characters; a few words that nobody would put together are easy to keep in mind.`
    case 'too-long':
      return `A password has at most ${passwordLength.max} characters.`
    case 'easily-guessed':
      return 'This password is among the first that somebody would try: common words, names around you, rows of keys. Take words that nobody would put together.'
    default:
      return weakness satisfies never
  }
}

export const wrongCode = (): AccountRefused =>
  new AccountRefused(
    'access/code-wrong',
    'The code does not fit. Check that the clock of the telephone is right, and type the code that it shows now.',
  )

const ended = (): AccountRefused =>
  new AccountRefused('access/session-ended', 'This took too long, or was done already; begin anew.')

const tooMany = (message: string): AccountRefused => new AccountRefused('access/too-many-means', message)
