/** Well-known text (OGC 06-103r4 §7) of points and polygons, x first, as GeoJSON. Not read: other shapes, Z and M. */
import type { MultiPolygon, Point, Polygon, Position } from 'geojson'

export function readWkt(text: unknown): Point | Polygon | MultiPolygon | undefined {
  if (typeof text !== 'string') return undefined
  const [, type, inside] = /^\s*(POINT|POLYGON|MULTIPOLYGON)\s*\((.*)\)\s*$/is.exec(text) ?? []
  switch (type?.toUpperCase()) {
    case 'POINT': {
      const [coordinates] = positionsIn(inside ?? '')
      return coordinates && { type: 'Point', coordinates }
    }
    case 'POLYGON':
      return { type: 'Polygon', coordinates: ringsIn(inside ?? '') }
    case 'MULTIPOLYGON':
      return {
        type: 'MultiPolygon',
        coordinates: (inside ?? '')
          .split(/\)\s*\)\s*,/)
          .map((polygon) => ringsIn(polygon.replace(/^\s*\(/, ''))),
      }
    default:
      return undefined
  }
}

const ringsIn = (text: string): Position[][] =>
  text
    .split(/\)\s*,/)
    .map((ring) => positionsIn(ring.replace(/[()]/g, '')))
    .filter((ring) => ring.length > 0)

const positionsIn = (text: string): Position[] =>
  text
    .split(',')
    .map((pair) => pair.trim().split(/\s+/).map(Number))
    .filter((pair) => pair.length === 2 && pair.every(Number.isFinite))
