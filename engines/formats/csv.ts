/**
 * Tables as comma-separated values (RFC 4180), read by the names in their header line, never by position: columns are
 * added and moved without notice. Quoting, line ends and embedded breaks are csv-parse's work; bounds, encoding and what
 * becomes of a bad line are ours: a line that cannot be read is held with its number and its reason, and the others stay.
 */
import { CsvError, type InfoRecord, parse } from 'csv-parse/sync'
import type { Issue } from '../record/index.ts'
import { readUtf8 } from './utf8.ts'

export type CsvRow = {
  /** 1 is the header. */
  readonly line: number
  readonly raw: string
  /** By column name; an empty cell is absent. */
  readonly cells: Readonly<Record<string, string>>
}
export type CsvRejected = { readonly raw: string; readonly issues: readonly Issue[] }
export type CsvRead =
  | {
      readonly ok: true
      readonly columns: readonly string[]
      readonly rows: readonly CsvRow[]
      readonly rejected: readonly CsvRejected[]
      readonly defects: readonly Issue[]
    }
  | { readonly ok: false; readonly issue: Issue }

export type CsvOptions = {
  /** Columns without which this is another file, or an error page sent as one. */
  readonly required: readonly string[]
  readonly delimiter?: ',' | ';' | '\t'
  readonly maxBytes?: number
  readonly maxRows?: number
}

const defaults = { delimiter: ',', maxBytes: 64 * 1024 * 1024, maxRows: 1_000_000 } as const
const maxRecordLength = 64 * 1024

type Parsed = { readonly record: readonly string[]; readonly info: InfoRecord; readonly raw: string }

export function readCsv(bytes: Uint8Array, options: CsvOptions): CsvRead {
  const { required, delimiter, maxBytes, maxRows } = { ...defaults, ...options }
  const decoded = readUtf8(bytes, maxBytes)
  if (!decoded.ok) return decoded
  const rejected: CsvRejected[] = []
  const parsed = recordsOf(decoded.text, { delimiter, maxRows }, rejected)
  if ('issue' in parsed) return { ok: false, issue: parsed.issue }
  const [header, ...lines] = parsed.records
  const columns = (header?.record ?? []).map((name) => name.trim())
  const missing = required.filter((name) => !columns.includes(name))
  if (missing.length > 0) return { ok: false, issue: notThisFile(missing, header?.raw ?? '') }
  const rows: CsvRow[] = []
  for (const { record, info, raw } of lines) {
    const line = info.lines
    if (record.length === columns.length) rows.push({ line, raw, cells: cellsOf(columns, record) })
    else rejected.push({ raw, issues: [wrongCount(line, record.length, columns.length)] })
  }
  return { ok: true, columns, rows, rejected, defects: decoded.defects }
}

function recordsOf(
  text: string,
  { delimiter, maxRows }: { readonly delimiter: string; readonly maxRows: number },
  rejected: CsvRejected[],
): { readonly records: readonly Parsed[] } | { readonly issue: Issue } {
  try {
    const records = parse(text, {
      delimiter,
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: maxRecordLength,
      to: maxRows + 2,
      on_skip: (error, raw) => {
        rejected.push({ raw: raw ?? '', issues: [unreadable(error)] })
        return undefined
      },
    }) as unknown as Parsed[]
    return records.length > maxRows + 1 ? { issue: tooMany(maxRows) } : { records }
  } catch (error) {
    if (error instanceof CsvError) return { issue: unreadable(error) }
    throw error
  }
}

const cellsOf = (columns: readonly string[], record: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    columns.flatMap((name, at) => {
      const cell = record[at]?.trim() ?? ''
      return cell === '' || name === '' ? [] : [[name, cell]]
    }),
  )

const unreadable = (error: CsvError | undefined): Issue => ({
  rule: 'csv/unreadable',
  place: `line ${error?.['lines'] ?? '?'}`,
  message: `This line is no CSV: ${error?.message ?? 'the reader gave no reason'}.`,
})

const wrongCount = (line: number, found: number, wanted: number): Issue => ({
  rule: 'csv/column-count',
  place: `line ${line}`,
  message: `The line has ${found} cells and the header ${wanted} columns; a cell that holds the delimiter must stand in quotes.`,
})

const notThisFile = (missing: readonly string[], header: string): Issue => ({
  rule: 'csv/columns-missing',
  place: 'line 1',
  message: `The header lacks ${missing.join(', ')}; it reads ${JSON.stringify(header.trim().slice(0, 200))}. An error page sent as a file looks like this.`,
})

const tooMany = (maxRows: number): Issue => ({
  rule: 'csv/too-many-rows',
  place: `line ${maxRows + 2}`,
  message: `The table has more than ${maxRows} rows; ask for a smaller area or a shorter time.`,
})
