/**
 * Sessions: what a browser holds once somebody has signed in. 256 random bits in a cookie, of which the node keeps the
 * hash. A session ends after 30 minutes without use, after 12 hours whatever happens, when its person or an
 * administrator ends it, and when what its person may do changes. Showing who one is anew gives a new one.
 *
 * A page that changes something names, beside the cookie, a token that follows from the session's secret: a page
 * elsewhere can make a browser send the cookie, and cannot know the token.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Instant, instant, millis, plusMs } from '../../record/index.ts'
import type { Purpose } from '../contract.ts'
import type { AccountParts, Handle, User } from './contract.ts'
import { hashOf, isSecret, newName, newSecret } from './secret.ts'
import { fromUsers, type UserRow, userColumns, userOf } from './users.ts'

export type SessionSummary = {
  readonly id: string
  readonly means: string
  readonly agent: string
  readonly signedInAt: Instant
  /** When a credential was last shown in it. */
  readonly authenticatedAt: Instant
  readonly seenAt: Instant
  readonly expiresAt: Instant
}

export type Session = SessionSummary & {
  readonly user: User
  readonly purpose?: Purpose
  readonly caseNumber?: string
}

export type OpenedSession = { readonly secret: string; readonly session: Session }

export type Opening = {
  readonly account: string
  readonly means: string
  /** What the browser says it is, for its owner to tell one session from another. */
  readonly agent: string
  /** The session that the browser had: it ends, whosever it was. */
  readonly replaces?: string | undefined
  /** When the credential was shown, where that was not now. */
  readonly authenticatedAt?: Instant
}

export type Sessions = {
  readonly open: (opening: Opening) => Promise<OpenedSession | undefined>
  /** The same session under a new secret. */
  readonly rotate: (secret: string) => Promise<OpenedSession | undefined>
  /** `isUse` false: asking does not keep it alive. */
  readonly of: (secret: string, isUse?: boolean) => Promise<Session | undefined>
  readonly choose: (
    id: string,
    choice: { readonly purpose: Purpose; readonly caseNumber?: string },
  ) => Promise<void>
  readonly list: (account: string) => Promise<readonly SessionSummary[]>
  readonly end: (account: string, id: string) => Promise<boolean>
  readonly endOthers: (account: string, but?: string) => Promise<void>
  readonly sweep: () => Promise<void>
}

export const idleMs = 30 * 60_000
export const longestMs = 12 * 60 * 60_000
/** For what may not be done by whoever finds a browser open. */
export const freshMs = 5 * 60_000
const mostPerUser = 20
const noteUseAfterMs = 60_000

type SessionRow = UserRow & {
  session: string
  means: string
  agent: string
  signed_in_at: Date
  authenticated_at: Date
  seen_at: Date
  expires_at: Date
  purpose: Purpose | null
  case_number: string | null
}

export function createSessions({ sql, now, random, on }: AccountParts): Sessions {
  const of: Sessions['of'] = async (secret, isUse = true) => {
    if (!isSecret(secret)) return undefined
    const at = now()
    const [row] = await sql<SessionRow[]>`
      select
        ${userColumns(sql)}, s.id as session, s.means, s.agent, s.signed_in_at, s.authenticated_at, s.seen_at,
        s.expires_at, s.purpose, s.case_number
      ${fromUsers(sql)}
      join account_session as s on s.account = a.id
      where s.token_hash = ${hashOf(secret)}
        and s.expires_at > ${at}
        and s.seen_at > ${plusMs(at, -idleMs)}
        and a.disabled_at is null`
    if (row === undefined) return undefined
    if (isUse && millis(at) - row.seen_at.getTime() > noteUseAfterMs)
      await sql`update account_session set seen_at = ${at} where token_hash = ${hashOf(secret)} and seen_at < ${at}`
    return sessionOf(row)
  }

  const open: Sessions['open'] = async ({ account, means, agent, replaces, authenticatedAt }) => {
    const secret = newSecret(random)
    const at = now()
    await sql.begin(async (tx) => {
      const before = replaces === undefined ? undefined : await taken(tx, replaces)
      const kept = before?.account === account ? before : undefined
      await tx`
        insert into account_session (
          token_hash, id, account, means, agent, signed_in_at, authenticated_at, seen_at, expires_at, purpose, case_number
        )
        values (
          ${hashOf(secret)}, ${newName(random)}, ${account}, ${means}, ${agent.slice(0, 200)}, ${at},
          ${authenticatedAt ?? at}, ${at}, ${plusMs(at, longestMs)}, ${kept?.purpose ?? null},
          ${kept?.case_number ?? null}
        )`
      await tx`
        delete from account_session
        where account = ${account} and id in (
          select id from account_session
          where account = ${account}
          order by seen_at desc, id
          offset ${mostPerUser}
        )`
    })
    const session = await of(secret, false)
    return session && { secret, session }
  }

  return {
    of,
    open,
    rotate: async (secret) => {
      if (!isSecret(secret)) return undefined
      const next = newSecret(random)
      await sql`update account_session set token_hash = ${hashOf(next)} where token_hash = ${hashOf(secret)}`
      const session = await of(next, false)
      return session && { secret: next, session }
    },
    choose: async (id, { purpose, caseNumber }) => {
      await sql`
        update account_session set purpose = ${purpose}, case_number = ${caseNumber ?? null} where id = ${id}`
    },
    list: async (account) => {
      const at = now()
      const rows = await sql<(Omit<SessionRow, 'session'> & { session: string })[]>`
        select id as session, means, agent, signed_in_at, authenticated_at, seen_at, expires_at
        from account_session
        where account = ${account} and expires_at > ${at} and seen_at > ${plusMs(at, -idleMs)}
        order by seen_at desc, id`
      return rows.map(summaryOf)
    },
    end: async (account, id) => {
      const ended =
        await sql`delete from account_session where account = ${account} and id = ${id} returning id`
      if (ended.length > 0) on({ kind: 'signed-out', account })
      return ended.length > 0
    },
    endOthers: async (account, but) => {
      await sql`delete from account_session where account = ${account} and id <> ${but ?? ''}`
    },
    sweep: async () => {
      const at = now()
      await sql`delete from account_session where expires_at <= ${at} or seen_at <= ${plusMs(at, -idleMs)}`
    },
  }
}

/** Names the session to a page of ours, and to no other. */
export const csrfTokenOf = (secret: string): string =>
  createHmac('sha256', secret).update('mosaic csrf').digest('base64url')

export function isCsrfTokenOf(secret: string, given: string): boolean {
  const wanted = Buffer.from(csrfTokenOf(secret))
  const found = Buffer.from(given)
  return wanted.length === found.length && timingSafeEqual(wanted, found)
}

export const isFresh = (
  { authenticatedAt }: Pick<SessionSummary, 'authenticatedAt'>,
  now: Instant,
): boolean => millis(now) - millis(authenticatedAt) <= freshMs

async function taken(sql: Handle, secret: string) {
  const [row] = await sql<{ account: string; purpose: string | null; case_number: string | null }[]>`
    delete from account_session
    where token_hash = ${hashOf(secret)}
    returning account, purpose, case_number`
  return row
}

const summaryOf = (row: Omit<SessionRow, keyof UserRow>): SessionSummary => ({
  id: row.session,
  means: row.means,
  agent: row.agent,
  signedInAt: instant(row.signed_in_at),
  authenticatedAt: instant(row.authenticated_at),
  seenAt: instant(row.seen_at),
  expiresAt: instant(row.expires_at),
})

const sessionOf = (row: SessionRow): Session => ({
  ...summaryOf(row),
  user: userOf(row),
  ...(row.purpose === null ? {} : { purpose: row.purpose }),
  ...(row.case_number === null ? {} : { caseNumber: row.case_number }),
})
