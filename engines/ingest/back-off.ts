/**
 * When to ask again. Pure: the randomness is handed in.
 *
 * After n failures in a row: base · 2^(n−1), at most `capMs`, spread by ±25 % so that nodes that lost a source together
 * do not all come back together. A `Retry-After` of the source (RFC 9110 §10.2.3: seconds or a date) is a lower bound,
 * believed up to six hours.
 */
export type BackOff = {
  readonly baseMs: number
  readonly capMs: number
  /** 0 up to, not including, 1. */
  readonly random: () => number
}

export const backOffCapMs = 15 * 60_000
const retryAfterCapMs = 6 * 3_600_000

export function delayAfterErrors(
  errorsInARow: number,
  { baseMs, capMs, random }: BackOff,
  retryAfterMs = 0,
): number {
  const doubled = baseMs * 2 ** Math.min(30, Math.max(0, errorsInARow - 1))
  const spread = Math.min(doubled, Math.max(capMs, baseMs)) * (0.75 + 0.5 * random())
  return Math.max(spread, Math.min(retryAfterMs, retryAfterCapMs))
}

/** The source's interval, spread by ±5 %. */
export const delayAfterSuccess = (intervalMs: number, random: () => number): number =>
  intervalMs * (0.95 + 0.1 * random())

/** Milliseconds to wait, 0 when the header is absent or says nothing. `now` in milliseconds since 1970. */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const until = Date.parse(header)
  return Number.isNaN(until) ? 0 : Math.max(0, until - now)
}
