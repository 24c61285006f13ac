/**
 * Generalised extreme value distribution (of which Gumbel is k = 0), and Weibull as its mirror image.
 *
 * Shape from τ₃ by Hosking's rational approximations in three ranges (error below 9e-7), refined by Newton steps below
 * τ₃ = −0.8; |k| < 1e-5 counts as Gumbel.
 */
import { gamma } from '../../numbers/index.ts'
import type { LMoments } from '../l-moments.ts'
import { bend, type Distribution, fitted, infeasible, ratiosOf, unbend } from './distribution.ts'
import { eulerGamma, gumbel } from './two-parameter.ts'

export const generalisedExtremeValue: Distribution = {
  name: 'gev',
  parameters: ['xi', 'alpha', 'k'],
  needs: 3,
  fit: (moments) => {
    const [t3] = ratiosOf(moments)
    if (!(moments.scale > 0 && Math.abs(t3) < 1)) return infeasible('a GEV needs λ₂ > 0 and |τ₃| < 1')
    const k = shapeOf(t3)
    if (Math.abs(k) < 1e-5) {
      const alpha = moments.scale / Math.LN2
      return fitted(moments.mean - alpha * eulerGamma, alpha, 0)
    }
    const g = gamma(1 + k)
    const alpha = (moments.scale * k) / (g * (1 - 2 ** -k))
    return fitted(moments.mean - (alpha * (1 - g)) / k, alpha, k)
  },
  quantile: (p, [xi = 0, alpha = 1, k = 0]) => xi + alpha * bend(-Math.log(-Math.log(p)), k),
  cdf: (x, [xi = 0, alpha = 1, k = 0]) => Math.exp(-Math.exp(-unbend((x - xi) / alpha, k))),
  lMoments: ([xi = 0, alpha = 1, k = 0]) => {
    if (Math.abs(k) < 1e-7) return gumbel.lMoments?.([xi, alpha]) ?? [xi, alpha, 0, 0]
    const g = gamma(1 + k)
    const [two, three, four] = [1 - 2 ** -k, 1 - 3 ** -k, 1 - 4 ** -k]
    return [
      xi + (alpha * (1 - g)) / k,
      (alpha * two * g) / k,
      (2 * three) / two - 3,
      (5 * four - 10 * three + 6 * two) / two,
    ]
  },
}

/** Weibull with a lower bound ζ: −X has a GEV. */
export const weibull: Distribution = {
  name: 'wei',
  parameters: ['zeta', 'beta', 'delta'],
  needs: 3,
  fit: (moments) => {
    const mirrored: LMoments = {
      mean: -moments.mean,
      scale: moments.scale,
      ratios: moments.ratios.map((ratio, at) => (at % 2 === 0 ? -ratio : ratio)),
    }
    const fit = generalisedExtremeValue.fit(mirrored)
    if (fit.kind === 'infeasible') return fit
    const [xi = 0, alpha = 1, k = 0] = fit.parameters
    if (k <= 0) return infeasible('the L-moments are not consistent with any Weibull distribution')
    return fitted(-xi - alpha / k, alpha / k, 1 / k)
  },
  quantile: (p, [zeta = 0, beta = 1, delta = 1]) => zeta + beta * (-Math.log1p(-p)) ** (1 / delta),
  cdf: (x, [zeta = 0, beta = 1, delta = 1]) => (x <= zeta ? 0 : -Math.expm1(-(((x - zeta) / beta) ** delta))),
}

function shapeOf(t3: number): number {
  if (t3 > 0) {
    const z = 1 - t3
    return (
      (-1 + z * (1.59921491 + z * (-0.48832213 + z * 0.01573152))) / (1 + z * (-0.64363929 + z * 0.08985247))
    )
  }
  const rational =
    (0.2837753 + t3 * (-1.21096399 + t3 * (-2.50728214 + t3 * (-1.13455566 + t3 * -0.07138022)))) /
    (1 + t3 * (2.06189696 + t3 * (1.31912239 + t3 * 0.25077104)))
  return t3 >= -0.8 ? rational : refine(t3, t3 <= -0.97 ? 1 - Math.log(1 + t3) / Math.LN2 : rational)
}

/** Newton on (1 − 3⁻ᵏ)/(1 − 2⁻ᵏ) = (τ₃ + 3)/2. */
function refine(t3: number, start: number): number {
  let k = start
  for (let step = 0; step < 20; step += 1) {
    const [x2, x3] = [2 ** -k, 3 ** -k]
    const [y2, y3] = [1 - x2, 1 - x3]
    const slope = (y2 * x3 * Math.log(3) - y3 * x2 * Math.LN2) / (y2 * y2)
    const next = k - (y3 / y2 - (t3 + 3) / 2) / slope
    if (Math.abs(next - k) <= 1e-12 * Math.abs(next)) return next
    k = next
  }
  return k
}
