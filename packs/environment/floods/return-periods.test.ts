import { describe, expect, test } from 'vitest'
import { instant } from '../../../engines/record/index.ts'
import { returnPeriodOf, returnPeriods, yearlyMaxima } from './return-periods.ts'

const maxima = [
  675, 1268, 812, 930, 744, 1105, 689, 1420, 870, 655, 990, 1180, 760, 840, 1010, 905, 720, 1330,
]

const daily = (year: number, days: number, peak: number) =>
  Array.from({ length: days }, (_, day) => ({
    time: instant(Date.UTC(year, 0, 1 + day, 6)),
    value: day === 40 ? peak : 300,
  }))

describe('how rare a flood is', () => {
  test('is told with its interval, and by three methods side by side', () => {
    const found = returnPeriods(maxima)

    if (found.kind !== 'fitted') throw new Error('not fitted')
    const hundred = found.levels.find(({ years }) => years === 100)
    expect(hundred?.low).toBeLessThan(hundred?.level ?? 0)
    expect(hundred?.high).toBeGreaterThan(hundred?.level ?? 0)
    expect(hundred?.byLMoments).toBeGreaterThan(1000)
    expect(hundred?.byLogPearson).toBeGreaterThan(1000)
    expect(hundred?.isBeyondRecord).toBe(true)
  })

  test('of a level turns back into its years', () => {
    const found = returnPeriods(maxima)

    if (found.kind !== 'fitted') throw new Error('not fitted')
    for (const { years, level } of found.levels)
      expect(returnPeriodOf(level, found.fit)).toBeCloseTo(years, 6)
  })

  test('falls back on L-moments where the likelihood has no regular optimum', () => {
    const capped = Array.from({ length: 20 }, (_, at) => 1200 - 1.5 * at * at)
    const found = returnPeriods(capped)

    expect(found).toMatchObject({ kind: 'fitted', method: 'l-moments' })
    if (found.kind === 'fitted') expect(found.levels.every(({ low }) => low === undefined)).toBe(true)
    if (found.kind === 'fitted') expect(returnPeriodOf(1e6, found.fit)).toBeUndefined()
  })

  test('is not said from few years, nor from a gauge that always shows the same', () => {
    expect(returnPeriods(maxima.slice(0, 9))).toEqual({ kind: 'too-few', years: 9, needed: 15 })
    expect(returnPeriods(Array.from({ length: 30 }, () => 4))).toMatchObject({ kind: 'too-few' })
  })

  test('counts only years of which enough was measured, and names the others', () => {
    const found = yearlyMaxima([
      ...daily(2001, 365, 900),
      ...daily(2002, 120, 1200),
      ...daily(2003, 360, 700),
    ])

    expect(found.maxima).toMatchObject([
      { year: 2001, value: 900 },
      { year: 2003, value: 700 },
    ])
    expect(found.incomplete).toEqual([{ year: 2002, days: 120 }])
  })

  test('by a water year keeps one winter flood in one year', () => {
    const winter = [
      { time: instant('2001-12-30T00:00:00Z'), value: 900 },
      { time: instant('2002-01-02T00:00:00Z'), value: 910 },
    ]
    const both = yearlyMaxima([...winter, ...daily(2002, 260, 300)], 10)

    expect(both.incomplete.concat(both.maxima.map(({ year }) => ({ year, days: 0 })))).toHaveLength(1)
  })
})
