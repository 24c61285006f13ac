import { describe, expect, test } from 'vitest'
import { instant } from '../record/index.ts'
import { agreedTime } from './agreed-time.ts'

const noon = instant('2026-03-01T12:00:00Z')
const evening = instant('2026-03-01T20:00:00Z')
const said = (...times: readonly string[]) => times.map((time) => ({ there: instant(time) }))

describe('the time by which embargoes are judged', () => {
  test('a node that no peer told the time goes by its own clock', () => {
    expect(agreedTime(noon, [])).toEqual({ at: noon })
  })

  test('small differences between clocks change nothing', () => {
    expect(agreedTime(noon, said('2026-03-01T11:58:00Z'))).toEqual({ at: noon })
  })

  test('a clock that was set forward opens nothing: the time is what peers attest, and the alarm has its figure', () => {
    expect(agreedTime(evening, said('2026-03-01T12:00:00Z'))).toEqual({ at: noon, aheadMs: 8 * 3_600_000 })
  })

  test('a clock that stands behind stays what it is: nothing opens early', () => {
    expect(agreedTime(noon, said('2026-03-01T20:00:00Z'))).toEqual({ at: noon })
  })

  test('one peer that lags, or lies, does not hold back what another attests', () => {
    expect(agreedTime(noon, said('2020-01-01T00:00:00Z', '2026-03-01T12:00:00Z'))).toEqual({ at: noon })
  })
})
