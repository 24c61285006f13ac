/**
 * Deaths over all countries: expected value and range, the probability of each range and the alert level, as PAGER
 * computes them; the rule and the value it was applied to stand beside the level.
 *
 * One departure, stated in the assessment: below an expected value of 0.001 PAGER, which is run from magnitude 5.5 up,
 * puts 0.5 in its place, and so would give a harmless tremor a probability of 0.35 of a death. Here the value stays as it
 * is.
 */
import type { ImpactBody } from '../impact-record.ts'
import type { CountryLoss } from './losses.ts'
import { alertLevel, alertThresholds, lossRanges, probabilityBelow, rangeProbability } from './pager/alert.ts'
import { combinedG } from './pager/loss.ts'
import { decimals, significant } from './round.ts'

type Total = Pick<ImpactBody, 'fatalities' | 'level' | 'rule'>

export function fatalityTotal(countries: readonly CountryLoss[]): Total {
  const known = countries.flatMap(({ fatalities, l2g }) =>
    fatalities === undefined || l2g === undefined ? [] : [{ ...fatalities, l2g }],
  )
  const sum = (of: (one: (typeof known)[number]) => number) =>
    known.reduce((total, one) => total + of(one), 0)
  const expected = sum((one) => one.expected)
  // a country with less than one expected death has no loss in PAGER's sense, which truncates
  const g = combinedG(known.map((one) => ({ l2g: one.l2g, expected: Math.trunc(one.expected) })))
  return {
    level: alertLevel(deaths(expected)), // of the figure that is shown
    rule: { name: 'pager-fatality', value: deaths(expected), thresholds: { ...alertThresholds } },
    fatalities: {
      expected: deaths(expected),
      low: deaths(sum((one) => one.low)),
      high: deaths(sum((one) => one.high)),
      G: decimals(g, 4),
      ranges: lossRanges.map((range) => ({
        from: range[0],
        ...(range[1] < 1e12 && { to: range[1] }),
        probability: decimals(probabilityOf(expected, g, range), 4),
      })),
    },
  }
}

/** Below this PAGER replaces the expected value. */
export const leastExpected = 0.001

function probabilityOf(expected: number, g: number, range: readonly [number, number]): number {
  if (expected >= leastExpected) return rangeProbability(expected, g, range)
  const [from, to] = range
  return probabilityBelow(expected, g, to) - (from === 0 ? 0 : probabilityBelow(expected, g, from))
}

/** Three significant digits, and no more than two decimals. */
export const deaths = (value: number): number => decimals(significant(value), 2)
