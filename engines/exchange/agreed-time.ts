/**
 * The time by which embargoes are judged: never later than what peers attest.
 *
 * Every signed answer of a peer carries its time. While our clock agrees with the newest of them within a tolerance, it
 * is ours; when it runs ahead of all of them, it is theirs: a clock that was set forward opens nothing. One lying peer
 * can neither open (our own clock bounds it) nor, beside an honest one, hold back (the newest counts). A node that no
 * peer has told the time has only its own.
 *
 * What peers said ages: a node that has heard nobody for longer than the tolerance judges by the last that it heard, and
 * embargoes that end meanwhile wait until somebody is heard again. That is the price of the promise.
 */
import { type Instant, millis } from '../record/index.ts'

export const clockToleranceMs = 5 * 60_000

export type AgreedTime = {
  readonly at: Instant
  /** How far our clock runs ahead of the newest attestation, when that is too far: the alarm rings. */
  readonly aheadMs?: number
}

export function agreedTime(
  own: Instant,
  attested: readonly { readonly there: Instant }[],
  toleranceMs = clockToleranceMs,
): AgreedTime {
  const newest = attested
    .map(({ there }) => there)
    .sort()
    .at(-1)
  if (newest === undefined) return { at: own }
  const aheadMs = millis(own) - millis(newest)
  return aheadMs > toleranceMs ? { at: newest, aheadMs } : { at: own }
}
