import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, millis } from '../../record/index.ts'
import { capMillis, capTime, readCapTime } from './time.ts'

describe('the time in a warning', () => {
  test('is written in whole seconds, with UTC as minus zero', () => {
    expect(capTime(instant('2019-11-26T02:54:12.999Z'))).toBe('2019-11-26T02:54:12-00:00')
    expect(capTime(instant('2019-11-26T02:54:12Z'), 60)).toBe('2019-11-26T03:54:12+01:00')
    expect(capTime(instant('2019-11-26T02:54:12Z'), -210)).toBe('2019-11-25T23:24:12-03:30')
  })

  test('is the same moment when read again, in any zone', () => {
    const moments = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(moments, fc.integer({ min: -840, max: 840 }), (date, offset) => {
        const at = instant(Math.floor(date.getTime() / 1000) * 1000)
        expect(readCapTime(capTime(at, offset))).toEqual({ ok: true, ms: millis(at), faults: [] })
      }),
    )
  })

  test('is understood as real senders write it, and what is wrong is named', () => {
    const ms = Date.UTC(2026, 10, 23, 8)
    expect(readCapTime('2026-11-23T08:00:00Z')).toEqual({ ok: true, ms, faults: ['zulu'] })
    expect(readCapTime('2026-11-23T08:00:00+00:00')).toEqual({ ok: true, ms, faults: ['plus-zero'] })
    expect(readCapTime('2026-11-23T08:00:00.250-00:00')).toEqual({
      ok: true,
      ms: ms + 250,
      faults: ['fraction'],
    })
    expect(readCapTime('2026-11-23T08:00:00')).toEqual({ ok: false, reason: 'no-zone' })
  })

  test('of a day or an hour that does not exist is no time', () => {
    for (const text of [
      '2026-02-30T08:00:00-00:00',
      '2026-11-23T25:00:00-00:00',
      '2026-11-23T08:00:00+15:00',
      '23/11/2026',
      '',
    ])
      expect(capMillis(text), text).toBeUndefined()
  })
})
