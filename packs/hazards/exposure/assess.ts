/**
 * Exposure to every hazard but shaking: who lives inside, which countries are touched, which are near, and, of a flood,
 * which lie downstream in the order in which the water reaches them.
 *
 * Area: the event's own shapes. Where only a point is told, a circle of a radius assumed for the kind; where there is not
 * even that, nobody is counted and the record says so. People: towns whose centre lies inside (low), and the same scaled
 * to the population of the country (high). Near: countries that the area does not touch, within `nearKm` of its corners.
 * Downstream: along the rivers of the region's data, up to `downstreamKm` of the line. Level: level.ts. Rounded (people to
 * three figures, distances to a kilometre), so that equal inputs give equal bytes.
 */
import type { Geometry, MultiPolygon } from 'geojson'
import type { Assessment, Assessor } from '../../../engines/assess/index.ts'
import type { EventBody } from '../../../engines/fuse/index.ts'
import {
  circlePolygon,
  cornersOf,
  type Places,
  prepareShape,
  type RiverNet,
  riverBends,
  riverNet,
  shapesTouch,
  type Town,
} from '../../../engines/place/index.ts'
import { type Held, km } from '../../../engines/record/index.ts'
import type { World } from '../../pack.ts'
import { bankKm } from '../floods/fusion.ts'
import { populationShare } from '../impact/population-share.ts'
import type { HazardKind } from '../kinds.ts'
import { type HazardFigures, hazardsEvent } from '../records.ts'
import * as assume from './assumptions.ts'
import { levelOf } from './level.ts'
import { type ExposureBody, exposureRecord } from './record.ts'

export const nearKm = 50
export const downstreamKm = 600
const mostTowns = 60
const perCountry = 12
const largeTown = 100_000
const mostBanks = 12
const mostRings = 40

/** Of a point alone, kilometres. Assumed: what one such thing usually reaches; an hour's drive for what is not listed. */
const radii: Partial<Readonly<Record<HazardKind, number>>> = {
  flood: 25,
  wildfire: 10,
  landslide: 3,
  volcano: 30,
  tsunami: 50,
  cyclone: 150,
  drought: 100,
  'industrial-accident': 10,
  'water-pollution': 25,
  radiation: 30,
}
const radiusOtherwise = 50
/** A circle that holds a pole has no polygon. */
const farthestLatitude = 85

type EventHeld = Held<{ readonly figures?: HazardFigures }>

export const hazardExposure: Assessor<HazardFigures, ExposureBody, World> = {
  name: 'hazards.exposure',
  version: '1',
  reads: hazardsEvent.type,
  writes: exposureRecord.type,
  assess: async (event, { places }) => assess(event, places),
  withdraw: (earlier, { record }) => ({
    valid: record.valid,
    ...(record.place && { place: record.place }),
    body: { ...earlier.record.body, state: 'withdrawn' },
  }),
}

function assess({ record }: EventHeld, places: Places): Assessment<ExposureBody> | undefined {
  const { figures, state } = record.body as EventBody<HazardFigures | { kind: 'earthquake' }>
  if (figures === undefined || figures.kind === 'earthquake') return undefined
  if (state !== undefined && state !== 'active') return undefined
  return {
    valid: record.valid,
    ...(record.place && { place: record.place }),
    body: { ...exposureOf(figures, record.place, places), event: record.id },
  }
}

export function exposureOf(
  figures: HazardFigures,
  place: Held['record']['place'],
  places: Places,
): Omit<ExposureBody, 'event'> {
  const area = areaOf(figures, place?.geometry)
  const rivers = netOf(places)
  const inside =
    area.geometry === undefined ? [] : places.townsIn(area.geometry).filter(({ people }) => people > 0)
  const countries = countriesOf({ figures, area, inside, rivers }, places)
  const people = sum(countries.map((country) => country.people))
  const { kind, severity, measures, agencies } = figures
  return {
    kind,
    state: 'active',
    ...(figures.title === undefined ? {} : { title: figures.title }),
    time: figures.time,
    ...(figures.until === undefined ? {} : { until: figures.until }),
    status: figures.status,
    ...(severity === undefined ? {} : { severity }),
    ...levelOf({ kind, severity, measures, people: people.high }),
    area: area.how,
    ...(area.radiusKm === undefined ? {} : { radiusKm: area.radiusKm }),
    people,
    towns: namedTowns(inside).map(townOf),
    townsInside: inside.length,
    countries,
    critical: criticalOf(inside),
    agencies: [...agencies],
    codes: (place?.areas ?? []).map(({ scheme, code }) => ({ scheme, code })),
    assumptions: assumptionsOf(figures, area, countries, places),
  }
}

type Area = {
  readonly how: ExposureBody['area']
  readonly geometry?: Geometry
  readonly radiusKm?: number
}

function areaOf(
  { kind, isPlaceCoarse, longitude, latitude }: HazardFigures,
  geometry: Geometry | undefined,
): Area {
  const isShape = geometry !== undefined && !['Point', 'MultiPoint'].includes(geometry.type)
  if (isShape) return { how: 'shape', geometry }
  // Without any shape the event stands at a capital: a circle there would count people who are not in it.
  if (isPlaceCoarse) return { how: 'unknown' }
  const radiusKm = radii[kind] ?? radiusOtherwise
  if (Math.abs(latitude) > farthestLatitude) return { how: 'unknown' }
  const points =
    geometry?.type === 'MultiPoint'
      ? geometry.coordinates.filter(([, lat = 0]) => Math.abs(lat) <= farthestLatitude)
      : [[longitude, latitude]]
  const circles = points
    .slice(0, mostRings)
    .map(([lon = 0, lat = 0]) => circlePolygon([lon, lat], km(radiusKm), 32).coordinates)
  const [only] = circles
  return {
    how: 'circle',
    radiusKm,
    geometry:
      circles.length === 1 && only !== undefined
        ? { type: 'Polygon', coordinates: only }
        : { type: 'MultiPolygon', coordinates: circles },
  }
}

type Ground = {
  readonly figures: HazardFigures
  readonly area: Area
  readonly inside: readonly Town[]
  readonly rivers: RiverNet
}
type Country = ExposureBody['countries'][number]

/** Touched first, by people; then near, by distance; then downstream, in order; then what is only reported. */
function countriesOf(ground: Ground, places: Places): Country[] {
  const { figures, area, inside } = ground
  const touched = area.geometry === undefined ? [] : places.countriesIn(area.geometry)
  const codes = new Set([...touched, ...inside.map(({ country }) => country)])
  const within = [...codes].sort().map((code): Country => {
    const own = inside.filter(({ country }) => country === code)
    return {
      code,
      relation: 'touched',
      people: peopleOf(code, own, places),
      towns: own.length,
      rings: ringsIn(code, area, places),
    }
  })
  const down = downstreamOf(ground, codes)
  const near = nearOf(area, codes, places)
  const beside = new Map(near.map((one) => [one.code, one]))
  for (const one of down) {
    const known = beside.get(one.code)
    beside.set(one.code, known === undefined ? one : { ...one, nearestKm: known.nearestKm ?? 0 })
  }
  const reported = figures.countries
    .filter((code) => !codes.has(code) && !beside.has(code))
    .map((code): Country => ({ code, relation: 'reported', ...nobody }))
  const order = (country: Country) => country.downstream?.order ?? 0
  const rank = ({ relation }: Country) => ['touched', 'reported', 'near', 'downstream'].indexOf(relation)
  return [...within, ...beside.values(), ...reported]
    .map((country) => withOwnWarning(country, figures))
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        b.people.high - a.people.high ||
        order(a) - order(b) ||
        (a.nearestKm ?? 0) - (b.nearestKm ?? 0) ||
        (a.code < b.code ? -1 : 1),
    )
}

const nobody = { people: { low: 0, high: 0 }, towns: 0, rings: [] }

function peopleOf(code: string, towns: readonly Town[], places: Places): Country['people'] {
  const low = towns.reduce((people, town) => people + town.people, 0)
  return { low: threeFigures(low), high: threeFigures(low * Math.max(1, populationShare(places, code) ?? 1)) }
}

/** Outer rings of the shapes that reach into the country. */
function ringsIn(code: string, { geometry }: Area, places: Places): Country['rings'] {
  const shape = places.shapeOf(code)
  if (shape === undefined || geometry === undefined) return []
  const ground = prepareShape(shape)
  return polygonsOf(geometry)
    .filter((rings) => shapesTouch(prepareShape({ type: 'Polygon', coordinates: rings }), ground))
    .slice(0, mostRings)
    .map(([outer = []]) => outer.map(([lon = 0, lat = 0]): [number, number] => [lon, lat]))
}

function polygonsOf(geometry: Geometry): MultiPolygon['coordinates'] {
  if (geometry.type === 'Polygon') return [geometry.coordinates]
  if (geometry.type === 'MultiPolygon') return geometry.coordinates
  return geometry.type === 'GeometryCollection' ? geometry.geometries.flatMap(polygonsOf) : []
}

function nearOf({ geometry }: Area, but: ReadonlySet<string>, places: Places): Country[] {
  if (geometry === undefined) return []
  const nearest = new Map<string, number>()
  for (const corner of thinned(cornersOf(geometry), 48))
    for (const found of places.countriesWithin(corner, km(nearKm)))
      if (!but.has(found.code)) nearest.set(found.code, Math.min(found.km, nearest.get(found.code) ?? nearKm))
  return [...nearest].map(([code, distance]) => ({
    code,
    relation: 'near',
    nearestKm: Math.round(distance),
    ...nobody,
  }))
}

function downstreamOf({ figures, area, rivers }: Ground, touched: ReadonlySet<string>): Country[] {
  const isWater = figures.kind === 'flood' || figures.kind === 'water-pollution'
  if (!isWater || area.geometry === undefined) return []
  const from = rivers.stretchesIn(area.geometry, bankKm)
  const reached = rivers.downstreamOf(from, [...touched]).filter(({ low }) => low <= downstreamKm)
  return reached.map(({ country, river, low, high }, at) => ({
    code: country,
    relation: 'downstream',
    ...nobody,
    downstream: {
      river,
      order: at + 1,
      km: { low: Math.round(low), high: Math.round(high) },
      banks: thinned(rivers.banksBelow(from, country, downstreamKm), mostBanks).map(([lon, lat]) => [
        hundredth(lon),
        hundredth(lat),
      ]),
    },
  }))
}

/** First, last and what lies between them at even steps. */
function thinned<Value>(all: readonly Value[], most: number): readonly Value[] {
  if (all.length <= most) return all
  return Array.from(
    { length: most },
    (_, at) => all[Math.round((at * (all.length - 1)) / (most - 1))],
  ).filter((value) => value !== undefined)
}

function withOwnWarning(country: Country, { warnedBy = [] }: HazardFigures): Country {
  const own = warnedBy.find(({ country: code }) => code === country.code)
  return own === undefined
    ? country
    : { ...country, warnedBy: { authority: own.authority, name: own.name, until: own.until } }
}

/** The largest of all, and of each country its own largest, so that none goes without a name. */
function namedTowns(inside: readonly Town[]): readonly Town[] {
  const largest = inside.toSorted(byPeople)
  const ofCountries = [...Map.groupBy(largest, ({ country }) => country).values()].flatMap((own) =>
    own.slice(0, perCountry),
  )
  return [...new Set([...ofCountries, ...largest.slice(0, mostTowns)])].sort(byPeople)
}

const townOf = ({ id, name, country, at, people, isCapital }: Town): ExposureBody['towns'][number] => ({
  id,
  name,
  country,
  at: [at[0], at[1]],
  people,
  isCapital,
})

const criticalOf = (inside: readonly Town[]): ExposureBody['critical'] =>
  inside
    .filter(({ isCapital, people }) => isCapital || people >= largeTown)
    .sort(byPeople)
    .slice(0, mostTowns)
    .map(({ name, country, at, people, isCapital }) => ({
      name,
      country,
      at: [at[0], at[1]],
      why: isCapital ? 'capital' : 'large-town',
      people,
    }))

function assumptionsOf(
  figures: HazardFigures,
  area: Area,
  countries: readonly Country[],
  places: Places,
): ExposureBody['assumptions'] {
  const uncounted = countries.filter(
    ({ towns, code }) => towns > 0 && populationShare(places, code) === undefined,
  )
  return [
    ...(area.how === 'unknown' ? [assume.noShape] : assume.always),
    ...(area.how === 'circle' ? [assume.assumedRadius(figures.kind, area.radiusKm ?? 0)] : []),
    ...(area.how === 'shape' && figures.isPlaceCoarse ? [assume.partCoarse] : []),
    ...uncounted.map(({ code }) => assume.populationUnknown(code)),
    ...(countries.some(({ downstream }) => downstream) ? [assume.roughRivers(riverBends)] : []),
  ]
}

const nets = new WeakMap<Places, RiverNet>()

function netOf(places: Places): RiverNet {
  const known = nets.get(places) ?? riverNet(places.region.rivers ?? [])
  nets.set(places, known)
  return known
}

const sum = (all: readonly Country['people'][]): Country['people'] => ({
  low: threeFigures(all.reduce((total, { low }) => total + low, 0)),
  high: threeFigures(all.reduce((total, { high }) => total + high, 0)),
})
const byPeople = (a: Town, b: Town): number => b.people - a.people || a.id - b.id
const threeFigures = (people: number): number => (people < 1 ? 0 : Math.round(Number(people.toPrecision(3))))
const hundredth = (degrees: number): number => Number(degrees.toFixed(2))
