/**
 * How much two areas have in common, in square kilometres, by points: the rectangle around both is laid with points in
 * rows of equal latitude, each of which stands for the ground around it (a sphere of 6371.0088 km, as everywhere). With
 * 120 × 120 points a share is good to about one per cent; exact polygon clipping would tell more than warning areas mean.
 */
import type { Geometry } from 'geojson'
import { boundsOf, earthRadiusKm, holdsPoint, prepareShape, type Shape } from '../../place/index.ts'
import type { ScoreBody } from './records.ts'

export type AreaScore = NonNullable<ScoreBody['area']>

const perSide = 120
const toRadians = Math.PI / 180

/** Undefined where one of them has no extent: a point is hit or not. */
export function areaScore(warned: Geometry, observed: Geometry): AreaScore | undefined {
  const [one, two] = [prepareShape(warned), prepareShape(observed)]
  const { first, second, both } = measure(one, two)
  if (first === 0 || second === 0) return undefined
  return {
    warnedKm2: rounded(first),
    observedKm2: rounded(second),
    bothKm2: rounded(both),
    warnedShareHit: share(both, first),
    observedShareWarned: share(both, second),
    threatScore: share(both, first + second - both),
  }
}

function measure(one: Shape, two: Shape): { first: number; second: number; both: number } {
  const [a, b] = [boundsOf(one), boundsOf(two)]
  const [west, south] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])]
  const [east, north] = [Math.max(a[2], b[2]), Math.max(a[3], b[3])]
  const [wide, high] = [(east - west) / perSide, (north - south) / perSide]
  let [first, second, both] = [0, 0, 0]
  for (let row = 0; row < perSide; row += 1) {
    const lat = south + (row + 0.5) * high
    const ground = earthRadiusKm ** 2 * (wide * toRadians) * (high * toRadians) * Math.cos(lat * toRadians)
    for (let column = 0; column < perSide; column += 1) {
      const point = [west + (column + 0.5) * wide, lat] as const
      const [inFirst, inSecond] = [holdsPoint(one, point), holdsPoint(two, point)]
      if (inFirst) first += ground
      if (inSecond) second += ground
      if (inFirst && inSecond) both += ground
    }
  }
  return { first, second, both }
}

const rounded = (km2: number): number => Number(km2.toPrecision(4))
const share = (part: number, whole: number): number => Number(Math.min(1, part / whole).toFixed(3))
