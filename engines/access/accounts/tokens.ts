/**
 * Tokens for programs: somebody's rights, cut down to scopes and to one purpose, for at most a year. A token asks as
 * itself (`token:…`), not as its person: what was shared with the person by name is not for a program.
 *
 *     read    sees what the person may see for the token's purpose; without it, what is public
 *     write   the roles that write and decide, as far as acts do not ask for a person
 *     audit   oversight
 *     admin   administration
 *
 * What a person is no longer granted, their tokens lose at once.
 */
import { type Instant, instant, millis, plusMs } from '../../record/index.ts'
import type { Principal, Purpose, Role } from '../contract.ts'
import type { AccountParts, User } from './contract.ts'
import { AccountRefused } from './errors.ts'
import { checkedName } from './organisations.ts'
import { hashOf, isToken, newName, newToken } from './secret.ts'
import { fromUsers, principalOf, type UserRow, userColumns, userOf } from './users.ts'

export const tokenScopes = ['read', 'write', 'audit', 'admin'] as const
export type TokenScope = (typeof tokenScopes)[number]

const rolesOf: Readonly<Record<TokenScope, readonly Role[]>> = {
  read: ['reader'],
  write: ['analyst', 'duty-officer', 'approver', 'liaison', 'publisher'],
  audit: ['oversight'],
  admin: ['administrator'],
}

export type Token = {
  readonly id: string
  readonly account: string
  readonly title: string
  readonly scopes: readonly TokenScope[]
  readonly purpose: Purpose
  readonly addedAt: Instant
  readonly expiresAt: Instant
  readonly usedAt?: Instant
  readonly revokedAt?: Instant
}

export type NewToken = {
  readonly title: string
  readonly scopes: readonly TokenScope[]
  readonly purpose: Purpose
  readonly days: number
}

export type TokenHolder = { readonly token: Token; readonly principal: Principal; readonly user: User }

export type Tokens = {
  /** The secret is answered here and never again. */
  readonly add: (user: User, token: NewToken) => Promise<{ readonly secret: string; readonly token: Token }>
  readonly of: (secret: string, isUse?: boolean) => Promise<TokenHolder | undefined>
  readonly list: (account?: string) => Promise<readonly Token[]>
  /** False when there is none by that id that still holds. */
  readonly revoke: (id: string, account?: string) => Promise<boolean>
}

export const mostDays = 365
const dayMs = 24 * 60 * 60_000
const noteUseAfterMs = 60_000
const mostPerUser = 50

type TokenRow = {
  token: string
  account: string
  title: string
  scopes: TokenScope[]
  purpose: Purpose
  token_added_at: Date
  expires_at: Date
  used_at: Date | null
  revoked_at: Date | null
}

export function createTokens({ sql, now, random, on }: AccountParts): Tokens {
  const columns = sql`
    t.id as token, t.account, t.title, t.scopes, t.purpose, t.added_at as token_added_at, t.expires_at, t.used_at,
    t.revoked_at`

  return {
    add: async (user, asked) => {
      const { title, scopes, purpose, days } = checkedToken(user, asked)
      const secret = newToken(random)
      const [row] = await sql<TokenRow[]>`
        insert into account_token as t (token_hash, id, account, title, scopes, purpose, added_at, expires_at)
        select
          ${hashOf(secret)}, ${newName(random)}, ${user.id}, ${title}, ${scopes as string[]}, ${purpose}, ${now()},
          ${plusMs(now(), days * dayMs)}
        where (
          select count(*) from account_token
          where account = ${user.id} and revoked_at is null and expires_at > ${now()}
        ) < ${mostPerUser}
        returning ${columns}`
      if (row === undefined)
        throw unfit(`There are ${mostPerUser} tokens already; revoke those that nothing uses any more.`)
      on({ kind: 'token-added', account: user.id, what: row.token })
      return { secret, token: tokenOf(row) }
    },
    of: async (secret, isUse = true) => {
      if (!isToken(secret)) return undefined
      const at = now()
      const [row] = await sql<(UserRow & TokenRow)[]>`
        select ${userColumns(sql)}, ${columns}
        ${fromUsers(sql)}
        join account_token as t on t.account = a.id
        where t.token_hash = ${hashOf(secret)}
          and t.revoked_at is null
          and t.expires_at > ${at}
          and a.disabled_at is null`
      if (row === undefined) return undefined
      if (isUse && millis(at) - (row.used_at?.getTime() ?? 0) > noteUseAfterMs)
        await sql`update account_token set used_at = ${at} where token_hash = ${hashOf(secret)}`
      const user = userOf(row)
      const token = tokenOf(row)
      return { token, user, principal: tokenPrincipal(user, token) }
    },
    list: async (account) => {
      const rows = await sql<TokenRow[]>`
        select ${columns}
        from account_token as t
        where ${account === undefined ? sql`true` : sql`t.account = ${account}`}
        order by t.added_at desc, t.id`
      return rows.map(tokenOf)
    },
    revoke: async (id, account) => {
      const [row] = await sql<{ account: string }[]>`
        update account_token
        set revoked_at = ${now()}
        where id = ${id}
          and revoked_at is null
          and ${account === undefined ? sql`true` : sql`account = ${account}`}
        returning account`
      if (row !== undefined) on({ kind: 'token-revoked', account: row.account, what: id })
      return row !== undefined
    },
  }
}

function tokenPrincipal(user: User, { id, scopes, purpose }: Token): Principal {
  const person = principalOf(user)
  const reads = scopes.includes('read')
  const kept = scopes.flatMap((scope) => rolesOf[scope])
  return {
    ...person,
    kind: 'token',
    id: `token:${id}`,
    roles: person.roles.filter((role) => role === 'public' || kept.includes(role)),
    clearances: reads ? person.clearances : [],
    purposes: reads ? person.purposes.filter((one) => one === purpose) : [],
    police: reads ? person.police : [],
  }
}

function checkedToken(user: User, { title, scopes, purpose, days }: NewToken): NewToken {
  if (scopes.length === 0 || scopes.some((scope) => !tokenScopes.includes(scope)))
    throw unfit(`A token has one or more of the scopes ${tokenScopes.join(', ')}.`)
  const { roles } = principalOf(user)
  const beyond = scopes.find((scope) => !rolesOf[scope].some((role) => roles.includes(role)))
  if (beyond !== undefined)
    throw unfit(
      `The scope ${beyond} takes one of the roles ${rolesOf[beyond].join(', ')}, which its owner has not.`,
    )
  if (purpose !== 'public' && !user.purposes.includes(purpose))
    throw unfit(
      `Its owner may not ask for the purpose ${purpose}; there is ${['public', ...user.purposes].join(', ')}.`,
    )
  if (!Number.isInteger(days) || days < 1 || days > mostDays)
    throw unfit(`A token lasts for 1 to ${mostDays} whole days.`)
  return {
    title: checkedName(title),
    scopes: tokenScopes.filter((one) => scopes.includes(one)),
    purpose,
    days,
  }
}

const unfit = (message: string): AccountRefused => new AccountRefused('access/token-unfit', message)

const tokenOf = (row: TokenRow): Token => ({
  id: row.token,
  account: row.account,
  title: row.title,
  scopes: row.scopes,
  purpose: row.purpose,
  addedAt: instant(row.token_added_at),
  expiresAt: instant(row.expires_at),
  ...(row.used_at === null ? {} : { usedAt: instant(row.used_at) }),
  ...(row.revoked_at === null ? {} : { revokedAt: instant(row.revoked_at) }),
})
