import { describe, expect, test } from 'vitest'
import { ageOf, dateTime, delay, people, percent, position, roman, utcDateTime } from './format.ts'

describe('figures as people read them', () => {
  test('a time in Tirana stands in ISO order with its offset, and in UTC beside it', () => {
    const at = '2019-11-26T02:54:12.000Z'

    expect(dateTime(at, 'Europe/Tirane')).toBe('2019-11-26 03:54:12 UTC+1')
    expect(dateTime(at, 'UTC')).toBe('2019-11-26 02:54:12 UTC')
    expect(utcDateTime(at)).toBe('2019-11-26 02:54:12 UTC')
  })

  test('people are never shown to more digits than an estimate has', () => {
    expect([0, 3, 47, 128, 1499, 121_734, 1_420_000].map((count) => people(count, 'en-GB'))).toEqual([
      '0',
      '3',
      '50',
      '130',
      '1,500',
      '120,000',
      '1,400,000',
    ])
  })

  test('a tenth of an expected death is shown neither as nobody nor as somebody', () => {
    expect(people(0.1, 'en-GB')).toBe('<1')
    expect(people(0, 'en-GB')).toBe('0')
  })

  test('what is possible is never shown as 0 %', () => {
    expect([0, 0.0004, 0.137, 1].map((share) => percent(share, 'en-GB'))).toEqual([
      '0%',
      '<1%',
      '14%',
      '100%',
    ])
  })

  test('an age is told in the largest unit that says at least one, and never lies ahead', () => {
    const now = Date.parse('2019-11-26T04:00:00.000Z')

    expect(ageOf('2019-11-26T03:59:30.000Z', now)).toEqual({ unit: 's', n: 30 })
    expect(ageOf('2019-11-26T02:54:12.000Z', now)).toEqual({ unit: 'h', n: 1 })
    expect(ageOf('2019-11-20T02:54:12.000Z', now)).toEqual({ unit: 'd', n: 6 })
    expect(ageOf('2019-11-26T04:00:07.000Z', now)).toEqual({ unit: 's', n: 0 })
  })

  test('a delay after the shock reads as a clock', () => {
    expect([95_000, 3_850_000, -2000].map(delay)).toEqual(['+1:35', '+1:04:10', '−0:02'])
  })

  test('intensity is written in Roman numerals, positions with their hemisphere', () => {
    expect([3.4, 7.5, 8.1].map(roman)).toEqual(['III', 'VIII', 'VIII'])
    expect(position(41.514, -19.526)).toBe('41.51° N, 19.53° W')
  })
})
