/**
 * Whether forecast probabilities mean what they say: observed frequency by bin of equal width, and the monotone curve
 * that fits best (isotonic regression, pool adjacent violators; Barlow et al. 1972), linear between its points.
 */
import type { Forecast } from './binary.ts'

export type ReliabilityBin = {
  readonly forecasts: number
  readonly meanForecast: number
  readonly observedRate: number
}

/** Bins [0, 1/n], (1/n, 2/n], …: a forecast on a bound belongs to the lower one. Empty ones are left out. */
export function reliability(forecasts: readonly Forecast[], bins: number): readonly ReliabilityBin[] {
  const groups = Map.groupBy(forecasts, ({ probability }) =>
    Math.max(0, Math.ceil(probability * bins - 1e-12) - 1),
  )
  return [...groups.entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([, group]) => ({
      forecasts: group.length,
      meanForecast: group.reduce((sum, { probability }) => sum + probability, 0) / group.length,
      observedRate: group.filter(({ happened }) => happened).length / group.length,
    }))
}

export type Calibration = (probability: number) => number

export function isotonicCalibration(forecasts: readonly Forecast[]): Calibration {
  const points = [...Map.groupBy(forecasts, ({ probability }) => probability).entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([x, group]) => ({
      x,
      weight: group.length,
      y: group.filter(({ happened }) => happened).length / group.length,
    }))
  const fitted = pooled(points)
  return (probability) => interpolate(fitted, probability)
}

type Pooled = { readonly x: number; readonly y: number }

function pooled(points: readonly (Pooled & { readonly weight: number })[]): readonly Pooled[] {
  const blocks: { sum: number; weight: number; xs: number[] }[] = []
  for (const { x, y, weight } of points) {
    blocks.push({ sum: y * weight, weight, xs: [x] })
    for (;;) {
      const [last, before] = [blocks.at(-1), blocks.at(-2)]
      if (!last || !before || before.sum / before.weight < last.sum / last.weight) break
      blocks.splice(-2, 2, {
        sum: before.sum + last.sum,
        weight: before.weight + last.weight,
        xs: [...before.xs, ...last.xs],
      })
    }
  }
  return blocks.flatMap(({ sum, weight, xs }) => xs.map((x) => ({ x, y: sum / weight })))
}

function interpolate(points: readonly Pooled[], x: number): number {
  const above = points.findIndex((point) => point.x >= x)
  const [high, low] = [points[above], points[above - 1]]
  if (high === undefined) return points.at(-1)?.y ?? Number.NaN
  if (low === undefined) return high.y
  return low.y + ((high.y - low.y) * (x - low.x)) / (high.x - low.x)
}
