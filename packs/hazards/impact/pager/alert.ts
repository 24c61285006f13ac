/**
 * Probabilities of loss ranges and the alert level, as PAGER computes them: the loss is lognormal about the expected
 * value e with spread G. 1e-5 is added to every bound and to e; where e < 1 and G > 1.7, G becomes 1.7613; where
 * e < 0.001, e becomes 0.5. The last range is open (10¹²).
 *
 * Level by the expected value: below 1 green, below 100 yellow, below 1000 orange, else red (fatalities, or million
 * dollars).
 */
import { normalCdf, normalQuantile } from './normal.ts'

export const alertLevels = ['green', 'yellow', 'orange', 'red'] as const
export type AlertLevel = (typeof alertLevels)[number]
export const alertThresholds = { yellow: 1, orange: 100, red: 1000 } as const

export const lossRanges = [
  [0, 1],
  [1, 10],
  [10, 100],
  [100, 1000],
  [1000, 10_000],
  [10_000, 100_000],
  [100_000, 1e12],
] as const

const offset = 1e-5

export function rangeProbability(expected: number, g: number, [from, to]: readonly [number, number]): number {
  let e = expected + offset
  const spread = e < 1 && g > 1.7 ? 1.7613 : g
  if (e < 0.001) e = 0.5
  return below(to, e, spread) - below(from, e, spread)
}

const below = (bound: number, e: number, g: number): number =>
  normalCdf((Math.log(bound + offset) - Math.log(e)) / g)

/** The loss that is not exceeded with probability p. */
export const valueAtProbability = (expected: number, g: number, p: number): number =>
  Math.exp(Math.log(expected + offset) + g * normalQuantile(p))

/** Probability of a loss below a bound, without the special cases of the ranges. */
export const probabilityBelow = (expected: number, g: number, bound: number): number =>
  below(bound, expected + offset, g)

export function alertLevel(value: number): AlertLevel {
  if (value < alertThresholds.yellow) return 'green'
  if (value < alertThresholds.orange) return 'yellow'
  return value < alertThresholds.red ? 'orange' : 'red'
}
