/**
 * From what a format's reader found to the records that enter the log: the series itself, and each of its readings that
 * is let in (`validation.ts`). What is held is given back as rejected, so that it stands in quarantine with its reason
 * and its text, and the others go in.
 */
import type { SeriesRead, TimeSeries } from '../../engines/formats/index.ts'
import type { Decoded, Observed, Rejected } from '../../engines/ingest/index.ts'
import { cellOf } from '../../engines/place/index.ts'
import { type Instant, instant, millis, type Place } from '../../engines/record/index.ts'
import { type ReadingBody, readingRecord, type SeriesBody, seriesRecord } from './records.ts'
import { type HeldPoint, type Judged, judge, type Reading } from './validation.ts'

/** H3 resolution of a station's cell: edges near 170 m. */
export const stationResolution = 9

export type DecodeOptions = {
  /** Names the source in every key. */
  readonly source: string
  readonly receivedAt: Instant
}

export function decodedSeries(read: SeriesRead, options: DecodeOptions): Decoded {
  const judged = read.series.map((series) => ({ series, judged: judge(series, options.receivedAt) }))
  const observations = judged.flatMap(({ series, judged: one }) => observationsOf(series, one, options))
  const held = judged.flatMap(({ series, judged: one }) => heldOf(series, one))
  const unread = read.rejected.map(
    ({ raw, issues }): Rejected => ({ bytes: raw, mediaType: 'text/plain', issues }),
  )
  const times = observations.map(({ valid }) => millis(valid.from))
  return {
    observations,
    rejected: [...unread, ...held],
    defects: read.defects,
    ...(times.length === 0 ? {} : { newest: instant(times.reduce((a, b) => Math.max(a, b))) }),
  }
}

function observationsOf(series: TimeSeries, judged: Judged, { source }: DecodeOptions): readonly Observed[] {
  if (judged.kind === 'unknown') return []
  const key = `${source}:${series.id}`
  const place = placeOf(series)
  const station = stationOf(series)
  const property = judged.property
  const times = [...judged.readings.map(({ point }) => point.time), ...(series.since ? [series.since] : [])]
  const [first, ...rest] = times
  if (first === undefined) return []
  const from = rest.reduce((a, b) => (a < b ? a : b), first)
  const body: SeriesBody = {
    source,
    station,
    property: property.code,
    named: series.property.name,
    unitReceived: judged.unitReceived,
    unit: property.unit,
    ...(series.method === undefined ? {} : { method: series.method }),
    ...(series.uncertainty === undefined ? {} : { uncertainty: { ...series.uncertainty } }),
    ...(series.licences === undefined ? {} : { licences: series.licences.map((one) => ({ ...one })) }),
  }
  const head = { ...(place && { place }) }
  return [
    // Of an open time: the earliest known begin would make a new version with every payload.
    { ...head, type: seriesRecord.type, key, valid: { from: startOfYear(from) }, body },
    ...judged.readings.map(
      (reading): Observed => ({
        ...head,
        type: readingRecord.type,
        key: `${key}@${reading.point.time}`,
        valid: { from: reading.point.from ?? reading.point.time, until: reading.point.time },
        body: readingOf(reading, { series: key, station, property: property.code, unit: property.unit }),
      }),
    ),
  ]
}

function readingOf(
  { point, received, value }: Reading,
  head: Pick<ReadingBody, 'series' | 'station' | 'property' | 'unit'>,
): ReadingBody {
  return {
    ...head,
    time: point.time,
    ...(received === undefined ? {} : { received }),
    ...(value === undefined ? { missing: point.missing ?? 'not stated' } : { value }),
    ...(point.quality === undefined ? {} : { quality: point.quality }),
  }
}

function heldOf(series: TimeSeries, judged: Judged): readonly Rejected[] {
  if (judged.kind === 'unknown') return [rejectedOf(series, series.points, judged.issue)]
  return judged.held.map(({ point, issue }: HeldPoint) => rejectedOf(series, [point], issue))
}

/** Whole enough to be looked at, and to be read again once its reason is gone. */
function rejectedOf(series: TimeSeries, points: TimeSeries['points'], issue: HeldPoint['issue']): Rejected {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...series, points }))
  return { bytes, mediaType: 'application/json', issues: [issue] }
}

function placeOf({ station: { longitude, latitude } }: TimeSeries): Place | undefined {
  if (longitude === undefined || latitude === undefined) return undefined
  return {
    geometry: { type: 'Point', coordinates: [longitude, latitude] },
    cells: [cellOf([longitude, latitude], stationResolution)],
  }
}

const stationOf = ({ station: { id, name } }: TimeSeries): SeriesBody['station'] => ({
  id,
  ...(name === undefined ? {} : { name }),
})

const startOfYear = (at: Instant): Instant => instant(`${at.slice(0, 4)}-01-01T00:00:00.000Z`)
