/**
 * FDSN event text (fdsnws-event 1.2, format=text): a header line, then one event a line, fields divided by `|`.
 *
 *     #EventID | Time | Latitude | Longitude | Depth/km | Author | Catalog | Contributor | ContributorID | MagType |
 *     Magnitude | MagAuthor | EventLocationName | EventType
 *
 * Columns go by the header where there is one, by this order where there is none; `EventType` came with version 1.2 of
 * the service, older answers end at the place name, and some at `MagAuthor`. Times carry no zone: UTC. An empty field is
 * unknown. The last column may itself hold a `|`; the rest of the line belongs to it. Lines end in LF or CRLF.
 *
 * Writing gives all 14 columns. The format has no room for uncertainties, status, update time or alternative origins,
 * and a `|` or a line break within a text becomes a space.
 */
import { jsonLimits } from '../json.ts'
import { readUtf8 } from '../utf8.ts'
import type { RejectedSeismic, SeismicEvent, SeismicRead, SeismicReadOptions } from './event.ts'
import { kindFromWords } from './event-type.ts'
import { wholeRejected } from './json-items.ts'
import {
  type Findings,
  findingsAt,
  issueOf,
  readNumber,
  readTime,
  rejectedItem,
  sortedIds,
  verify,
} from './verify.ts'

const columns = [
  'EventID',
  'Time',
  'Latitude',
  'Longitude',
  'Depth/km',
  'Author',
  'Catalog',
  'Contributor',
  'ContributorID',
  'MagType',
  'Magnitude',
  'MagAuthor',
  'EventLocationName',
  'EventType',
] as const
type Column = (typeof columns)[number]
const maxLineLength = 4096

export function readFdsnText(bytes: Uint8Array, options: SeismicReadOptions): SeismicRead {
  const decoded = readUtf8(bytes, options.maxBytes ?? jsonLimits.maxBytes)
  if (!decoded.ok) return wholeRejected(bytes, [decoded.issue])
  const events: SeismicEvent[] = []
  const rejected: RejectedSeismic[] = []
  const defects = [...decoded.defects]
  let order: readonly (Column | undefined)[] = columns
  for (const [index, line] of decoded.text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const header = headerOf(line)
    if (header !== undefined) {
      order = header
      continue
    }
    const findings = findingsAt(`line ${index + 1}`)
    const event = readLine(line, order, findings)
    if (event !== undefined) verify(event, options.receivedAt, findings)
    if (event === undefined || findings.issues.length > 0) rejected.push(rejectedItem(line, findings))
    else events.push(event)
    defects.push(...findings.defects)
  }
  return { events, rejected, defects }
}

export function writeFdsnText(events: readonly SeismicEvent[]): string {
  const clean = (text: string | undefined): string => (text ?? '').replaceAll(/[|\r\n]+/g, ' ').trim()
  const lines = events.map((event) =>
    [
      clean(event.eventId),
      event.origin.time.replace('Z', ''),
      event.origin.latitude,
      event.origin.longitude,
      event.origin.depth === undefined ? '' : event.origin.depth / 1000,
      clean(event.agency),
      '',
      clean(event.agency),
      clean(event.eventId),
      clean(event.magnitude?.type),
      event.magnitude?.mag ?? '',
      event.magnitude === undefined ? '' : clean(event.agency),
      clean(event.region),
      event.eventType ?? '',
    ].join('|'),
  )
  return `${[`#${columns.join('|')}`, ...lines].join('\n')}\n`
}

/** The columns that a header line names, or undefined when it is none. Case and spaces do not matter. */
function headerOf(line: string): readonly (Column | undefined)[] | undefined {
  const isMarked = line.startsWith('#')
  if (!isMarked && !/^\s*event_?id\s*\|/i.test(line)) return undefined
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '')
  const names = line.replace(/^#/, '').split('|').map(plain)
  if (!names.includes('eventid')) return isMarked ? columns : undefined
  return names.map((name) =>
    columns.find((column) => plain(column) === name || (name === 'depth' && column === 'Depth/km')),
  )
}

function readLine(
  line: string,
  order: readonly (Column | undefined)[],
  findings: Findings,
): SeismicEvent | undefined {
  if (line.length > maxLineLength) {
    const message = `A line has at most ${maxLineLength} characters.`
    findings.issues.push(issueOf('seismic/line-too-long', findings.place, line.slice(0, 200), message))
    return undefined
  }
  const fields = line.split('|')
  if (fields.length < 5) {
    const message = 'At least event id, time, latitude, longitude and depth were expected, divided by "|".'
    findings.issues.push(issueOf('seismic/too-few-fields', findings.place, line, message))
    return undefined
  }
  const field = (column: Column): string | undefined => {
    const at = order.indexOf(column)
    if (at < 0) return undefined
    const text = (at === order.length - 1 ? fields.slice(at).join('|') : (fields[at] ?? '')).trim()
    return text === '' ? undefined : text
  }
  const numberIn = (column: Column): number | undefined => {
    const text = field(column)
    const value = text === undefined ? undefined : readNumber(text)
    if (text !== undefined && value === undefined) {
      findings.issues.push(
        issueOf('seismic/not-a-number', `${findings.place}, ${column}`, text, 'A number was expected.'),
      )
    }
    return value
  }
  const eventId = field('EventID')
  const time = readTime(field('Time') ?? '')
  const [latitude, longitude, depthKm] = [numberIn('Latitude'), numberIn('Longitude'), numberIn('Depth/km')]
  const mag = numberIn('Magnitude')
  const magType = field('MagType')
  const kind = kindFromWords(field('EventType'))
  if (kind.isUnknown === true) {
    const message = 'This event type is none of QuakeML; it was read as "other event".'
    findings.defects.push(
      issueOf('seismic/unknown-word', `${findings.place}, EventType`, field('EventType'), message),
    )
  }
  if (eventId === undefined) missing('EventID', findings)
  if (time === undefined) {
    findings.issues.push(
      issueOf(
        'seismic/bad-time',
        `${findings.place}, Time`,
        field('Time'),
        'A UTC time in ISO 8601 was expected.',
      ),
    )
  }
  if (latitude === undefined) missing('Latitude', findings)
  if (longitude === undefined) missing('Longitude', findings)
  if (eventId === undefined || time === undefined || latitude === undefined || longitude === undefined)
    return undefined
  const agency = field('Author') ?? field('Contributor')
  const region = field('EventLocationName')
  return {
    publicId: eventId,
    eventId,
    ids: sortedIds([eventId]),
    origin: {
      time,
      latitude,
      longitude,
      ...(depthKm === undefined ? {} : { depth: Math.round(depthKm * 1000) + 0 }),
    },
    ...(agency === undefined ? {} : { agency }),
    ...(mag === undefined ? {} : { magnitude: { mag, ...(magType === undefined ? {} : { type: magType }) } }),
    ...(kind.eventType === undefined ? {} : { eventType: kind.eventType }),
    ...(region === undefined ? {} : { region }),
  }
}

function missing(column: Column, findings: Findings): void {
  if (findings.issues.some((issue) => issue.place === `${findings.place}, ${column}`)) return
  findings.issues.push(
    issueOf('seismic/missing', `${findings.place}, ${column}`, undefined, `${column} is missing.`),
  )
}
