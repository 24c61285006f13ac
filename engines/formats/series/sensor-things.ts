/**
 * OGC SensorThings API 1.1, part 1 (OGC 18-088): Datastreams with their Observations expanded, or Things with both.
 * What belongs together must come in one document (`$expand=Thing($expand=Locations),ObservedProperty,Sensor,Observations`):
 * no link in it is followed.
 *
 * `phenomenonTime` is an instant or an interval `from/to`; of an interval the end is the reading's time. A `result` that
 * is no number is held, unless it is null, which says that there is none. Locations are GeoJSON points, [lon, lat].
 */
import type { Issue } from '../../record/index.ts'
import { type JsonLimits, jsonLimits, readJson } from '../json.ts'
import {
  allRejected,
  type RejectedSeries,
  rejectedSeries,
  type SeriesPoint,
  type SeriesRead,
  type SeriesStation,
  seriesIssue,
  type TimeSeries,
} from './contract.ts'
import { timeAdvice } from './table.ts'
import { readSeriesTime } from './values.ts'

type Fields = Readonly<Record<string, unknown>>

export function readSensorThings(bytes: Uint8Array, limits: JsonLimits = jsonLimits): SeriesRead {
  const json = readJson(bytes, limits)
  if (!json.ok) return allRejected(bytes, json.issue)
  const streams = streamsOf(json.value)
  if (streams === undefined) {
    const message = 'A SensorThings answer with Datastreams, or Things that hold them, was expected.'
    return allRejected(bytes, seriesIssue('series/unknown-document', '', message))
  }
  const read = streams.map(readStream)
  const more = isFields(json.value) && typeof json.value['@iot.nextLink'] === 'string' ? [notLast] : []
  return {
    series: read.flatMap(({ series }) => (series === undefined ? [] : [series])),
    rejected: read.flatMap(({ rejected }) => rejected),
    defects: [...json.defects, ...more, ...read.flatMap(({ defects }) => defects)],
  }
}

type Stream = { readonly stream: unknown; readonly thing: Fields | undefined; readonly place: string }

function streamsOf(document: unknown): readonly Stream[] | undefined {
  if (!isFields(document)) return undefined
  const list = Array.isArray(document['value']) ? (document['value'] as readonly unknown[]) : [document]
  const isList = Array.isArray(document['value'])
  const found = list.map((item, at): readonly Stream[] | undefined => {
    const place = isList ? `/value/${at}` : ''
    if (!isFields(item)) return undefined
    if (Array.isArray(item['Datastreams']))
      return item['Datastreams'].map((stream: unknown, index) => ({
        stream,
        thing: item,
        place: `${place}/Datastreams/${index}`,
      }))
    if (!isFields(item['unitOfMeasurement']) && !Array.isArray(item['Observations'])) return undefined
    return [{ stream: item, thing: isFields(item['Thing']) ? item['Thing'] : undefined, place }]
  })
  return found.some((one) => one === undefined) ? undefined : found.flatMap((one) => one ?? [])
}

type StreamRead = {
  readonly series?: TimeSeries
  readonly rejected: readonly RejectedSeries[]
  readonly defects: readonly Issue[]
}

function readStream({ stream, thing, place }: Stream): StreamRead {
  const id = isFields(stream) ? idOf(stream) : undefined
  if (id === undefined || !isFields(stream)) {
    const issue = seriesIssue('series/incomplete', `${place}/@iot.id`, 'A Datastream needs its @iot.id.')
    return { rejected: [rejectedSeries(place, JSON.stringify(stream) ?? '', [issue])], defects: [] }
  }
  const listed: readonly unknown[] = Array.isArray(stream['Observations']) ? stream['Observations'] : []
  const read = listed.map((item, at) => readObservation(item, `${place}/Observations/${at}`))
  const property = isFields(stream['ObservedProperty']) ? stream['ObservedProperty'] : {}
  const unit = isFields(stream['unitOfMeasurement']) ? stream['unitOfMeasurement'] : {}
  const sensor = isFields(stream['Sensor']) ? stream['Sensor'] : {}
  const definition = textOf(property['definition'])
  const symbol = textOf(unit['symbol']) ?? textOf(unit['definition'])
  const method = textOf(sensor['name'])
  const isCut = typeof stream['Observations@iot.nextLink'] === 'string'
  return {
    series: {
      id,
      station: stationOf(thing, stream, id),
      property: {
        name: textOf(property['name']) ?? textOf(stream['name']) ?? id,
        ...(definition === undefined ? {} : { id: definition }),
      },
      ...(symbol === undefined ? {} : { unit: symbol }),
      ...(method === undefined ? {} : { method }),
      points: read.flatMap((one) => ('point' in one ? [one.point] : [])),
    },
    rejected: read.flatMap((one) => ('rejected' in one ? [one.rejected] : [])),
    defects: isCut ? [{ ...notLast, place }] : [],
  }
}

function readObservation(
  item: unknown,
  place: string,
): { readonly point: SeriesPoint } | { readonly rejected: RejectedSeries } {
  const refuse = (rule: string, message: string, value?: string) => ({
    rejected: rejectedSeries(place, JSON.stringify(item), [seriesIssue(rule, place, message, value)]),
  })
  if (!isFields(item)) return refuse('series/incomplete', 'An Observation is a JSON object.')
  const written = textOf(item['phenomenonTime']) ?? textOf(item['resultTime']) ?? ''
  const [first = '', last] = written.split('/')
  const end = readSeriesTime(last ?? first)
  if ('fault' in end) return refuse(end.fault, timeAdvice[end.fault], written)
  const start = last === undefined ? undefined : readSeriesTime(first)
  const quality = textOf(item['resultQuality'])
  const head = {
    time: end.time,
    place,
    ...(start !== undefined && 'time' in start ? { from: start.time } : {}),
    ...(quality === undefined ? {} : { quality }),
  }
  const { result } = item
  if (result === null) return { point: { ...head, missing: 'null' } }
  const value = typeof result === 'number' ? result : Number.NaN
  if (!Number.isFinite(value))
    return refuse('series/not-a-number', 'The result is no number.', JSON.stringify(result))
  return { point: { ...head, value } }
}

function stationOf(thing: Fields | undefined, stream: Fields, fallback: string): SeriesStation {
  const name = textOf(thing?.['name'])
  const located = fieldsIn(thing?.['Locations']).map((one) => one['location'])
  const point = [...located, stream['observedArea']].map(pointIn).find((one) => one !== undefined)
  return {
    id: (thing && idOf(thing)) ?? fallback,
    ...(name === undefined ? {} : { name }),
    ...(point === undefined ? {} : { longitude: point[0], latitude: point[1] }),
  }
}

/** [lon, lat] of a GeoJSON Point, or of a Feature that holds one. */
function pointIn(value: unknown): readonly [number, number] | undefined {
  if (!isFields(value)) return undefined
  if (isFields(value['geometry'])) return pointIn(value['geometry'])
  const coordinates = value['coordinates']
  if (value['type'] !== 'Point' || !Array.isArray(coordinates)) return undefined
  const [lon, lat]: readonly unknown[] = coordinates
  const isOnEarth =
    typeof lon === 'number' && typeof lat === 'number' && Math.abs(lon) <= 180 && Math.abs(lat) <= 90
  return isOnEarth ? [lon, lat] : undefined
}

function idOf(item: Fields): string | undefined {
  const id = item['@iot.id']
  return typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined
}

const notLast: Issue = seriesIssue(
  'series/not-the-last-page',
  '',
  'There are more pages than this one; ask for a shorter time or more values a page.',
)

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const fieldsIn = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
