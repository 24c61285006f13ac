/** The map and the timeline of a warning report. */
import type { LonLat } from '../../../engines/place/index.ts'
import { type Block, type MapFigure, plain, said, type Words } from '../../../engines/report/index.ts'
import { inForce } from '../../../engines/warn/index.ts'
import type { Matter } from './material.ts'

const townsNamed = 14
/** Rings of a record's own area are many in a large flood; a map of this size shows no more. */
const mostRings = 200
const mostCorners = 4000

export function mapFigure(matter: Matter, where: string): Block<Words> {
  const { at, places } = matter
  const areas = areasOf(matter)
  const feltKm = feltWithin(matter)
  const bounds = boundsOf(matter, areas)
  const [west, south, east, north] = bounds
  const isInside = ([lon, lat]: LonLat) => lon >= west && lon <= east && lat >= south && lat <= north
  const towns = places
    .towns()
    .filter((town) => isInside(town.at))
    .toSorted((a, b) => Number(b.isCapital) - Number(a.isCapital) || b.people - a.people)
    .slice(0, townsNamed)
  const figure: MapFigure<Words> = {
    kind: 'map',
    bounds,
    areas,
    circles: feltKm > 0 ? [{ center: at, radiusKm: feltKm }] : [],
    marks: [
      { at, kind: 'centre' },
      ...towns.map((town) => ({
        at: town.at,
        kind: town.isCapital ? ('capital' as const) : ('town' as const),
        label: plain(town.name),
      })),
    ],
    legend: [
      { sign: 'centre', label: said('report.map.centre') },
      ...(areas.length > 0 ? [{ sign: 'area' as const, label: said('report.map.area') }] : []),
      ...(feltKm > 0 ? [{ sign: 'circle' as const, label: said('report.map.felt') }] : []),
      { sign: 'town', label: said('report.map.town') },
    ],
    credit: plain('Natural Earth; GeoNames, CC BY 4.0'),
  }
  return { kind: 'figure', id: 'map', caption: said('report.map', { where: plain(where) }), figure }
}

/** What warnings in force warn, else the event's own area. */
function areasOf({ warnings, asOf, event }: Matter): MapFigure<Words>['areas'] {
  const warned = inForce(warnings, asOf).flatMap(({ record }) =>
    (record.body.infos[0]?.area ?? []).flatMap(({ polygon }) =>
      polygon.map((ring) => ({ rings: [ring.map(([lat, lon]): LonLat => [lon, lat])] })),
    ),
  )
  if (warned.length > 0) return warned.slice(0, mostRings)
  const geometry = event.record.place?.geometry
  const polygons =
    geometry?.type === 'Polygon'
      ? [geometry.coordinates]
      : geometry?.type === 'MultiPolygon'
        ? geometry.coordinates
        : []
  return polygons.slice(0, mostRings).map((rings) => ({
    rings: rings.slice(0, 20).map((ring) => thinned(ring).map(([lon = 0, lat = 0]): LonLat => [lon, lat])),
  }))
}

const thinned = <Item>(items: readonly Item[]): readonly Item[] => {
  const every = Math.ceil(items.length / mostCorners)
  return every <= 1 ? items : items.filter((_, at) => at % every === 0)
}

/** How far it is felt, where that is not further than such a map should show; else 0. */
function feltWithin({ impact }: Matter): number {
  const felt = impact?.record.body.feltRadiusKm ?? 0
  return felt <= 250 ? felt : 0
}

/** All that is drawn with a margin, and never less than two degrees of latitude. */
function boundsOf(matter: Matter, areas: MapFigure<Words>['areas']): MapFigure<Words>['bounds'] {
  const { at } = matter
  const felt = feltWithin(matter) / 111.195
  const points: readonly LonLat[] = [
    ...areas.flatMap(({ rings }) => rings.flat()),
    [at[0] - felt / 0.74, at[1] - felt],
    [at[0] + felt / 0.74, at[1] + felt],
  ]
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)]
  const [south, north] = spread(lats, 2)
  const [west, east] = spread(lons, 2.7)
  return [west, south, east, north]
}

function spread(values: readonly number[], least: number): readonly [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const half = Math.max(least / 2, ((high - low) / 2) * 1.1)
  const middle = (low + high) / 2
  return [Math.max(-180, middle - half), Math.min(180, middle + half)]
}

/** What each agency said of the magnitude, when it reached this node. */
export function magnitudeFigure({ observations }: Matter): readonly Block<Words>[] {
  const told = observations.filter(({ record }) => record.body.magnitude !== undefined)
  if (told.length < 2) return []
  const series = [...Map.groupBy(told, ({ record }) => record.body.agency)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, 20)
    .map(([agency, all]) => ({
      name: plain(agency),
      points: all.slice(-500).map(({ receivedAt, record }) => ({
        at: receivedAt,
        value: record.body.magnitude?.mag ?? 0,
      })),
    }))
  return [
    {
      kind: 'figure',
      id: 'magnitudes',
      caption: said('report.points'),
      figure: { kind: 'points', axis: said('report.magnitude'), series },
    },
  ]
}
