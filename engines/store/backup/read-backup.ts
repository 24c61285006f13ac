/**
 * A restore reads the file twice: once against its digest, before anything is touched, then into an empty database.
 * The tables are made by the migrations that the backup knew, filled in one transaction, then migrated on to today's.
 *
 * The restored node gets a new incarnation. What the lost node did after the backup is unknown to it: it may have issued
 * warnings whose identifiers it would compute again. With another incarnation in them, none is ever given twice. And it
 * may have signed a longer log: until that is known nothing is signed (migration 0013; engines/tlog/hold.ts).
 */
import { connect, type Sql, type Transaction } from '../connect.ts'
import { randomIncarnation } from '../identity.ts'
import { migrate, sqlMigrations } from '../migrate.ts'
import { copyIn, countRows } from './copy.ts'
import { BackupDamaged, BackupIsNewer, BackupOfOtherTables, DatabaseNotEmpty } from './errors.ts'
import { type BackupTable, type BackupTotals, readFrames, type VerifiedBackup, verifyBackup } from './file.ts'
import { dropObjects, objectsOf } from './tables.ts'
import { type BackupSummary, type Progress, summaryOf } from './write-backup.ts'

export type RestoreOptions = {
  /** Of an empty database. */
  readonly url: string
  readonly file: string
  /** The new incarnation; random when absent. */
  readonly incarnation?: string
  readonly onProgress?: (progress: Progress) => void
}

export type RestoreSummary = BackupSummary & {
  /** What replaces the backup's `incarnation`; absent when it held no identity. */
  readonly newIncarnation?: string
  /** Migrations run after the rows were in. */
  readonly migrated: readonly string[]
}

export async function readBackup(options: RestoreOptions): Promise<RestoreSummary> {
  const verified = await verifyBackup(options.file)
  const migrations = migrationsFor(verified)
  const sql = connect(options.url, { max: 2 })
  try {
    const found = await objectsOf(sql)
    if (found.length > 0) throw new DatabaseNotEmpty(found)
    try {
      await migrate(sql, migrations)
      const filled = await sql.begin((tx) => fill(tx, verified, options))
      const migrated = await migrate(sql)
      await holdSigning(sql, verified)
      await sql`analyze`
      return {
        ...summaryOf(options.file, verified.header, verified, filled.rows),
        ...filled.identity,
        migrated,
      }
    } catch (error) {
      await leaveEmpty(sql, error)
      throw error
    }
  } finally {
    await sql.end()
  }
}

/** The program's own migrations up to the backup's; refuses what this program cannot know. */
function migrationsFor({ file, header }: VerifiedBackup) {
  const own = sqlMigrations()
  const newest = header.migrations.at(-1)?.number ?? 0
  const known = own.at(-1)?.number ?? 0
  if (newest > known) throw new BackupIsNewer(file, `migration ${newest}, this program knows ${known}`)
  const used = own.filter(({ number }) => number <= newest)
  const other = used.find((one, at) => header.migrations[at]?.checksum !== one.checksum)
  if (other !== undefined) throw new BackupOfOtherTables(file, other.file)
  return used
}

async function fill(tx: Transaction, verified: VerifiedBackup, { incarnation, onProgress }: RestoreOptions) {
  const { header, file } = verified
  await tx`truncate ${tx.unsafe(header.tables.map(({ name }) => quoted(name)).join(', '))}`
  const frames = readFrames(verified)
  const rows: Record<string, number> = {}
  for (const table of header.tables) {
    const count = { rows: 0 }
    await copyIn(tx, table, tableFrames(frames, table, count, onProgress))
    rows[table.name] = count.rows
  }
  const totals = await totalsOf(frames, file)
  const short = header.tables.find(({ name }) => totals.rows[name] !== rows[name])
  if (short !== undefined)
    throw new BackupDamaged(file, `the table ${short.name} has not the number of rows it says`)
  for (const { table, column, last, isCalled } of totals.sequences)
    await tx`select setval(pg_get_serial_sequence(${quoted(table)}, ${column})::regclass, ${last}::bigint, ${isCalled})`
  return { rows, identity: await renewIdentity(tx, header.tables, incarnation ?? randomIncarnation()) }
}

/** Up to the empty frame that ends the table. Read by hand: a `for await` would close the frames behind it. */
async function* tableFrames(
  frames: AsyncGenerator<Uint8Array>,
  table: BackupTable,
  count: { rows: number },
  onProgress: RestoreOptions['onProgress'],
): AsyncGenerator<Uint8Array> {
  for (let next = await frames.next(); !next.done && next.value.length > 0; next = await frames.next()) {
    count.rows += countRows(next.value)
    yield next.value
    onProgress?.({ table: table.name, rows: count.rows })
  }
}

async function totalsOf(frames: AsyncGenerator<Uint8Array>, file: string): Promise<BackupTotals> {
  const last = await frames.next()
  if (last.done) throw new BackupDamaged(file, 'its totals are missing')
  const totals = JSON.parse(Buffer.from(last.value).toString('utf8')) as BackupTotals
  if (!(await frames.next()).done) throw new BackupDamaged(file, 'something follows its totals')
  return totals
}

async function renewIdentity(tx: Transaction, tables: readonly BackupTable[], incarnation: string) {
  if (!tables.some(({ name }) => name === 'identity')) return {}
  const changed = await tx`update identity set incarnation = ${incarnation} returning node`
  return changed.length > 0 ? { newIncarnation: incarnation } : {}
}

/**
 * The log was signed under the incarnation of the backup. One that was made before the database knew that (migration
 * 0013) has learnt the new one on the way here.
 */
async function holdSigning(sql: Sql, { header: { incarnation } }: VerifiedBackup): Promise<void> {
  if (incarnation !== undefined) await sql`update tlog_tree set incarnation = ${incarnation}`
}

async function leaveEmpty(sql: Sql, error: unknown): Promise<void> {
  try {
    await dropObjects(sql)
  } catch (second) {
    throw new AggregateError(
      [error, second],
      'The restore failed, and so did clearing the database after it.',
    )
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
