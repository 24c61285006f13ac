/**
 * Wakeby distribution, x = ξ + α/β·(1 − (1−F)^β) − γ/δ·(1 − (1−F)^−δ): five parameters from five L-moments.
 *
 * Where these give no valid set, a generalised Pareto in Wakeby form (PELWAK without a known lower bound). The distribution function has no closed form: bisection on −ln(1−F).
 */
import type { LMoments } from '../l-moments.ts'
import { bend, type Distribution, fitted, infeasible, ratiosOf } from './distribution.ts'

export const wakeby: Distribution = {
  name: 'wak',
  parameters: ['xi', 'alpha', 'beta', 'gamma', 'delta'],
  needs: 5,
  fit: (moments) => {
    const [t3, t4, t5] = ratiosOf(moments)
    if (!(moments.scale > 0 && [t3, t4, t5].every((ratio) => Math.abs(ratio) < 1)))
      return infeasible('a Wakeby distribution needs λ₂ > 0 and |τ₃|, |τ₄|, |τ₅| < 1')
    return fitted(...(general(moments) ?? pareto(moments)))
  },
  quantile: (p, parameters) => atDepth(-Math.log1p(-p), parameters),
  cdf: (x, parameters) => {
    if (x <= (parameters[0] ?? 0)) return 0
    let [low, high] = [0, 1]
    while (atDepth(high, parameters) < x) {
      low = high
      high *= 2
      if (high > 800) return 1
    }
    for (let step = 0; step < 200 && high - low > 1e-16 * high; step += 1) {
      const middle = (low + high) / 2
      if (middle === low || middle === high) break
      if (atDepth(middle, parameters) < x) low = middle
      else high = middle
    }
    return -Math.expm1(-low)
  },
  lMoments: ([xi = 0, a = 0, b = 0, c = 0, d = 0]) => {
    const mean = xi + a / (1 + b) + c / (1 - d)
    const second = a / ((1 + b) * (2 + b)) + c / ((1 - d) * (2 - d))
    const third =
      (a * (1 - b)) / ((1 + b) * (2 + b) * (3 + b)) + (c * (1 + d)) / ((1 - d) * (2 - d) * (3 - d))
    const fourth =
      (a * (1 - b) * (2 - b)) / ((1 + b) * (2 + b) * (3 + b) * (4 + b)) +
      (c * (1 + d) * (2 + d)) / ((1 - d) * (2 - d) * (3 - d) * (4 - d))
    return [mean, second, third / second, fourth / second]
  },
}

/** `depth` is −ln(1−F). */
const atDepth = (
  depth: number,
  [xi = 0, alpha = 0, beta = 0, gamma = 0, delta = 0]: readonly number[],
): number => xi + alpha * bend(depth, beta) + gamma * bend(depth, -delta)

type Parameters = readonly [number, number, number, number, number]
type Row = readonly [number, number, number]

function general(moments: LMoments): Parameters | undefined {
  const l2 = moments.scale
  const [l3, l4, l5] = ratiosOf(moments).map((ratio) => ratio * l2) as unknown as Row
  const shapes = shapesOf(
    [3 * l2 - 25 * l3 + 32 * l4, -3 * l2 + 5 * l3 + 8 * l4, 3 * l2 + 5 * l3 + 2 * l4],
    [
      7 * l2 - 85 * l3 + 203 * l4 - 125 * l5,
      -7 * l2 + 25 * l3 + 7 * l4 - 25 * l5,
      7 * l2 + 5 * l3 - 7 * l4 - 5 * l5,
    ],
  )
  if (shapes === undefined) return undefined
  const { b, d } = shapes
  const a = (((1 + b) * (2 + b) * (3 + b)) / (4 * (b + d))) * ((1 + d) * l2 - (3 - d) * l3)
  const c = ((-(1 - d) * (2 - d) * (3 - d)) / (4 * (b + d))) * ((1 - b) * l2 - (3 + b) * l3)
  const xi = moments.mean - a / (1 + b) - c / (1 - d)
  return c >= 0 && a + c >= 0 ? [xi, a, b, c, d] : undefined
}

function pareto(moments: LMoments): Parameters {
  const [t3] = ratiosOf(moments)
  const d = -(1 - 3 * t3) / (1 + t3)
  const c = (1 - d) * (2 - d) * moments.scale
  const xi = moments.mean - c / (1 - d)
  return d > 0 ? [xi, 0, 0, c, d] : [xi, c, -d, 0, 0]
}

/** β and δ from the two roots of a quadratic whose coefficients are 2×2 determinants. */
function shapesOf([n1, n2, n3]: Row, [c1, c2, c3]: Row): { b: number; d: number } | undefined {
  const [qa, qb, qc] = [n2 * c3 - c2 * n3, n1 * c3 - c1 * n3, n1 * c2 - c1 * n2]
  const discriminant = qb * qb - 4 * qa * qc
  if (!(discriminant >= 0)) return undefined
  const roots = [(-qb + Math.sqrt(discriminant)) / (2 * qa), (-qb - Math.sqrt(discriminant)) / (2 * qa)]
  const b = Math.max(...roots)
  const d = -Math.min(...roots)
  return d < 1 ? { b, d } : undefined
}
