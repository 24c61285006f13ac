/**
 * Peaks over a threshold: generalised Pareto of the excesses by maximum likelihood, return levels, and how clustered
 * the excesses are (Coles 2001, chapters 4 and 5; Ferro and Segers 2003).
 *
 * Shape ξ has Coles' sign. Runs declustering: two excesses belong to one cluster when fewer than `run` values between
 * them stay at or below the threshold.
 */
import { minimise } from '../numbers/index.ts'
import { lMomentsOf } from './l-moments.ts'

export type ParetoFit = {
  readonly scale: number
  readonly shape: number
  readonly negativeLogLikelihood: number
}

/** Indices of the values above the threshold. */
export function exceedancesOf(series: readonly number[], threshold: number): readonly number[] {
  return series.flatMap((value, at) => (value > threshold ? [at] : []))
}

export function fitPareto(excesses: readonly number[]): ParetoFit {
  const { mean } = lMomentsOf(excesses, 2)
  const scaled = excesses.map((value) => value / mean)
  const { at, value } = minimise(
    ([scale = 1, shape = 0]) => paretoNegativeLogLikelihood(scaled, scale, shape),
    [1, 0.05],
  )
  return {
    scale: (at[0] ?? 1) * mean,
    shape: at[1] ?? 0,
    negativeLogLikelihood: value + excesses.length * Math.log(mean),
  }
}

export type PeaksModel = ParetoFit & {
  readonly threshold: number
  /** Share of the values above the threshold. */
  readonly rate: number
  readonly observationsPerYear: number
}

/** u + σ/ξ((T·n·ζ)^ξ − 1); undefined where fewer than one excess is expected in T years. */
export function peaksReturnLevel(model: PeaksModel, years: number): number | undefined {
  const expected = years * model.observationsPerYear * model.rate
  if (expected < 1) return undefined
  const y = Math.log(expected)
  const { scale, shape, threshold } = model
  return threshold + scale * (Math.abs(shape) < 1e-9 ? y : Math.expm1(shape * y) / shape)
}

/** How many clusters the excesses form; their share of all excesses is the extremal index by runs. */
export function clustersByRuns(exceedances: readonly number[], run: number): number {
  return exceedances.reduce((count, at, index) => {
    const before = exceedances[index - 1]
    return before === undefined || at - before > run ? count + 1 : count
  }, 0)
}

/** Extremal index from the times between excesses, without a run length to choose (Ferro and Segers 2003, eq. 5). */
export function extremalIndexByIntervals(exceedances: readonly number[]): number {
  const gaps = exceedances.slice(1).map((at, index) => at - (exceedances[index] ?? at))
  if (gaps.length === 0) return 1
  const isLong = Math.max(...gaps) > 2
  const [first, second] = isLong
    ? [sum(gaps.map((t) => t - 1)), sum(gaps.map((t) => (t - 1) * (t - 2)))]
    : [sum(gaps), sum(gaps.map((t) => t * t))]
  return Math.min(1, (2 * first * first) / (gaps.length * second))
}

function paretoNegativeLogLikelihood(excesses: readonly number[], scale: number, shape: number): number {
  if (!(scale > 0)) return Number.POSITIVE_INFINITY
  let total = excesses.length * Math.log(scale)
  for (const value of excesses) {
    const inside = 1 + (shape * value) / scale
    if (inside <= 0) return Number.POSITIVE_INFINITY
    total += (1 + shape) * (Math.abs(shape) < 1e-9 ? value / scale : Math.log(inside) / shape)
  }
  return total
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
