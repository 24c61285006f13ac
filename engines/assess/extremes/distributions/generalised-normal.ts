/**
 * Generalised normal (three-parameter log-normal). Shape from τ₃ by Hosking's rational approximation (error 2.5e-6);
 * its own τ₃ and τ₄ by the trapezium rule over the normal variate, which for such integrands converges exponentially.
 */
import { errorFunction, normalCdf, normalDensity, normalQuantile } from '../../numbers/index.ts'
import { bend, type Distribution, fitted, infeasible, ratiosOf, unbend } from './distribution.ts'

export const generalisedNormal: Distribution = {
  name: 'gno',
  parameters: ['xi', 'alpha', 'k'],
  needs: 3,
  fit: (moments) => {
    const [t3] = ratiosOf(moments)
    if (!(moments.scale > 0 && Math.abs(t3) < 0.95)) return infeasible('a GNO needs λ₂ > 0 and |τ₃| < 0.95')
    if (Math.abs(t3) < 1e-8) return fitted(moments.mean, moments.scale * Math.sqrt(Math.PI), 0)
    const k = shapeOf(t3)
    const e = Math.exp((k * k) / 2)
    const alpha = (moments.scale * k) / (e * errorFunction(k / 2))
    return fitted(moments.mean + (alpha * (e - 1)) / k, alpha, k)
  },
  quantile: (p, [xi = 0, alpha = 1, k = 0]) => xi + alpha * bend(normalQuantile(p), k),
  cdf: (x, [xi = 0, alpha = 1, k = 0]) => normalCdf(unbend((x - xi) / alpha, k)),
  lMoments: ([xi = 0, alpha = 1, k = 0]) => {
    const [first, second, third, fourth] = standardLMoments(k)
    return [xi + alpha * first, alpha * second, third / second, fourth / second]
  },
}

function shapeOf(t3: number): number {
  const t = t3 * t3
  return (
    (-t3 * (2.0466534 + t * (-3.6544371 + t * (1.8396733 + t * -0.20360244)))) /
    (1 + t * (-2.0182173 + t * (1.2420401 + t * -0.21741801)))
  )
}

/** λ_r = ∫ x(F) P*_{r−1}(F) dF with the shifted Legendre polynomials. */
function standardLMoments(k: number): readonly [number, number, number, number] {
  const sums: [number, number, number, number] = [0, 0, 0, 0]
  const step = 1 / 32
  for (let z = -16; z <= 16; z += step) {
    const weight = bend(z, k) * normalDensity(z) * step
    const f = normalCdf(z)
    sums[0] += weight
    sums[1] += weight * (2 * f - 1)
    sums[2] += weight * (6 * f * f - 6 * f + 1)
    sums[3] += weight * (20 * f ** 3 - 30 * f * f + 12 * f - 1)
  }
  return sums
}
