/**
 * Generalised extreme value distribution by maximum likelihood (Coles 2001, chapter 3), also with a trend in location.
 *
 * Shape ξ has Coles' sign (ξ = −k). The sample is shifted by its median and scaled by its L-scale first, so that the
 * optimiser always meets numbers of about 1 (raw discharges of 1e5 break it otherwise). Standard errors come from the
 * observed information, those of return levels by the delta method.
 * Known limit: below ξ = −0.5 the estimator is irregular and its standard errors mean nothing (`isRegular`).
 */
import { hessian, inverse, minimise, type Point, quadraticForm } from '../numbers/index.ts'
import { lMomentsOf } from './l-moments.ts'

export type GevParameters = { readonly location: number; readonly scale: number; readonly shape: number }
export type GevFit = GevParameters & {
  readonly negativeLogLikelihood: number
  /** Of location, scale and shape. */
  readonly covariance: readonly Point[]
  readonly isRegular: boolean
}
export type Level = { readonly level: number; readonly standardError: number }
export type TrendFit = {
  readonly atCovariateZero: GevParameters
  /** Change of location for one unit of the covariate. */
  readonly slope: number
  readonly negativeLogLikelihood: number
}

export function fitGev(sample: readonly number[]): GevFit {
  const unit = unitOf(sample)
  const scaled = sample.map(unit.down)
  const objective = ([location = 0, scale = 1, shape = 0]: Point): number =>
    gevNegativeLogLikelihood(scaled, { location, scale, shape })
  const { at, value } = minimise(objective, [0, 1.3, 0.05])
  const [location = 0, scale = 1, shape = 0] = at
  const scaledCovariance = inverse(hessian(objective, at)) ?? []
  const factors = [unit.size, unit.size, 1]
  return {
    location: unit.up(location),
    scale: scale * unit.size,
    shape,
    negativeLogLikelihood: value + sample.length * Math.log(unit.size),
    covariance: scaledCovariance.map((row, i) =>
      row.map((cell, j) => cell * (factors[i] ?? 1) * (factors[j] ?? 1)),
    ),
    isRegular: shape > -0.5,
  }
}

/** ξ held at 0. */
export function fitGumbel(sample: readonly number[]): Omit<GevFit, 'covariance' | 'isRegular'> {
  const unit = unitOf(sample)
  const scaled = sample.map(unit.down)
  const { at, value } = minimise(
    ([location = 0, scale = 1]) => gevNegativeLogLikelihood(scaled, { location, scale, shape: 0 }),
    [0, 1.3],
  )
  return {
    location: unit.up(at[0] ?? 0),
    scale: (at[1] ?? 1) * unit.size,
    shape: 0,
    negativeLogLikelihood: value + sample.length * Math.log(unit.size),
  }
}

/** Location = b₀ + b₁·covariate; give the covariate centred, in a unit that makes it about 1. */
export function fitGevTrend(sample: readonly number[], covariate: readonly number[]): TrendFit {
  const unit = unitOf(sample)
  const scaled = sample.map(unit.down)
  const { at, value } = minimise(
    ([start = 0, slope = 0, scale = 1, shape = 0]) =>
      gevNegativeLogLikelihood(
        scaled.map((one, i) => one - slope * (covariate[i] ?? 0)),
        { location: start, scale, shape },
      ),
    [0, 0, 1.3, 0.05],
  )
  const [start = 0, slope = 0, scale = 1, shape = 0] = at
  return {
    atCovariateZero: { location: unit.up(start), scale: scale * unit.size, shape },
    slope: slope * unit.size,
    negativeLogLikelihood: value + sample.length * Math.log(unit.size),
  }
}

/** The level exceeded on average once in `years` blocks: the quantile at 1 − 1/T. */
export function gevReturnLevel({ location, scale, shape }: GevParameters, years: number): number {
  const y = -Math.log1p(-1 / years)
  return location + scale * power(-Math.log(y), shape)
}

/** The same with its standard error by the delta method. */
export function gevReturnLevelWithError(fit: GevFit, years: number): Level {
  const logY = Math.log(-Math.log1p(-1 / years))
  const { scale, shape } = fit
  const gradient = [1, power(-logY, shape), scale * powerByShape(-logY, shape)]
  return {
    level: gevReturnLevel(fit, years),
    standardError: Math.sqrt(quadraticForm(gradient, fit.covariance)),
  }
}

/** Infinity outside the domain: a scale that is not positive, or a value beyond the end of the support. */
export function gevNegativeLogLikelihood(
  sample: readonly number[],
  { location, scale, shape }: GevParameters,
): number {
  if (!(scale > 0)) return Number.POSITIVE_INFINITY
  let sum = sample.length * Math.log(scale)
  for (const value of sample) {
    const z = (value - location) / scale
    const inside = 1 + shape * z
    if (inside <= 0) return Number.POSITIVE_INFINITY
    const y = Math.abs(shape) < 1e-9 ? z : Math.log1p(shape * z) / shape
    sum += (1 + shape) * y + Math.exp(-y)
  }
  return sum
}

type Unit = {
  readonly size: number
  readonly down: (value: number) => number
  readonly up: (value: number) => number
}

function unitOf(sample: readonly number[]): Unit {
  const { scale } = lMomentsOf(sample, 2)
  const sorted = sample.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0
  const size = scale > 0 ? scale : 1
  return { size, down: (value) => (value - middle) / size, up: (value) => middle + value * size }
}

/** (e^(ξy) − 1)/ξ, which is y at ξ = 0. */
const power = (y: number, shape: number): number =>
  Math.abs(shape) < 1e-9 ? y : Math.expm1(shape * y) / shape

function powerByShape(y: number, shape: number): number {
  if (Math.abs(shape) < 1e-5) return (y * y) / 2 + (shape * y ** 3) / 3
  return (shape * y * Math.exp(shape * y) - Math.expm1(shape * y)) / (shape * shape)
}
