import { describe, expect, test } from 'vitest'
import type { TimeSeries } from '../../engines/formats/index.ts'
import { instant, plusMs } from '../../engines/record/index.ts'
import { properties, propertyNamed } from './properties.ts'
import { convert, ucumOf } from './units.ts'
import { judge } from './validation.ts'

const noon = instant('2026-03-01T12:00:00Z')
const hourMs = 3_600_000

const aSeries = (values: readonly number[], rest: Partial<TimeSeries> = {}): TimeSeries => ({
  id: 's',
  station: { id: 'a' },
  property: { name: 'NO2' },
  unit: 'µg/m³',
  points: values.map((value, at) => ({
    time: plusMs(noon, (at - values.length) * hourMs),
    value,
    place: `${at}`,
  })),
  ...rest,
})
const held = (series: TimeSeries) => {
  const judged = judge(series, noon)
  return judged.kind === 'unknown' ? [judged.issue.rule] : judged.held.map(({ issue }) => issue.rule)
}
const values = (series: TimeSeries) => {
  const judged = judge(series, noon)
  return judged.kind === 'unknown' ? [] : judged.readings.map(({ value }) => value)
}

describe('units', () => {
  test.each([
    ['µg/m³', 'ug/m3'],
    ['μg/m³', 'ug/m3'],
    ['ppb', '[ppb]'],
    ['m³/s', 'm3/s'],
    ['°C', 'Cel'],
  ])('%s is %s in UCUM', (written, ucum) => {
    expect(ucumOf(written)).toBe(ucum)
  })

  test('a share of a gas becomes a mass at the conditions of the directive', () => {
    expect(convert(1, { from: 'ppb', to: 'ug/m3', gramsPerMole: 46.0055 })).toBeCloseTo(1.913, 3)
    expect(convert(0.1, { from: 'ppm', to: 'ug/m3', gramsPerMole: 47.9982 })).toBeCloseTo(199.59, 2)
    expect(convert(1, { from: '[ppm]', to: 'mg/m3', gramsPerMole: 28.0101 })).toBeCloseTo(1.1647, 4)
  })

  test('lengths, flows and temperatures by their factors, and to itself without a change', () => {
    expect(convert(1168, { from: 'cm', to: 'm' })).toBe(11.68)
    expect(convert(68, { from: '°F', to: 'Cel' })).toBe(20)
    expect(convert(0.1 + 0.2, { from: 'm', to: 'm' })).toBe(0.1 + 0.2)
  })

  test('what has no way from one to the other is not guessed at', () => {
    expect(convert(1, { from: 'ppb', to: 'ug/m3' })).toBeUndefined()
    expect(convert(1, { from: 'm', to: 'ug/m3', gramsPerMole: 48 })).toBeUndefined()
    expect(convert(1, { from: 'furlong', to: 'm' })).toBeUndefined()
  })
})

describe('properties', () => {
  test('are known by their names and by the European vocabulary', () => {
    expect(propertyNamed({ name: 'pm25' })?.code).toBe('PM2.5')
    expect(propertyNamed({ name: 'Ozone' })?.code).toBe('O3')
    expect(
      propertyNamed({ name: '?', id: 'http://dd.eionet.europa.eu/vocabulary/aq/pollutant/6001' })?.code,
    ).toBe('PM2.5')
    expect(propertyNamed({ name: 'happiness' })).toBeUndefined()
  })

  test('are each kept in a unit that is known, and say why a value is impossible', () => {
    expect(properties.filter(({ unit }) => ucumOf(unit) !== unit)).toEqual([])
    expect(properties.filter(({ because }) => because.length < 10)).toEqual([])
  })
})

describe('a reading is held', () => {
  test('where its unit is unknown, missing or of another kind', () => {
    expect(held(aSeries([20], { unit: 'furlong' }))).toEqual(['environment/wrong-unit'])
    expect(held({ ...aSeries([20]), unit: '' })).toEqual(['environment/wrong-unit'])
    expect(held(aSeries([20], { unit: 'm' }))).toEqual(['environment/wrong-unit'])
  })

  test('where it cannot be, after conversion', () => {
    expect(held(aSeries([-999, 20, 3001]))).toEqual([
      'environment/impossible-value',
      'environment/impossible-value',
    ])
    expect(held(aSeries([5], { unit: 'ppm' }))).toEqual(['environment/impossible-value'])
    expect(values(aSeries([-2, 20]))).toEqual([-2, 20])
  })

  test('where it is zero and never can be', () => {
    expect(held(aSeries([0], { property: { name: 'dose rate' }, unit: 'nSv/h' }))).toEqual([
      'environment/impossible-value',
    ])
  })

  test('where the instrument stands still, from the first repetition on', () => {
    const still = aSeries([31, ...Array.from({ length: 12 }, () => 30), 29])

    expect(held(still)).toEqual(Array.from({ length: 11 }, () => 'environment/flat-line'))
    expect(values(still)).toEqual([31, 30, 29])
  })

  test('but not for a short plateau, nor for a river, which may stand for days', () => {
    expect(held(aSeries(Array.from({ length: 8 }, () => 30)))).toEqual([])
    const river = aSeries(
      Array.from({ length: 90 }, () => 2.41),
      { property: { name: 'Water level' }, unit: 'm' },
    )
    expect(held(river)).toEqual([])
  })

  test('where its time has not come', () => {
    const series = aSeries([20])
    const [point] = series.points
    const ahead = { ...series, points: [{ ...point, time: plusMs(noon, hourMs), place: '' }] }

    expect(held(ahead as TimeSeries)).toEqual(['environment/time-in-future'])
  })

  test('where nobody knows what it is', () => {
    expect(held(aSeries([20], { property: { name: 'happiness' } }))).toEqual(['environment/unknown-property'])
  })
})
