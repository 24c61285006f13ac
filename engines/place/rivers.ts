/**
 * Rivers as rough lines from source to mouth, each point with the countries on its banks: which stretch of a river an
 * area touches, how far it is along the flow from one stretch to another, and whom the water reaches next.
 *
 * Method: each line is cut into steps of at most 5 km; a step belongs to an area when the area holds it or a corner of
 * the area lies within the reach. Kilometres count along the rough line from its source. What leaves a river at its mouth
 * goes on in the river that it flows into, from the point of that one's line that lies nearest. A rough line is shorter
 * than the bends of its river: a distance is a range, up to `riverBends` times the line. Lines are the region's data, with
 * their own accuracy; tides, dams and canals are not known here.
 */
import type { Geometry, Position } from 'geojson'
import { type Km, km } from '../record/index.ts'
import type { LonLat, River } from './contract.ts'
import { distanceKm } from './great-circle.ts'
import { boundsOf, holdsPoint, prepareShape } from './shape.ts'

/** Part of a river, in kilometres of its line from the source. */
export type RiverStretch = { readonly river: string; readonly fromKm: number; readonly toKm: number }

export type Downstream = {
  readonly country: string
  readonly river: string
  /** Where the flow first reaches the country. */
  readonly at: LonLat
  readonly low: Km
  readonly high: Km
}

export type RiverNet = {
  readonly river: (id: string) => River | undefined
  readonly stretchesIn: (geometry: Geometry, reachKm: number) => readonly RiverStretch[]
  /** Along the flow from the one to the other, whichever lies upstream; undefined: water of neither reaches the other. */
  readonly flowKm: (a: readonly RiverStretch[], b: readonly RiverStretch[]) => number | undefined
  /** Countries in the order in which the flow reaches them, without those in `but`. */
  readonly downstreamOf: (from: readonly RiverStretch[], but: readonly string[]) => readonly Downstream[]
  /** Points of the line in a country that the flow from there passes, up to so many kilometres on. */
  readonly banksBelow: (from: readonly RiverStretch[], country: string, upToKm: number) => readonly LonLat[]
  /** Rivers that two countries share. */
  readonly sharedBy: (a: string, b: string) => readonly string[]
}

const stepKm = 5
/** Rivers of the plains run up to half as far again as a rough line of them. */
export const riverBends = 1.5

type Step = { readonly at: LonLat; readonly km: number; readonly countries: readonly string[] }
type Traced = { readonly river: River; readonly steps: readonly Step[]; readonly lengthKm: number }

export function riverNet(rivers: readonly River[]): RiverNet {
  const traced = new Map(rivers.map((river) => [river.id, trace(river)]))
  const mouths = new Map(rivers.map((river) => [river.id, mouthOf(river, traced)]))

  /** The way of the water from there to the sea: each river, where it is entered, and how far that is. */
  const courseOf = ({ river, toKm }: RiverStretch): readonly Leg[] => {
    const legs: Leg[] = []
    let leg: Leg | undefined = { river, fromKm: toKm, afterKm: 0 }
    while (leg !== undefined && !legs.some((one) => one.river === leg?.river)) {
      legs.push(leg)
      const mouth = mouths.get(leg.river)
      const lengthKm = traced.get(leg.river)?.lengthKm ?? 0
      const afterKm: number = leg.afterKm + Math.max(0, lengthKm - leg.fromKm)
      leg = mouth && { river: mouth.river, fromKm: mouth.km, afterKm }
    }
    return legs
  }

  const flowTo = (from: RiverStretch, to: RiverStretch): number | undefined => {
    if (from.river === to.river && from.fromKm <= to.toKm && to.fromKm <= from.toKm) return 0
    const leg = courseOf(from).find(({ river, fromKm }) => river === to.river && fromKm <= to.toKm)
    return leg && leg.afterKm + Math.max(0, to.fromKm - leg.fromKm)
  }

  const stepsBelow = function* (from: RiverStretch): Generator<Step & { river: string; flowKm: number }> {
    for (const { river, fromKm, afterKm } of courseOf(from))
      for (const step of traced.get(river)?.steps ?? [])
        if (step.km >= fromKm) yield { ...step, river, flowKm: afterKm + step.km - fromKm }
  }

  return {
    river: (id) => traced.get(id)?.river,
    stretchesIn: (geometry, reachKm) =>
      [...traced.values()].flatMap((one) => stretchIn(one, geometry, reachKm)),
    flowKm: (a, b) => {
      const all = a.flatMap((one) => b.flatMap((other) => [flowTo(one, other), flowTo(other, one)]))
      const found = all.filter((way) => way !== undefined)
      return found.length === 0 ? undefined : Math.min(...found)
    },
    downstreamOf: (from, but) => {
      const found = new Map<string, Downstream>()
      for (const { countries, river, at, flowKm } of from.flatMap((one) => [...stepsBelow(one)]))
        for (const country of countries.filter((code) => !but.includes(code))) {
          const known = found.get(country)
          if (known === undefined || flowKm < known.low)
            found.set(country, { country, river, at, low: km(flowKm), high: km(flowKm * riverBends) })
        }
      return [...found.values()].sort((a, b) => a.low - b.low || (a.country < b.country ? -1 : 1))
    },
    banksBelow: (from, country, upToKm) => {
      const all = from.flatMap((one) => [...stepsBelow(one)])
      const banks = all.filter(({ countries, flowKm }) => flowKm <= upToKm && countries.includes(country))
      return [...new Map(banks.map(({ at }) => [String(at), at])).values()]
    },
    sharedBy: (a, b) =>
      rivers
        .filter(({ line }) => [a, b].every((code) => line.some(({ countries }) => countries.includes(code))))
        .map(({ id }) => id),
  }
}

type Leg = { readonly river: string; readonly fromKm: number; readonly afterKm: number }

/** A step between two points has the countries of both: the border is somewhere between them. */
function trace(river: River): Traced {
  const steps: Step[] = []
  let done = 0
  for (const [index, point] of river.line.entries()) {
    const next = river.line[index + 1]
    steps.push({ at: point.at, km: done, countries: point.countries })
    if (next === undefined) continue
    const length = distanceKm(point.at, next.at)
    const countries = point.countries.filter((code) => next.countries.includes(code))
    const count = Math.floor(length / stepKm)
    for (let step = 1; step <= count; step++) {
      const share = step / (count + 1)
      const near = share < 0.5 ? point.countries : next.countries
      steps.push({
        at: [between(point.at[0], next.at[0], share), between(point.at[1], next.at[1], share)],
        km: done + length * share,
        countries: countries.length > 0 ? countries : near,
      })
    }
    done += length
  }
  return { river, steps, lengthKm: done }
}

const between = (from: number, to: number, share: number): number => from + (to - from) * share

/** Where on the line of the river that it flows into the mouth lies. */
function mouthOf(river: River, traced: ReadonlyMap<string, Traced>) {
  const into = river.into === undefined ? undefined : traced.get(river.into)
  const mouth = river.line.at(-1)?.at
  if (into === undefined || mouth === undefined) return undefined
  const nearest = into.steps.reduce((best, step) =>
    distanceKm(step.at, mouth) < distanceKm(best.at, mouth) ? step : best,
  )
  return { river: into.river.id, km: nearest.km }
}

function stretchIn({ river, steps }: Traced, geometry: Geometry, reachKm: number): readonly RiverStretch[] {
  const shape = prepareShape(geometry)
  const [west, south, east, north] = boundsOf(shape)
  const high = reachKm / 111
  const wide = high / Math.max(0.2, Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180))
  const corners = cornersOf(geometry)
  const inside = steps.filter(
    ({ at }) =>
      at[0] >= west - wide &&
      at[0] <= east + wide &&
      at[1] >= south - high &&
      at[1] <= north + high &&
      (holdsPoint(shape, at) || corners.some((corner) => distanceKm(corner, at) <= reachKm)),
  )
  if (inside.length === 0) return []
  const all = inside.map(({ km: at }) => at)
  return [{ river: river.id, fromKm: Math.min(...all), toKm: Math.max(...all) }]
}

/** Of a shape of many corners so many as show where it lies. */
const mostCorners = 400

export function cornersOf(geometry: Geometry): readonly LonLat[] {
  const all = positionsOf(geometry)
  const every = Math.ceil(all.length / mostCorners)
  return all.filter((_, at) => at % every === 0).map(([lon = 0, lat = 0]) => [lon, lat] as const)
}

function positionsOf(geometry: Geometry): readonly Position[] {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates]
    case 'MultiPoint':
    case 'LineString':
      return geometry.coordinates
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates.flat()
    case 'MultiPolygon':
      return geometry.coordinates.flat(2)
    case 'GeometryCollection':
      return geometry.geometries.flatMap(positionsOf)
  }
}
