/** A record as the rows of the database: made once from the record's texts, written by COPY. */
import {
  contentDigestOf,
  type Digest,
  type Handling,
  type Instant,
  leafOfTexts,
  linkPositions,
  type MosaicRecord,
  type RecordId,
  recordText,
  recordTexts,
  tlpLabels,
} from '../record/index.ts'
import { areaNames } from './areas.ts'
import { attachmentsOf } from './attachment-refs.ts'
import { cellNumber } from './cells.ts'

export type RecordRow = {
  readonly record: MosaicRecord
  readonly text: string
  readonly contentDigest: Digest
  readonly receivedAt: Instant
  /** Absent: another node's record, whose salts came with its fields. */
  readonly salt?: Uint8Array
  readonly leaf: Digest
  /** Where it is stricter than the record's own. */
  readonly effective?: Handling
  /** JSON pointers of what this node was not given. */
  readonly withheld?: readonly string[]
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

/** The columns that say a handling, as the table `record` has them; migrations/0004-handling.sql. */
export function handlingColumns(handling: Handling) {
  const marks = Object.keys(handling.fieldMarks ?? {})
  return {
    tlp: tlpLabels.indexOf(handling.tlp),
    audience: handling.audience ?? null,
    purposes: handling.purposes ?? null,
    police: handling.police ?? null,
    originator_control: handling.originatorControl === true,
    embargo_until: handling.embargoUntil ?? null,
    retain_until: handling.retainUntil ?? null,
    marks: marks.length > 0 ? marks : null,
  }
}

/** In the order of `recordLine`. */
export const recordColumns = [
  'bucket',
  'id',
  'version',
  'type',
  'realm',
  'origin',
  'key',
  'recorded_at',
  'received_at',
  'valid_from',
  'valid_until',
  'content_digest',
  'salt',
  'tlp',
  'audience',
  'purposes',
  'police',
  'originator_control',
  'embargo_until',
  'retain_until',
  'marks',
  'areas',
  'effective',
  'withheld',
  'record',
] as const

export function recordLine(row: RecordRow): string {
  const { record, text, contentDigest, receivedAt, salt, effective, withheld } = row
  const handling = handlingColumns(effective ?? record.handling)
  const areas = areaNames(record.place)
  return copyLine([
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
    salt && bytea(hexOf(salt)),
    handling.tlp,
    arrayText(handling.audience),
    arrayText(handling.purposes),
    arrayText(handling.police),
    handling.originator_control ? 't' : 'f',
    handling.embargo_until ?? undefined,
    handling.retain_until ?? undefined,
    arrayText(handling.marks),
    arrayText(areas.length > 0 ? areas : null),
    effective && JSON.stringify(effective),
    arrayText(withheld && withheld.length > 0 ? withheld : null),
    text,
  ])
}

/** A list as PostgreSQL reads arrays: every item in quotes. */
const arrayText = (items: readonly string[] | null): string | undefined =>
  items === null ? undefined : `{${items.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`

/** Each link at the place where its origin wrote it, also where links between were withheld. */
export function linkLines({ record, withheld }: RecordRow): string {
  const positions = linkPositions(record.links.length, withheld ?? [])
  return record.links
    .map((link, at) =>
      copyLine([
        bucketOf(record.id),
        record.id,
        record.version,
        positions[at],
        link.type,
        link.id,
        link.version,
      ]),
    )
    .join('')
}

export const cellLines = ({ record }: RecordRow): string =>
  [...new Set(record.place?.cells)]
    .map((cell) => copyLine([bucketOf(record.id), record.id, record.version, cellNumber(cell)]))
    .join('')

export const attachmentLines = ({ record }: RecordRow): string =>
  attachmentsOf(record.body)
    .map(({ sha256 }) => copyLine([bucketOf(record.id), record.id, record.version, sha256]))
    .join('')
