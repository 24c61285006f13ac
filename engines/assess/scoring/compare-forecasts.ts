/**
 * Whether one forecast is better than another by more than chance: Diebold and Mariano (1995) with the small-sample
 * correction of Harvey, Leybourne and Newbold (1997), two-sided, against Student's t with n − 1 degrees of freedom.
 */
import { studentTwoSided } from '../numbers/index.ts'

export type ForecastComparison = {
  /** Below 0 where the first forecast is better. */
  readonly statistic: number
  readonly probability: number
}

export function compareForecasts(
  firstErrors: readonly number[],
  secondErrors: readonly number[],
  { horizon = 1, power = 2 }: { readonly horizon?: number; readonly power?: number } = {},
): ForecastComparison {
  const losses = firstErrors.map(
    (error, at) => Math.abs(error) ** power - Math.abs(secondErrors[at] ?? 0) ** power,
  )
  const n = losses.length
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / n
  const autocovariance = (lag: number): number =>
    losses.slice(lag).reduce((sum, loss, at) => sum + (loss - mean) * ((losses[at] ?? mean) - mean), 0) / n
  let variance = autocovariance(0)
  for (let lag = 1; lag < horizon; lag += 1) variance += 2 * autocovariance(lag)
  const correction = Math.sqrt((n + 1 - 2 * horizon + (horizon / n) * (horizon - 1)) / n)
  const statistic = (mean / Math.sqrt(variance / n)) * correction
  return { statistic, probability: studentTwoSided(statistic, n - 1) }
}
