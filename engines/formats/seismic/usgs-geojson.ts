/**
 * USGS GeoJSON: the summary feeds (`FeatureCollection`), the same with one `Feature`, and the detail of one event.
 *
 * Read from earthquake.usgs.gov/earthquakes/feed/v1.0/geojson.php: `time` and `updated` are milliseconds since 1970,
 * depth (third coordinate) is kilometres positive down, `ids` is a list with a comma before, between and after its
 * members. The preferred `id` may change during an event's life: every member of `ids` names it. `status` is automatic,
 * reviewed or deleted; a deleted event is a withdrawn report (`rejected`), not silence. Any of `mag`, `magType`, `ids`
 * may be null or absent. The detail adds `products`; of these the preferred (first) origin gives the uncertainties.
 */
import type {
  EvaluationMode,
  EvaluationStatus,
  SeismicEvent,
  SeismicRead,
  SeismicReadOptions,
} from './event.ts'
import { kindFromWords } from './event-type.ts'
import { isGiven, isObject, type JsonObject, numberAt, pointAt, textAt } from './json-fields.ts'
import { featuresOf, readJsonItems } from './json-items.ts'
import { type Findings, instantOrNothing, issueOf, readNumber, sortedIds } from './verify.ts'

export function readUsgsGeoJson(bytes: Uint8Array, options: SeismicReadOptions): SeismicRead {
  return readJsonItems(bytes, options, (document) => featuresOf(document), readFeature)
}

function readFeature(feature: JsonObject, findings: Findings): SeismicEvent | undefined {
  const at = `${findings.place}/properties`
  const properties = isObject(feature.properties) ? feature.properties : {}
  const eventId = textAt(feature, 'id', findings.place, findings)
  const { longitude, latitude, third: depthKm } = pointAt(feature, findings.place, findings)
  const time = timeAt(properties, 'time', at, findings)
  const updated = timeAt(properties, 'updated', at, findings)
  const mag = numberAt(properties, 'mag', at, findings)
  const magType = textAt(properties, 'magType', at, findings)
  const agency = textAt(properties, 'net', at, findings)
  const region = textAt(properties, 'place', at, findings)
  const ids = (textAt(properties, 'ids', at, findings) ?? '').split(',')
  const kind = kindFromWords(textAt(properties, 'type', at, findings))
  if (kind.isUnknown === true) findings.defects.push(unknownWord('type', properties, at))
  const status = statusOf(properties, at, findings)
  const found = [
    isGiven(eventId, 'id', `${findings.place}/id`, findings),
    isGiven(time, 'time', `${at}/time`, findings),
    isGiven(longitude, 'longitude', `${findings.place}/geometry`, findings),
    isGiven(latitude, 'latitude', `${findings.place}/geometry`, findings),
  ]
  if (found.includes(false) || eventId === undefined || time === undefined) return undefined
  if (longitude === undefined || latitude === undefined) return undefined
  const products = productsOf(properties, at, findings)
  return {
    publicId: eventId,
    eventId,
    ids: sortedIds([eventId, ...ids]),
    origin: {
      time,
      latitude,
      longitude,
      ...(depthKm === undefined ? {} : { depth: metres(depthKm) }),
      ...uncertaintiesOf(properties),
    },
    ...(agency === undefined ? {} : { agency }),
    ...(mag === undefined ? {} : { magnitude: { mag, ...(magType === undefined ? {} : { type: magType }) } }),
    ...(kind.eventType === undefined ? {} : { eventType: kind.eventType }),
    ...(region === undefined ? {} : { region }),
    ...(updated === undefined ? {} : { updated }),
    ...(products.length === 0 ? {} : { products }),
    ...status,
  }
}

function timeAt(properties: JsonObject, name: string, at: string, findings: Findings) {
  const ms = numberAt(properties, name, at, findings)
  if (ms === undefined) return undefined
  const found = instantOrNothing(ms)
  if (found === undefined) {
    const message = 'Milliseconds since 1970 within the years 0000 to 9999 were expected.'
    findings.issues.push(issueOf('seismic/bad-time', `${at}/${name}`, ms, message))
  }
  return found
}

const unknownWord = (name: string, properties: JsonObject, at: string) =>
  issueOf('seismic/unknown-word', `${at}/${name}`, properties[name], `This ${name} is none that we know.`)

function statusOf(
  properties: JsonObject,
  at: string,
  findings: Findings,
): { evaluationMode?: EvaluationMode; evaluationStatus?: EvaluationStatus } {
  const word = textAt(properties, 'status', at, findings)?.toLowerCase()
  if (word === undefined) return {}
  if (word === 'automatic') return { evaluationMode: 'automatic', evaluationStatus: 'preliminary' }
  if (word === 'reviewed') return { evaluationMode: 'manual', evaluationStatus: 'reviewed' }
  if (word === 'deleted') return { evaluationMode: 'manual', evaluationStatus: 'rejected' }
  findings.defects.push(unknownWord('status', properties, at))
  return {}
}

/** Names of the products: of the detail's `products`, else of the summary's comma-wrapped `types`. */
function productsOf(properties: JsonObject, at: string, findings: Findings): readonly string[] {
  if (isObject(properties.products)) return Object.keys(properties.products).sort()
  return sortedIds((textAt(properties, 'types', at, findings) ?? '').split(','))
}

/** Of the preferred origin product: errors in kilometres and seconds, written as text. */
function uncertaintiesOf(properties: JsonObject) {
  const products = isObject(properties.products) ? properties.products : {}
  const origins: unknown = products.origin
  const first: unknown = Array.isArray(origins) ? origins[0] : undefined
  const origin = isObject(first) && isObject(first.properties) ? first.properties : {}
  const read = (name: string): number | undefined => {
    const value = origin[name]
    const number = typeof value === 'string' ? readNumber(value) : undefined
    return number !== undefined && number >= 0 ? number : undefined
  }
  const time = read('eventtime-error')
  const depth = read('vertical-error')
  const horizontal = read('horizontal-error')
  return {
    ...(time === undefined ? {} : { timeUncertainty: time }),
    ...(depth === undefined ? {} : { depthUncertainty: metres(depth) }),
    ...(horizontal === undefined ? {} : { horizontalUncertainty: metres(horizontal) }),
  }
}

/** Kilometres to whole metres: 7.9 km is 7900 m, not 7900.000000000001. */
const metres = (km: number): number => Math.round(km * 1000) + 0
