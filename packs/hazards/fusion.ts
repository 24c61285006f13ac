/**
 * When two agencies' reports are the same earthquake.
 *
 * Hard links come first: a shared id settles it. Otherwise a score: 1 when everything agrees, less what each difference
 * takes away.
 *
 *   time       Δt / 45 s                                  the sharp knife
 *   distance   0.2 per 100 km, beyond 100 km 0.8 per 100 km more   generous: agencies scatter
 *   magnitude  0.2 per unit beyond 0.5, at most 0.3       only lowers confidence
 *   depth      nothing: agencies fix it at 10 km when they cannot resolve it
 *
 *   score ≥ 0.6 one event · 0.4 … 0.6 a person decides · below, two events
 *
 * Why these figures. Five agencies place Petrinja 2020 (M6.3–6.4) up to 13.4 km apart; a second regional shock spreads
 * 15 km and 0.3 units. Early automatic solutions are worse, and there time and place err together: an epicentre off by d
 * shifts the origin time by about d / 6 km/s, so 10 s with 60 km is one shock (score 0.66) and 16 s with 100 km, known as
 * a catalogue's habit but not confirmed, is worth a question (0.44). At the same place 18 s still merge (0.60), 27 s
 * still ask: an aftershock half a minute later, in another agency's list, is not swallowed. Two real shocks in Slovenia,
 * 13 August 2026, 128 s and 1.4 km apart (M1.8, M1.3) score 0, as does every pair of 20 shocks of that month; a doublet
 * closer than 18 s that two agencies split differently would be joined, and a person can part it (cannot-link).
 * Unlike magnitudes alone never part two reports: first estimates of one great shock have been off by more than a unit.
 *
 * One catalogue tells its own shocks apart, so two reports of one catalogue under different ids stay two unless linked.
 */
import type { EventSummary, FusionRule, Match, Reason } from '../../engines/fuse/index.ts'
import { distanceKm } from '../../engines/place/index.ts'
import { type Held, millis } from '../../engines/record/index.ts'
import {
  type EarthquakeFigures,
  type EarthquakeObservation,
  hazardsEvent,
  hazardsObservation,
} from './records.ts'
import { epicentre } from './sources/observation.ts'

const secondsToNothing = 45
const nearKm = 100
const perNearKm = 0.2 / nearKm
const perFarKm = 0.8 / nearKm
const magnitudeSlack = 0.5
const perMagnitude = 0.2
const magnitudeAtMost = 0.3

const earthquakeLike = new Set<EarthquakeObservation['eventType']>([
  'earthquake',
  'not reported',
  'induced or triggered event',
  'reservoir loading',
  'fluid injection',
  'fluid extraction',
])

export const sameEarthquake: FusionRule<EarthquakeObservation> = {
  name: 'hazards.earthquake',
  version: '1',
  reads: [hazardsObservation.type],
  writes: hazardsEvent.type,
  applies: (body) =>
    body.kind === 'earthquake' && body.evaluationStatus !== 'rejected' && earthquakeLike.has(body.eventType),
  revisedAt: (body) => millis(body.updated),
  hardLinks: (body) => [...new Set([body.eventId, ...body.ids].map((id) => linkOf(id, body)))].sort(),
  agency: catalogueOf,
  windowMs: 60_000,
  match: matchEarthquakes,
  marks: { merge: 0.6, ask: 0.4 },
  summarise,
}

function matchEarthquakes(a: Held<EarthquakeObservation>, b: Held<EarthquakeObservation>): Match {
  const [one, two] = [a.record.body, b.record.body]
  const seconds = Math.abs(millis(one.origin.time) - millis(two.origin.time)) / 1000
  const km = kmBetween(one.origin, two.origin)
  const magnitudes = [one.magnitude?.mag, two.magnitude?.mag].filter((mag) => mag !== undefined)
  const [first, second] = magnitudes
  const units = first === undefined || second === undefined ? undefined : round(Math.abs(first - second), 2)

  const reasons: Reason[] = [
    reason('time', round(seconds, 3), 's', seconds / secondsToNothing),
    reason(
      'distance',
      round(km, 2),
      'km',
      km * perNearKm + Math.max(0, km - nearKm) * (perFarKm - perNearKm),
    ),
  ]
  if (units !== undefined) {
    const taken = Math.min(magnitudeAtMost, Math.max(0, units - magnitudeSlack) * perMagnitude)
    reasons.push(reason('magnitude', units, 'magnitude', taken))
  }
  const taken = reasons.reduce((sum, { weight }) => sum + weight, 0)
  return { score: round(Math.max(0, 1 + taken), 4), reasons }
}

function summarise(members: readonly Held<EarthquakeObservation>[]): EventSummary {
  const inOrder = [...members].sort(byPreference)
  const [preferred] = inOrder
  if (preferred === undefined)
    throw new RangeError('An event has at least one member; summarise was given none.')
  const { origin, region, evaluationMode } = preferred.record.body
  // A reviewed location without a magnitude must not take away the magnitude that another report gives.
  const magnitude = inOrder.find(({ record }) => record.body.magnitude)?.record.body.magnitude
  const named = region ?? inOrder.find(({ record }) => record.body.region)?.record.body.region
  const all = members.flatMap(({ record }) => record.body.magnitude?.mag ?? [])
  const figures: EarthquakeFigures = {
    kind: 'earthquake',
    time: origin.time,
    latitude: origin.latitude,
    longitude: origin.longitude,
    depth: origin.depth,
    ...(magnitude === undefined ? {} : { magnitude: magnitude.mag, magnitudeType: magnitude.type }),
    ...(all.length === 0 ? {} : { magnitudeRange: [Math.min(...all), Math.max(...all)] }),
    agencies: [...new Set(members.map(({ record }) => record.body.agency))].sort(),
    ...(named === undefined ? {} : { region: named }),
    spreadKm: spreadKm(members),
    mode: evaluationMode,
  }
  return {
    valid: { from: origin.time, until: origin.time },
    place: epicentre(origin.longitude, origin.latitude),
    preferred: preferred.record.id,
    figures,
  }
}

/** Reviewed before automatic, with a magnitude before without, then the latest revision, then by id: no favourite agency. */
function byPreference(a: Held<EarthquakeObservation>, b: Held<EarthquakeObservation>): number {
  const [one, two] = [a.record.body, b.record.body]
  return (
    standing(two) - standing(one) ||
    Number(two.magnitude !== undefined) - Number(one.magnitude !== undefined) ||
    millis(two.updated) - millis(one.updated) ||
    (a.record.id < b.record.id ? -1 : a.record.id > b.record.id ? 1 : 0)
  )
}

const standings = { rejected: -1, preliminary: 0, confirmed: 1, reviewed: 2, final: 3 } as const

const standing = (body: EarthquakeObservation): number =>
  standings[body.evaluationStatus] * 2 + (body.evaluationMode === 'manual' ? 1 : 0)

/** `usgs` of `usgs-earthquakes`: whoever keeps the catalogue, not whose solution it shows. */
function catalogueOf(body: EarthquakeObservation): string {
  return body.source.split('-')[0] ?? body.source
}

/** A bare number is an id only within its catalogue; two catalogues may count to the same one. */
const linkOf = (id: string, body: EarthquakeObservation): string =>
  /^\d+$/.test(id) ? `${catalogueOf(body)}:${id}` : id

function spreadKm(members: readonly Held<EarthquakeObservation>[]): number {
  const origins = members.map(({ record }) => record.body.origin)
  const distances = origins.flatMap((from, at) => origins.slice(at + 1).map((to) => kmBetween(from, to)))
  return round(Math.max(0, ...distances), 2)
}

type Point = { readonly latitude: number; readonly longitude: number }

const kmBetween = (a: Point, b: Point): number =>
  distanceKm([a.longitude, a.latitude], [b.longitude, b.latitude])

const reason = (name: string, value: number, unit: string, taken: number): Reason => ({
  name,
  value,
  unit,
  weight: round(-Math.min(1, taken), 4),
})

/** Rounded so that figures read well and equal inputs give equal bytes; never minus zero. */
const round = (value: number, digits: number): number => Number(value.toFixed(digits)) + 0
