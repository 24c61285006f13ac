/**
 * Broken glass: in an emergency a person sees for at most an hour what the policy would keep back. It is loud, everything
 * under it is on record before it is answered, and a second person reviews it.
 *
 * States: open → ended (its time is over) → reviewed. A review that finds it not justified may come while it is open and
 * ends it at once; one that finds it justified waits until it has ended, so that nobody approves what is still to come.
 * The person cannot review; nobody reviews twice; nothing of it can be taken back.
 *
 * Known limit: one human being with two accounts is two persons here. Who gets an account is the administrator's care.
 */
import { randomUUID } from 'node:crypto'
import { type Clock, type Instant, plusMs } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import { type ActRefusal, mayAct } from '../acts.ts'
import type { Asking, Principal } from '../contract.ts'
import { brokenGlassOf, glassById, insertGlass, listGlass, settleGlass } from './break-glass-rows.ts'
import type { Auditor } from './contract.ts'
import type { AuditPolicy } from './policy.ts'

export type BrokenGlass = {
  readonly id: string
  readonly principal: string
  readonly organisation?: string
  readonly reason: string
  readonly openedAt: Instant
  readonly until: Instant
  /** The review is due then. */
  readonly reviewBy: Instant
  readonly review?: {
    readonly at: Instant
    readonly by: string
    readonly verdict: Verdict
    readonly note?: string
  }
}

export const verdicts = ['justified', 'not-justified'] as const
export type Verdict = (typeof verdicts)[number]

export type BreakingRefusal =
  | ActRefusal
  | { readonly code: 'access/step-up-required' }
  | { readonly code: 'access/reason-required' }
  | { readonly code: 'access/minutes-refused'; readonly max: number }

export type Broken =
  | { readonly kind: 'broken'; readonly glass: BrokenGlass }
  | { readonly kind: 'refused'; readonly reason: BreakingRefusal }

export type ReviewRefusal =
  | ActRefusal
  | { readonly code: 'access/no-broken-glass' }
  | { readonly code: 'access/reviewed-already'; readonly by: string }
  | { readonly code: 'access/glass-still-broken'; readonly until: Instant }

export type Reviewed =
  | { readonly kind: 'reviewed'; readonly glass: BrokenGlass }
  | { readonly kind: 'refused'; readonly reason: ReviewRefusal }

export type Breaking = {
  readonly asking: Asking
  readonly reason: string
  readonly minutes: number
  /** The person has just shown a credential again. */
  readonly isFresh: boolean
}

export type Reviewing = {
  readonly id: string
  readonly asking: Asking
  readonly verdict: Verdict
  readonly note?: string
}

export type GlassQuery = {
  readonly unreviewed?: boolean
  readonly principal?: string
  readonly limit?: number
  readonly before?: Pick<BrokenGlass, 'openedAt' | 'id'>
}

export type Glass = {
  readonly break: (asked: Breaking) => Promise<Broken>
  readonly review: (asked: Reviewing) => Promise<Reviewed>
  /** Until when this principal's glass is broken; undefined when it is whole. */
  readonly brokenUntil: (principal: string, now: Instant) => Promise<Instant | undefined>
  /** Newest first. */
  readonly list: (query?: GlassQuery) => Promise<readonly BrokenGlass[]>
}

export type GlassOptions = {
  readonly database: Sql
  readonly clock: Clock
  readonly auditor: Pick<Auditor, 'noteBefore'>
  readonly policy: AuditPolicy['breakGlass']
  /** The node's own alarm. */
  readonly alarm: (glass: BrokenGlass) => void
}

const reasonLength = { min: 10, max: 500 }

export function glass(options: GlassOptions): Glass {
  const { database } = options
  return {
    break: (asked) => breakGlass(options, asked),
    review: (asked) => review(options, asked),
    brokenUntil: (principal, now) => brokenGlassOf(database, principal, now),
    list: (query) => listGlass(database, query),
  }
}

async function breakGlass(options: GlassOptions, asked: Breaking): Promise<Broken> {
  const { database, clock, auditor, policy, alarm } = options
  const { asking, minutes } = asked
  const { principal } = asking
  const reason = asked.reason.trim().slice(0, reasonLength.max)
  const refusal = breakingRefusal(asked, policy)
  const note = { asking, act: 'break-glass' as const, query: { minutes } }
  if (refusal !== undefined) {
    await auditor.noteBefore({ ...note, outcome: 'refused', reason: refusal.code })
    return { kind: 'refused', reason: refusal }
  }
  await auditor.noteBefore({ ...note, reason })
  const now = clock.now()
  const made = glassOf(principal, { reason, now, minutes, days: policy.reviewWithinDays })
  await insertGlass(database, made)
  alarm(made)
  return { kind: 'broken', glass: made }
}

function breakingRefusal(
  { asking, reason, minutes, isFresh }: Breaking,
  { maxMinutes }: AuditPolicy['breakGlass'],
): BreakingRefusal | undefined {
  const decision = mayAct(asking.principal, 'break-glass')
  if (decision.kind === 'refused') return decision.because
  if (!isFresh) return { code: 'access/step-up-required' }
  if (reason.trim().length < reasonLength.min || reason.includes('\0'))
    return { code: 'access/reason-required' }
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > maxMinutes)
    return { code: 'access/minutes-refused', max: maxMinutes }
  return undefined
}

function glassOf(
  { id: principal, organisation }: Principal,
  given: { readonly reason: string; readonly now: Instant; readonly minutes: number; readonly days: number },
): BrokenGlass {
  const until = plusMs(given.now, given.minutes * 60_000)
  return {
    id: randomUUID(),
    principal,
    ...(organisation === undefined ? {} : { organisation }),
    reason: given.reason,
    openedAt: given.now,
    until,
    reviewBy: plusMs(until, given.days * 86_400_000),
  }
}

async function review(options: GlassOptions, asked: Reviewing): Promise<Reviewed> {
  const { database, clock, auditor } = options
  const { id, asking, verdict } = asked
  const now = clock.now()
  const found = await glassById(database, id)
  const refusal = reviewRefusal(found, asked, now)
  const note = { asking, act: 'review' as const, query: { breakGlass: id, verdict } }
  if (refusal !== undefined || found === undefined) {
    const reason = refusal ?? { code: 'access/no-broken-glass' as const }
    await auditor.noteBefore({ ...note, outcome: 'refused', reason: reason.code })
    return { kind: 'refused', reason }
  }
  await auditor.noteBefore({ ...note, ...(asked.note === undefined ? {} : { reason: asked.note }) })
  const text = asked.note?.slice(0, reasonLength.max).replaceAll('\0', '')
  const settled = await settleGlass(database, { id, at: now, by: asking.principal.id, verdict, note: text })
  if (settled !== undefined) return { kind: 'reviewed', glass: settled }
  const other = await glassById(database, id)
  return { kind: 'refused', reason: { code: 'access/reviewed-already', by: other?.review?.by ?? '' } }
}

function reviewRefusal(
  found: BrokenGlass | undefined,
  { asking, verdict }: Reviewing,
  now: Instant,
): ReviewRefusal | undefined {
  const decision = mayAct(asking.principal, 'review-broken-glass', found?.principal ?? '')
  if (decision.kind === 'refused') return decision.because
  if (found === undefined) return { code: 'access/no-broken-glass' }
  if (found.review !== undefined) return { code: 'access/reviewed-already', by: found.review.by }
  if (verdict === 'justified' && found.until > now)
    return { code: 'access/glass-still-broken', until: found.until }
  return undefined
}
