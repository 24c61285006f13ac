/** Data of the map as GeoJSON, from what the node answered. Pure. */
import type { Feature, FeatureCollection, Geometry, Polygon, Position } from 'geojson'
import { cellToBoundary } from 'h3-js'
import type { EventSummary, TownOnMap, WarningArea } from '../../server/schemas/index.ts'
import type { CountryShapes } from '../api/places.ts'
import type { ImpactView } from '../events/impact-view.ts'
import { intensityColour, intensityInk } from '../events/intensity.ts'
import { isQuake } from '../events/kinds.tsx'
import { levelRank } from '../events/level.tsx'
import { shownLevel } from '../events/severity-level.ts'
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
          symbol: symbolName(shownLevel(event) ?? 'none', isQuake(event) ? undefined : event.kind),
          // What has no magnitude is drawn as large as an earthquake of 5.5, with its kind inside.
          magnitude: event.magnitude ?? (isQuake(event) ? 3 : 5.5),
          label: event.magnitude?.toFixed(1) ?? '',
          // The graver and the larger on top.
          order: levelRank(shownLevel(event)) * 10 + (event.magnitude ?? 0),
          isSelected: event.id === selected,
        }),
      ),
  )

/** Areas of events, in the colour of their level: of the chosen one its whole area, of the others their outline. */
export const outlineShapes = (
  events: readonly EventSummary[],
  chosen: (EventSummary & { readonly area?: EventSummary['outline'] }) | undefined,
): Shapes =>
  collection(
    events
      .filter(({ state }) => state === 'active')
      .flatMap((event): Feature[] => {
        const isChosen = event.id === chosen?.id
        const geometry = (isChosen ? chosen.area : undefined) ?? event.outline
        if (!geometry) return []
        return [
          {
            type: 'Feature',
            geometry,
            properties: { level: shownLevel(event) ?? 'none', isSelected: isChosen },
          },
        ]
      }),
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

/** `shape`: of areas that are told by code alone. */
export const areaShapes = (areas: readonly WarningArea[], shape?: Geometry): Shapes =>
  collection([
    ...(shape ? [{ type: 'Feature' as const, geometry: shape, properties: {} }] : []),
    ...areas.flatMap((area): Feature[] => [
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
  ])

/** Points in their order and the line that joins them. */
export const pointShapes = (points: readonly (readonly [number, number])[]): Shapes =>
  collection([
    ...points.map((at) => point(at, {})),
    ...(points.length > 1
      ? [
          {
            type: 'Feature' as const,
            geometry: { type: 'LineString' as const, coordinates: points.map(([lon, lat]) => [lon, lat]) },
            properties: {},
          },
        ]
      : []),
  ])

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
