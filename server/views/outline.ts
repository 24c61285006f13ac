/**
 * The area of a record for a map. In a list an area of many points is told by its convex hull (Andrew 1979, monotone
 * chain), which is never smaller than the area; where it is asked for by itself it is given whole.
 */
import type { Geometry, Position } from 'geojson'
import type { GeoShape } from '../schemas/index.ts'

const mostPoints = 120

export const shapeOf = (geometry: Geometry | undefined): GeoShape | undefined =>
  geometry?.type === 'Polygon' || geometry?.type === 'MultiPolygon' ? geometry : undefined

export function outlineOf(geometry: Geometry | undefined): GeoShape | undefined {
  const shape = shapeOf(geometry)
  if (!shape) return undefined
  const outer =
    shape.type === 'Polygon'
      ? shape.coordinates.slice(0, 1)
      : shape.coordinates.flatMap(([ring = []]) => [ring])
  const points = outer.flat()
  if (points.length <= mostPoints) return shape
  return { type: 'Polygon', coordinates: [hullOf(points)] }
}

/** Counter-clockwise and closed: the lower chain from west to east, the upper one back. */
export function hullOf(points: readonly Position[]): Position[] {
  const fromWest = [...points].sort(([ax = 0, ay = 0], [bx = 0, by = 0]) => ax - bx || ay - by)
  return [...chainOf(fromWest), ...chainOf(fromWest.toReversed()).slice(1)]
}

function chainOf(points: readonly Position[]): Position[] {
  const chain: Position[] = []
  for (const point of points) {
    while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop()
    chain.push(point)
  }
  return chain
}

/** Above 0: to the left. */
function turn(
  [ax = 0, ay = 0]: Position = [],
  [bx = 0, by = 0]: Position = [],
  [cx = 0, cy = 0]: Position,
): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
}
