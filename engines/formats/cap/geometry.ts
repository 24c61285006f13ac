/**
 * Shapes as CAP writes them (CAP 1.2 §3.2.4, WGS 84): points `lat,lon`, polygons of four points or more with the last
 * equal to the first, circles `lat,lon radius` in kilometres. White space of any kind and amount is allowed around and
 * between points.
 */
import type { CapPoint } from './alert.ts'

const number = '[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)'
const pointShape = new RegExp(`^(${number}),(${number})$`)
const circleShape = new RegExp(`^(${number}),(${number})\\s+(${number})$`)

export type ShapeFault = 'format' | 'range' | 'range-swapped'
export type PolygonRead =
  | { readonly points: readonly CapPoint[] }
  | { readonly fault: ShapeFault; readonly at: string }
export type CircleRead =
  | { readonly circle: { readonly center: CapPoint; readonly radiusKm: number } }
  | { readonly fault: ShapeFault; readonly at: string }

export function readPolygon(text: string): PolygonRead {
  const points: CapPoint[] = []
  for (const part of text.trim().split(/\s+/)) {
    const found = pointShape.exec(part)
    if (found === null) return { fault: 'format', at: part }
    const point: CapPoint = [Number(found[1]), Number(found[2])]
    const fault = rangeFault(point)
    if (fault !== undefined) return { fault, at: part }
    points.push(point)
  }
  return { points }
}

export function readCircle(text: string): CircleRead {
  const found = circleShape.exec(text.trim())
  if (found === null || !Number.isFinite(Number(found[3]))) return { fault: 'format', at: text.trim() }
  const center: CapPoint = [Number(found[1]), Number(found[2])]
  const fault = rangeFault(center)
  return fault === undefined ? { circle: { center, radiusKm: Number(found[3]) } } : { fault, at: text.trim() }
}

function rangeFault([lat, lon]: CapPoint): ShapeFault | undefined {
  if (Math.abs(lat) <= 90 && Math.abs(lon) <= 180) return undefined
  return Math.abs(lon) <= 90 && Math.abs(lat) <= 180 ? 'range-swapped' : 'range'
}

export const isClosed = (points: readonly CapPoint[]): boolean => {
  const first = points[0]
  const last = points.at(-1)
  return first !== undefined && last !== undefined && first[0] === last[0] && first[1] === last[1]
}

/** Twice the signed area in square degrees, by the shoelace formula. */
export function doubleArea(points: readonly CapPoint[]): number {
  let sum = 0
  for (let i = 0; i + 1 < points.length; i += 1) {
    const [aLat, aLon] = points[i] as CapPoint
    const [bLat, bLon] = points[i + 1] as CapPoint
    sum += aLon * bLat - bLon * aLat
  }
  return sum
}

/**
 * Do two edges properly cross? Edges are sorted by their western end, so only those whose longitudes meet are compared.
 * Touching at a corner is not a crossing: real coastlines and river basins do that. Gives up after `mostPairs`.
 */
export function crossesItself(
  points: readonly CapPoint[],
  mostPairs: number,
): { crosses: boolean | 'too-large-to-tell'; pairs: number } {
  const edges = points
    .slice(1)
    .map((end, i) => ({ a: points[i] as CapPoint, b: end }))
    .map(({ a, b }) => ({ a, b, west: Math.min(a[1], b[1]), east: Math.max(a[1], b[1]) }))
    .sort((x, y) => x.west - y.west)
  let pairs = 0
  for (const [i, one] of edges.entries()) {
    for (let j = i + 1; j < edges.length; j += 1) {
      const other = edges[j]
      if (other === undefined || other.west > one.east) break
      pairs += 1
      if (pairs > mostPairs) return { crosses: 'too-large-to-tell', pairs }
      if (cross(one.a, one.b, other.a, other.b)) return { crosses: true, pairs }
    }
  }
  return { crosses: false, pairs }
}

const side = (a: CapPoint, b: CapPoint, c: CapPoint): number =>
  Math.sign((b[1] - a[1]) * (c[0] - a[0]) - (b[0] - a[0]) * (c[1] - a[1]))

const cross = (a: CapPoint, b: CapPoint, c: CapPoint, d: CapPoint): boolean =>
  side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
