/** Generalised logistic and generalised Pareto: three parameters, both in closed form. */
import { bend, type Distribution, fitted, infeasible, ratiosOf, unbend } from './distribution.ts'

export const generalisedLogistic: Distribution = {
  name: 'glo',
  parameters: ['xi', 'alpha', 'k'],
  needs: 3,
  fit: (moments) => {
    const [t3] = ratiosOf(moments)
    if (!(moments.scale > 0 && Math.abs(t3) < 1)) return infeasible('a GLO needs λ₂ > 0 and |τ₃| < 1')
    const k = -t3
    if (Math.abs(k) <= 1e-6) return fitted(moments.mean, moments.scale, 0)
    const spread = (k * Math.PI) / Math.sin(k * Math.PI)
    const alpha = moments.scale / spread
    return fitted(moments.mean - (alpha * (1 - spread)) / k, alpha, k)
  },
  quantile: (p, [xi = 0, alpha = 1, k = 0]) => xi + alpha * bend(Math.log(p) - Math.log1p(-p), k),
  cdf: (x, [xi = 0, alpha = 1, k = 0]) => 1 / (1 + Math.exp(-unbend((x - xi) / alpha, k))),
  lMoments: ([xi = 0, alpha = 1, k = 0]) => {
    if (Math.abs(k) <= 1e-6) return [xi, alpha, 0, 1 / 6]
    const spread = (k * Math.PI) / Math.sin(k * Math.PI)
    return [xi + (alpha * (1 - spread)) / k, alpha * spread, -k, (1 + 5 * k * k) / 6]
  },
}

export const generalisedPareto: Distribution = {
  name: 'gpa',
  parameters: ['xi', 'alpha', 'k'],
  needs: 3,
  fit: (moments) => {
    const [t3] = ratiosOf(moments)
    if (!(moments.scale > 0 && Math.abs(t3) < 1)) return infeasible('a GPA needs λ₂ > 0 and |τ₃| < 1')
    const k = (1 - 3 * t3) / (1 + t3)
    const alpha = (1 + k) * (2 + k) * moments.scale
    return fitted(moments.mean - alpha / (1 + k), alpha, k)
  },
  quantile: (p, [xi = 0, alpha = 1, k = 0]) => xi + alpha * bend(-Math.log1p(-p), k),
  cdf: (x, [xi = 0, alpha = 1, k = 0]) => (x <= xi ? 0 : -Math.expm1(-unbend((x - xi) / alpha, k))),
  lMoments: ([xi = 0, alpha = 1, k = 0]) => [
    xi + alpha / (1 + k),
    alpha / ((1 + k) * (2 + k)),
    (1 - k) / (3 + k),
    ((1 - k) * (2 - k)) / ((3 + k) * (4 + k)),
  ],
}

/** Generalised Pareto whose lower end is known, as with excesses over a threshold (`lower` 0): shape from λ₁ and λ₂. */
export function paretoAbove(lower: number, mean: number, scale: number): { alpha: number; k: number } {
  const k = (mean - lower) / scale - 2
  return { alpha: (1 + k) * (mean - lower), k }
}
