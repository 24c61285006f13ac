/**
 * Exact questions about GeoJSON geometries: does it hold a point, do two touch. Prepared once, asked often.
 *
 * Two parts touch when their edges meet, or when one lies wholly in the other, which one point of it then shows:
 * a part is connected, so without a meeting of edges it cannot be half in and half out.
 */
import type { Geometry, Position } from 'geojson'
import type { LonLat } from './contract.ts'
import { edgesMeet, type Part, partHolds, partOf } from './edges.ts'

export type Shape = { readonly parts: readonly Part[] }

export function prepareShape(geometry: Geometry): Shape {
  return { parts: partsOf(geometry).filter((part) => part !== undefined) }
}

/** In the shape or on its line. */
export function holdsPoint(shape: Shape, [lon, lat]: LonLat): boolean {
  return shape.parts.some((part) => turns.some((turn) => partHolds(part, lon + turn, lat)))
}

/** Whether the shapes have at least one point in common. */
export function shapesTouch(a: Shape, b: Shape): boolean {
  return a.parts.some((one) => b.parts.some((other) => turns.some((turn) => partsTouch(one, other, turn))))
}

/** [west, south, east, north]; east may pass 180 when the shape crosses the antimeridian. */
export function boundsOf(shape: Shape): readonly [number, number, number, number] {
  return shape.parts.reduce<readonly [number, number, number, number]>(
    ([w, s, e, n], { bounds }) => [
      Math.min(w, bounds[0]),
      Math.min(s, bounds[1]),
      Math.max(e, bounds[2]),
      Math.max(n, bounds[3]),
    ],
    [Infinity, Infinity, -Infinity, -Infinity],
  )
}

/** The same point on this, the next and the previous turn around the globe. */
const turns = [0, 360, -360] as const

function partsTouch(a: Part, b: Part, shift: number): boolean {
  const [west, south, east, north] = a.bounds
  if (west + shift > b.bounds[2] || east + shift < b.bounds[0]) return false
  if (south > b.bounds[3] || north < b.bounds[1]) return false
  return (
    partHolds(b, a.first[0] + shift, a.first[1]) ||
    partHolds(a, b.first[0] - shift, b.first[1]) ||
    edgesMeet(a, b, shift)
  )
}

function partsOf(geometry: Geometry): readonly (Part | undefined)[] {
  const point = (at: Position) => partOf([[at]], false)
  switch (geometry.type) {
    case 'Point':
      return [point(geometry.coordinates)]
    case 'MultiPoint':
      return geometry.coordinates.map(point)
    case 'LineString':
      return [partOf([geometry.coordinates], false)]
    case 'MultiLineString':
      return geometry.coordinates.map((line) => partOf([line], false))
    case 'Polygon':
      return [partOf(geometry.coordinates, true)]
    case 'MultiPolygon':
      return geometry.coordinates.map((rings) => partOf(rings, true))
    case 'GeometryCollection':
      return geometry.geometries.flatMap(partsOf)
  }
}
