/**
 * Four-parameter kappa distribution (Hosking 1994): GEV at h = 0, generalised logistic at h = −1, Pareto at h = 1.
 *
 * The two shapes solve τ₃(k, h) = t₃, τ₄(k, h) = t₄ by Newton steps that are halved until they come nearer and are
 * pulled back into the parameter space (PELKAP). Feasible only between the curves t₄ = (5t₃² − 1)/4 and (5t₃² + 1)/6.
 * @NOTE the quantile is written for h ≠ 0 and for h = 0 apart; `bend` covers k = 0.
 */
import { digamma, gamma, logGamma } from '../../numbers/index.ts'
import { bend, type Distribution, type Fit, fitted, infeasible, ratiosOf, unbend } from './distribution.ts'

export const kappa: Distribution = {
  name: 'kap',
  parameters: ['xi', 'alpha', 'k', 'h'],
  needs: 4,
  fit: (moments) => {
    const [t3, t4] = ratiosOf(moments)
    const isPossible = moments.scale > 0 && Math.abs(t3) < 1 && Math.abs(t4) < 1 && t4 > (5 * t3 * t3 - 1) / 4
    if (!isPossible) return infeasible('the L-moments are not those of any distribution')
    if (t4 >= (5 * t3 * t3 + 1) / 6) return infeasible('L-moments not consistent with any kappa distribution')
    const shapes = solveShapes(t3, t4)
    if (shapes === undefined) return infeasible('the iteration for the kappa distribution did not converge')
    return withShapes(moments.mean, moments.scale, shapes)
  },
  quantile: (p, [xi = 0, alpha = 1, k = 0, h = 0]) => {
    const y = h === 0 ? -Math.log(-Math.log(p)) : -Math.log(-Math.expm1(h * Math.log(p)) / h)
    return xi + alpha * bend(y, k)
  },
  cdf: (x, [xi = 0, alpha = 1, k = 0, h = 0]) => {
    const tail = Math.exp(-unbend((x - xi) / alpha, k))
    if (h === 0) return Math.exp(-tail)
    return h * tail >= 1 ? 0 : Math.exp(Math.log1p(-h * tail) / h)
  },
  lMoments: ([xi = 0, alpha = 1, k = 0, h = 0]) => {
    const g = (r: number): number => {
      const factor = (r * gamma(1 + k)) / Math.abs(h) ** (1 + k)
      return (
        factor *
        Math.exp(
          h > 0 ? logGamma(r / h) - logGamma(1 + k + r / h) : logGamma(-k - r / h) - logGamma(1 - r / h),
        )
      )
    }
    const [g1, g2, g3, g4] = [g(1), g(2), g(3), g(4)]
    return [
      xi + (alpha * (1 - g1)) / k,
      (alpha * (g1 - g2)) / k,
      (-g1 + 3 * g2 - 2 * g3) / (g1 - g2),
      (g1 - 6 * g2 + 10 * g3 - 5 * g4) / (g1 - g2),
    ]
  },
}

type Shapes = { readonly k: number; readonly h: number }
type Ratios = {
  readonly u: readonly number[]
  readonly scale: number
  readonly t3: number
  readonly t4: number
}

function solveShapes(t3: number, t4: number): Shapes | undefined {
  let from: Shapes = { k: Number.NaN, h: Number.NaN }
  let step = { k: 0, h: 0 }
  let at: Shapes = { k: (1 - 3 * t3) / (1 + t3), h: 1.001 } // h = 1 exactly has numerical trouble
  let nearest = 10
  for (let round = 0; round < 20; round += 1) {
    let ratios = ratiosAt(at)
    for (let halving = 0; distance(ratios, t3, t4) >= nearest; halving += 1) {
      if (halving === 10) return undefined
      step = { k: step.k / 2, h: step.h / 2 }
      at = { k: from.k - step.k, h: from.h - step.h }
      ratios = ratiosAt(at)
    }
    nearest = distance(ratios, t3, t4)
    if (!Number.isFinite(nearest)) return undefined
    if (nearest < 1e-10) return at
    from = at
    step = insideSpace(from, newtonStep(at, ratios, [ratios.t3 - t3, ratios.t4 - t4]))
    at = { k: from.k - step.k, h: from.h - step.h }
  }
  return nearest < 1e-6 ? from : undefined
}

const distance = (ratios: Ratios, t3: number, t4: number): number =>
  Math.max(Math.abs(ratios.t3 - t3), Math.abs(ratios.t4 - t4))

/** L-moments apart from location and scale; u_r is a ratio of gamma functions. */
function ratiosAt({ k, h }: Shapes): Ratios {
  const u = [1, 2, 3, 4].map((r) =>
    Math.exp(h > 0 ? logGamma(r / h) - logGamma(r / h + 1 + k) : logGamma(-r / h - k) - logGamma(-r / h + 1)),
  )
  const [scale, third, fourth] = combine(u)
  return { u, scale, t3: third / scale, t4: fourth / scale }
}

function combine([u1 = 0, u2 = 0, u3 = 0, u4 = 0]: readonly number[]): readonly [number, number, number] {
  return [u1 - 2 * u2, -u1 + 6 * u2 - 6 * u3, u1 - 12 * u2 + 30 * u3 - 20 * u4]
}

function newtonStep({ k, h }: Shapes, ratios: Ratios, [e3, e4]: readonly [number, number]): Shapes {
  const byK = ratios.u.map((u, at) => -u * digamma(h > 0 ? (at + 1) / h + 1 + k : -(at + 1) / h - k))
  const byH = ratios.u.map((u, at) => {
    const r = at + 1
    return (r / (h * h)) * (-(byK[at] ?? 0) - u * digamma(h > 0 ? r / h : -r / h + 1))
  })
  const slopes = (by: readonly number[]): readonly [number, number] => {
    const [scale, third, fourth] = combine(by)
    return [(third - ratios.t3 * scale) / ratios.scale, (fourth - ratios.t4 * scale) / ratios.scale]
  }
  const [d11, d21] = slopes(byK)
  const [d12, d22] = slopes(byH)
  const determinant = d11 * d22 - d12 * d21
  return { k: (e3 * d22 - e4 * d12) / determinant, h: (e4 * d11 - e3 * d21) / determinant }
}

/** The step, shortened to eight tenths of the way to the border where it would cross it. */
function insideSpace(from: Shapes, step: Shapes): Shapes {
  const to = { k: from.k - step.k, h: from.h - step.h }
  const low = (shapes: Shapes): number => shapes.k + 0.725 * shapes.h
  let factor = 1
  if (to.k <= -1) factor = (0.8 * (from.k + 1)) / step.k
  if (to.h <= -1) factor = Math.min(factor, (0.8 * (from.h + 1)) / step.h)
  if (low(to) <= -1) factor = Math.min(factor, (0.8 * (low(from) + 1)) / (low(from) - low(to)))
  if (to.h <= 0 && to.k * to.h <= -1)
    factor = Math.min(factor, (0.8 * (from.k * from.h + 1)) / (from.k * from.h - to.k * to.h))
  return { k: step.k * factor, h: step.h * factor }
}

function withShapes(mean: number, scale: number, { k, h }: Shapes): Fit {
  const ratios = ratiosAt({ k, h })
  const size = Math.exp((1 + k) * Math.log(Math.abs(h)))
  const g = gamma(1 + k)
  const alpha = (scale * k * size) / (ratios.scale * g)
  if (!(alpha < 1e6 * scale))
    // a sample in two heaps: nothing would be left of the digits
    return infeasible('the parameters of the kappa distribution would be too large to compute with')
  return fitted(mean - (alpha / k) * (1 - (g * (ratios.u[0] ?? 0)) / size), alpha, k, h)
}
