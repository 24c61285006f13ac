/**
 * Scores of forecasts given as samples, as the ViEWS prediction challenge 2023/24 defines them.
 *
 * CRPS = mean|x − y| − mean|x − x′|/2, and the "fair" one that corrects for few members (Ferro 2014); ignorance in bits
 * over fixed bins with one pseudo-count per edge; mean interval score (Gneiting and Raftery 2007) with quantiles of
 * type 7.
 */
export function continuousRankedProbability(samples: readonly number[], observed: number): number {
  const m = samples.length
  return absoluteError(samples, observed) - spread(samples) / (m * m)
}

export function fairContinuousRankedProbability(samples: readonly number[], observed: number): number {
  const m = samples.length
  return absoluteError(samples, observed) - spread(samples) / (m * (m - 1))
}

/** Bins are [edge, next edge), the last one open. */
export function ignoranceBits(
  samples: readonly number[],
  observed: number,
  edges: readonly number[],
): number {
  const binOf = (value: number): number => edges.filter((edge) => edge <= value).length
  const bin = binOf(observed)
  const inBin = samples.filter((value) => binOf(value) === bin).length
  return -Math.log2((inBin + 1) / (samples.length + edges.length))
}

/** Width of the central interval plus 2/α for each unit by which the observation lies outside. */
export function intervalScore(samples: readonly number[], observed: number, level: number): number {
  const alpha = 1 - level
  const [low, high] = [quantile(samples, alpha / 2), quantile(samples, 1 - alpha / 2)]
  const outside = Math.max(0, low - observed) + Math.max(0, observed - high)
  return high - low + (2 / alpha) * outside
}

/** Type 7 of Hyndman and Fan, the default of R and NumPy. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * p
  const below = Math.floor(at)
  const low = sorted[below] ?? Number.NaN
  return low + (at - below) * ((sorted[below + 1] ?? low) - low)
}

const absoluteError = (samples: readonly number[], observed: number): number =>
  samples.reduce((sum, value) => sum + Math.abs(value - observed), 0) / samples.length

/** Σ over pairs i < j of |xᵢ − xⱼ|, in n log n by sorting. */
function spread(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted.reduce((sum, value, at) => sum + value * (2 * at - sorted.length + 1), 0)
}
