/**
 * Quotas per officer and day: so many reads, searches or exports as the policy allows this principal for this purpose.
 *
 * All rules that fit count, each for itself; one that has no room refuses, and then nothing is counted. A count is taken
 * before the act, in one transaction, so concurrent requests never get more than the rule allows. A day is a day of UTC.
 */
import { type Clock, type Instant, instant, millis } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import type { Asking } from '../contract.ts'
import type { QuotaAct, QuotaRule } from './policy.ts'
import { dayOf, type Transaction } from './queries.ts'

export type QuotaRefusal = {
  readonly code: 'access/quota-exceeded'
  readonly rule: string
  readonly perDay: number
  readonly opensAgainAt: Instant
}

export type Taken = { readonly kind: 'taken' } | { readonly kind: 'refused'; readonly reason: QuotaRefusal }

export type Quotas = {
  /** `amount`: records of an export or a list; 1 when absent. */
  readonly take: (
    asking: Pick<Asking, 'principal' | 'purpose'>,
    act: QuotaAct,
    amount?: number,
  ) => Promise<Taken>
  /** What one has left today, by rule. */
  readonly left: (asking: Pick<Asking, 'principal' | 'purpose'>) => Promise<readonly QuotaLeft[]>
  /** What was used on one day by all, by rule: for oversight. */
  readonly used: (day: Instant) => Promise<readonly QuotaUse[]>
}

export type QuotaLeft = {
  readonly rule: string
  readonly acts: readonly QuotaAct[]
  readonly perDay: number
  readonly left: number
  readonly opensAgainAt: Instant
}
export type QuotaUse = { readonly rule: string; readonly principal: string; readonly used: number }

/** Undoes what was counted for the rules before the one that refused. */
class NoRoom extends Error {
  override readonly name = 'NoRoom'
  readonly rule: QuotaRule

  constructor(rule: QuotaRule) {
    super(rule.id)
    this.rule = rule
  }
}

export function quotas(database: Sql, clock: Clock, rules: readonly QuotaRule[]): Quotas {
  return {
    async take(asking, act, amount = 1) {
      const binding = rules.filter((rule) => rule.acts.includes(act) && fits(rule, asking)).sort(byId)
      if (binding.length === 0 || amount === 0) return { kind: 'taken' }
      const now = clock.now()
      try {
        await database.begin(async (tx) => {
          for (const rule of binding)
            if (!(await count(tx as Transaction, { rule, day: dayOf(now), of: asking.principal.id, amount })))
              throw new NoRoom(rule)
        })
        return { kind: 'taken' }
      } catch (error) {
        if (!(error instanceof NoRoom)) throw error
        const { id, perDay } = error.rule
        return {
          kind: 'refused',
          reason: { code: 'access/quota-exceeded', rule: id, perDay, opensAgainAt: nextDay(now) },
        }
      }
    },
    async left(asking) {
      const now = clock.now()
      const rows = await database<{ rule: string; used: number }[]>`
        select rule, used from quota_used where day = ${dayOf(now)}::date and principal = ${asking.principal.id}`
      const used = new Map(rows.map((row) => [row.rule, row.used]))
      return rules
        .filter((rule) => fits(rule, asking))
        .map(({ id, acts, perDay }) => ({
          rule: id,
          acts,
          perDay,
          left: Math.max(0, perDay - (used.get(id) ?? 0)),
          opensAgainAt: nextDay(now),
        }))
    },
    async used(day) {
      return await database<QuotaUse[]>`
        select rule, principal, used from quota_used where day = ${dayOf(day)}::date order by rule, used desc, principal`
    },
  }
}

/** One order for all, or two requests could wait for each other. */
const byId = (a: QuotaRule, b: QuotaRule): number => (a.id < b.id ? -1 : 1)

function fits(rule: QuotaRule, { principal, purpose }: Pick<Asking, 'principal' | 'purpose'>): boolean {
  if (principal.kind === 'public') return false // nobody to count by; the server limits its rate
  const { roles, organisations, purposes } = rule
  return (
    (roles === undefined || principal.roles.some((role) => roles.includes(role))) &&
    (organisations === undefined || organisations.includes(principal.organisation ?? '')) &&
    (purposes === undefined || purposes.includes(purpose))
  )
}

type Use = {
  readonly rule: QuotaRule
  readonly day: string
  readonly of: string
  readonly amount: number
}

/** False when the rule has no room for it. The row's lock makes concurrent requests take turns. */
async function count(tx: Transaction, { rule, day, of, amount }: Use): Promise<boolean> {
  const rows = await tx`
    insert into quota_used (day, rule, principal, used)
    select ${day}::date, ${rule.id}, ${of}, ${amount}::int
    where ${amount}::int <= ${rule.perDay}::int
    on conflict (day, rule, principal) do update set used = quota_used.used + excluded.used
    where quota_used.used + excluded.used <= ${rule.perDay}::int
    returning used`
  return rows.length > 0
}

const dayMs = 86_400_000
const nextDay = (now: Instant): Instant => instant((Math.floor(millis(now) / dayMs) + 1) * dayMs)
