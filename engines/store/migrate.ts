/**
 * Migrations: numbered SQL files, each run once, in order, in a transaction of its own that also notes its number and
 * checksum. Processes that start together wait for each other on an advisory lock.
 *
 * A database that is newer than the program is refused, and so is one whose migrations are not those of the program:
 * going on would write rows that one of the two cannot read.
 */
import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Sql, Transaction } from './connect.ts'
import { DatabaseIsNewer, DatabaseUnusable, MigrationEdited, MigrationFailed } from './errors.ts'

export type SqlMigration = {
  readonly number: number
  readonly file: string
  readonly text: string
  readonly checksum: string
}

/** Any constant does, as long as nothing else locks it. */
const migrationLock = 0x6d6f7361

export function sqlMigrations(
  folder: URL = new URL('./migrations/', import.meta.url),
): readonly SqlMigration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}-[a-z0-9-]+\.sql$/.test(file))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, folder), 'utf8').replaceAll('\r\n', '\n')
      return { number: Number(file.slice(0, 4)), file, text, checksum: hash('sha256', text) }
    })
}

/** Answers the files that were run now. */
export async function migrate(
  sql: Sql,
  migrations: readonly SqlMigration[] = sqlMigrations(),
): Promise<readonly string[]> {
  await using connection = await reserve(sql)
  const { handle } = connection
  await handle`select pg_advisory_lock(${migrationLock})`
  try {
    return await runMissing(handle, migrations)
  } finally {
    await handle`select pg_advisory_unlock(${migrationLock})`
  }
}

async function reserve(sql: Sql) {
  const handle = await sql.reserve()
  return { handle, [Symbol.asyncDispose]: async () => handle.release() }
}

async function runMissing(
  sql: Awaited<ReturnType<Sql['reserve']>>,
  migrations: readonly SqlMigration[],
): Promise<readonly string[]> {
  await refuseOldServer(sql)
  await sql`
    create table if not exists migration (
      number integer primary key,
      file text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`
  const done = await sql<{ number: number; file: string; checksum: string }[]>`
    select number, file, checksum from migration order by number`
  const known = migrations.at(-1)?.number ?? 0
  const newest = done.at(-1)?.number ?? 0
  if (newest > known) throw new DatabaseIsNewer(newest, known)
  for (const { number, file, checksum } of done)
    if (migrations.find((one) => one.number === number)?.checksum !== checksum)
      throw new MigrationEdited(file)

  const missing = migrations.filter(({ number }) => number > newest)
  for (const one of missing) await run(sql, one)
  return missing.map(({ file }) => file)
}

async function run(sql: Awaited<ReturnType<Sql['reserve']>>, one: SqlMigration): Promise<void> {
  try {
    await sql`begin`
    await sql.unsafe(one.text).simple()
    await sql`insert into migration (number, file, checksum) values (${one.number}, ${one.file}, ${one.checksum})`
    await sql`commit`
  } catch (error) {
    await sql`rollback`
    throw new MigrationFailed(one.file, error)
  }
}

async function refuseOldServer(sql: Sql | Transaction): Promise<void> {
  const [found] = await sql<
    { version: number }[]
  >`select current_setting('server_version_num')::int as version`
  const version = found?.version ?? 0
  if (version < 150_000)
    throw new DatabaseUnusable(`PostgreSQL ${Math.floor(version / 10_000)} is too old; use 15 or newer.`)
}
