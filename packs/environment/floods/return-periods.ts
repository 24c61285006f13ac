/**
 * How rare a flood is, from the yearly maxima of a gauge: the level or discharge that is exceeded on average once in so
 * many years, with the 95 % interval by profile likelihood, and two other methods beside it, so that what depends on the
 * method is seen.
 *
 * GEV by maximum likelihood is the figure; GEV by L-moments and log-Pearson III (Bulletin 17B) stand beside it. Where the
 * likelihood is irregular (ξ at or below −0.5: it then runs to a distribution that ends at the largest flood seen), the
 * figure is that of the L-moments, without interval. Fewer than `fewestYears` maxima give nothing; beyond three times the record's length a figure says that it reaches too far. A year
 * counts with at least `leastShare` of its days: of a year with half its readings the maximum may be missing.
 */
import {
  fitGev,
  fitLogPearson,
  type GevFit,
  type GevParameters,
  generalisedExtremeValue,
  gevReturnLevel,
  lMomentsOf,
  logPearsonReturnLevel,
  profileInterval95,
} from '../../../engines/assess/index.ts'
import type { Instant } from '../../../engines/record/index.ts'

export const fewestYears = 15
const leastShare = 0.8

export type Measured = { readonly time: Instant; readonly value: number }
export type YearlyMaximum = { readonly year: number; readonly value: number; readonly at: Instant }
export type Maxima = {
  readonly maxima: readonly YearlyMaximum[]
  /** Left out, with how many of their days have a reading. */
  readonly incomplete: readonly { readonly year: number; readonly days: number }[]
}

/** Calendar years in UTC. Where floods come with the turn of the year, give `startMonth` 10: the year then is that it ends in. */
export function yearlyMaxima(readings: readonly Measured[], startMonth = 1): Maxima {
  const yearOf = (time: Instant): number =>
    Number(time.slice(0, 4)) + (startMonth > 1 && Number(time.slice(5, 7)) >= startMonth ? 1 : 0)
  const years = [...Map.groupBy(readings, ({ time }) => yearOf(time))].toSorted(([a], [b]) => a - b)
  const counted = years.map(([year, own]) => ({
    year,
    own,
    days: new Set(own.map(({ time }) => time.slice(0, 10))).size,
  }))
  return {
    maxima: counted.flatMap(({ year, own, days }) => {
      if (days < leastShare * 365) return []
      const top = own.reduce((a, b) => (b.value > a.value ? b : a))
      return [{ year, value: top.value, at: top.time }]
    }),
    incomplete: counted.flatMap(({ year, days }) => (days < leastShare * 365 ? [{ year, days }] : [])),
  }
}

export type ReturnLevel = {
  readonly years: number
  readonly level: number
  /** 95 %; absent where the likelihood gives no end. */
  readonly low?: number
  readonly high?: number
  readonly byLMoments?: number
  readonly byLogPearson?: number
  readonly isBeyondRecord: boolean
}
export type ReturnPeriods =
  | { readonly kind: 'too-few'; readonly years: number; readonly needed: number }
  | {
      readonly kind: 'fitted'
      readonly years: number
      readonly method: 'likelihood' | 'l-moments'
      readonly fit: GevParameters
      readonly levels: readonly ReturnLevel[]
    }

export function returnPeriods(
  maxima: readonly number[],
  asked: readonly number[] = [2, 5, 10, 20, 50, 100],
): ReturnPeriods {
  if (maxima.length < fewestYears || new Set(maxima).size < 5)
    return { kind: 'too-few', years: maxima.length, needed: fewestYears }
  const likely = fitGev(maxima)
  const byLMoments = generalisedExtremeValue.fit(lMomentsOf(maxima, 3))
  const [location = 0, scale = 1, k = 0] = byLMoments.kind === 'fitted' ? byLMoments.parameters : []
  const moments: GevParameters = { location, scale, shape: -k }
  const method = likely.isRegular || byLMoments.kind === 'infeasible' ? 'likelihood' : 'l-moments'
  const fit = method === 'likelihood' ? parametersOf(likely) : moments
  const byLogPearson = maxima.every((value) => value > 0) ? fitLogPearson(maxima) : undefined
  const levels = asked.map((years): ReturnLevel => {
    const interval = method === 'likelihood' ? profileInterval95(maxima, likely, years) : undefined
    return {
      years,
      level: gevReturnLevel(fit, years),
      ...(interval && { low: interval.low, high: interval.high }),
      ...(byLMoments.kind === 'fitted' && { byLMoments: gevReturnLevel(moments, years) }),
      ...(byLogPearson && { byLogPearson: logPearsonReturnLevel(byLogPearson, years) }),
      isBeyondRecord: years > 3 * maxima.length,
    }
  })
  return { kind: 'fitted', years: maxima.length, method, fit, levels }
}

const parametersOf = ({ location, scale, shape }: GevFit): GevParameters => ({ location, scale, shape })

/** How many years pass on average between floods at least as high; undefined above the end of the distribution. */
export function returnPeriodOf(value: number, { location, scale, shape }: GevParameters): number | undefined {
  const above = 1 - generalisedExtremeValue.cdf(value, [location, scale, -shape])
  return above > 0 ? 1 / above : undefined
}
