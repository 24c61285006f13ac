/**
 * How long somebody who keeps failing must wait. Pure: `attempts.ts` keeps the state in the database, under a lock.
 *
 *     free      fewer failures than `free`: the next attempt is looked at
 *     held      until `freeAt`: nothing is looked at, and asking makes it no longer
 *     free      after `freeAt`: one attempt; it is charged as a failure before it is looked at, so that a thousand
 *               sent at once are not a thousand guesses; success gives it back
 *     forgotten nothing happened for `forgetMs`: as if nothing ever had
 *
 * The wait doubles from `firstMs` to `longestMs` and no further: whoever knows a login name can slow its owner down, but
 * not shut them out (and a passkey needs no name, so it is never held for one).
 */
import { type Instant, millis, plusMs } from '../../record/index.ts'

export type LockOutRule = {
  readonly free: number
  readonly firstMs: number
  readonly longestMs: number
  readonly forgetMs: number
}

export type Attempts = { readonly failures: number; readonly lastAt: Instant; readonly freeAt: Instant }

export type Charged =
  | { readonly kind: 'go'; readonly next: Attempts }
  | { readonly kind: 'wait'; readonly until: Instant }

export function charge(before: Attempts | undefined, now: Instant, rule: LockOutRule): Charged {
  const failures = before === undefined || isForgotten(before, now, rule) ? 0 : before.failures
  if (before !== undefined && failures > 0 && before.freeAt > now)
    return { kind: 'wait', until: before.freeAt }
  return { kind: 'go', next: after(failures + 1, now, rule) }
}

/** The attempt that was charged last came to something: it was no failure. Undefined when nothing is left. */
export function giveBack({ failures, lastAt }: Attempts, now: Instant): Attempts | undefined {
  return failures <= 1 ? undefined : { failures: failures - 1, lastAt, freeAt: now }
}

export function waitMs(failures: number, { free, firstMs, longestMs }: LockOutRule): number {
  if (failures < free) return 0
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures - free, 40))
}

const after = (failures: number, now: Instant, rule: LockOutRule): Attempts => ({
  failures,
  lastAt: now,
  freeAt: plusMs(now, waitMs(failures, rule)),
})

const isForgotten = ({ lastAt }: Attempts, now: Instant, { forgetMs }: LockOutRule): boolean =>
  millis(now) - millis(lastAt) >= forgetMs
