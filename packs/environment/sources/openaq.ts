/**
 * OpenAQ, version 3 (docs.openaq.org): air quality of many services in one place.
 *
 * A location has several sensors, each with its own property and unit (the same gas in ppm and in µg/m³), and its own
 * licences; `/v3/locations` says all that. The newest values (`/v3/locations/{id}/latest`) name only the sensor: they are
 * read with the locations beside them, and a value of a sensor that is not among those is held. Of a licence that has
 * ended only its name is left out. Every request needs the header `X-API-Key`; 60 a minute, 2,000 an hour.
 */
import { readJson, readSeriesTime, type SeriesRead, type TimeSeries } from '../../../engines/formats/index.ts'
import type { Decoded, Payload, Rejected } from '../../../engines/ingest/index.ts'
import type { Attribution, Instant, Issue } from '../../../engines/record/index.ts'
import { decodedSeries } from '../observations.ts'

export const openAqAttribution: Attribution = {
  source: 'OpenAQ',
  licence: 'By station; see licences of each series',
  credit: 'OpenAQ and contributing services',
  url: 'https://openaq.org/',
}

/** Sensor → its series, without values. */
export type OpenAqStations = ReadonlyMap<string, TimeSeries>
export type OpenAqRead = { readonly stations: OpenAqStations; readonly rejected: readonly Rejected[] }

type Fields = Readonly<Record<string, unknown>>

/** An answer of `/v3/locations`. */
export function readOpenAqLocations(bytes: Uint8Array): OpenAqRead {
  const listed = resultsOf(bytes)
  if ('rejected' in listed) return { stations: new Map(), rejected: [listed.rejected] }
  const read = listed.results.map((item, at) => seriesOfLocation(item, `/results/${at}`))
  return {
    stations: new Map(read.flatMap(({ series }) => series).map((one) => [one.id, one])),
    rejected: read.flatMap((one) => one.rejected),
  }
}

/** Reads both kinds of answer: locations give their series, the newest values their readings. */
export const openAqDecoder =
  (known: OpenAqStations = new Map()) =>
  ({ bytes, receivedAt }: Payload): Decoded => {
    const options = { source: 'openaq', receivedAt }
    const listed = resultsOf(bytes)
    if ('rejected' in listed) return { observations: [], rejected: [listed.rejected], defects: [] }
    if (listed.results.some((item) => isFields(item) && Array.isArray(item['sensors']))) {
      const { stations, rejected } = readOpenAqLocations(bytes)
      const decoded = decodedSeries(readOf([...stations.values()]), options)
      return { ...decoded, rejected: [...rejected, ...decoded.rejected] }
    }
    const { series, rejected } = latestValues(listed.results, known)
    const decoded = decodedSeries(readOf(series), options)
    return { ...decoded, rejected: [...rejected, ...decoded.rejected] }
  }

const readOf = (series: readonly TimeSeries[]): SeriesRead => ({ series, rejected: [], defects: [] })

function resultsOf(
  bytes: Uint8Array,
): { readonly results: readonly unknown[] } | { readonly rejected: Rejected } {
  const json = readJson(bytes)
  const reject = (issue: Issue) => ({ rejected: { bytes, mediaType: 'application/json', issues: [issue] } })
  if (!json.ok) return reject(json.issue)
  if (isFields(json.value) && Array.isArray(json.value['results'])) return { results: json.value['results'] }
  const message = 'An OpenAQ answer holds "results"; an error answer does not. Is the key valid?'
  return reject({ rule: 'environment/unknown-document', place: '', message })
}

type SeriesFound = { readonly series: readonly TimeSeries[]; readonly rejected: readonly Rejected[] }

function seriesOfLocation(item: unknown, place: string): SeriesFound {
  const coordinates = isFields(item) && isFields(item['coordinates']) ? item['coordinates'] : {}
  const [longitude, latitude] = [coordinates['longitude'], coordinates['latitude']]
  const sensors = isFields(item) ? item['sensors'] : undefined
  const isWhole = isFields(item) && typeof item['id'] === 'number' && Array.isArray(sensors)
  if (!isWhole || !isDegrees(longitude, 180) || !isDegrees(latitude, 90)) {
    const message = 'A location needs its id, its place and its sensors.'
    return { series: [], rejected: [rejected(item, place, 'environment/incomplete', message)] }
  }
  const name = textOf(item['name'])
  const since = timeIn(item['datetimeFirst'])
  const licences = listIn(item['licenses'])
    .filter((one) => !isEnded(one, item))
    .map(licenceOf)
  const head = {
    station: { id: String(item['id']), ...(name && { name }), longitude, latitude },
    ...(licences.length > 0 && { licences }),
    ...(since && { since }),
    points: [],
  }
  const held: Rejected[] = []
  const series = (sensors as readonly unknown[]).flatMap((sensor, at) => {
    if (isFields(sensor) && typeof sensor['id'] === 'number') return [{ ...head, ...sensorOf(sensor) }]
    const message = 'A sensor needs its id.'
    held.push(rejected(sensor, `${place}/sensors/${at}`, 'environment/incomplete', message))
    return []
  })
  return { series, rejected: held }
}

function sensorOf(sensor: Fields): Pick<TimeSeries, 'id' | 'property' | 'unit'> {
  const parameter = isFields(sensor['parameter']) ? sensor['parameter'] : {}
  const unit = textOf(parameter['units'])
  const property = { name: textOf(parameter['name']) ?? 'unnamed' }
  return { id: String(sensor['id']), property, ...(unit && { unit }) }
}

/** A licence that ended before the newest value was measured holds for older ones only. */
function isEnded(licence: Fields, location: Fields): boolean {
  const [end, last] = [textOf(licence['dateTo']), timeIn(location['datetimeLast'])]
  return end !== undefined && last !== undefined && end < last.slice(0, 10)
}

function licenceOf(licence: Fields): NonNullable<TimeSeries['licences']>[number] {
  const attribution = isFields(licence['attribution']) ? licence['attribution'] : {}
  const [credit, url] = [textOf(attribution['name']), textOf(attribution['url'])]
  return { name: textOf(licence['name']) ?? 'unnamed', ...(credit && { credit }), ...(url && { url }) }
}

function latestValues(
  results: readonly unknown[],
  known: OpenAqStations,
): { readonly series: readonly TimeSeries[]; readonly rejected: readonly Rejected[] } {
  const held: Rejected[] = []
  const series = results.flatMap((item, at): readonly TimeSeries[] => {
    const place = `/results/${at}`
    const sensor = isFields(item) ? item['sensorsId'] : undefined
    const station = typeof sensor === 'number' ? known.get(String(sensor)) : undefined
    const time = isFields(item) ? timeIn(item['datetime']) : undefined
    const value = isFields(item) ? item['value'] : undefined
    if (station === undefined) {
      held.push(
        rejected(
          item,
          place,
          'environment/unknown-sensor',
          'This sensor is not among the locations; ask for its location first.',
        ),
      )
      return []
    }
    if (time === undefined || typeof value !== 'number') {
      held.push(
        rejected(item, place, 'environment/incomplete', 'A value needs its time with a zone and a number.'),
      )
      return []
    }
    return [{ ...station, points: [{ time, value, place }] }]
  })
  return { series, rejected: held }
}

function timeIn(value: unknown): Instant | undefined {
  const text = isFields(value) ? textOf(value['utc']) : undefined
  const read = text === undefined ? undefined : readSeriesTime(text)
  return read && 'time' in read ? read.time : undefined
}

function rejected(item: unknown, place: string, rule: string, message: string): Rejected {
  const bytes = new TextEncoder().encode(JSON.stringify(item))
  return { bytes, mediaType: 'application/json', issues: [{ rule, place, message }] }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listIn = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
const isDegrees = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= most
