/**
 * Impact of an earthquake: how hard it shook where people live, how many, how many deaths past losses let expect.
 *
 * Shaking: impact/shaking-field.ts (published models combined, with spread). Places: towns within the felt radius
 * (median of MMI 3), which bounds the work by magnitude. Losses: impact/losses.ts and impact/fatality-total.ts (PAGER's
 * empirical models). Nothing is assessed below magnitude 3 or without a magnitude; an assessment whose event was false,
 * became part of another or fell below that is withdrawn with its last figures.
 * Figures are rounded (intensity to 0.01, people and deaths to three digits), so that equal inputs give equal bytes.
 */
import type { Assessment, Assessor } from '../../engines/assess/index.ts'
import type { EventBody } from '../../engines/fuse/index.ts'
import type { LonLat, Places } from '../../engines/place/index.ts'
import { type Held, km } from '../../engines/record/index.ts'
import type { World } from '../pack.ts'
import * as assume from './impact/assumptions.ts'
import { shakenCells } from './impact/cells.ts'
import { deaths, fatalityTotal, leastExpected } from './impact/fatality-total.ts'
import { type CountryLoss, countryLoss, type ShakenTown } from './impact/losses.ts'
import { populationShare } from './impact/population-share.ts'
import { decimals } from './impact/round.ts'
import { type ShakingField, shakingField, sourceKind } from './impact/shaking-field.ts'
import { criticalPlaces, namedTowns } from './impact/town-lists.ts'
import { type ImpactBody, impactRecord } from './impact-record.ts'
import { type EarthquakeFigures, hazardsEvent } from './records.ts'

export const faintestMagnitude = 3
const felt = 3

type EventHeld = Held<{ readonly figures?: EarthquakeFigures }>

export const earthquakeImpact: Assessor<EarthquakeFigures, ImpactBody, World> = {
  name: 'hazards.earthquake-impact',
  version: '1',
  reads: hazardsEvent.type,
  writes: impactRecord.type,
  assess: async (event, { places }) => assess(event, places),
  withdraw: (earlier, event) => ({
    ...standing(event),
    body: { ...earlier.record.body, state: 'withdrawn' },
  }),
}

function assess(event: EventHeld, places: Places): Assessment<ImpactBody> | undefined {
  const { figures, state } = event.record.body as EventBody<EarthquakeFigures>
  if (figures?.magnitude === undefined || figures.magnitude < faintestMagnitude) return undefined
  if (state !== undefined && state !== 'active') return undefined
  const body = impactOf({ ...figures, magnitude: figures.magnitude }, places)
  return { ...standing(event), body: { ...body, event: event.record.id } }
}

const standing = ({ record }: Held) => ({
  valid: record.valid,
  ...(record.place && { place: record.place }),
})

type Shock = Pick<EarthquakeFigures, 'latitude' | 'longitude' | 'depth' | 'magnitudeType'> & {
  readonly magnitude: number
}

export function impactOf(shock: Shock, places: Places): Omit<ImpactBody, 'event'> {
  const { magnitude, latitude, longitude } = shock
  const depthKm = Math.max(0, decimals(shock.depth / 1000, 2))
  const epicentre: LonLat = [longitude, latitude]
  const field = shakingField({ mag: magnitude, depthKm, lon: longitude, lat: latitude })
  const feltRadius = field.radiusOf(felt)
  const towns = places
    .townsWithin(epicentre, km(feltRadius))
    .filter(({ town }) => town.people > 0) // listed without a count: nobody can be exposed there by this list
    .map((found): ShakenTown => ({ ...found, shaking: field.at(found.km) }))
  const countries = lossByCountry(towns, places)
  const total = fatalityTotal(countries)
  return {
    kind: 'earthquake',
    state: 'active',
    magnitude,
    latitude,
    longitude,
    depthKm,
    models: field.models.map((model) => ({ ...model })),
    ...total,
    maxMmi: decimals(field.at(0).mmi, 2),
    feltRadiusKm: decimals(feltRadius, 1),
    towns: namedTowns(towns),
    cells: shakenCells({ lon: longitude, lat: latitude }, field),
    countries: reached({ epicentre, feltRadius, field, towns, losses: countries }, places),
    critical: criticalPlaces(towns),
    assumptions: [
      ...assumptionsOf(shock, depthKm, countries, places),
      ...(total.fatalities.expected < leastExpected ? [assume.noDamagingShaking] : []),
    ],
  }
}

function lossByCountry(towns: readonly ShakenTown[], places: Places): readonly CountryLoss[] {
  const byCountry = Map.groupBy(towns, ({ town }) => town.country)
  return [...byCountry]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, own]) => countryLoss(code, own, populationShare(places, code) ?? 1))
}

type Reach = {
  readonly epicentre: LonLat
  readonly feltRadius: number
  readonly field: ShakingField
  readonly towns: readonly ShakenTown[]
  readonly losses: readonly CountryLoss[]
}

/** Every country that is reached by its ground or by a town, the nearest first. */
function reached(reach: Reach, places: Places): ImpactBody['countries'] {
  const { epicentre, feltRadius, field, towns, losses } = reach
  const grounds = new Map(places.countriesWithin(epicentre, km(feltRadius)).map((one) => [one.code, one.km]))
  const codes = new Set([...grounds.keys(), ...losses.map(({ code }) => code)])
  return [...codes]
    .map((code) => {
      const nearestTown = towns.find(({ town }) => town.country === code) // towns come nearest first
      const nearest = Math.min(grounds.get(code) ?? Number.POSITIVE_INFINITY, nearestTown?.km ?? feltRadius)
      const { exposed = [], fatalities } = losses.find((loss) => loss.code === code) ?? {}
      return {
        code,
        maxMmi: decimals(nearestTown?.shaking.mmi ?? 0, 2), // shaking falls with distance: the nearest is the strongest
        nearestMmi: decimals(field.at(nearest).mmi, 2),
        nearestKm: decimals(nearest, 1),
        exposed,
        ...(fatalities && {
          fatalities: {
            expected: deaths(fatalities.expected),
            low: deaths(fatalities.low),
            high: deaths(fatalities.high),
            model: fatalities.model,
          },
        }),
      }
    })
    .sort((a, b) => a.nearestKm - b.nearestKm || (a.code < b.code ? -1 : 1))
}

function assumptionsOf(
  { magnitude, magnitudeType, longitude, latitude }: Shock,
  depthKm: number,
  countries: readonly CountryLoss[],
  places: Places,
): ImpactBody['assumptions'] {
  const source = sourceKind({ mag: magnitude, depthKm, lon: longitude, lat: latitude })
  const isMoment = magnitudeType === undefined || /^mw/i.test(magnitudeType)
  return [
    ...assume.always,
    ...(source === 'deep' ? [assume.deepSource(depthKm)] : []),
    ...(source === 'vrancea' ? [assume.foreArc] : []),
    ...(isMoment ? [] : [assume.magnitudeAsGiven(magnitudeType)]),
    ...countries.flatMap(({ code, fatalities }) => [
      ...(fatalities === undefined ? [assume.noLossModel(code)] : []),
      ...(fatalities !== undefined && fatalities.model !== code
        ? [assume.lossModelStandIn(code, fatalities.model)]
        : []),
      ...(populationShare(places, code) === undefined ? [assume.populationUnknown(code)] : []),
    ]),
  ]
}
