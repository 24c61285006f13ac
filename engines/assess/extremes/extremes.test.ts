import { readdir } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { checkReference } from '../check-reference.ts'
import {
  clustersByRuns,
  distributions,
  fitGev,
  fitLogPearson,
  gevReturnLevelWithError,
  lMomentsOf,
  peaksReturnLevel,
  profileInterval95,
  SampleTooSmall,
} from './index.ts'
import { extremesReferences } from './references.ts'

describeWithData('extreme values agree with the programs of the field', 'reference', (data) => {
  test('in every value of every case', async () => {
    const results = await Array.fromAsync(checkReference([data('extremes')], extremesReferences))

    const files = (await readdir(data('extremes/cases'))).filter((name) => name.endsWith('.json'))
    expect(results).toHaveLength(files.length)
    expect(results.filter(({ status }) => status !== 'passed')).toEqual([])
    expect(Math.min(...results.map(({ values }) => values))).toBeGreaterThan(0)
  })

  test('but for four profile intervals, where the reference stops before the likelihood is lost', async () => {
    const results = await Array.fromAsync(checkReference([data('extremes')], extremesReferences))

    const departed = results.flatMap(({ id, departures = [] }) =>
      departures.map(({ where }) => `${id}${where}`),
    )
    expect(departed).toEqual([
      'gev_mle_sask/profile95',
      'gev_mle_ties20/profile95/high',
      'gev_mle_tiny10/profile95',
      'gev_mle_uccle_day/profile95/high',
    ])
  })
})

const gauge = [412, 655, 508, 431, 702, 589, 477, 1210, 536, 498, 620, 455, 871, 540, 515, 690]

describe('return periods from annual maxima of a gauge', () => {
  test('grow with the period, and so does what is not known about them', () => {
    const fit = fitGev(gauge)

    const levels = [2, 10, 50, 100].map((years) => gevReturnLevelWithError(fit, years))

    expect(levels.map(({ level }) => level)).toEqual(
      levels.map(({ level }) => level).toSorted((a, b) => a - b),
    )
    expect(levels.at(-1)?.standardError).toBeGreaterThan(levels[0]?.standardError ?? 0)
  })

  test('carry an interval that reaches further up than down', () => {
    const interval = profileInterval95(gauge, fitGev(gauge), 100)

    expect((interval?.high ?? 0) - (interval?.level ?? 0)).toBeGreaterThan(
      (interval?.level ?? 0) - (interval?.low ?? 0),
    )
  })

  test('do not depend on the unit of the readings', () => {
    const cubicMetres = fitGev(gauge)
    const litres = fitGev(gauge.map((value) => value * 1000))

    expect(litres.shape).toBeCloseTo(cubicMetres.shape, 6)
    expect(litres.location / cubicMetres.location).toBeCloseTo(1000, 4)
  })

  test('are refused for too few years rather than invented', () => {
    expect(() => lMomentsOf([1, 2, 3])).toThrow(SampleTooSmall)
    expect(() => fitLogPearson([10, 0, 12])).toThrow(SampleTooSmall)
  })

  test('are not given below one excess expected', () => {
    const model = {
      threshold: 4,
      scale: 0.3,
      shape: -0.3,
      negativeLogLikelihood: 0,
      rate: 0.4,
      observationsPerYear: 1,
    }

    expect([peaksReturnLevel(model, 2), peaksReturnLevel(model, 5)]).toEqual([undefined, expect.any(Number)])
  })
})

describe('the distributions', () => {
  const sample = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 8, maxLength: 40 })

  test.each(
    distributions.map((one) => [one.name, one] as const),
  )('%s: the quantile of the share below a value is that value', (_, distribution) => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0.02, max: 0.98, noNaN: true }), (values, p) => {
        const moments = lMomentsOf(values)
        const fit = distribution.fit(moments)
        if (fit.kind === 'infeasible') return
        const value = distribution.quantile(p, fit.parameters)
        const again = distribution.quantile(distribution.cdf(value, fit.parameters), fit.parameters)
        expect(Math.abs(again - value)).toBeLessThan(1e-4 * moments.scale)
      }),
      { numRuns: 60 },
    )
  })

  test('move and stretch with the data', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const [one, other] = [lMomentsOf(values), lMomentsOf(values.map((value) => 3 * value + 50))]
        expect(other.mean).toBeCloseTo(3 * one.mean + 50, 6)
        expect(other.ratios[0]).toBeCloseTo(one.ratios[0] ?? 0, 6)
      }),
    )
  })
})

test('excesses closer than the run length are one cluster', () => {
  expect(clustersByRuns([3, 4, 6, 12, 13, 30], 3)).toBe(3)
})
