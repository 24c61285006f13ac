/**
 * The source of the pack: a JSON list of reports over HTTP. Replace address, licence and decoder by the real ones; keep
 * the promise that one unreadable item never loses the others, and never throws.
 */
import { readJson } from '../../engines/formats/index.ts'
import type { Decoded, Payload, Rejected, SourceDeclaration } from '../../engines/ingest/index.ts'
import { type Issue, instant } from '../../engines/record/index.ts'
import { type ExampleReport, exampleReport } from './records.ts'

export const exampleSource: SourceDeclaration = {
  id: 'example-reports',
  title: { en: 'Example reports' },
  transport: {
    kind: 'http',
    url: 'https://example.org/reports.json',
    intervalMs: 300_000,
    timeoutMs: 20_000,
    maxBytes: 5_000_000,
    accept: 'application/json',
  },
  attribution: {
    source: 'example-reports',
    licence: 'CC-BY-4.0',
    credit: 'Example agency',
    url: 'https://example.org',
  },
  decode,
}

function decode({ bytes, mediaType }: Payload): Decoded {
  const read = readJson(bytes)
  if (!read.ok)
    return { observations: [], rejected: [{ bytes, mediaType, issues: [read.issue] }], defects: [] }
  if (!Array.isArray(read.value))
    return { observations: [], rejected: [reject(read.value, '', 'the payload is a list')], defects: [] }
  const items = read.value.map((item: unknown, at) => draftOf(item, `/${at}`))
  return {
    observations: items.flatMap((item) => ('draft' in item ? [item.draft] : [])),
    rejected: items.flatMap((item) => ('rejected' in item ? [item.rejected] : [])),
    defects: [],
  }
}

type Item = { readonly draft: Decoded['observations'][number] } | { readonly rejected: Rejected }

function draftOf(item: unknown, place: string): Item {
  const { id, agency, at, longitude, latitude, value, updated } = (item ?? {}) as Partial<ExampleReport> & {
    readonly id?: unknown
  }
  const isPlace = isWithin(longitude, 180) && isWithin(latitude, 90)
  const isTime = [at, updated].every(
    (time) => typeof time === 'string' && !Number.isNaN(Date.parse(time)) && time.endsWith('Z'),
  )
  if (typeof id !== 'string' || typeof agency !== 'string' || typeof value !== 'number') {
    return { rejected: reject(item, place, 'id and agency are text and value is a number') }
  }
  if (!isPlace) return { rejected: reject(item, place, 'longitude and latitude are degrees') }
  if (!isTime) return { rejected: reject(item, place, 'at and updated are instants in UTC') }
  const from = instant(String(at))
  const body: ExampleReport = {
    kind: 'report',
    agency,
    at: from,
    longitude,
    latitude,
    value,
    updated: instant(String(updated)),
  }
  return {
    draft: {
      type: exampleReport.type,
      key: `example:${id}`,
      valid: { from, until: from },
      place: { geometry: { type: 'Point', coordinates: [longitude, latitude] } },
      body,
    },
  }
}

const isWithin = (degrees: unknown, limit: number): degrees is number =>
  typeof degrees === 'number' && Math.abs(degrees) <= limit

function reject(item: unknown, place: string, rule: string): Rejected {
  const text = JSON.stringify(item) ?? ''
  const issue: Issue = {
    rule: 'example/unreadable',
    place,
    value: text.slice(0, 200),
    message: `A report breaks a rule: ${rule}.`,
  }
  return { bytes: new TextEncoder().encode(text), mediaType: 'application/json', issues: [issue] }
}
