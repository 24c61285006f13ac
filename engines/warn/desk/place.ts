/**
 * Where the areas of a draft lie: their shapes as one geometry with its cells, and their codes, so that the warning is
 * found by place. A shape that no cell can be found for is left to its code and country: better hard to find than not sent.
 */
import type { Polygon } from 'geojson'
import { cellsOverlapping, checkGeometry, circlePolygon } from '../../place/index.ts'
import { km, type Place } from '../../record/index.ts'
import type { DraftContent } from './contract.ts'

export function placeOfAreas(areas: DraftContent['areas'], country: string): Place {
  const codes = areas.flatMap(({ geocodes }) => geocodes)
  const found = { areas: [{ scheme: 'ISO3166-1', code: country }, ...codes] }
  try {
    const shapes = areas.flatMap(shapesOf)
    const [only, ...more] = shapes
    if (only === undefined) return found
    const geometry =
      more.length === 0
        ? only
        : { type: 'MultiPolygon' as const, coordinates: shapes.map(({ coordinates }) => coordinates) }
    if (!checkGeometry(geometry).ok) return found
    return { ...found, geometry, cells: [...cellsOverlapping(geometry)] }
  } catch {
    return found // a shape that crosses itself, or lies over a pole: the checks say so, and it does not go out
  }
}

const shapesOf = ({ polygons, circles }: DraftContent['areas'][number]): readonly Polygon[] => [
  ...polygons.map(
    (ring): Polygon => ({ type: 'Polygon', coordinates: [ring.map(([lat, lon]) => [lon, lat])] }),
  ),
  ...circles
    .filter(({ radiusKm }) => radiusKm > 0)
    .map(({ center: [lat, lon], radiusKm }) => circlePolygon([lon, lat], km(radiusKm))),
]
