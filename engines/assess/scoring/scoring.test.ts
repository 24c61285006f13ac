import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { checkReference } from '../check-reference.ts'
import {
  areaUnderCurve,
  brierScore,
  brierSkill,
  compareForecasts,
  continuousRankedProbability,
  type Forecast,
  isotonicCalibration,
  reliability,
} from './index.ts'
import { scoringReferences } from './references.ts'

describeWithData('scores agree with the programs of the field', 'reference', (data) => {
  test('in every value of every case, but for one whose input is not in the case', async () => {
    const results = await Array.fromAsync(checkReference([data('scoring')], scoringReferences))

    expect(results.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed'])
    expect(results.flatMap(({ departures = [] }) => departures.map(({ where }) => where))).toEqual([
      '/pointForecastMeans',
    ])
  })
})

const forecasts = fc.array(
  fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), happened: fc.boolean() }),
  { minLength: 2, maxLength: 60 },
)

describe('a forecast scored in the open', () => {
  test('is perfect when it always knew, and worst when it was always certain of the contrary', () => {
    const knew: readonly Forecast[] = [
      { probability: 1, happened: true },
      { probability: 0, happened: false },
    ]

    expect(brierScore(knew)).toBe(0)
    expect(brierScore(knew.map((one) => ({ ...one, happened: !one.happened })))).toBe(1)
    expect(areaUnderCurve(knew)).toBe(1)
  })

  test('that only says the base rate has no skill', () => {
    const flat = [true, false, false, false].map((happened) => ({ probability: 0.25, happened }))

    expect(brierSkill(flat)).toBeCloseTo(0, 12)
    expect(areaUnderCurve(flat)).toBe(0.5)
  })

  test('keeps every forecast in a bin of the reliability diagram', () => {
    fc.assert(
      fc.property(forecasts, (all) => {
        expect(reliability(all, 10).reduce((sum, bin) => sum + bin.forecasts, 0)).toBe(all.length)
      }),
    )
  })

  test('is calibrated by a curve that never falls', () => {
    fc.assert(
      fc.property(forecasts, (all) => {
        const calibrated = isotonicCalibration(all)
        const curve = Array.from({ length: 21 }, (_, at) => calibrated(at / 20))
        expect(curve.every((value, at) => at === 0 || value >= (curve[at - 1] ?? 0) - 1e-12)).toBe(true)
      }),
    )
  })

  test('as a sample scores its distance when it has one member', () => {
    expect(continuousRankedProbability([7], 10)).toBe(3)
  })

  test('is compared with another symmetrically', () => {
    const [first, second] = [
      [1, -2, 0.5, 3, -1],
      [2, -1, 1.5, 2, 4],
    ]

    const one = compareForecasts(first ?? [], second ?? [])
    const other = compareForecasts(second ?? [], first ?? [])

    expect(one.statistic).toBeCloseTo(-other.statistic, 12)
    expect(one.probability).toBeCloseTo(other.probability, 12)
  })
})
