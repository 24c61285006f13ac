/**
 * One GDACS alert, whichever way it came: the words of an RSS item, of a CAP message's parameters and of the API's JSON
 * are the same, so each is laid out as words and read here.
 *
 * - An event has episodes. Its own level is the highest it ever had, the episode's is the newest: they may differ, and both
 *   are kept. Levels are colours: Green → Minor, Orange → Severe, Red → Extreme. CAP severity as GDACS writes it is not
 *   used: recorded messages give Green as Minor and as Moderate.
 * - `iscurrent` is false already on the day of the last update; an event counts as over when it is not current and its end
 *   lies more than a day before what told it.
 * - Times are UTC. `sent` of its CAP messages lies an hour or two before them and is not read.
 * - An earthquake is an observation, so that it joins the shocks of other agencies: GDACS tells NEIC's (USGS) solution,
 *   and where it names that id the two are one without a guess.
 * - A figure that is 0 and has no unit says that nothing is known ("Magnitude 0" of a flood).
 */
import type { Geometry } from 'geojson'
import type { CapSeverity } from '../../../../engines/formats/index.ts'
import type { Observed } from '../../../../engines/ingest/index.ts'
import { type Held, type Instant, millis, plusMs } from '../../../../engines/record/index.ts'
import { kindOfGlide } from '../../kinds.ts'
import { type EarthquakeObservation, hazardsObservation } from '../../records.ts'
import { type HazardReport, hazardsReport } from '../../report-records.ts'
import { epicentre } from '../observation.ts'
import { countryCodes } from './country-codes.ts'
import { latest, numberIn, textIn, timeIn } from './fields.ts'
import { isSomewhere, missing, type Read, reportOf } from './report.ts'

export const gdacsTypes = ['EQ', 'TC', 'FL', 'DR', 'VO', 'TS', 'WF'] as const

/** As GDACS names them; values as they came. */
export type GdacsWords = {
  readonly eventtype?: unknown
  readonly eventid?: unknown
  readonly episodeid?: unknown
  readonly title?: unknown
  readonly glide?: unknown
  readonly alertlevel?: unknown
  readonly alertscore?: unknown
  readonly episodealertlevel?: unknown
  readonly episodealertscore?: unknown
  readonly iscurrent?: unknown
  readonly fromdate?: unknown
  readonly todate?: unknown
  readonly datemodified?: unknown
  readonly published?: unknown
  readonly countries: readonly string[]
  readonly severity: Figure
  readonly population?: Figure
  readonly vulnerability?: Figure
  readonly longitude?: unknown
  readonly latitude?: unknown
  readonly url?: unknown
  /** Id of the shock in the catalogue of USGS. */
  readonly usgsId?: string
  readonly area?: Geometry
}
export type Figure = { readonly value?: unknown; readonly unit?: unknown; readonly text?: unknown }

export const gdacsSource = 'gdacs'
const agency = 'GDACS'
const severities: Readonly<Record<string, CapSeverity>> = { green: 'Minor', orange: 'Severe', red: 'Extreme' }
const dayMs = 24 * 3_600_000

/** `FL1102983`, or nothing for what names no event. */
export function gdacsName({ eventtype, eventid }: GdacsWords): string | undefined {
  const type = textIn(eventtype)?.toUpperCase()
  const id = textIn(eventid)
  return type !== undefined &&
    (gdacsTypes as readonly string[]).includes(type) &&
    /^[1-9]\d{0,11}$/.test(id ?? '')
    ? `${type}${id}`
    : undefined
}

export function gdacsAlert(words: GdacsWords, place: string): Read {
  const name = gdacsName(words)
  if (name === undefined)
    return {
      issues: [missing(place, 'name', 'It names no event: a kind such as FL and a number are needed.')],
    }
  return name.startsWith('EQ') ? shockOf(words, name, place) : reportedEvent(words, name, place)
}

function reportedEvent(words: GdacsWords, name: string, place: string): Read {
  const until = timeIn(words.todate)
  const updated = updatedIn(words)
  const severity = severities[textIn(words.alertlevel)?.toLowerCase() ?? '']
  const title = textIn(words.title, 1000)
  const url = webIn(words.url)
  const episode = numberIn(words.episodeid)
  const eventLevel = levelOf(words.alertlevel, words.alertscore)
  const episodeLevel = levelOf(words.episodealertlevel, words.episodealertscore)
  return reportOf(
    {
      key: `gdacs:${name}`,
      kind: kindOfGlide(name.slice(0, 2)),
      source: gdacsSource,
      agency,
      eventId: name,
      ...(episode !== undefined && Number.isInteger(episode) && episode >= 0 ? { episode } : {}),
      ids: idsOf(words, name),
      ...(title === undefined ? {} : { title }),
      status: isOver(words, until, updated) ? 'ended' : 'active',
      countries: [...countryCodes(words.countries)],
      ...(eventLevel === undefined ? {} : { level: eventLevel }),
      ...(episodeLevel === undefined ? {} : { episodeLevel }),
      ...(severity === undefined ? {} : { severity }),
      measures: measuresOf(words),
      ...(url === undefined ? {} : { url }),
      from: timeIn(words.fromdate),
      until,
      updated,
      at: pointOf(words),
      ...(words.area === undefined ? {} : { area: words.area }),
    },
    place,
  )
}

const updatedIn = ({ datemodified, published }: GdacsWords): Instant | undefined =>
  latest([timeIn(datemodified), timeIn(published)])

const isOver = ({ iscurrent }: GdacsWords, until?: Instant, updated?: Instant): boolean =>
  textIn(iscurrent)?.toLowerCase() === 'false' &&
  until !== undefined &&
  updated !== undefined &&
  millis(updated) - millis(until) > dayMs

const glideShape = /^[A-Z]{2}-\d{4}-\d{6}(-[A-Z]{3})?$/

function idsOf({ glide }: GdacsWords, name: string): string[] {
  const given = textIn(glide)?.toUpperCase()
  return [`gdacs:${name}`, ...(given !== undefined && glideShape.test(given) ? [`glide:${given}`] : [])]
}

function levelOf(value: unknown, score: unknown): HazardReport['level'] {
  const colour = textIn(value)
  if (colour === undefined) return undefined
  const points = numberIn(score)
  return { scheme: agency, value: colour, ...(points === undefined ? {} : { score: points }) }
}

function measuresOf({ severity, population, vulnerability }: GdacsWords): HazardReport['measures'] {
  return [
    ...measureOf('severity', severity),
    ...measureOf('population', population),
    ...measureOf('vulnerability', vulnerability),
  ]
}

function measureOf(name: string, figure: Figure = {}): HazardReport['measures'] {
  const value = numberIn(figure.value)
  const text = textIn(figure.text, 2000)
  if (value === undefined || isUnsaid(value, figure.unit, text)) return []
  return [{ name, value, unit: textIn(figure.unit, 60) ?? '', ...(text === undefined ? {} : { text }) }]
}

const isUnsaid = (value: number, unit: unknown, text?: string): boolean =>
  value === 0 && textIn(unit) === undefined && (text === undefined || /^Magnitude 0$/i.test(text))

function pointOf({ longitude, latitude }: GdacsWords): readonly [number, number] | undefined {
  const [lon, lat] = [numberIn(longitude), numberIn(latitude)]
  return lon === undefined || lat === undefined ? undefined : [lon, lat]
}

/** Its addresses are written with `;` or `&amp;` between the parts. */
function webIn(value: unknown): string | undefined {
  const url = URL.parse(textIn(value, 2000)?.replace(/&amp;|;/g, '&') ?? '')
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined
}

function shockOf(words: GdacsWords, name: string, place: string): Read {
  const time = timeIn(words.fromdate)
  const point = pointOf(words)
  const at = point !== undefined && isSomewhere(point) ? point : undefined
  const text = textIn(words.severity.text)
  const mag = numberIn(words.severity.value) ?? numberIn(/Magnitude\s+([\d.]+)/i.exec(text ?? '')?.[1])
  const issues = [
    ...(time === undefined ? [missing(place, 'time', 'The earthquake has no time.')] : []),
    ...(at === undefined
      ? [missing(place, 'place', 'The earthquake has no place on Earth; 0, 0 counts as none.')]
      : []),
  ]
  if (time === undefined || at === undefined) return { issues }
  const depthKm = numberIn(/Depth:?\s*([\d.]+)\s*km/i.exec(text ?? '')?.[1])
  const region = textIn(words.countries.join(', '))
  const body: EarthquakeObservation = {
    kind: 'earthquake',
    source: gdacsSource,
    agency,
    eventId: name,
    ids: words.usgsId === undefined ? [] : [words.usgsId],
    origin: {
      time,
      longitude: at[0],
      latitude: at[1],
      depth: depthKm === undefined ? 10_000 : Math.round(depthKm * 1000),
      ...(depthKm === undefined ? { isDepthAssumed: true } : {}),
    },
    ...(mag === undefined ? {} : { magnitude: { mag, type: 'M' } }),
    eventType: 'earthquake',
    evaluationMode: 'automatic',
    evaluationStatus: 'preliminary',
    ...(region === undefined ? {} : { region }),
    updated: updatedIn(words) ?? time,
  }
  return {
    observed: {
      type: hazardsObservation.type,
      key: `gdacs:${name}`,
      valid: { from: time, until: time },
      place: epicentre(at[0], at[1]),
      body,
    },
    defects: [],
  }
}

const graceMs = 2 * dayMs

/**
 * GDACS takes alerts back by leaving them out. One that was still going on is withdrawn; one whose own end had passed two
 * days before has aged out of the list, and is over. Of a shock silence says nothing: it was over when it was told.
 */
export function vanishedGdacs({ record }: Held, since: Instant): Observed | undefined {
  if (record.type !== hazardsReport.type) return undefined
  const body = record.body as HazardReport
  if (body.status !== 'active' && body.status !== 'forecast') return undefined
  const end = record.valid.until ?? record.valid.from
  const hasAgedOut = millis(plusMs(end, graceMs)) < millis(since)
  return {
    type: record.type,
    key: record.key,
    valid: record.valid,
    ...(record.place === undefined ? {} : { place: record.place }),
    body: {
      ...body,
      status: hasAgedOut ? 'ended' : 'withdrawn',
      updated: latest([since, body.updated]) ?? since,
    } satisfies HazardReport,
  }
}
