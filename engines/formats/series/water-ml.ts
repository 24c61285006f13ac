/**
 * WaterML 2.0 part 1: Timeseries (OGC 10-126r4): every `OM_Observation` of a document, its `MeasurementTimeseries`, and
 * the `MeasurementTVP` in it.
 *
 * Unit, quality and reason for a missing value come from the point's own metadata, else from the defaults of the series.
 * `xsi:nil` says that there is no value; `nilReason` says why, and is kept. Positions: `srsName` decides the order of the
 * axes (EPSG 4326: latitude first; CRS84: longitude first); another reference system gives no position, and says so.
 */
import type { Issue } from '../../record/index.ts'
import { readXml, type XmlElement } from '../xml/read.ts'
import { child, childrenNamed, descendant } from '../xml/tree.ts'
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
import { readSeriesNumber, readSeriesTime } from './values.ts'

const observations = 'http://www.opengis.net/om/2.0'
const waterMl = 'http://www.opengis.net/waterml/2.0'
const xlink = '{http://www.w3.org/1999/xlink}'
const gmlId = '{http://www.opengis.net/gml/3.2}id'
const nil = '{http://www.w3.org/2001/XMLSchema-instance}nil'

export function readWaterMl(bytes: Uint8Array): SeriesRead {
  const xml = readXml(bytes)
  if (!xml.ok) return allRejected(bytes, xml.issue)
  const found = observationsIn(xml.root)
  if (found.length === 0) {
    const message = `There is no OM_Observation here; the root is ${xml.root.name}.`
    return allRejected(bytes, seriesIssue('series/unknown-document', 'line 1', message))
  }
  const read = found.map(readObservation)
  return {
    series: read.flatMap(({ series }) => (series === undefined ? [] : [series])),
    rejected: read.flatMap(({ rejected }) => rejected),
    defects: read.flatMap(({ defects }) => defects),
  }
}

function observationsIn(element: XmlElement): readonly XmlElement[] {
  if (element.name === 'OM_Observation' && element.namespace === observations) return [element]
  return element.children.flatMap(observationsIn)
}

type ObservationRead = {
  readonly series?: TimeSeries
  readonly rejected: readonly RejectedSeries[]
  readonly defects: readonly Issue[]
}

function readObservation(observation: XmlElement, number: number): ObservationRead {
  const place = `line ${observation.line}`
  const timeseries = descendant(observation, 'MeasurementTimeseries')
  if (timeseries === undefined || timeseries.namespace !== waterMl) {
    const message = 'This observation has no MeasurementTimeseries; other results are not read.'
    return {
      rejected: [
        rejectedSeries(place, describe(observation), [seriesIssue('series/no-timeseries', place, message)]),
      ],
      defects: [],
    }
  }
  const defaults = metadataOf(child(timeseries, 'defaultPointMetadata'))
  const points = childrenNamed(timeseries, 'point').map((point) => readPoint(point, defaults))
  const { station, defects } = stationOf(observation, number)
  const property = child(observation, 'observedProperty')
  const href = attribute(property, `${xlink}href`)
  const method = methodOf(child(observation, 'procedure'))
  return {
    series: {
      id: observation.attributes.get(gmlId) ?? `${station.id}/${href ?? number}`,
      station,
      property: {
        name: attribute(property, `${xlink}title`) ?? href ?? 'unnamed',
        ...(href === undefined ? {} : { id: href }),
      },
      ...(defaults.unit === undefined ? {} : { unit: defaults.unit }),
      ...(method === undefined ? {} : { method }),
      points: points.flatMap((one) => ('point' in one ? [one.point] : [])),
    },
    rejected: points.flatMap((one) => ('rejected' in one ? [one.rejected] : [])),
    defects,
  }
}

type Metadata = { readonly unit?: string; readonly quality?: string; readonly missing?: string }

function metadataOf(holder: XmlElement | undefined): Metadata {
  const metadata = holder?.children[0]
  if (metadata === undefined) return {}
  const uom = child(metadata, 'uom')
  const unit = attribute(uom, 'code') ?? lastPart(attribute(uom, `${xlink}href`))
  const quality = wordOf(child(metadata, 'quality'))
  const missing = wordOf(child(metadata, 'nilReason')) ?? wordOf(child(metadata, 'censoredReason'))
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(quality === undefined ? {} : { quality }),
    ...(missing === undefined ? {} : { missing }),
  }
}

function readPoint(
  holder: XmlElement,
  defaults: Metadata,
): { readonly point: SeriesPoint } | { readonly rejected: RejectedSeries } {
  const place = `line ${holder.line}`
  const pair = child(holder, 'MeasurementTVP')
  const refuse = (rule: string, message: string, value?: string) => ({
    rejected: rejectedSeries(place, describe(holder), [seriesIssue(rule, place, message, value)]),
  })
  if (pair === undefined) return refuse('series/incomplete', 'A point holds a MeasurementTVP.')
  const written = child(pair, 'time')?.text.trim() ?? ''
  const read = readSeriesTime(written)
  if ('fault' in read) return refuse(read.fault, timeAdvice[read.fault], written)
  const own = metadataOf(child(pair, 'metadata'))
  const quality = own.quality ?? defaults.quality
  const head = {
    time: read.time,
    place,
    ...(own.unit === undefined || own.unit === defaults.unit ? {} : { unit: own.unit }),
    ...(quality === undefined ? {} : { quality }),
  }
  const value = child(pair, 'value')
  const text = value?.text.trim() ?? ''
  if (/^(true|1)$/.test(attribute(value, nil) ?? '') || text === '') {
    const reason = own.missing ?? attribute(value, 'nilReason') ?? defaults.missing ?? 'not stated'
    return { point: { ...head, missing: reason } }
  }
  const number = readSeriesNumber(text)
  if (number === undefined) return refuse('series/not-a-number', 'The value is no decimal number.', text)
  return { point: { ...head, value: number } }
}

function stationOf(
  observation: XmlElement,
  number: number,
): { readonly station: SeriesStation; readonly defects: readonly Issue[] } {
  const feature = child(observation, 'featureOfInterest')
  const point =
    feature && (descendant(feature, 'MonitoringPoint') ?? descendant(feature, 'SF_SpatialSamplingFeature'))
  const href = attribute(feature, `${xlink}href`)
  const written = point && (child(point, 'identifier')?.text.trim() || point.attributes.get(gmlId))
  const id = written ?? lastPart(href) ?? `observation ${number + 1}`
  const name = (point && child(point, 'name')?.text.trim()) || attribute(feature, `${xlink}title`)
  const position = point && descendant(point, 'pos')
  const place = position && positionOf(position, point)
  return {
    station: {
      id,
      ...(name === undefined ? {} : { name }),
      ...(place && 'longitude' in place ? place : {}),
    },
    defects: place && 'defect' in place ? [place.defect] : [],
  }
}

function positionOf(
  position: XmlElement,
  within: XmlElement,
): { readonly longitude: number; readonly latitude: number } | { readonly defect: Issue } {
  const [first, second] = position.text
    .trim()
    .split(/\s+/)
    .map((part) => readSeriesNumber(part))
  const system = attribute(position, 'srsName') ?? attribute(descendant(within, 'Point'), 'srsName') ?? ''
  const isLonLat = /CRS84|CRS:84/i.test(system)
  const isKnown = isLonLat || system === '' || /4326|4258/.test(system)
  const [longitude, latitude] = isLonLat ? [first, second] : [second, first]
  const isOnEarth =
    longitude !== undefined &&
    latitude !== undefined &&
    Math.abs(longitude) <= 180 &&
    Math.abs(latitude) <= 90
  if (isKnown && isOnEarth) return { longitude, latitude }
  const message = isKnown
    ? 'The position is off the Earth; the order of the axes may be wrong.'
    : 'The position is in a reference system that is not read; the station has none.'
  return {
    defect: seriesIssue('series/no-position', `line ${position.line}`, message, `${system} ${position.text}`),
  }
}

function methodOf(procedure: XmlElement | undefined): string | undefined {
  const process = procedure && descendant(procedure, 'processType')
  return wordOf(process) ?? wordOf(procedure)
}

/** How a reference names its concept: by title, else by the last part of its address. */
const wordOf = (element: XmlElement | undefined): string | undefined =>
  attribute(element, `${xlink}title`) ??
  lastPart(attribute(element, `${xlink}href`)) ??
  (element?.text.trim() || undefined)

const attribute = (element: XmlElement | undefined, name: string): string | undefined =>
  element?.attributes.get(name)?.trim() || undefined

const lastPart = (address: string | undefined): string | undefined =>
  address?.split(/[/#:]/).findLast((part) => part !== '')

/** Names and texts of what was refused: enough to find it again in the payload, which is kept whole. */
const describe = (element: XmlElement): string =>
  `<${element.name}>${element.text.trim()}${element.children.map(describe).join('')}</${element.name}>`
