/**
 * What several tellings of one flood, storm or other disaster say together. A function of the set: the order of arrival
 * changes nothing.
 *
 * The preferred telling is the gravest of those that stand, then the one said last; it gives the point and, where no
 * report names the event, the title. Severity is the highest that a standing telling gives, and of none, the highest that
 * any gave; a sender whom the region does not know is shown and gives none, so that nobody is warned on its word. What measures one thing by one unit is a range from least to greatest. Without any shape the event stands at
 * the capital of its country, and says that its place is coarse.
 *
 * A country's own warning stands when it is in force, comes from an authority that the region knows, and had not run out
 * when a member of the event last said something: a function of records, never of the hour at which somebody asks.
 */

import { type CapSeverity, capSeverities } from '../../engines/formats/index.ts'
import type { EventSummary } from '../../engines/fuse/index.ts'
import { boundsOf, type LonLat, type Places, prepareShape } from '../../engines/place/index.ts'
import { type Held, instant, millis } from '../../engines/record/index.ts'
import type { NoticeBody } from '../../engines/warn/index.ts'
import { placeTogether } from './event-place.ts'
import type { HazardKind } from './kinds.ts'
import { inEnglish } from './notice-kind.ts'
import type { HazardFigures } from './records.ts'
import type { HazardReport } from './report-records.ts'
import { statusOf, titleOf, worstSeverity } from './reports.ts'
import { agencyName, countriesOf, extentOf, isNotice, kindOf, saidAt, type Telling } from './tellings.ts'

export type Located = Pick<Places, 'towns'>
type Kind = Exclude<HazardKind, 'earthquake'>

export function summarise(members: readonly Held<Telling>[], places: Located): EventSummary {
  const inOrder = [...members].sort(byPreference)
  const [preferred] = inOrder
  if (preferred === undefined)
    throw new RangeError('An event has at least one member; summarise was given none.')
  const bodies = inOrder.map(({ record }) => record.body)
  const reports = bodies.filter((body): body is HazardReport => !isNotice(body))
  const extents = inOrder.map(extentOf)
  const from = instant(Math.min(...extents.map(({ fromMs }) => fromMs)))
  const until = instant(Math.max(...extents.map(({ untilMs }) => untilMs)))
  const countries = [...new Set(bodies.flatMap(countriesOf))].sort()
  const point = pointOf(inOrder, countries, places)
  const place = placeTogether(
    inOrder.flatMap(({ record }) => record.place ?? []),
    point,
  )
  const severity = severityOf(bodies)
  const title = titleOf(reports) ?? titleOfNotices(bodies)
  const region = regionOf(bodies)
  const warned = warnedBy(bodies)
  const figures: HazardFigures = {
    kind: kindOf(preferred.record.body) as Kind,
    time: from,
    until,
    longitude: point[0],
    latitude: point[1],
    agencies: [...new Set(bodies.map(agencyName))].sort(),
    countries,
    ...(region === undefined ? {} : { region }),
    ...(title === undefined ? {} : { title: title.slice(0, 1000) }),
    ...(severity === undefined ? {} : { severity }),
    status: statusOf(
      bodies.map((body) => ({ status: statusOfOne(body) })),
      'active',
    ),
    measures: measuresOf(reports),
    ...(extents.some(({ shape }) => shape === undefined) ? { isPlaceCoarse: true } : {}),
    ...(warned.length === 0 ? {} : { warnedBy: warned }),
  }
  return { valid: { from, until }, place, preferred: preferred.record.id, figures }
}

const severityOfOne = (body: Telling): CapSeverity =>
  isNotice(body) ? body.level.severity : (body.severity ?? 'Unknown')

const statusOfOne = (body: Telling): HazardReport['status'] => {
  if (!isNotice(body)) return body.status
  if (body.state !== 'in-force') return 'ended'
  return body.level.urgency === 'Future' ? 'forecast' : 'active'
}
const stands = (body: Telling): boolean => ['active', 'forecast'].includes(statusOfOne(body))

function byPreference(a: Held<Telling>, b: Held<Telling>): number {
  const [one, two] = [a.record.body, b.record.body]
  const grave = (body: Telling) => capSeverities.indexOf(severityOfOne(body))
  return (
    Number(stands(two)) - Number(stands(one)) ||
    grave(one) - grave(two) ||
    saidAt(two) - saidAt(one) ||
    (a.record.id < b.record.id ? -1 : 1)
  )
}

function severityOf(bodies: readonly Telling[]): CapSeverity | undefined {
  const known = bodies.filter((body) => !isNotice(body) || body.authority.isKnown)
  const standing = known.filter(stands)
  return worstSeverity((standing.length > 0 ? standing : known).map(severityOfOne))
}

/** A report's own point; else the middle of the preferred shape's bounds; else the capital of the first country. */
function pointOf(inOrder: readonly Held<Telling>[], countries: readonly string[], places: Located): LonLat {
  const report = inOrder.map(({ record }) => record.body).find((body) => !isNotice(body))
  if (report !== undefined && !isNotice(report)) return [report.longitude, report.latitude]
  const geometry = inOrder.find(({ record }) => record.place?.geometry)?.record.place?.geometry
  if (geometry !== undefined) {
    const [west, south, east, north] = boundsOf(prepareShape(geometry))
    return [rounded((west + east) / 2), rounded((south + north) / 2)]
  }
  const capital = places.towns().find(({ isCapital, country }) => isCapital && country === countries[0])
  return capital?.at ?? [0, 0]
}

const rounded = (degrees: number): number => Number(degrees.toFixed(4))

const titleOfNotices = (bodies: readonly Telling[]): string | undefined => {
  for (const body of bodies) {
    if (!isNotice(body)) continue
    const said = inEnglish(body.texts.headline) ?? inEnglish(body.texts.event)
    if (said !== undefined) return said
  }
  return undefined
}

const mostAreas = 3

/** The first few areas by name; of more it says how many. */
function regionOf(bodies: readonly Telling[]): string | undefined {
  const names = [
    ...new Set(bodies.flatMap((body) => (isNotice(body) ? (inEnglish(body.texts.area) ?? []) : []))),
  ].sort()
  if (names.length === 0) return undefined
  const rest = names.length - mostAreas
  return `${names.slice(0, mostAreas).join(', ')}${rest > 0 ? ` (+${rest})` : ''}`.slice(0, 200)
}

function measuresOf(reports: readonly HazardReport[]): HazardFigures['measures'] {
  const all = reports.filter((report) => report.status !== 'withdrawn').flatMap(({ measures }) => measures)
  const byName = Map.groupBy(all, ({ name, unit }) => JSON.stringify([name, unit]))
  return [...byName.values()]
    .flatMap((own) => {
      const [first] = own
      if (first === undefined) return []
      const values = own.map(({ value }) => value)
      return [{ name: first.name, unit: first.unit, low: Math.min(...values), high: Math.max(...values) }]
    })
    .sort((a, b) => (a.name === b.name ? (a.unit < b.unit ? -1 : 1) : a.name < b.name ? -1 : 1))
}

function warnedBy(bodies: readonly Telling[]): NonNullable<HazardFigures['warnedBy']> {
  const asOf = Math.max(...bodies.map(saidAt))
  const standing = bodies.filter(
    (body): body is NoticeBody =>
      isNotice(body) && body.authority.isKnown && body.state === 'in-force' && millis(body.expires) >= asOf,
  )
  const byAuthority = Map.groupBy(standing, ({ authority }) => authority.id)
  return [...byAuthority]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([authority, own]) => {
      const [first] = own
      const country = first?.authority.country
      if (first === undefined || country === undefined) return []
      return [
        {
          country,
          authority,
          name: agencyName(first),
          notices: own.length,
          severity: worstSeverity(own.map(({ level }) => level.severity)) ?? 'Unknown',
          until: instant(Math.max(...own.map(({ expires }) => millis(expires)))),
        },
      ]
    })
}
