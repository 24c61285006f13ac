/**
 * A time series as a table: one row a value, columns by a declared mapping, because every service has its own. What a
 * mapping does not name as a column it may state once for the whole table.
 */
import type { Instant } from '../../record/index.ts'
import { type CsvRow, readCsv } from '../csv.ts'
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
import { readSeriesNumber, readSeriesTime } from './values.ts'

/** Where a part of a reading stands: in a column, or the same for all rows. */
export type Mapped = { readonly column: string } | { readonly always: string }

export type TableMapping = {
  readonly time: { readonly column: string /** For times without a zone. */; readonly offset?: string }
  readonly value: { readonly column: string; readonly decimalComma?: boolean }
  readonly station: Mapped
  readonly property: Mapped
  readonly unit?: Mapped
  readonly stationName?: Mapped
  readonly longitude?: Mapped
  readonly latitude?: Mapped
  readonly quality?: Mapped
  readonly method?: Mapped
  readonly delimiter?: ',' | ';' | '\t'
  /** Cells that say "no value": `-999`, `NA`. An empty cell always does. */
  readonly missing?: readonly string[]
}

export function readSeriesTable(bytes: Uint8Array, mapping: TableMapping): SeriesRead {
  const { delimiter } = mapping
  const columns = [mapping.time, mapping.value, mapping.station, mapping.property]
  const required = columns.flatMap((part) => ('column' in part ? [part.column] : []))
  const table = readCsv(bytes, { required, ...(delimiter && { delimiter }) })
  if (!table.ok) return allRejected(bytes, table.issue)
  const found = table.rows.map((row) => rowOf(row, mapping))
  const groups = Map.groupBy(
    found.flatMap((one) => ('point' in one ? [one] : [])),
    ({ id }) => id,
  )
  return {
    series: [...groups.values()].flatMap((rows) => seriesOf(rows)),
    rejected: [
      ...found.flatMap((one) => ('rejected' in one ? [one.rejected] : [])),
      ...table.rejected.map(({ raw, issues }) => rejectedSeries(issues[0]?.place ?? '', raw, issues)),
    ],
    defects: table.defects,
  }
}

type Row = {
  readonly id: string
  readonly station: SeriesStation
  readonly property: string
  readonly method: string | undefined
  readonly unit: string | undefined
  readonly point: SeriesPoint
}

function rowOf(row: CsvRow, mapping: TableMapping): Row | { readonly rejected: RejectedSeries } {
  const place = `line ${row.line}`
  const cell = (part: Mapped | undefined): string | undefined =>
    part === undefined ? undefined : 'always' in part ? part.always : row.cells[part.column]
  const refuse = (rule: string, message: string, value?: string) => ({
    rejected: rejectedSeries(place, row.raw, [seriesIssue(rule, place, message, value)]),
  })
  const [station, property] = [cell(mapping.station), cell(mapping.property)]
  if (station === undefined || property === undefined)
    return refuse('series/incomplete', 'A reading needs its station and what was measured.')
  const written = row.cells[mapping.time.column] ?? ''
  const read = readSeriesTime(written, mapping.time.offset)
  if ('fault' in read) return refuse(read.fault, timeAdvice[read.fault], written)
  const value = readingOf(row, mapping)
  if (typeof value === 'string')
    return refuse('series/not-a-number', 'The value is no decimal number.', value)
  return {
    id: `${station}/${property}`,
    station: stationOf(station, cell(mapping.stationName), [cell(mapping.longitude), cell(mapping.latitude)]),
    property,
    method: cell(mapping.method),
    unit: cell(mapping.unit),
    point: pointOf(read.time, place, { ...value, quality: cell(mapping.quality) }),
  }
}

type Value = { readonly value: number } | { readonly missing: string }

/** Text where it is neither a number nor said to be missing. */
function readingOf({ cells }: CsvRow, { value, missing = [] }: TableMapping): Value | string {
  const written = cells[value.column]
  if (written === undefined) return { missing: 'empty' }
  if (missing.includes(written)) return { missing: written }
  const number = readSeriesNumber(written, value.decimalComma)
  return number === undefined ? written : { value: number }
}

const pointOf = (
  time: Instant,
  place: string,
  { quality, ...rest }: Value & { readonly quality: string | undefined },
): SeriesPoint => ({ time, place, ...rest, ...(quality === undefined ? {} : { quality }) })

function stationOf(
  id: string,
  name: string | undefined,
  [longitude, latitude]: readonly [string | undefined, string | undefined],
): SeriesStation {
  const [lon, lat] = [readSeriesNumber(longitude ?? ''), readSeriesNumber(latitude ?? '')]
  const isOnEarth = lon !== undefined && lat !== undefined && Math.abs(lon) <= 180 && Math.abs(lat) <= 90
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(isOnEarth ? { longitude: lon, latitude: lat } : {}),
  }
}

/** Rows of one station and property; each row keeps its own unit where they differ. */
function seriesOf(rows: readonly Row[]): readonly TimeSeries[] {
  const [first] = rows
  if (first === undefined) return []
  const { id, station, property, method, unit } = first
  const points = rows.map(({ point, unit: own }) =>
    own === undefined || own === unit ? point : { ...point, unit: own },
  )
  return [
    {
      id,
      station,
      property: { name: property },
      ...(unit === undefined ? {} : { unit }),
      ...(method === undefined ? {} : { method }),
      points,
    },
  ]
}

export const timeAdvice = {
  'series/not-a-time': 'The time is none that the calendar has, or not written as 2026-03-01T12:00:00Z.',
  'series/no-zone': 'The time does not say its zone; state an offset for this source.',
} as const
