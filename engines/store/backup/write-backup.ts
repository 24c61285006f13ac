/**
 * A backup is what one repeatable-read transaction sees: every table as it stood at one instant, while the node goes on
 * writing. The package that brings PostgreSQL has no pg_dump, hence a format of our own (see file.ts).
 */
import type { Instant } from '../../record/index.ts'
import { connect, type Transaction } from '../connect.ts'
import { copyOut, countRows } from './copy.ts'
import { NothingToBackUp } from './errors.ts'
import { type BackupHeader, type BackupTable, type BackupTotals, writeBackupFile } from './file.ts'
import { sequencesOf, tablesOf } from './tables.ts'

export type Progress = { readonly table: string; readonly rows: number }

export type BackupOptions = {
  readonly url: string
  /** Replaced, when it exists, once the new one is whole. */
  readonly file: string
  readonly now: Instant
  /** Name and version of the program, for the header. */
  readonly program?: string
  readonly onProgress?: (progress: Progress) => void
}

export type BackupSummary = {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly createdAt: Instant
  readonly node?: string
  readonly incarnation?: string
  /** Number of the newest migration. */
  readonly migration: number
  readonly rows: Readonly<Record<string, number>>
}

export async function writeBackup({
  url,
  file,
  now,
  program = 'mosaic',
  onProgress,
}: BackupOptions): Promise<BackupSummary> {
  const sql = connect(url, { max: 1 })
  let failure: { readonly error: unknown } | undefined
  const attempt = async (tx: Transaction): Promise<BackupSummary> => {
    try {
      const header = await headerOf(tx, now, program)
      const rows: Record<string, number> = {}
      const written = await writeBackupFile(file, header, contentsOf(tx, header.tables, rows, onProgress))
      return summaryOf(file, header, written, rows)
    } catch (error) {
      failure = { error }
      await sql.end({ timeout: 0 }) // the rest of a broken-off COPY would block every later word on the connection
      throw error
    }
  }
  try {
    return await sql.begin('isolation level repeatable read read only', attempt)
  } catch (error) {
    throw failure === undefined ? error : failure.error
  } finally {
    await sql.end()
  }
}

export function summaryOf(
  file: string,
  header: BackupHeader,
  { bytes, sha256 }: { readonly bytes: number; readonly sha256: string },
  rows: Readonly<Record<string, number>>,
): BackupSummary {
  const { createdAt, node, incarnation, migrations } = header
  return {
    file,
    bytes,
    sha256,
    createdAt,
    ...(node !== undefined && { node }),
    ...(incarnation !== undefined && { incarnation }),
    migration: migrations.at(-1)?.number ?? 0,
    rows,
  }
}

async function headerOf(tx: Transaction, createdAt: Instant, program: string): Promise<BackupHeader> {
  const tables = await tablesOf(tx)
  const [is] = await tx<{ ours: boolean }[]>`select to_regclass('migration') is not null as ours`
  if (!is?.ours) throw new NothingToBackUp()
  const migrations = await tx<{ number: number; file: string; checksum: string }[]>`
    select number, file, checksum from migration order by number`
  const hasIdentity = tables.some((table) => table.name === 'identity')
  const [identity] = hasIdentity
    ? await tx<{ node: string; incarnation: string }[]>`select node, incarnation from identity`
    : []
  return { createdAt, program, ...identity, migrations: [...migrations], tables }
}

async function* contentsOf(
  tx: Transaction,
  tables: readonly BackupTable[],
  rows: Record<string, number>,
  onProgress: BackupOptions['onProgress'],
): AsyncGenerator<Uint8Array> {
  for (const table of tables) {
    let count = 0
    for await (const piece of copyOut(tx, table)) {
      count += countRows(piece)
      yield piece
      onProgress?.({ table: table.name, rows: count })
    }
    rows[table.name] = count
    yield new Uint8Array(0)
  }
  const totals: BackupTotals = { rows, sequences: await sequencesOf(tx) }
  yield Buffer.from(JSON.stringify(totals))
}
