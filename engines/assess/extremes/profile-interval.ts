/**
 * Confidence interval of a return level by profile likelihood (Coles 2001, §2.7.4): all levels at which the best fit
 * with that level held loses no more than χ²₁/2. It is lopsided where the data are, which the interval from a standard
 * error is not.
 */
import { minimise, type Point } from '../numbers/index.ts'
import { type GevFit, gevNegativeLogLikelihood, gevReturnLevel } from './gev-likelihood.ts'

export type ProfileInterval = { readonly level: number; readonly low: number; readonly high: number }

/** Half of the 95 % point of χ² with one degree of freedom. */
export const allowedLoss95 = 3.841458820694124 / 2
const farthestInScales = 1e4

/** What the best fit with this level held loses against the best fit of all; above `allowedLoss95` it is outside. */
export function profileLoss(
  sample: readonly number[],
  fit: GevFit,
  { level, years }: { readonly level: number; readonly years: number },
): number {
  const { scaled, search } = searchFrom(sample, fit, years)
  const loss = lossOf(scaled, search)
  const target = (level - fit.location) / fit.scale
  const steps = 40 // each fit starts from the last, so that it stays on the same branch
  let last = 0
  for (let step = 1; step <= steps; step += 1)
    last = loss(search.standard + ((target - search.standard) * step) / steps)
  return last
}

/** Undefined where an end lies beyond any useful distance. */
export function profileInterval95(
  sample: readonly number[],
  fit: GevFit,
  years: number,
): ProfileInterval | undefined {
  const { scaled, search } = searchFrom(sample, fit, years)
  const ends = [-1, 1].map((side) => {
    const offset = endOf(lossOf(scaled, search), search.standard, side)
    return offset === undefined ? undefined : fit.location + fit.scale * offset
  })
  const [low, high] = ends
  return low === undefined || high === undefined
    ? undefined
    : { level: gevReturnLevel(fit, years), low, high }
}

type Loss = (standardLevel: number) => number
type Search = {
  readonly best: number
  /** The level in scales above the location. */
  readonly standard: number
  readonly years: number
  readonly shape: number
}

function searchFrom(
  sample: readonly number[],
  fit: GevFit,
  years: number,
): { scaled: readonly number[]; search: Search } {
  const { location, scale, shape } = fit
  const scaled = sample.map((value) => (value - location) / scale)
  const best = gevNegativeLogLikelihood(scaled, { location: 0, scale: 1, shape })
  const standard = (gevReturnLevel(fit, years) - location) / scale
  return { scaled, search: { best, standard, years, shape } }
}

/** Starts each fit from the last one that was inside. */
function lossOf(scaled: readonly number[], { best, years, shape }: Search): Loss {
  let start: Point = [1, shape]
  return (level) => {
    const found = profileAt(scaled, { level, years, start })
    if (found.value - best < allowedLoss95) start = found.at
    return found.value - best
  }
}

/** Steps outward, each half as long again, until the loss is too great; then bisection. */
function endOf(loss: Loss, from: number, side: number): number | undefined {
  let [inside, step] = [from, 0.1]
  let outside = inside + side * step
  while (loss(outside) < allowedLoss95) {
    inside = outside
    step *= 1.5
    outside += side * step
    if (Math.abs(outside) > farthestInScales) return undefined
  }
  for (let round = 0; round < 40 && Math.abs(outside - inside) > 1e-6; round += 1) {
    const middle = (inside + outside) / 2
    if (loss(middle) < allowedLoss95) inside = middle
    else outside = middle
  }
  return inside
}

/** The best scale and shape with the level of `years` held: location follows from it. */
function profileAt(
  scaled: readonly number[],
  { level, years, start }: { level: number; years: number; start: Point },
): { readonly at: Point; readonly value: number } {
  return minimise(([scale = 1, shape = 0]) => {
    const location = level - gevReturnLevel({ location: 0, scale, shape }, years)
    return gevNegativeLogLikelihood(scaled, { location, scale, shape })
  }, start)
}
