/**
 * The ground of an event: every shape that its tellings give, beside each other, and every area code. Equal shapes stand
 * once; points stand only where there is no shape. Shapes of together more than `mostCorners` corners are replaced by
 * their convex hulls, and where that is not enough, by the rectangles around them: an event is written again with each
 * telling, and its place must stay small. A hull holds more than the shape, never less.
 */
import type { Geometry, MultiPolygon, Position } from 'geojson'
import { cellsOverlapping, type LonLat } from '../../engines/place/index.ts'
import type { AreaCode, Place } from '../../engines/record/index.ts'
import { convexHull } from './warning-area.ts'

const mostCorners = 3000
const mostCodes = 500

export function placeTogether(places: readonly Place[], otherwise: LonLat): Place {
  const polygons = distinct(places.flatMap(({ geometry }) => (geometry ? polygonsOf(geometry) : [])))
  const points = distinct(places.flatMap(({ geometry }) => (geometry ? pointsOf(geometry) : [])))
  const geometry = geometryOf(polygons, points.length > 0 ? points : [[...otherwise]])
  const areas = codesOf(places.flatMap(({ areas = [] }) => areas))
  return {
    geometry,
    cells: cellsOverlapping(geometry),
    ...(areas.length === 0 ? {} : { areas }),
  }
}

type Rings = MultiPolygon['coordinates'][number]

function geometryOf(polygons: readonly Rings[], points: readonly Position[]): Geometry {
  const [only] = polygons
  if (only !== undefined)
    return polygons.length === 1
      ? { type: 'Polygon', coordinates: bounded([only])[0] ?? only }
      : { type: 'MultiPolygon', coordinates: bounded(polygons) }
  const [point = [0, 0]] = points
  return points.length === 1
    ? { type: 'Point', coordinates: point }
    : { type: 'MultiPoint', coordinates: points.slice(0, mostCorners) }
}

function bounded(polygons: readonly Rings[]): Rings[] {
  if (cornersIn(polygons) <= mostCorners) return [...polygons]
  const hulls = distinct(polygons.map(hullOf))
  if (cornersIn(hulls) <= mostCorners) return hulls
  const boxes = distinct(hulls.map(boxOf))
  return cornersIn(boxes) <= mostCorners ? boxes : [boxOf(boxes.flat())]
}

const cornersIn = (polygons: readonly Rings[]): number =>
  polygons.reduce((sum, rings) => sum + rings.reduce((corners, ring) => corners + ring.length, 0), 0)

/** Holes are given up with the corners. */
function hullOf([outer = []]: Rings): Rings {
  const hull = convexHull(outer.map(([lon = 0, lat = 0]) => [lat, lon] as const)).map(([lat, lon]) => [
    lon,
    lat,
  ])
  const [first] = hull
  return first === undefined || hull.length < 3 ? boxOf([outer]) : [[...hull, first]]
}

function boxOf(rings: Rings): Rings {
  const all = rings.flat()
  const range = (at: 0 | 1) => {
    const values = all.map((position) => position[at] ?? 0)
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] as const
  }
  const [[west, east], [south, north]] = [range(0), range(1)]
  return [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ]
}

function polygonsOf(geometry: Geometry): readonly Rings[] {
  if (geometry.type === 'Polygon') return [geometry.coordinates]
  if (geometry.type === 'MultiPolygon') return geometry.coordinates
  return geometry.type === 'GeometryCollection' ? geometry.geometries.flatMap(polygonsOf) : []
}

function pointsOf(geometry: Geometry): readonly Position[] {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates]
    case 'MultiPoint':
    case 'LineString':
      return geometry.coordinates
    case 'MultiLineString':
      return geometry.coordinates.flat()
    case 'GeometryCollection':
      return geometry.geometries.flatMap(pointsOf)
    case 'Polygon':
    case 'MultiPolygon':
      return []
  }
}

/** Each once, in an order that does not depend on who came first. */
function distinct<Value>(all: readonly Value[]): Value[] {
  const texts = new Map(all.map((value) => [JSON.stringify(value), value]))
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}

const codesOf = (areas: readonly AreaCode[]): readonly AreaCode[] =>
  distinct(areas.map(({ scheme, code }) => ({ scheme, code }))).slice(0, mostCodes)
