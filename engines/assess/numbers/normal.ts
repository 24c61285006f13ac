/**
 * The normal distribution and the error function, to about 1e-15 relative in both tails.
 *
 * Method: Φ by its series near the middle and by Mills' ratio as a continued fraction in the tails (Abramowitz & Stegun
 * 26.2.11, 26.2.14); the quantile by Newton steps with Halley's correction from A&S 26.2.23.
 */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  if (x > 0) return 1 - normalCdf(-x)
  if (x < -38) return 0
  return x > -3 ? 0.5 - normalDensity(x) * oddSeries(-x) : normalDensity(x) / millsDenominator(-x)
}

/** The x with Φ(x) = p. */
export function normalQuantile(p: number): number {
  if (!(p > 0)) return p === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (p > 0.5) return p === 0.5 ? 0 : -normalQuantile(1 - p)
  if (p === 0.5) return 0
  const t = Math.sqrt(-2 * Math.log(p))
  let x =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  for (let step = 0; step < 6; step += 1) {
    const newton = (normalCdf(x) - p) / normalDensity(x)
    x -= newton / (1 + (x * newton) / 2)
  }
  return x
}

/** erf(x) = 2Φ(x√2) − 1, exact also near 0. */
export function errorFunction(x: number): number {
  if (x < 0) return -errorFunction(-x)
  const z = x * Math.SQRT2
  return z < 3 ? 2 * normalDensity(z) * oddSeries(z) : 1 - (2 * normalDensity(z)) / millsDenominator(z)
}

/** x + x³/3 + x⁵/(3·5) + … */
function oddSeries(x: number): number {
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
