/**
 * Scores of forecasts of counts given as a Poisson or a negative binomial distribution (Czado, Gneiting and Held 2009).
 *
 * Logarithmic score −ln f(x), ranked probability score Σ(F(k) − 1{x ≤ k})², Dawid-Sebastiani score, squared error, and
 * the non-randomised probability integral transform as a histogram of heights around 1.
 */
import { logGamma } from '../numbers/index.ts'

/** Without `size` a Poisson, with it a negative binomial of variance mean + mean²/size. */
export type CountForecast = { readonly mean: number; readonly size?: number }
export type CountScores = {
  readonly logarithmic: number
  readonly rankedProbability: number
  readonly dawidSebastiani: number
  readonly squaredError: number
}

export function countScores(forecast: CountForecast, observed: number): CountScores {
  const variance = varianceOf(forecast)
  const error = observed - forecast.mean
  return {
    logarithmic: -logProbability(forecast, observed),
    rankedProbability: rankedProbability(forecast, observed),
    dawidSebastiani: (error * error) / variance + Math.log(variance),
    squaredError: error * error,
  }
}

/** Heights of `bins` equal bins; all near 1 where the forecasts are calibrated. */
export function integralTransform(
  cases: readonly { readonly forecast: CountForecast; readonly observed: number }[],
  bins: number,
): readonly number[] {
  const ends = cases.map(({ forecast, observed }) => {
    const upper = cumulative(forecast, observed)
    return { lower: upper - Math.exp(logProbability(forecast, observed)), upper }
  })
  const share = (u: number): number =>
    ends.reduce((sum, { lower, upper }) => sum + clamp((u - lower) / (upper - lower)), 0) / cases.length
  return Array.from({ length: bins }, (_, at) => bins * (share((at + 1) / bins) - share(at / bins)))
}

const varianceOf = ({ mean, size }: CountForecast): number =>
  size === undefined ? mean : mean * (1 + mean / size)

function logProbability({ mean, size }: CountForecast, k: number): number {
  if (size === undefined) return k * Math.log(mean) - mean - logGamma(k + 1)
  const combinations = logGamma(k + size) - logGamma(size) - logGamma(k + 1)
  return combinations - size * Math.log1p(mean / size) - k * Math.log1p(size / mean)
}

function cumulative(forecast: CountForecast, upTo: number): number {
  let sum = 0
  for (let k = 0; k <= upTo; k += 1) sum += Math.exp(logProbability(forecast, k))
  return Math.min(1, sum)
}

/** To where the upper tail no longer counts, at the latest 40 standard deviations out. */
function rankedProbability(forecast: CountForecast, observed: number): number {
  const last = Math.max(observed, forecast.mean + 40 * Math.sqrt(varianceOf(forecast)))
  let [sum, below] = [0, 0]
  for (let k = 0; k <= last; k += 1) {
    below += Math.exp(logProbability(forecast, k))
    const gap = Math.min(1, below) - (k >= observed ? 1 : 0)
    sum += gap * gap
    if (k > observed && k > forecast.mean && gap * gap < 1e-20) break
  }
  return sum
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value))
