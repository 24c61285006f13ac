/**
 * When hot spots and reports are one wildfire: space and day.
 *
 * A detection joins a fire when its nearest hot spots are no more than 2 km apart and the passes no more than 24 hours
 * (the rule of Kontur's event fusion for FIRMS; the size of a VIIRS pixel and of its error lie well below). Between 2 and
 * 3 km a person is asked. Fires spread, so linkage is single: a pass joins whatever any pass of the last day touches. A
 * report of another system (GDACS, EFFIS) is placed by its centre, up to 10 km from the edge of what burns; the score
 * falls to the merge mark there. A shared name settles it.
 *
 * Hot spots are also steel works, flares and gas fields: those of low confidence alone start nothing.
 *
 *   score = 1 − 0.2 per km between hot spots · 1 − 0.04 per km to a report's place; ≥ 0.6 one fire · 0.4 … 0.6 asked
 */
import type { EventSummary, FusionRule, Match } from '../../../engines/fuse/index.ts'
import { cellsOverlapping, cellsWithin, distanceKm } from '../../../engines/place/index.ts'
import { type Held, instant, millis } from '../../../engines/record/index.ts'
import { type HazardFigures, hazardsEvent } from '../records.ts'
import { type FireDetection, type HazardReport, hazardsDetection, hazardsReport } from '../report-records.ts'
import { statusOf, titleOf, worstSeverity } from '../reports.ts'
import { burningSeverity, outlineOf } from './outline.ts'

export type FireReport = FireDetection | HazardReport

const dayMs = 24 * 3_600_000
const perKm = { spots: 0.2, report: 0.04 } as const
const reachKm = { spots: 3, report: 15 } as const

export const sameFire: FusionRule<FireReport> = {
  name: 'hazards.wildfire',
  version: '1',
  reads: [hazardsDetection.type, hazardsReport.type],
  writes: hazardsEvent.type,
  applies: (body) =>
    body.kind === 'wildfire' && (isDetection(body) ? isSure(body) : body.status !== 'withdrawn'),
  revisedAt: (body) => (isDetection(body) ? completeness(body) : millis(body.updated)),
  hardLinks: (body) => (isDetection(body) ? [] : body.ids),
  agency: ({ agency }) => agency,
  agencyTellsApart: false,
  windowMs: dayMs,
  within: ({ record: { body } }) =>
    pointsOf(body).flatMap((point) =>
      cellsWithin(point, isDetection(body) ? reachKm.report : 2 * reachKm.report, 12),
    ),
  linkage: 'single',
  match: matchFires,
  marks: { merge: 0.6, ask: 0.4 },
  summarise,
}

export const isDetection = (body: FireReport): body is FireDetection => 'pixels' in body
const isReport = (body: FireReport): body is HazardReport => !isDetection(body)

type LonLat = readonly [number, number]

/** For the index a detection is where its first hot spot is: its cell is no wider than the reach. */
const pointsOf = (body: FireReport): readonly LonLat[] =>
  isDetection(body)
    ? body.pixels.slice(0, 1).map(({ longitude, latitude }) => [longitude, latitude] as const)
    : [[body.longitude, body.latitude]]

const isSure = ({ pixels }: FireDetection): boolean =>
  pixels.some(({ confidence }) => (typeof confidence === 'number' ? confidence >= 30 : confidence !== 'low'))

/** Of two tellings of one pass the one of the better processing counts, then the one with more hot spots. */
const completeness = ({ latency, pixels }: FireDetection): number =>
  ['URT', 'RT', 'NRT', undefined].indexOf(latency) * 10_000 + pixels.length

function matchFires(a: Held<FireReport>, b: Held<FireReport>): Match {
  const [one, two] = [a.record.body, b.record.body]
  const km = nearestKm(one, two)
  const hours = Math.abs(millis(a.record.valid.from) - millis(b.record.valid.from)) / 3_600_000
  const taken = km * (isDetection(one) && isDetection(two) ? perKm.spots : perKm.report)
  return {
    score: Number(Math.max(0, 1 - taken).toFixed(4)),
    reasons: [
      {
        name: 'distance',
        value: Number(km.toFixed(2)),
        unit: 'km',
        weight: -Number(Math.min(1, taken).toFixed(4)),
      },
      { name: 'time', value: Number(hours.toFixed(2)), unit: 'h', weight: 0 },
    ],
  }
}

/** Between the nearest hot spots; far apart it is enough to know that they are. */
function nearestKm(one: FireReport, two: FireReport): number {
  const [from, to] = [spotsOf(one), spotsOf(two)]
  const [first] = from
  const [second] = to
  const centres = first && second ? distanceKm(first, second) : Number.POSITIVE_INFINITY
  if (centres > farKm) return centres
  return Math.min(...from.flatMap((a) => to.map((b) => distanceKm(a, b))))
}

/** Two cells wide and the reach: hot spots of two cells whose first ones are further apart cannot meet. */
const farKm = 40

const spotsOf = (body: FireReport): readonly LonLat[] =>
  isDetection(body)
    ? body.pixels.map(({ longitude, latitude }) => [longitude, latitude] as const)
    : [[body.longitude, body.latitude]]

function summarise(members: readonly Held<FireReport>[]): EventSummary {
  const inTime = [...members].sort(
    (a, b) =>
      millis(a.record.valid.from) - millis(b.record.valid.from) || (a.record.id < b.record.id ? -1 : 1),
  )
  const [first] = inTime
  if (first === undefined) throw new RangeError('An event has at least one member; summarise was given none.')
  const reports = inTime.map(({ record }) => record.body).filter(isReport)
  const detections = inTime.map(({ record }) => record.body).filter(isDetection)
  const spots = inTime.flatMap(({ record }) => spotsOf(record.body))
  const outline = outlineOf(spots)
  const [longitude, latitude] = meanOf(spots)
  const last = Math.max(...inTime.map(({ record }) => millis(record.valid.until ?? record.valid.from)))
  const time = first.record.valid.from
  const title = titleOf(reports)
  const severity = worstSeverity([
    ...reports.flatMap((report) => report.severity ?? []),
    ...(detections.length > 0 ? [burningSeverity(outline.km2)] : []),
  ])
  const figures: HazardFigures = {
    kind: 'wildfire',
    time,
    until: instant(last),
    latitude,
    longitude,
    agencies: [...new Set(inTime.map(({ record }) => record.body.agency))].sort(),
    countries: [...new Set(reports.flatMap(({ countries }) => countries))].sort(),
    ...(title === undefined ? {} : { title }),
    ...(severity === undefined ? {} : { severity }),
    status: statusOf(reports, 'active'),
    measures: measuresOf(detections, outline.km2),
  }
  return {
    valid: { from: time, until: instant(last + dayMs) },
    place: { geometry: outline.geometry, cells: cellsOverlapping(outline.geometry) },
    preferred:
      (reports.length > 0 ? inTime.find(({ record }) => isReport(record.body)) : first)?.record.id ??
      first.record.id,
    figures,
  }
}

/** What the passes saw: how many spots, the strongest pass, and the ground that their outline encloses. */
function measuresOf(detections: readonly FireDetection[], km2: number): HazardFigures['measures'] {
  if (detections.length === 0) return []
  const passes = [...Map.groupBy(detections, ({ satellite, acquired }) => `${satellite}${acquired}`).values()]
  const powers = passes.map((own) =>
    own.flatMap(({ pixels }) => pixels.map(({ frp = 0 }) => frp)).reduce((sum, frp) => sum + frp, 0),
  )
  const spots = detections.reduce((sum, { pixels }) => sum + pixels.length, 0)
  const power = Number(Math.max(...powers).toFixed(1))
  return [
    { name: 'hot spots', unit: '1', low: spots, high: spots },
    { name: 'passes', unit: '1', low: passes.length, high: passes.length },
    { name: 'fire radiative power, strongest pass', unit: 'MW', low: power, high: power },
    { name: 'area within the outline', unit: 'km2', low: 0, high: km2 },
  ]
}

function meanOf(points: readonly LonLat[]): LonLat {
  const mean = (at: 0 | 1) =>
    Number((points.reduce((sum, point) => sum + point[at], 0) / points.length).toFixed(4))
  return [mean(0), mean(1)]
}
