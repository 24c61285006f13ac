import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  digamma,
  errorFunction,
  gamma,
  gammaQuantile,
  gammaTails,
  incompleteBeta,
  inverse,
  logGamma,
  minimise,
  normalCdf,
  normalQuantile,
  studentTwoSided,
} from './index.ts'

const near = (value: number, wanted: number, relative = 1e-13) =>
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(relative * Math.abs(wanted))

describe('special functions agree with their tabled values', () => {
  test('gamma and its logarithm, also beyond what a double can hold', () => {
    near(gamma(0.5), Math.sqrt(Math.PI))
    near(gamma(5), 24)
    near(logGamma(100), 359.1342053695754)
    near(logGamma(1e6), 12815504.569147611)
    near(digamma(1), -0.5772156649015329)
    near(digamma(0.25), -4.2274535333762655)
  })

  test('both tails of the gamma distribution keep their digits', () => {
    near(gammaTails(1, 3).upper, Math.exp(-3))
    near(gammaTails(0.5, 50).upper, 1.523970604832105e-23, 1e-12)
    near(gammaTails(10, 0.1).lower, 2.5163478067703148e-17, 1e-12)
  })

  test('the normal distribution far out, and the error function near 0', () => {
    near(normalCdf(-10), 7.61985302416047e-24, 1e-12)
    near(normalQuantile(0.975), 1.959963984540054)
    near(errorFunction(1e-8), 1.1283791670955126e-8)
  })

  test('the incomplete beta and Student’s t', () => {
    near(incompleteBeta(2, 3, 0.4), 0.5248, 1e-12)
    near(studentTwoSided(2.2281388519649385, 10), 0.05, 1e-10)
  })
})

describe('quantiles undo their distributions', () => {
  test('of the normal', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 0.999999, noNaN: true }), (p) => {
        near(normalCdf(normalQuantile(p)), p, 1e-11)
      }),
    )
  })

  test('of the gamma, for flat, usual and nearly normal shapes', () => {
    const shape = fc.oneof(
      fc.double({ min: 0.05, max: 5, noNaN: true }),
      fc.double({ min: 5, max: 1e6, noNaN: true }),
    )
    fc.assert(
      fc.property(shape, fc.double({ min: 1e-9, max: 0.999999, noNaN: true }), (a, p) => {
        near(gammaTails(a, gammaQuantile(a, p)).lower, p, 1e-8)
      }),
    )
  })
})

describe('the minimiser', () => {
  test('finds the floor of a curved valley to many digits', () => {
    const rosenbrock = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2

    const { at } = minimise(rosenbrock, [-1.2, 1])

    expect(at[0]).toBeCloseTo(1, 8)
    expect(at[1]).toBeCloseTo(1, 8)
  })

  test('stays inside a domain whose outside is infinite', () => {
    const { at } = minimise(([x = 0]) => (x <= 0 ? Number.POSITIVE_INFINITY : x - Math.log(x)), [3])

    expect(at[0]).toBeCloseTo(1, 8)
  })

  test('a matrix without an inverse has none', () => {
    expect(
      inverse([
        [1, 2],
        [2, 4],
      ]),
    ).toBeUndefined()
  })
})
