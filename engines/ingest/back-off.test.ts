import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { delayAfterErrors, delayAfterSuccess, retryAfterMs } from './back-off.ts'

const minute = 60_000
const policy = (random: number) => ({ baseMs: minute, capMs: 15 * minute, random: () => random })

describe('when a source is asked again', () => {
  test('failures in a row double the wait up to a quarter of an hour', () => {
    const waits = [1, 2, 3, 4, 5, 60].map((errors) => delayAfterErrors(errors, policy(0.5)) / minute)

    expect(waits).toEqual([1, 2, 4, 8, 15, 15])
  })

  test('a source with a longer interval keeps it', () => {
    expect(delayAfterErrors(3, { baseMs: 60 * minute, capMs: 15 * minute, random: () => 0.5 })).toBe(
      60 * minute,
    )
  })

  test('the wait is spread by a quarter, the ordinary interval by a twentieth', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (errors, random) => {
          const middle = delayAfterErrors(errors, policy(0.5))
          expect(Math.abs(delayAfterErrors(errors, policy(random)) - middle)).toBeLessThanOrEqual(middle / 4)
          expect(Math.abs(delayAfterSuccess(minute, () => random) - minute)).toBeLessThanOrEqual(
            minute / 20 + 1e-6,
          )
        },
      ),
    )
  })

  test('what the source asks for is kept, in seconds or as a date, for at most six hours', () => {
    const now = Date.UTC(2025, 4, 1, 10, 0, 0)

    expect(retryAfterMs('120', now)).toBe(120_000)
    expect(retryAfterMs('Thu, 01 May 2025 10:05:00 GMT', now)).toBe(300_000)
    expect(retryAfterMs('Thu, 01 May 2025 09:00:00 GMT', now)).toBe(0)
    expect([retryAfterMs(null, now), retryAfterMs('soon', now)]).toEqual([0, 0])
    expect(delayAfterErrors(1, policy(0.5), 30 * minute)).toBe(30 * minute)
    expect(delayAfterErrors(1, policy(0.5), 1e12)).toBe(6 * 60 * minute)
  })
})
