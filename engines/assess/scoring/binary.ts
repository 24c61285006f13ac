/**
 * Scores of probability forecasts for an event that happens or not.
 *
 * Brier (1950) and its skill against the constant base rate, log loss, area under the ROC curve with ties counted one
 * half (Mann-Whitney), average precision as the step sum without interpolation, Matthews correlation, F1.
 */
export type Forecast = { readonly probability: number; readonly happened: boolean }
export type Confusion = {
  readonly hits: number
  readonly falseAlarms: number
  readonly misses: number
  readonly correctNegatives: number
}
/** One step of the curves, from the highest threshold down: everything at or above it counts as forecast. */
export type CurvePoint = Confusion & { readonly threshold: number }

export const brierScore = (forecasts: readonly Forecast[]): number =>
  mean(forecasts.map(({ probability, happened }) => (probability - Number(happened)) ** 2))

/** 1 is perfect, 0 is no better than always saying the base rate, below 0 is worse. */
export function brierSkill(forecasts: readonly Forecast[]): number {
  const rate = mean(forecasts.map(({ happened }) => Number(happened)))
  return 1 - brierScore(forecasts) / (rate * (1 - rate))
}

/** Probabilities are kept off 0 and 1 by the rounding of a double, so that one wrong certainty is not infinite. */
export function logLoss(forecasts: readonly Forecast[]): number {
  return -mean(
    forecasts.map(({ probability, happened }) => {
      const p = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability))
      return happened ? Math.log(p) : Math.log1p(-p)
    }),
  )
}

export function confusionAt(forecasts: readonly Forecast[], threshold: number): Confusion {
  const count = (isForecast: boolean, happened: boolean): number =>
    forecasts.filter((one) => one.probability >= threshold === isForecast && one.happened === happened).length
  return {
    hits: count(true, true),
    falseAlarms: count(true, false),
    misses: count(false, true),
    correctNegatives: count(false, false),
  }
}

/** Matthews correlation coefficient; 0 where a margin is empty. */
export function matthews({ hits, falseAlarms, misses, correctNegatives }: Confusion): number {
  const margins =
    (hits + falseAlarms) * (hits + misses) * (correctNegatives + falseAlarms) * (correctNegatives + misses)
  return margins === 0 ? 0 : (hits * correctNegatives - falseAlarms * misses) / Math.sqrt(margins)
}

export const fOne = ({ hits, falseAlarms, misses }: Confusion): number =>
  (2 * hits) / (2 * hits + falseAlarms + misses)

export function curve(forecasts: readonly Forecast[]): readonly CurvePoint[] {
  const sorted = forecasts.toSorted((a, b) => b.probability - a.probability)
  const events = forecasts.filter(({ happened }) => happened).length
  const points: CurvePoint[] = []
  let [hits, falseAlarms] = [0, 0]
  for (const [at, { probability, happened }] of sorted.entries()) {
    if (happened) hits += 1
    else falseAlarms += 1
    if (sorted[at + 1]?.probability === probability) continue
    const correctNegatives = forecasts.length - events - falseAlarms
    points.push({ threshold: probability, hits, falseAlarms, misses: events - hits, correctNegatives })
  }
  return points
}

export const hitRate = ({ hits, misses }: Confusion): number => hits / (hits + misses)
export const falseAlarmRate = ({ falseAlarms, correctNegatives }: Confusion): number =>
  falseAlarms / (falseAlarms + correctNegatives)
export const precision = ({ hits, falseAlarms }: Confusion): number => hits / (hits + falseAlarms)

export function areaUnderCurve(forecasts: readonly Forecast[]): number {
  let [area, x, y] = [0, 0, 0]
  for (const point of curve(forecasts)) {
    const [nextX, nextY] = [falseAlarmRate(point), hitRate(point)]
    area += ((nextX - x) * (nextY + y)) / 2
    ;[x, y] = [nextX, nextY]
  }
  return area
}

export function averagePrecision(forecasts: readonly Forecast[]): number {
  let [sum, before] = [0, 0]
  for (const point of curve(forecasts)) {
    sum += (hitRate(point) - before) * precision(point)
    before = hitRate(point)
  }
  return sum
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
