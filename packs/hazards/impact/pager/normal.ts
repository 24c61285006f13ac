/**
 * The normal distribution: Φ to about 1e-13 relative (series near the middle, continued fraction of Mills' ratio in the
 * tails; Abramowitz & Stegun 26.2.11 and 26.2.14) and its inverse by Newton steps.
 */
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  if (x > 0) return 1 - normalCdf(-x)
  if (x < -38) return 0
  return x > -3 ? 0.5 - density(x) * series(-x) : density(x) / millsDenominator(-x)
}

/** x + x³/3 + x⁵/(3·5) + … */
function series(x: number): number {
  let term = x
  let sum = x
  for (let n = 3; term > sum * 1e-17; n += 2) {
    term *= (x * x) / n
    sum += term
  }
  return sum
}

/** x + 1/(x + 2/(x + 3/(x + …))), from the far end. */
function millsDenominator(x: number): number {
  let value = x
  for (let n = 160; n > 0; n -= 1) value = x + n / value
  return value
}

/** The x with Φ(x) = p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p)
  const t = Math.sqrt(-2 * Math.log(p)) // Abramowitz & Stegun 26.2.23 as the start
  let x =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  for (let step = 0; step < 8; step += 1) x -= (normalCdf(x) - p) / density(x)
  return x
}
