import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, isInstant, millis, plusMs, SettableClock } from './instant.ts'

describe('an instant', () => {
  test('has one spelling, whatever zone it was written in', () => {
    expect(instant('2019-11-26T03:54:12+01:00')).toBe('2019-11-26T02:54:12.000Z')
    expect(instant(Date.UTC(2019, 10, 26, 2, 54, 12))).toBe('2019-11-26T02:54:12.000Z')
  })

  test('sorts as text does', () => {
    const moments = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
    fc.assert(
      fc.property(moments, moments, (a, b) => {
        expect(instant(a) < instant(b)).toBe(a < b)
        expect(millis(instant(a))).toBe(a)
        expect(isInstant(instant(a))).toBe(true)
      }),
    )
  })

  test.each([
    '2019-11-26T02:54:12',
    'yesterday Z',
    '',
    '2019-02-30T00:00:00Z',
    '2019-02-29T00:00:00Z',
    '+012019-01-01T00:00:00Z',
  ])('is not "%s"', (text) => expect(() => instant(text)).toThrow())

  test.each([
    ['2019-02-30T00:00:00.000Z'],
    ['2019-11-26T02:54:12Z'],
    [0],
    [undefined],
  ])('is not %j as a record writes it', (value) => expect(isInstant(value)).toBe(false))

  test('of a leap day is one, and a standing clock gives what it was set to', () => {
    const clock = new SettableClock(instant('2020-02-29T00:00:00Z'))
    clock.set(plusMs(clock.now(), 1500))

    expect(clock.now()).toBe('2020-02-29T00:00:01.500Z')
  })
})
