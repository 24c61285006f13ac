/**
 * EMSC JSON: the answer of the FDSN event service (`FeatureCollection`) and the WebSocket message
 * `{"action": "create" | "update", "data": Feature}` of seismicportal.eu; a `delete`, should one come, withdraws the report.
 *
 * Traps, all seen in recorded data: `coordinates[2]` is minus the depth in kilometres while `properties.depth` is plus,
 * so `properties.depth` is what counts; a "create" may come days after the shock, so the action says nothing about how
 * new the shock is; `evtype` is a two-letter code, not a word; `lastupdate` has microseconds. `unid` is stable. The
 * source states neither evaluation mode nor status. `auth` is the institute whose solution EMSC shows.
 */
import type { SeismicEvent, SeismicRead, SeismicReadOptions } from './event.ts'
import { kindFromCode } from './event-type.ts'
import { isGiven, isObject, type JsonObject, numberAt, pointAt, textAt } from './json-fields.ts'
import { featuresOf, type JsonItem, readJsonItems } from './json-items.ts'
import { type Findings, issueOf, readTime, sortedIds } from './verify.ts'

export function readEmscJson(bytes: Uint8Array, options: SeismicReadOptions): SeismicRead {
  return readJsonItems(bytes, options, itemsOf, readFeature)
}

function itemsOf(document: unknown): readonly JsonItem[] | undefined {
  if (isObject(document) && typeof document.action === 'string' && 'data' in document) {
    return [{ value: document.data, place: '/data', isWithdrawn: document.action === 'delete' }]
  }
  return featuresOf(document)
}

function readFeature(feature: JsonObject, findings: Findings): SeismicEvent | undefined {
  const at = `${findings.place}/properties`
  const properties = isObject(feature.properties) ? feature.properties : {}
  const point = pointAt(feature, findings.place, findings)
  const eventId = textAt(properties, 'unid', at, findings) ?? textAt(feature, 'id', findings.place, findings)
  const time = timeAt(properties, 'time', at, findings)
  const updated = timeAt(properties, 'lastupdate', at, findings)
  const agency = textAt(properties, 'auth', at, findings)
  const region = textAt(properties, 'flynn_region', at, findings)
  const mag = numberAt(properties, 'mag', at, findings)
  const magType = textAt(properties, 'magtype', at, findings)
  const kind = kindFromCode(textAt(properties, 'evtype', at, findings))
  if (kind.isUnknown === true) {
    const message = 'This event type code is none that we know; it was read as "other event".'
    findings.defects.push(issueOf('seismic/unknown-word', `${at}/evtype`, properties.evtype, message))
  }
  const depth = depthOf(properties, point.third, at, findings)
  notePointDisagreement(properties, point, at, findings)
  const { latitude, longitude } = point
  const found = [
    isGiven(eventId, 'unid', `${at}/unid`, findings),
    isGiven(time, 'time', `${at}/time`, findings),
    isGiven(longitude, 'longitude', `${findings.place}/geometry`, findings),
    isGiven(latitude, 'latitude', `${findings.place}/geometry`, findings),
  ]
  if (found.includes(false) || eventId === undefined || time === undefined) return undefined
  if (longitude === undefined || latitude === undefined) return undefined
  return {
    publicId: eventId,
    eventId,
    ids: sortedIds([eventId]),
    origin: { time, latitude, longitude, ...(depth === undefined ? {} : { depth }) },
    ...(agency === undefined ? {} : { agency }),
    ...(mag === undefined ? {} : { magnitude: { mag, ...(magType === undefined ? {} : { type: magType }) } }),
    ...(kind.eventType === undefined ? {} : { eventType: kind.eventType }),
    ...(kind.typeCertainty === undefined ? {} : { typeCertainty: kind.typeCertainty }),
    ...(region === undefined ? {} : { region }),
    ...(updated === undefined ? {} : { updated }),
  }
}

/** Metres, positive down, never minus zero. Without `properties.depth` the third coordinate is turned round. */
function depthOf(
  properties: JsonObject,
  third: number | undefined,
  at: string,
  findings: Findings,
): number | undefined {
  const depthKm = numberAt(properties, 'depth', at, findings) ?? (third === undefined ? undefined : -third)
  return depthKm === undefined ? undefined : Math.round(depthKm * 1000) + 0
}

function timeAt(properties: JsonObject, name: string, at: string, findings: Findings) {
  const text = textAt(properties, name, at, findings)
  if (text === undefined) return undefined
  const found = readTime(text)
  if (found === undefined) {
    findings.issues.push(issueOf('seismic/bad-time', `${at}/${name}`, text, 'An ISO 8601 time was expected.'))
  }
  return found
}

/** The source says the place twice; where the two differ the geometry counts and the difference is noted. */
function notePointDisagreement(
  properties: JsonObject,
  point: { readonly latitude?: number; readonly longitude?: number },
  at: string,
  findings: Findings,
): void {
  const latitude = numberAt(properties, 'lat', at, findings)
  const longitude = numberAt(properties, 'lon', at, findings)
  const differs = (a: number | undefined, b: number | undefined): boolean =>
    a !== undefined && b !== undefined && Math.abs(a - b) > 0.001
  if (!differs(latitude, point.latitude) && !differs(longitude, point.longitude)) return
  const message = 'The geometry and the properties name different places; the geometry was taken.'
  findings.defects.push(issueOf('seismic/two-places', at, [longitude, latitude], message))
}
