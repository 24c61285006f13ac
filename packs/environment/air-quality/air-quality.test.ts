import { describe, expect, test } from 'vitest'
import { checkReference } from '../../../engines/assess/index.ts'
import { instant, plusMs } from '../../../engines/record/index.ts'
import { describeWithData } from '../../../test/support/shared-data.ts'
import type { ReadingBody } from '../records.ts'
import { citeairHourly, european2017 } from './bands.ts'
import { commonIndexOf } from './common-index.ts'
import { airQualityOf, runningMean } from './european-index.ts'
import { airQualityReferences } from './references.ts'
import { newestHour, stationAir } from './station.ts'

describeWithData('air quality indices agree with the published tables', 'reference', (data) => {
  test('in every value of the case', async () => {
    const [result] = await Array.fromAsync(checkReference([data('aqi')], airQualityReferences))

    expect(result).toMatchObject({ status: 'passed' })
    expect(result?.values).toBeGreaterThan(7000)
  })
})

describe('the air of a station', () => {
  const noon = instant('2026-01-10T12:00:00Z')
  const reading = (hoursAgo: number, property: ReadingBody['property'], value?: number): ReadingBody => ({
    series: property,
    station: { id: 'a' },
    property,
    time: plusMs(noon, -hoursAgo * 3_600_000),
    unit: 'ug/m3',
    ...(value === undefined ? { missing: 'not stated' } : { value }),
  })

  test('is that of gases by the hour and of particles over the day before', () => {
    const particles = Array.from({ length: 20 }, (_, at) => reading(at, 'PM10', 60))
    const air = stationAir([...particles, reading(0, 'NO2', 30), reading(1, 'NO2', 400)], noon)

    expect(air?.european).toMatchObject({ index: 4, dominant: ['PM10'], isCompleteForTraffic: true })
    expect(air?.common.index).toBeCloseTo(56.25, 6)
  })

  test('is not good where nothing was measured', () => {
    expect(stationAir([reading(0, 'NO2')], noon)).toBeUndefined()
    expect(newestHour([reading(0, 'NO2'), reading(2, 'O3', 80)])).toBe(plusMs(noon, -2 * 3_600_000))
  })
})

describe('the air quality index', () => {
  test('is that of the worst pollutant, and names all that are as bad', () => {
    expect(airQualityOf({ NO2: 95, O3: 120, SO2: 10 })).toMatchObject({ index: 3, dominant: ['NO2', 'O3'] })
  })

  test('counts a value on a bound as the better class', () => {
    expect([airQualityOf({ O3: 240 }).index, airQualityOf({ O3: 240.1 }).index]).toEqual([4, 5])
    expect(airQualityOf({ O3: 241 }, european2017).index).toBe(5)
  })

  test('says nothing where nothing was measured, instead of good air', () => {
    expect(airQualityOf({})).toMatchObject({ index: undefined, dominant: [], isCompleteForTraffic: false })
    expect(commonIndexOf({}).index).toBeUndefined()
  })

  test('needs eighteen of twenty-four hours for a running mean', () => {
    const hours = (valid: number) => Array.from({ length: 24 }, (_, at) => (at < valid ? 10 : undefined))

    expect([runningMean(hours(18)), runningMean(hours(17))]).toEqual([10, undefined])
  })

  test('goes on above 100 in the common index', () => {
    expect(commonIndexOf({ PM10: (citeairHourly.PM10[3] ?? 0) + 90 }).index).toBe(125)
  })
})
