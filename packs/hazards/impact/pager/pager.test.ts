import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lossModelOf, publishedLossModel } from '../coefficients/pager.ts'
import { alertLevel, lossRanges, probabilityBelow, rangeProbability, valueAtProbability } from './alert.ts'
import { combinedG, expectedLoss, grownPopulation, lossRate } from './loss.ts'
import { normalCdf, normalQuantile } from './normal.ts'

describe('the normal distribution', () => {
  test.each([
    [0, 0.5],
    [-1, 0.158655253931457],
    [1.959963984540054, 0.975],
    [-3, 0.00134989803163009],
    [-6, 9.86587645037698e-10],
    [-10, 7.61985302416053e-24],
  ])('at %d is %d', (x, p) => {
    expect(normalCdf(x) / p).toBeCloseTo(1, 12)
  })

  test('the quantile undoes it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => {
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12)
      }),
    )
  })
})

describe('deaths as past losses let expect them', () => {
  const albania = publishedLossModel('AL')?.fatality ?? { theta: 0, beta: 0, l2g: 0 }

  test('one intensity unit more means some twenty times the deaths', () => {
    expect(lossRate(albania, 7) / lossRate(albania, 6)).toBeCloseTo(23.3, 1)
  })

  test('people at X count as at IX, those below V not at all', () => {
    expect(expectedLoss(albania, [9, 9, 9, 9, 0, 0, 0, 0, 0, 0])).toBe(0)
    expect(expectedLoss(albania, [0, 0, 0, 0, 0, 0, 0, 0, 0, 100])).toBe(100 * lossRate(albania, 9))
  })

  test('Kosovo is not published, and borrows the model that its neighbours share', () => {
    expect(publishedLossModel('XK')).toBeUndefined()
    expect(lossModelOf('XK')?.fatality).toEqual(albania)
    expect(lossModelOf('ZZ')).toBeUndefined()
  })

  test('spreads of several countries add in squares over those with losses, up to 2.5', () => {
    expect(
      combinedG([
        { l2g: 1.5, expected: 3 },
        { l2g: 2, expected: 0 },
      ]),
    ).toBe(1.5)
    expect(
      combinedG([
        { l2g: 1.5, expected: 3 },
        { l2g: 2, expected: 1 },
      ]),
    ).toBe(2.5)
    expect(
      combinedG([
        { l2g: 0.3, expected: 0 },
        { l2g: 0.4, expected: 0 },
      ]),
    ).toBeCloseTo(0.5, 12)
  })

  test('a population grows by its yearly rate to whole persons', () => {
    expect(grownPopulation(1000, 0.01, 2015, 2023)).toBe(1083)
  })
})

describe('alert levels and their probabilities', () => {
  test.each([
    [0.99, 'green'],
    [1, 'yellow'],
    [99.9, 'yellow'],
    [100, 'orange'],
    [1000, 'red'],
  ])('%d deaths is %s', (value, level) => {
    expect(alertLevel(value)).toBe(level)
  })

  test('the ranges share out nearly all of the probability', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e5, noNaN: true }),
        fc.double({ min: 0.8, max: 2.5, noNaN: true }),
        (e, g) => {
          const sum = lossRanges.reduce((total, range) => total + rangeProbability(e, g, range), 0)
          expect(sum).toBeGreaterThan(0.999)
          expect(sum).toBeLessThanOrEqual(1 + 1e-12)
        },
      ),
    )
  })

  test('the value at a probability is exceeded with the rest', () => {
    expect(probabilityBelow(50, 1.8, valueAtProbability(50, 1.8, 0.84) - 1e-5)).toBeCloseTo(0.84, 10)
  })
})
