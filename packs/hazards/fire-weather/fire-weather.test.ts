import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { checkReference } from '../../../engines/assess/index.ts'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { fireDangerOf, fireWeatherOf, springCodes } from './fire-weather-index.ts'
import { moistureConstant, type NoonWeather } from './fuel-moisture.ts'
import { fireWeatherReferences } from './references.ts'
import { fireSeasons } from './season.ts'
import { fireWeatherOfStation } from './station-days.ts'

describeWithData('fire weather agrees with the published programs', 'reference', (data) => {
  test('in every value of every case', async () => {
    const results = await Array.fromAsync(checkReference([data('fwi')], fireWeatherReferences))

    const files = (await readdir(data('fwi/cases'))).filter((name) => name.endsWith('.json'))
    expect(results).toHaveLength(files.length)
    expect(results.filter(({ status }) => status !== 'passed')).toEqual([])
  })
})

const day: NoonWeather = {
  month: 4,
  temperatureC: 17,
  relativeHumidityPercent: 42,
  windKmh: 25,
  rainMm: 0,
  latitude: 40,
}

describe('the fire weather index', () => {
  test('gives the published first day of Van Wagner and Pickett', () => {
    const today = fireWeatherOf(springCodes, day)

    expect(today.ffmc).toBeCloseTo(87.692980092774448, 10)
    expect(today.isi).toBeCloseTo(10.853661073655068, 10)
    expect(today.fwi).toBeCloseTo(10.096371392382368, 10)
  })

  test('differs a little under the constant that cffdrs took', () => {
    const ours = fireWeatherOf(springCodes, day)
    const theirs = fireWeatherOf(springCodes, day, { constant: moistureConstant.cffdrs })

    expect(ours.fwi - theirs.fwi).toBeGreaterThan(0)
    expect(ours.fwi - theirs.fwi).toBeLessThan(0.25)
  })

  test.each([
    [5.1, 'very-low'],
    [5.2, 'low'],
    [38, 'very-high'],
    [69.9, 'extreme'],
    [70, 'very-extreme'],
  ])('%d is %s danger, as EFFIS draws it', (fwi, danger) => {
    expect(fireDangerOf(fwi)).toBe(danger)
  })

  test('of a station starts anew after a missing day, and says when the codes have settled', () => {
    const dry = { temperatureC: 31, relativeHumidityPercent: 28, windKmh: 14, rainMm: 0 }
    const date = (at: number) => new Date(Date.UTC(2026, 4, 1 + at)).toISOString().slice(0, 10)
    const days = [...Array.from({ length: 60 }, (_, at) => at), 62].map((at) => ({ date: date(at), ...dry }))

    const found = fireWeatherOfStation(days, 38)

    expect(found.map(({ isSettled }) => isSettled).indexOf(true)).toBe(52)
    expect(found.at(-1)).toMatchObject({ isSettled: false })
    expect(found.at(-1)?.dc).toBeLessThan(found.at(-2)?.dc ?? 0)
  })

  test('does not open a season on two warm days and a cool one', () => {
    expect(fireSeasons([13, 13, 11, 13, 13, 11, 13])).toEqual([])
  })
})
