/**
 * L-moments of a sample, also trimmed.
 *
 * Method: unbiased estimators from probability-weighted moments b_r (Landwehr et al. 1979; Hosking 1990), written as
 * one sum over the order statistics; trimmed TL(s, t) as in Elamir and Seheult (2003), of which TL(0, 0) is the
 * ordinary case. λ₁ has the unit of the data, so has λ₂; τ₃, τ₄ … are ratios to λ₂.
 */
import { MosaicError } from '../../record/index.ts'

export type LMoments = {
  /** λ₁, the mean. */
  readonly mean: number
  /** λ₂, the L-scale. */
  readonly scale: number
  /** τ₃, τ₄, τ₅ … as many as were asked for. */
  readonly ratios: readonly number[]
}

export type Trim = { readonly below: number; readonly above: number }

export class SampleTooSmall extends MosaicError {
  override readonly name = 'SampleTooSmall'
  override readonly code = 'assess/sample-too-small'
}

/** `[λ₁, λ₂, λ₃, …]`, `count` of them. */
export function lMomentsUnratioed(
  sample: readonly number[],
  count: number,
  trim: Trim = { below: 0, above: 0 },
): readonly number[] {
  const needed = count + trim.below + trim.above
  if (sample.length < needed)
    throw new SampleTooSmall(`${count} L-moments need at least ${needed} values, not ${sample.length}.`)
  const sorted = sample.toSorted((a, b) => a - b)
  return Array.from({ length: count }, (_, r) => moment(sorted, r + 1, trim))
}

export function lMomentsOf(sample: readonly number[], count = 5, trim?: Trim): LMoments {
  const [mean = Number.NaN, scale = Number.NaN, ...higher] = lMomentsUnratioed(sample, count, trim)
  return { mean, scale, ratios: higher.map((value) => value / scale) }
}

/** λ_r = 1/r · Σᵢ x₍ᵢ₎ Σₖ (−1)ᵏ C(r−1,k) C(i−1, r+s−1−k) C(n−i, t+k) / C(n, r+s+t). */
function moment(sorted: readonly number[], r: number, { below, above }: Trim): number {
  const n = sorted.length
  let sum = 0
  for (const [at, value] of sorted.entries()) {
    let weight = 0
    for (let k = 0; k < r; k += 1)
      weight +=
        (k % 2 === 0 ? 1 : -1) *
        choose(r - 1, k) *
        choose(at, r + below - 1 - k) *
        choose(n - at - 1, above + k)
    sum += weight * value
  }
  return sum / (r * choose(n, r + below + above))
}

function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0
  let product = 1
  for (let i = 1; i <= k; i += 1) product = (product * (n - k + i)) / i
  return product
}
