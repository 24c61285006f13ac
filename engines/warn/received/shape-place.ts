/** The polygons and circles that a message carries, as a shape with its cells. CAP writes lat, lon; GeoJSON lon, lat. */
import type { Geometry, MultiPolygon, Polygon, Position } from 'geojson'
import { cellsOverlapping, circlePolygon } from '../../place/index.ts'
import { km } from '../../record/index.ts'
import type { NoticeBody } from './records.ts'

type Shapes = Pick<NoticeBody['areas'], 'polygons' | 'circles'>

/** A shape that no cell can be found for is shown all the same: better a warning hard to find by place than none. */
export function cellsOfShape(geometry: Geometry, maxCells: number): readonly string[] {
  try {
    return cellsOverlapping(geometry, { maxCells })
  } catch {
    return [] // senders draw what no map can hold: rings of one point, edges round the globe
  }
}

/** A circle of no radius is the point that it names. */
export function shapeOfPolygons({ polygons, circles }: Shapes): Geometry | undefined {
  const rings = polygons.filter((points) => points.length >= 4).map((points) => [closed(points)])
  const rounds = circles
    .filter(
      ({ radiusKm, center }) => radiusKm > 0 && radiusKm < 5_000 && Math.abs(center[0]) + radiusKm / 111 < 89,
    )
    .map(({ center: [lat, lon], radiusKm }): Polygon => circlePolygon([lon, lat], km(radiusKm)))
  const points = circles.filter(({ radiusKm }) => radiusKm === 0)
  const all: MultiPolygon['coordinates'] = [...rings, ...rounds.map(({ coordinates }) => coordinates)]
  const [only] = all
  if (all.length === 1 && only !== undefined) return { type: 'Polygon', coordinates: only }
  if (all.length > 1) return { type: 'MultiPolygon', coordinates: all }
  const [point] = points
  return point && { type: 'Point', coordinates: [point.center[1], point.center[0]] }
}

/** RFC 7946 §3.1.6: the last position is the first; not every sender closes its rings. */
function closed(points: readonly (readonly [lat: number, lon: number])[]): Position[] {
  const ring = points.map(([lat, lon]): Position => [lon, lat])
  const [first, last] = [ring[0], ring.at(-1)]
  const isClosed = first?.[0] === last?.[0] && first?.[1] === last?.[1]
  return isClosed || first === undefined ? ring : [...ring, first]
}
