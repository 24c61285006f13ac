/** Normal, exponential, Gumbel and gamma: two parameters, fitted to λ₁ and λ₂. */
import { gammaQuantile, gammaTails, normalCdf, normalQuantile } from '../../numbers/index.ts'
import { type Distribution, fitted, five, infeasible } from './distribution.ts'

export const eulerGamma = 0.5772156649015329

export const normal: Distribution = {
  name: 'nor',
  parameters: ['mu', 'sigma'],
  needs: 2,
  fit: ({ mean, scale }) => fitted(mean, scale * Math.sqrt(Math.PI)),
  quantile: (p, [mu = 0, sigma = 1]) => mu + sigma * normalQuantile(p),
  cdf: (x, [mu = 0, sigma = 1]) => normalCdf((x - mu) / sigma),
}

export const exponential: Distribution = {
  name: 'exp',
  parameters: ['xi', 'alpha'],
  needs: 2,
  fit: ({ mean, scale }) => fitted(mean - 2 * scale, 2 * scale),
  quantile: (p, [xi = 0, alpha = 1]) => xi - alpha * Math.log1p(-p),
  cdf: (x, [xi = 0, alpha = 1]) => -Math.expm1(-Math.max(0, (x - xi) / alpha)),
}

export const gumbel: Distribution = {
  name: 'gum',
  parameters: ['xi', 'alpha'],
  needs: 2,
  fit: ({ mean, scale }) => fitted(mean - (scale / Math.LN2) * eulerGamma, scale / Math.LN2),
  quantile: (p, [xi = 0, alpha = 1]) => xi - alpha * Math.log(-Math.log(p)),
  cdf: (x, [xi = 0, alpha = 1]) => Math.exp(-Math.exp(-(x - xi) / alpha)),
  lMoments: ([xi = 0, alpha = 1]) => [
    xi + alpha * eulerGamma,
    alpha * Math.LN2,
    0.16992500144231237,
    0.1503749927884382,
  ],
}

/** π as the published routine has it (1.5e-8 too large), so that fits agree with those made elsewhere. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: the published constant is meant
const publishedPi = 3.1415927

/** Gamma with its origin at 0; the shape by rational approximations in λ₂/λ₁, good to 5e-5. */
export const gammaDistribution: Distribution = {
  name: 'gam',
  parameters: ['alpha', 'beta'],
  needs: 2,
  fit: ({ mean, scale }) => {
    if (!(mean > scale && scale > 0)) return infeasible('a gamma distribution needs λ₁ > λ₂ > 0')
    const variation = scale / mean
    const alpha = variation < 0.5 ? fromSmall(publishedPi * variation * variation) : fromLarge(1 - variation)
    return fitted(alpha, mean / alpha)
  },
  quantile: (p, parameters) => {
    const [alpha, beta] = five(parameters)
    return beta * gammaQuantile(alpha, p)
  },
  cdf: (x, parameters) => {
    const [alpha, beta] = five(parameters)
    return gammaTails(alpha, x / beta).lower
  },
}

const fromSmall = (t: number): number => (1 - 0.308 * t) / (t * (1 + t * (-0.05812 + t * 0.01765)))
const fromLarge = (t: number): number => (t * (0.7213 - t * 0.5947)) / (1 + t * (-2.1817 + t * 1.2113))
