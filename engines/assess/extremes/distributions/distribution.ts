/**
 * What every distribution here can do: be fitted to L-moments, give the value below which a share of cases lies, and
 * give the share below a value.
 *
 * Parameters are a list in the order of `parameters`; shape k has Hosking's sign (k = −ξ of Coles). Source of all
 * estimators: Hosking, "Fortran routines for use with the method of L-moments", version 3 (RC 20525, 1996).
 */
import type { LMoments } from '../l-moments.ts'

export type Fit =
  | { readonly kind: 'fitted'; readonly parameters: readonly number[] }
  | { readonly kind: 'infeasible'; readonly reason: string }

export type Distribution = {
  readonly name: string
  readonly parameters: readonly string[]
  /** How many L-moments `fit` reads. */
  readonly needs: number
  readonly fit: (moments: LMoments) => Fit
  /** `probability` is that of staying below. */
  readonly quantile: (probability: number, parameters: readonly number[]) => number
  readonly cdf: (value: number, parameters: readonly number[]) => number
  /** λ₁, λ₂, τ₃, τ₄ of the distribution itself. */
  readonly lMoments?: (parameters: readonly number[]) => readonly [number, number, number, number]
}

export const fitted = (...parameters: readonly number[]): Fit =>
  parameters.every(Number.isFinite)
    ? { kind: 'fitted', parameters }
    : infeasible('the L-moments are outside what this distribution can have')
export const infeasible = (reason: string): Fit => ({ kind: 'infeasible', reason })

/** τ₃, τ₄, τ₅; what was not computed is not a number. */
export function ratiosOf(moments: LMoments): readonly [number, number, number] {
  const [t3 = Number.NaN, t4 = Number.NaN, t5 = Number.NaN] = moments.ratios
  return [t3, t4, t5]
}

/** Up to five parameters; what is not there is 0. */
export function five(parameters: readonly number[]): readonly [number, number, number, number, number] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = parameters
  return [a, b, c, d, e]
}

/** (1 − e^(−k·y)) / k, which is y at k = 0: the step from a standard variate to one with shape k. */
export const bend = (y: number, k: number): number => (k === 0 ? y : -Math.expm1(-k * y) / k)

/** The reverse of `bend`; beyond the end of the support it is infinite. */
export function unbend(x: number, k: number): number {
  if (k === 0) return x
  const rest = 1 - k * x
  if (rest <= 0) return k > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  return -Math.log1p(-k * x) / k
}
