/**
 * The gamma function and its relatives for positive arguments, to about 1e-14 relative.
 *
 * Method: Stirling's series (Abramowitz & Stegun 6.1.40, 6.3.18) after shifting the argument above 15; incomplete
 * gamma by power series below a + 1 and by the continued fraction of Legendre above (A&S 6.5.29, 6.5.31, modified
 * Lentz); the quantile by Newton steps kept inside a bracket, from the start of Wilson and Hilferty.
 * The density's factor is written with log(1+λ) − λ, so that shapes of 1e8 (nearly normal) keep their digits.
 */
import { normalQuantile } from './normal.ts'

const halfLogTwoPi = 0.9189385332046727

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN
  let product = 1
  let shifted = x
  while (shifted < 15) {
    product *= shifted
    shifted += 1
  }
  return (shifted - 0.5) * Math.log(shifted) - shifted + halfLogTwoPi + stirling(shifted) - Math.log(product)
}

/** Γ(x) for x > 0. */
export const gamma = (x: number): number => Math.exp(logGamma(x))

/** ψ(x), the derivative of ln Γ, for x > 0. */
export function digamma(x: number): number {
  let sum = 0
  let shifted = x
  while (shifted < 15) {
    sum -= 1 / shifted
    shifted += 1
  }
  const z = 1 / (shifted * shifted)
  const tail =
    z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132 - (z * 691) / 32760)))))
  return sum + Math.log(shifted) - 0.5 / shifted - tail
}

/** Lower and upper tail of the gamma distribution with this shape and scale 1: each exact where it is small. */
export function gammaTails(shape: number, x: number): { readonly lower: number; readonly upper: number } {
  if (!(x > 0)) return { lower: 0, upper: 1 }
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 }
  if (x < shape + 1) {
    const lower = powerSeries(shape, x)
    return { lower, upper: 1 - lower }
  }
  const upper = continuedFraction(shape, x)
  return { lower: 1 - upper, upper }
}

export function gammaQuantile(shape: number, p: number): number {
  if (p <= 0) return 0
  if (p >= 1) return Number.POSITIVE_INFINITY
  let [low, high] = [0, Number.POSITIVE_INFINITY]
  let x = wilsonHilferty(shape, p)
  for (let step = 0; step < 200; step += 1) {
    const { lower, upper } = gammaTails(shape, x)
    const excess = p < 0.5 ? lower - p : 1 - p - upper
    if (excess === 0) return x
    if (excess > 0) high = x
    else low = x
    const newton = x - (excess * x) / densityFactor(shape, x)
    const inside = newton > low && newton < high
    const next = inside ? newton : high === Number.POSITIVE_INFINITY ? x * 2 : (low + high) / 2
    if (Math.abs(next - x) <= 4e-16 * x) return next
    x = next
  }
  return x
}

function wilsonHilferty(shape: number, p: number): number {
  const ninth = 1 / (9 * shape)
  const start = shape * (1 - ninth + normalQuantile(p) * Math.sqrt(ninth)) ** 3
  const smallTail = Math.exp((Math.log(p) + logGamma(shape + 1)) / shape)
  return start > 0.05 * shape ? start : Math.max(smallTail, Number.MIN_VALUE)
}

/** x·density(x) = xᵃ e⁻ˣ / Γ(a). */
function densityFactor(shape: number, x: number): number {
  if (shape < 15) return Math.exp(shape * Math.log(x) - x - logGamma(shape))
  const offset = (x - shape) / shape
  const exponent = shape * logOnePlusMinus(offset) - stirling(shape)
  return Math.sqrt(shape / (2 * Math.PI)) * Math.exp(exponent)
}

function powerSeries(shape: number, x: number): number {
  let term = 1 / shape
  let sum = term
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= x / (shape + n)
    sum += term
  }
  return sum * densityFactor(shape, x)
}

function continuedFraction(shape: number, x: number): number {
  const tiny = 1e-300
  let b = x + 1 - shape
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let n = 1; n < 1e6; n += 1) {
    const a = -n * (n - shape)
    b += 2
    d = 1 / (Math.abs(a * d + b) < tiny ? tiny : a * d + b)
    c = Math.abs(b + a / c) < tiny ? tiny : b + a / c
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return h * densityFactor(shape, x)
}

/** ln(1+x) − x without loss near 0. */
function logOnePlusMinus(x: number): number {
  if (Math.abs(x) > 0.1) return Math.log1p(x) - x
  let power = x
  let sum = 0
  for (let n = 2; n < 40; n += 1) {
    power *= -x
    const term = power / n
    sum += term
    if (Math.abs(term) < 1e-18 * Math.abs(sum)) break
  }
  return sum
}

/** What Stirling's formula lacks: 1/12x − 1/360x³ + … */
function stirling(x: number): number {
  const z = 1 / (x * x)
  return (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - (z * 691) / 360360))))) / x
}
