/**
 * Whether what was observed is what was warned of: the same matter, the times meeting and the places touching, both
 * widened by the rule's tolerance. Every comparison leaves its measure, so that a score can say why.
 */
import type { Geometry } from 'geojson'
import {
  boundsOf,
  cellsOverlapping,
  cornersOf,
  distanceKm,
  prepareShape,
  shapesTouch,
} from '../../place/index.ts'
import { millis } from '../../record/index.ts'
import type { IssuedForecast, Observed, Sighting, Tolerance } from './contract.ts'
import type { ScoreBody } from './records.ts'

export type Because = ScoreBody['because'][number]
/** The sightings that meet the warning, and by how much the first of them lies outside what was warned of. */
export type Fit = { readonly met: readonly Sighting[]; readonly because: readonly Because[] }

/** Reads the warning's shape once, for as many events as are held against it. */
export function fitsOf(forecast: IssuedForecast, tolerance: Tolerance): (observed: Observed) => Fit {
  const near = nearness(forecast, tolerance.km)
  return (observed) => {
    if (forecast.matter !== observed.matter) return { met: [], because: [] }
    const hit = observed.sightings
      .flatMap((sighting) => {
        const time = hoursOutside(forecast, sighting, tolerance)
        const place = time.isMet ? near(sighting, observed.countries) : undefined
        return place === undefined || place > tolerance.km ? [] : [{ sighting, time, km: place }]
      })
      .sort((a, b) => millis(a.sighting.onset) - millis(b.sighting.onset))
    const [first] = hit
    return {
      met: hit.map(({ sighting }) => sighting),
      because: first
        ? [
            { name: 'hours outside the time warned of', value: first.time.hours, bound: first.time.bound },
            { name: 'km outside the area warned of', value: first.km, bound: tolerance.km },
          ]
        : [],
    }
  }
}

export const isMetBy = (forecast: IssuedForecast, observed: Observed, tolerance: Tolerance): boolean =>
  fitsOf(forecast, tolerance)(observed).met.length > 0

function hoursOutside(
  forecast: IssuedForecast,
  { onset, end }: Sighting,
  { beforeMs, afterMs }: Tolerance,
): { readonly isMet: boolean; readonly hours: number; readonly bound: number } {
  const early = millis(forecast.from) - millis(end)
  const late = millis(onset) - millis(forecast.until)
  return {
    isMet: early <= beforeMs && late <= afterMs,
    hours: Number((Math.max(0, early, late) / 3_600_000).toFixed(2)),
    bound: (early > 0 ? beforeMs : afterMs) / 3_600_000,
  }
}

/** Kilometres from a sighting to the warned area, 0 where they touch. Without a shape a shared country has to do. */
function nearness(
  { geometry, countries }: IssuedForecast,
  nearKm: number,
): (sighting: Sighting, countries: readonly string[]) => number | undefined {
  const shape = geometry && prepareShape(geometry)
  const around = geometry && prepareShape(widened(geometry, nearKm))
  return (sighting, seenIn) => {
    if (
      geometry === undefined ||
      shape === undefined ||
      around === undefined ||
      sighting.geometry === undefined
    )
      return countries.some((code) => seenIn.includes(code)) ? 0 : undefined
    const seen = prepareShape(sighting.geometry)
    if (!shapesTouch(around, seen)) return undefined
    if (shapesTouch(shape, seen)) return 0
    return Number(Math.max(0.1, nearestCorners(geometry, sighting.geometry)).toFixed(1))
  }
}

const mostCorners = 400

function nearestCorners(a: Geometry, b: Geometry): number {
  const [from, to] = [thinned(cornersOf(a)), thinned(cornersOf(b))]
  return from.reduce((least, one) => Math.min(least, ...to.map((other) => distanceKm(one, other))), Infinity)
}

const thinned = <Item>(all: readonly Item[]): readonly Item[] =>
  all.filter((_, at) => at % Math.ceil(all.length / mostCorners) === 0)

/** The rectangle around a shape, wider by so much on every side. */
export function widened(geometry: Geometry, km: number): Geometry {
  const [west, south, east, north] = boundsOf(prepareShape(geometry))
  const high = km / 111
  const wide = high / Math.max(0.1, Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180))
  const [w, s, e, n] = [
    west - wide - 0.001,
    Math.max(-89, south - high - 0.001),
    east + wide + 0.001,
    Math.min(89, north + high + 0.001),
  ]
  return {
    type: 'Polygon',
    coordinates: [
      [
        [w, s],
        [e, s],
        [e, n],
        [w, n],
        [w, s],
      ],
    ],
  }
}

/** Where to look for what may touch it. */
export const cellsAround = (geometry: Geometry, km: number): readonly string[] =>
  cellsOverlapping(widened(geometry, km))
