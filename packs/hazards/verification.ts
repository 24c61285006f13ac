/**
 * When an observed event verifies a warning of a natural hazard.
 *
 * Forecasts: this node's own warnings (`warn.warning`, every Alert and Update; a Cancel ends what it names) and those of
 * other authorities as resolved (`warn.notice`). Of an own chain its first message is counted, of a notice the whole.
 *
 * Observed: an event through those of its members that saw something: shocks of seismic networks, hot spots of
 * satellites, reports of disaster systems that say it happened; and a gauge above its agreed level. A warning is never
 * evidence of what it warned of, nor is a forecast: an event of which only warnings tell was observed by nobody. Where a
 * member has an extent, the members' places together are the observed area, not the event's, which holds warned areas.
 *
 * A shock was observed where it was; which ground it shook nobody measures here. It is computed from the newest figures (the
 * circle of the warning rule's own threshold), and the score says so: an early warning that the revised shock would not have
 * given is a false alarm.
 *
 * Verified: same hazard, the area within 10 km, onset to end within 6 h before the warning's begin and 12 h after its
 * end; disaster systems date floods and fires by the day, so a bound below half a day would judge their clock. Wind, rain,
 * heat and other weather that no source here measures is not verified at all, rather than called a false alarm.
 *
 * Misses: floods, fires and others of severity Severe or Extreme. Shocks are nobody's miss: none can be warned of before
 * it comes, and their warnings tell of damage and aftershocks. A gauge alone is a local matter.
 */
import type { Geometry } from 'geojson'
import type { IssuedForecast, Observed, Sighting, VerificationRule } from '../../engines/assess/index.ts'
import type { EventBody } from '../../engines/fuse/index.ts'
import { circlePolygon } from '../../engines/place/index.ts'
import { type Held, type Instant, instant, km } from '../../engines/record/index.ts'
import { type NoticeBody, noticeRecord, type WarningBody, warningRecord } from '../../engines/warn/index.ts'
import type { World } from '../pack.ts'
import { shakingField } from './impact/shaking-field.ts'
import { inEnglish, kindOfNotice } from './notice-kind.ts'
import { type EarthquakeFigures, type HazardFigures, hazardsEvent, hazardsObservation } from './records.ts'
import { type HazardReport, hazardsDetection, hazardsReport } from './report-records.ts'
import { defaultWarningSettings } from './warning-settings.ts'

const hourMs = 3_600_000
/** Of the environment pack; met in records. */
const exceedanceType = 'environment.exceedance'

const observable: ReadonlySet<string> = new Set([
  'earthquake',
  'tsunami',
  'volcano',
  'landslide',
  'flood',
  'wildfire',
  'drought',
  'cyclone',
])

export const hazardVerification: VerificationRule<World> = {
  name: 'hazards.warnings',
  version: '1',
  forecasts: [warningRecord.type, noticeRecord.type],
  events: [hazardsEvent.type, exceedanceType],
  forecast: (held, world, later) =>
    held.record.type === warningRecord.type
      ? ownForecast(held as Held<WarningBody>, later as readonly Held<WarningBody>[])
      : noticeForecast(held as Held<NoticeBody>, world),
  observed: (event, members, world) =>
    event.record.type === exceedanceType
      ? gaugeObserved(event as Held<Exceedance>, world)
      : eventObserved(event as Held<HazardEventBody>, members, world),
  isGrave,
  isObservable: (matter) => observable.has(matter),
  tolerance: {
    name: 'hazards: 6 h before, 12 h after, 10 km',
    beforeMs: 6 * hourMs,
    afterMs: 12 * hourMs,
    km: 10,
  },
  settleMs: 24 * hourMs,
  remitMs: 400 * 24 * hourMs,
}

type HazardEventBody = EventBody<EarthquakeFigures | HazardFigures>

function ownForecast(
  { record }: Held<WarningBody>,
  later: readonly Held<WarningBody>[],
): IssuedForecast | undefined {
  const { body, place } = record
  const [info] = body.infos
  if (body.msgType === 'Cancel' || info === undefined) return undefined
  const probability = probabilityIn(info.parameter)
  const cancelled = later.find((one) => one.record.body.msgType === 'Cancel')
  return {
    matter: body.hazard,
    issuer: {
      id: body.sender,
      name: info.senderName,
      ...(body.authority === 'authority' && { country: body.country }),
    },
    standing: body.authority === 'authority' ? 'warning' : 'advice',
    countries: [body.country],
    issuedAt: body.sent,
    from: instant(info.onset),
    until: body.expires,
    ...(cancelled && { endedAt: cancelled.record.body.sent }),
    level: info.severity,
    certainty: info.certainty,
    ...(probability === undefined ? {} : { probability }),
    ...(place?.geometry && { geometry: place.geometry }),
    isFirst: body.msgType === 'Alert',
    assumptions: [],
  }
}

function noticeForecast({ record }: Held<NoticeBody>, { places }: World): IssuedForecast | undefined {
  const { body, place, valid } = record
  const first = body.messages.find(({ role }) => role === 'first' || role === 're-issue')
  if (first === undefined || body.goesOnAs !== undefined || body.status === 'Test') return undefined
  const { country } = body.authority
  const shape = place?.geometry ?? (country === undefined ? undefined : places.shapeOf(country))
  return {
    matter: kindOfNotice(body),
    issuer: {
      id: body.authority.id,
      name: inEnglish(body.authority.names) ?? body.authority.id,
      ...(country === undefined ? {} : { country }),
    },
    standing: 'warning',
    countries: country === undefined ? [] : [country],
    issuedAt: first.triple.sent,
    from: valid.from,
    until: valid.until ?? body.expires,
    ...(body.endedAt && { endedAt: body.endedAt }),
    level: body.level.severity,
    certainty: body.level.certainty,
    ...(shape && { geometry: shape }),
    isFirst: true,
    assumptions: [
      ...(body.expiresAssumed ? ['The message states no end; 24 hours after it was sent are assumed.'] : []),
      ...(place?.geometry || shape === undefined
        ? []
        : ['The message names areas by code that have no shape here; the whole country is taken for them.']),
    ],
  }
}

/** CAP has no field for it; a parameter named so does. Above 1 it is per cent. */
function probabilityIn(parameters: WarningBody['infos'][number]['parameter']): number | undefined {
  const said = parameters.find(({ valueName }) => /(^|[:_ ])probability$/i.test(valueName))
  const value = said === undefined ? Number.NaN : Number(said.value.replace(/\s*%$/, ''))
  const share = said?.value.includes('%') || value > 1 ? value / 100 : value
  return share >= 0 && share <= 1 ? share : undefined
}

function eventObserved(
  { record }: Held<HazardEventBody>,
  members: readonly Held[],
  { places }: World,
): Observed | undefined {
  const { figures, state } = record.body
  const seen = members.filter(isSighting)
  if (state !== 'active' || figures === undefined || seen.length === 0) return undefined
  const shaken = figures.kind === 'earthquake' ? shakenGround(figures) : undefined
  const sightings = seen.map((one) => sightingOf(one, shaken))
  const countries = 'countries' in figures ? figures.countries : []
  const level = 'severity' in figures ? figures.severity : undefined
  return {
    matter: figures.kind,
    ...(level === undefined ? {} : { level }),
    countries: countries.length > 0 ? countries : countriesOf(sightings, places),
    sightings,
    ...(shaken && { computed: shakenAssumption }),
  }
}

function sightingOf({ record }: Held, shaken: Geometry | undefined): Sighting {
  const { from, until } = record.valid
  const geometry = shaken ?? record.place?.geometry
  const agency = (record.body as { readonly agency?: string }).agency
  return { onset: from, end: until ?? from, ...(geometry && { geometry }), by: agency ?? record.origin }
}

const { threshold } = defaultWarningSettings
const shakenAssumption = `The ground shaken is computed from the shock's newest figures, to MMI ${threshold}; no felt reports are at hand.`
/** Weaker shocks reach the threshold nowhere. */
const leastMagnitude = 3.5

function shakenGround({
  magnitude = 0,
  depth,
  latitude,
  longitude,
}: EarthquakeFigures): Geometry | undefined {
  if (magnitude < leastMagnitude) return undefined
  const source = { mag: magnitude, depthKm: Math.max(0, depth / 1000), lon: longitude, lat: latitude }
  const radius = shakingField(source).radiusOf(threshold)
  return radius > 0 ? circlePolygon([longitude, latitude], km(radius)) : undefined
}

/** It says that something was there, not that it may come. */
function isSighting({ record }: Held): boolean {
  switch (record.type) {
    case hazardsObservation.type:
      return (record.body as { readonly evaluationStatus?: string }).evaluationStatus !== 'rejected'
    case hazardsDetection.type:
      return true
    case hazardsReport.type:
      return ['active', 'ended'].includes((record.body as HazardReport).status)
    default:
      return false
  }
}

const countriesOf = (sightings: readonly Sighting[], places: World['places']): readonly string[] => [
  ...new Set(sightings.flatMap(({ geometry }) => (geometry ? places.countriesIn(geometry) : []))),
]

/** The part of an exceedance that tells of a flood. */
type Exceedance = {
  readonly property: string
  readonly station: { readonly id: string; readonly name?: string }
  readonly limit: { readonly kind: string; readonly source: string }
  readonly from: Instant
  readonly until: Instant
  readonly state: string
}
const floodLevels: ReadonlySet<string> = new Set(['warning-level', 'danger-level'])

function gaugeObserved({ record }: Held<Exceedance>, { places }: World): Observed | undefined {
  const { property, limit, state, from, until, station } = record.body
  const isFlood = (property === 'water-level' || property === 'discharge') && floodLevels.has(limit.kind)
  if (!isFlood || state === 'withdrawn') return undefined
  const geometry = record.place?.geometry
  const sighting = { onset: from, end: until, ...(geometry && { geometry }), by: station.name ?? station.id }
  return {
    matter: 'flood',
    level: limit.kind,
    countries: countriesOf([sighting], places),
    sightings: [sighting],
  }
}

function isGrave({ record }: Held): boolean {
  if (record.type !== hazardsEvent.type) return false
  const { figures, state } = record.body as HazardEventBody
  if (state !== 'active' || figures === undefined || figures.kind === 'earthquake') return false
  return figures.severity === 'Severe' || figures.severity === 'Extreme'
}
