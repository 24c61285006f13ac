/**
 * Services that give time series in a standard format. Each country's are its own, so they are not listed here but made
 * from what the operator states: where, how often, whose, under which licence, and for tables which column is what.
 */
import {
  readSensorThings,
  readSeriesTable,
  readWaterMl,
  type SeriesRead,
  type TableMapping,
} from '../../../engines/formats/index.ts'
import type { SourceDeclaration } from '../../../engines/ingest/index.ts'
import { type Attribution, unreachable } from '../../../engines/record/index.ts'
import { decodedSeries } from '../observations.ts'

export type SeriesFormat =
  | { readonly kind: 'sensor-things' }
  | { readonly kind: 'water-ml' }
  | { readonly kind: 'table'; readonly mapping: TableMapping }

export type SeriesService = {
  /** Names the source in every record: `rhmz-serbia-gauges`. */
  readonly id: string
  readonly title: string
  readonly url: string
  readonly format: SeriesFormat
  readonly attribution: Attribution
  readonly intervalMs?: number
}

export function seriesSource({
  id,
  title,
  url,
  format,
  attribution,
  intervalMs,
}: SeriesService): SourceDeclaration {
  return {
    id,
    title: { en: title },
    transport: {
      kind: 'http',
      url,
      intervalMs: intervalMs ?? 15 * 60_000,
      timeoutMs: 30_000,
      maxBytes: 16 * 1024 * 1024,
      accept: accepted[format.kind],
    },
    attribution,
    decode: ({ bytes, receivedAt }) => decodedSeries(readAs(format)(bytes), { source: id, receivedAt }),
  }
}

function readAs(format: SeriesFormat): (bytes: Uint8Array) => SeriesRead {
  switch (format.kind) {
    case 'sensor-things':
      return readSensorThings
    case 'water-ml':
      return readWaterMl
    case 'table':
      return (bytes) => readSeriesTable(bytes, format.mapping)
    default:
      return unreachable(format)
  }
}

const accepted: Readonly<Record<SeriesFormat['kind'], string>> = {
  'sensor-things': 'application/json',
  'water-ml': 'application/xml',
  table: 'text/csv',
}
