/**
 * Pearson type III: a gamma distribution shifted, scaled and, for negative skew, mirrored; parameters are mean, standard
 * deviation and skewness γ. Shape of the gamma part: 4/γ².
 *
 * Fit and own L-moments by Hosking's rational approximations. Below |γ| = 1e-4 the gamma shape passes 4e8 and the
 * quantile is taken from the expansion of Cornish and Fisher, whose error there is of order γ³ = 1e-12.
 */
import { gammaQuantile, gammaTails, logGamma, normalCdf, normalQuantile } from '../../numbers/index.ts'
import { type Distribution, fitted, infeasible, ratiosOf } from './distribution.ts'

const nearlyNormal = 1e-4
/** √π as the published routine has it (2.8e-8 too large), so that fits agree with those made elsewhere. */
const publishedRootPi = 1.7724539

export const pearsonThree: Distribution = {
  name: 'pe3',
  parameters: ['mu', 'sigma', 'gamma'],
  needs: 3,
  fit: (moments) => {
    const [t3] = ratiosOf(moments)
    if (!(moments.scale > 0 && Math.abs(t3) < 1)) return infeasible('a PE3 needs λ₂ > 0 and |τ₃| < 1')
    if (Math.abs(t3) <= 1e-6) return fitted(moments.mean, moments.scale * Math.sqrt(Math.PI), 0)
    const shape = gammaShape(Math.abs(t3))
    const beta = publishedRootPi * moments.scale * Math.exp(logGamma(shape) - logGamma(shape + 0.5))
    return fitted(moments.mean, beta * Math.sqrt(shape), (2 / Math.sqrt(shape)) * Math.sign(t3))
  },
  quantile: (p, [mu = 0, sigma = 1, skew = 0]) => mu + sigma * pearsonQuantile(p, skew),
  cdf: (x, [mu = 0, sigma = 1, skew = 0]) => {
    const y = (x - mu) / sigma
    if (Math.abs(skew) < nearlyNormal) return normalCdf(normalBelow(y, skew))
    const shape = 4 / (skew * skew)
    const tails = gammaTails(shape, shape + (2 * y) / skew)
    return skew > 0 ? tails.lower : tails.upper
  },
  lMoments: ([mu = 0, sigma = 1, skew = 0]) => {
    if (Math.abs(skew) < 1e-6) return [mu, sigma / Math.sqrt(Math.PI), 0, 0.12260172]
    const shape = 4 / (skew * skew)
    const scale = Math.exp(logGamma(shape + 0.5) - logGamma(shape)) / Math.sqrt(Math.PI * shape)
    const [t3, t4] = shape >= 1 ? ratiosOfLargeShape(1 / shape) : ratiosOfSmallShape(shape)
    return [mu, sigma * scale, t3 * Math.sign(skew), t4]
  },
}

/** Of mean 0 and standard deviation 1. */
export function pearsonQuantile(p: number, skew: number): number {
  if (Math.abs(skew) < nearlyNormal) {
    const z = normalQuantile(p)
    if (!Number.isFinite(z)) return z
    return z + (skew / 6) * (z * z - 1) + ((skew * skew) / 144) * (z ** 3 - 7 * z)
  }
  const shape = 4 / (skew * skew)
  return (skew / 2) * (gammaQuantile(shape, skew > 0 ? p : 1 - p) - shape)
}

/** The normal variate whose Cornish-Fisher expansion gives y; two rounds reach γ³. */
function normalBelow(y: number, skew: number): number {
  const first = y - (skew / 6) * (y * y - 1)
  return y - (skew / 6) * (first * first - 1)
}

function gammaShape(t3: number): number {
  if (t3 >= 1 / 3) {
    const t = 1 - t3
    return (
      (t * (0.36067 + t * (-0.59567 + t * 0.25361))) / (1 + t * (-2.78861 + t * (2.56096 + t * -0.77045)))
    )
  }
  const t = 3 * Math.PI * t3 * t3
  return (1 + 0.2906 * t) / (t * (1 + t * (0.1882 + t * 0.0442)))
}

function ratiosOfLargeShape(z: number): readonly [number, number] {
  return [
    (Math.sqrt(z) * (0.32573501 + z * (0.1686915 + z * (0.078327243 + z * -0.0029120539)))) /
      (1 + z * (0.46697102 + z * 0.24255406)),
    (0.12260172 + z * (0.05373013 + z * (0.043384378 + z * 0.011101277))) /
      (1 + z * (0.18324466 + z * 0.20166036)),
  ]
}

function ratiosOfSmallShape(z: number): readonly [number, number] {
  return [
    (1 + z * (2.3807576 + z * (1.5931792 + z * 0.11618371))) /
      (1 + z * (5.1533299 + z * (7.142526 + z * 1.9745056))),
    (1 + z * (2.1235833 + z * (4.1670213 + z * 3.1925299))) /
      (1 + z * (9.0551443 + z * (26.649995 + z * 26.193668))),
  ]
}
