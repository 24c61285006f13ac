/** A record as the rows of the database: made once from the record's texts, written by COPY. */
import {
  contentDigestOf,
  type Digest,
  type Instant,
  leafOfTexts,
  type MosaicRecord,
  type RecordId,
  recordText,
  recordTexts,
} from '../record/index.ts'
import { cellNumber } from './cells.ts'

export type RecordRow = {
  readonly record: MosaicRecord
  readonly text: string
  readonly contentDigest: Digest
  readonly receivedAt: Instant
  readonly salt: Uint8Array
  readonly leaf: Digest
}

/** 32 bytes of one record's salts: random, or computed where a run must give the same bytes every time. */
export type Salts = (id: RecordId, version: number) => Uint8Array

export const bucketOf = (id: RecordId): number => Number.parseInt(id.slice(0, 2), 16) % 64

export function recordRow(record: MosaicRecord, receivedAt: Instant, salts: Salts): RecordRow {
  const texts = recordTexts(record)
  const salt = salts(record.id, record.version)
  return {
    record,
    text: recordText(texts),
    contentDigest: contentDigestOf(texts),
    receivedAt,
    salt,
    leaf: leafOfTexts(texts, record, salt),
  }
}

const NULL = '\\N'

/** COPY's text format: tab between columns, newline after each row, backslash before what would be read as either. */
export const copyLine = (columns: readonly (string | number | bigint | undefined)[]): string =>
  `${columns.map((value) => (value === undefined ? NULL : escaped(String(value)))).join('\t')}\n`

const escaped = (text: string): string =>
  /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found) : text
const escapes: { readonly [character: string]: string } = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

export const bytea = (hex: string): string => `\\x${hex}`
const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

export const recordLine = ({ record, text, contentDigest, receivedAt, salt }: RecordRow): string =>
  copyLine([
    bucketOf(record.id),
    record.id,
    record.version,
    record.type,
    record.realm,
    record.origin,
    record.key,
    record.recordedAt,
    receivedAt,
    record.valid.from,
    record.valid.until,
    bytea(contentDigest),
    bytea(hexOf(salt)),
    text,
  ])

export const linkLines = ({ record }: RecordRow): string =>
  record.links
    .map((link, position) =>
      copyLine([bucketOf(record.id), record.id, record.version, position, link.type, link.id, link.version]),
    )
    .join('')

export const cellLines = ({ record }: RecordRow): string =>
  [...new Set(record.place?.cells)]
    .map((cell) => copyLine([bucketOf(record.id), record.id, record.version, cellNumber(cell)]))
    .join('')
