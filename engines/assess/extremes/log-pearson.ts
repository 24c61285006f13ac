/**
 * Log-Pearson type III by the moments of log₁₀ x: mean, standard deviation and bias-corrected station skew (Bulletin 17B
 * without its steps for outliers and regional skew). For positive quantities only.
 */
import { pearsonQuantile } from './distributions/index.ts'
import { SampleTooSmall } from './l-moments.ts'

export type LogPearsonFit = { readonly mean: number; readonly deviation: number; readonly skew: number }

export function fitLogPearson(sample: readonly number[]): LogPearsonFit {
  const n = sample.length
  if (n < 3 || sample.some((value) => !(value > 0)))
    throw new SampleTooSmall('Log-Pearson III needs at least three values, all above 0.')
  const logs = sample.map((value) => Math.log10(value))
  const mean = logs.reduce((sum, value) => sum + value, 0) / n
  const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1))
  const cubes = logs.reduce((sum, value) => sum + (value - mean) ** 3, 0)
  return { mean, deviation, skew: (n * cubes) / ((n - 1) * (n - 2) * deviation ** 3) }
}

export const logPearsonReturnLevel = ({ mean, deviation, skew }: LogPearsonFit, years: number): number =>
  10 ** (mean + deviation * pearsonQuantile(1 - 1 / years, skew))
