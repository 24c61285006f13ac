/**
 * Counts attempts in the database, where every process of the node sees them: the states of `lock-out.ts`, one row per
 * kind and subject, moved under a row lock. Subjects are blinded, since what is typed as a login name may be a password.
 */
import type { Instant } from '../../record/index.ts'
import { instant, plusMs } from '../../record/index.ts'
import type { AccountParts, Handle } from './contract.ts'
import { type Attempts, charge, giveBack, type LockOutRule } from './lock-out.ts'

const minuteMs = 60_000

/**
 * `login`: guesses of a password, by the name that was typed, whether or not there is one. `account`: guesses of a second
 * factor, which only who knows the password can make. `device`: guesses from a browser in which that name has signed in
 * before; they count for it alone, so whoever fails elsewhere on purpose keeps nobody from signing in where they work.
 * `address`: attempts from browsers that are not known; its wait is short, because an institution shares one address.
 * `asked`: sign-ins begun from an address, each of which leaves a row for five minutes.
 */
export const lockOutRules = {
  login: { free: 5, firstMs: 1000, longestMs: 15 * minuteMs, forgetMs: 24 * 60 * minuteMs },
  account: { free: 3, firstMs: 2000, longestMs: 15 * minuteMs, forgetMs: 24 * 60 * minuteMs },
  device: { free: 5, firstMs: 1000, longestMs: 15 * minuteMs, forgetMs: 24 * 60 * minuteMs },
  address: { free: 30, firstMs: 1000, longestMs: minuteMs / 2, forgetMs: 60 * minuteMs },
  asked: { free: 120, firstMs: 1000, longestMs: minuteMs / 12, forgetMs: 10 * minuteMs },
} as const satisfies Readonly<Record<string, LockOutRule>>

export type Subject = { readonly kind: keyof typeof lockOutRules; readonly of: string }

export type Admission = { readonly kind: 'go' } | { readonly kind: 'wait'; readonly until: Instant }

export type AttemptCounter = {
  /** Charges an attempt to all of them, or to none when one must wait. */
  readonly charge: (subjects: readonly Subject[]) => Promise<Admission>
  /** What was charged last came to something. */
  readonly giveBack: (subjects: readonly Subject[]) => Promise<void>
  readonly forget: (subject: Subject) => Promise<void>
  /** Rows that say nothing any more. */
  readonly sweep: () => Promise<void>
}

export function createAttempts({ sql, seal, now }: AccountParts): AttemptCounter {
  const blind = ({ kind, of }: Subject) => seal.blind(kind, of)

  const held = async (tx: Handle, subject: Subject): Promise<Attempts | undefined> => {
    const [row] = await tx<{ failures: number; last_at: Date; free_at: Date }[]>`
      select failures, last_at, free_at
      from account_attempt
      where kind = ${subject.kind} and subject = ${blind(subject)}
      for update`
    return row && { failures: row.failures, lastAt: instant(row.last_at), freeAt: instant(row.free_at) }
  }

  const write = (tx: Handle, subject: Subject, to: Attempts) => tx`
    update account_attempt
    set failures = ${to.failures}, last_at = ${to.lastAt}, free_at = ${to.freeAt}
    where kind = ${subject.kind} and subject = ${blind(subject)}`

  return {
    charge: (subjects) =>
      sql.begin(async (tx): Promise<Admission> => {
        const at = now()
        const moves: { readonly subject: Subject; readonly next: Attempts }[] = []
        for (const subject of inOrder(subjects)) {
          await tx`
            insert into account_attempt (kind, subject, failures, last_at, free_at)
            values (${subject.kind}, ${blind(subject)}, 0, ${at}, ${at})
            on conflict do nothing`
          const outcome = charge(await held(tx, subject), at, lockOutRules[subject.kind])
          if (outcome.kind === 'wait') return outcome
          moves.push({ subject, next: outcome.next })
        }
        for (const { subject, next } of moves) await write(tx, subject, next)
        return { kind: 'go' }
      }) as Promise<Admission>,

    giveBack: async (subjects) => {
      await sql.begin(async (tx) => {
        for (const subject of inOrder(subjects)) {
          const before = await held(tx, subject)
          if (before === undefined) continue
          const at = now()
          await write(tx, subject, giveBack(before, at) ?? { failures: 0, lastAt: at, freeAt: at })
        }
      })
    },

    forget: async (subject) => {
      await sql`delete from account_attempt where kind = ${subject.kind} and subject = ${blind(subject)}`
    },

    sweep: async () => {
      await sql`delete from account_attempt where last_at < ${plusMs(now(), -longestMemoryMs)}`
    },
  }
}

const longestMemoryMs = Math.max(...Object.values(lockOutRules).map(({ forgetMs }) => forgetMs))

/** Locks are taken in one order, so that two attempts cannot wait for each other. */
const inOrder = (subjects: readonly Subject[]): Subject[] =>
  [...subjects].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0))

/** Where a request comes from, as far as one party can choose it: an IPv6 network hands out the lower half at will. */
export function networkOf(address: string): string {
  const plain = address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '')
    .replace(/%.*$/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail = ''] = plain.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const gap = plain.includes('::') ? Math.max(0, 8 - left.length - right.length) : 0
  const groups = [...left, ...Array<string>(gap).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
