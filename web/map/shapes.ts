/** Data of the map as GeoJSON, from what the node answered. Pure. */
import type { Feature, FeatureCollection, Geometry, Polygon, Position } from 'geojson'
import { cellToBoundary } from 'h3-js'
import type { EventSummary, TownOnMap, WarningArea } from '../../server/schemas/index.ts'
import type { CountryShapes } from '../api/places.ts'
import type { ImpactView } from '../events/impact-view.ts'
import { intensityColour, intensityInk } from '../events/intensity.ts'
import { levelRank } from '../events/level.tsx'
import { roman } from '../text/format.ts'
import { symbolName } from './symbols.ts'

export type Shapes = FeatureCollection<Geometry>
export const nothing: Shapes = { type: 'FeatureCollection', features: [] }

const collection = (features: readonly Feature[]): Shapes => ({
  type: 'FeatureCollection',
  features: [...features],
})
const point = (at: readonly [number, number], properties: Feature['properties']): Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [...at] },
  properties,
})

export const eventShapes = (events: readonly EventSummary[], selected: string | undefined): Shapes =>
  collection(
    events
      .filter(({ state }) => state === 'active')
      .map((event) =>
        point([event.longitude, event.latitude], {
          id: event.id,
          symbol: symbolName(event.level ?? 'none'),
          magnitude: event.magnitude ?? 3,
          label: event.magnitude?.toFixed(1) ?? '',
          // The graver and the larger on top.
          order: levelRank(event.level) * 10 + (event.magnitude ?? 0),
          isSelected: event.id === selected,
        }),
      ),
  )

export const codesOf = (shapes: CountryShapes): ReadonlySet<string> =>
  new Set(shapes.features.map(({ properties }) => properties.code))

/** Towns of the countries that are drawn: a dot in an empty sea would mislead. */
export const townShapes = (towns: readonly TownOnMap[], drawn: ReadonlySet<string>): Shapes =>
  collection(
    towns
      .filter(({ country }) => drawn.has(country))
      .map((town) =>
        point([town.at[0], town.at[1]], {
          name: town.name,
          people: town.people,
          isCapital: town.isCapital,
        }),
      ),
  )

export const intensityShapes = (impact: ImpactView): Shapes =>
  collection(
    impact.towns.map((town) =>
      point(town.at, {
        name: town.name,
        people: town.people,
        mmi: town.mmi,
        colour: intensityColour(town.mmi),
        ink: intensityInk(town.mmi),
        label: roman(town.mmi),
      }),
    ),
  )

export const cellShapes = (impact: ImpactView): Shapes =>
  collection(
    impact.cells.map(({ cell, mmi }) => ({
      type: 'Feature',
      geometry: { type: 'Polygon', coordinates: [cellToBoundary(cell, true)] },
      properties: { mmi, colour: intensityColour(mmi) },
    })),
  )

export const areaShapes = (areas: readonly WarningArea[]): Shapes =>
  collection(
    areas.flatMap((area): Feature[] => [
      ...area.polygons.map(
        (ring): Feature => ({
          type: 'Feature',
          geometry: { type: 'Polygon', coordinates: [ring.map(([lon, lat]) => [lon, lat])] },
          properties: {},
        }),
      ),
      ...area.circles.map(
        ({ center, radiusKm }): Feature => ({
          type: 'Feature',
          geometry: circleAround([center[0], center[1]], radiusKm),
          properties: {},
        }),
      ),
    ]),
  )

/** One label per country, in the middle of its largest part. */
export const countryLabels = (shapes: CountryShapes, nameOf: (code: string) => string): Shapes =>
  collection(
    shapes.features.map(({ geometry, properties }) => {
      const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
      const rings = parts.flatMap(([outer]) => (outer ? [outer] : []))
      const largest = rings.toSorted((a, b) => Math.abs(area(b)) - Math.abs(area(a)))[0] ?? []
      return point(centroid(largest), { name: nameOf(properties.code), size: Math.abs(area(largest)) })
    }),
  )

const earthKm = 6371.0088
const radians = Math.PI / 180

/** A circle of great-circle radius, as 64 points of the direct problem on the sphere. */
export function circleAround([lon, lat]: readonly [number, number], radiusKm: number): Polygon {
  const distance = radiusKm / earthKm
  const ring = Array.from({ length: 65 }, (_, step): Position => {
    const bearing = (step % 64) * (Math.PI / 32)
    const phi = Math.asin(
      Math.sin(lat * radians) * Math.cos(distance) +
        Math.cos(lat * radians) * Math.sin(distance) * Math.cos(bearing),
    )
    const lambda = Math.atan2(
      Math.sin(bearing) * Math.sin(distance) * Math.cos(lat * radians),
      Math.cos(distance) - Math.sin(lat * radians) * Math.sin(phi),
    )
    return [lon + lambda / radians, phi / radians]
  })
  return { type: 'Polygon', coordinates: [ring] }
}

/** Shoelace, square degrees: good enough to compare parts of one country. */
function area(ring: readonly Position[]): number {
  return edges(ring).reduce((sum, [[x1, y1], [x2, y2]]) => sum + (x1 * y2 - x2 * y1), 0) / 2
}

function centroid(ring: readonly Position[]): [number, number] {
  const whole = area(ring)
  const [x, y] = edges(ring).reduce(
    ([sumX, sumY], [[x1, y1], [x2, y2]]) => {
      const cross = x1 * y2 - x2 * y1
      return [sumX + (x1 + x2) * cross, sumY + (y1 + y2) * cross]
    },
    [0, 0],
  )
  return [(x ?? 0) / (6 * whole), (y ?? 0) / (6 * whole)]
}

type Pair = readonly [number, number]
const edges = (ring: readonly Position[]): readonly (readonly [Pair, Pair])[] =>
  ring.slice(1).map((to, index) => {
    const from = ring[index] ?? to
    return [
      [from[0] ?? 0, from[1] ?? 0],
      [to[0] ?? 0, to[1] ?? 0],
    ]
  })
