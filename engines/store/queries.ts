/**
 * The statements of append, receive and the log, each with the question it answers. Reading by query stands in
 * `read.ts`, which composes its conditions.
 */
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import type { Digest, MosaicRecord, RecordId } from '../record/index.ts'
import type { Sql, Transaction } from './connect.ts'
import { bucketOf, bytea, cellLines, linkLines, type RecordRow, recordLine } from './rows.ts'

/** First word of the two-word advisory locks of records; migrations lock with one word. */
const recordLocks = 0x6d6f73

/**
 * Nobody else gives these ids a next version until this transaction ends. 1024 stripes by the first ten bits of the id,
 * so that no batch fills the server's lock table; taken in ascending order, so that two batches cannot block each other.
 */
export function lockIds(tx: Transaction, ids: readonly RecordId[]) {
  const stripes = [...new Set(ids.map((id) => Number.parseInt(id.slice(0, 3), 16) >> 2))].sort(
    (a, b) => a - b,
  )
  return tx`
    select pg_advisory_xact_lock(${recordLocks}::int, stripe)
    from unnest(${stripes}::int[]) as stripe`
}

export type NewestRow = { readonly version: number; readonly digest: Digest; readonly record: MosaicRecord }

/** What is the newest version of each of these records? */
export const newestOf = (tx: Transaction, ids: readonly RecordId[]) => tx<NewestRow[]>`
  select n.version, encode(n.content_digest, 'hex') as digest, n.record
  from unnest(${ids.map(bucketOf)}::smallint[], ${ids}::text[]) as w (bucket, id)
  cross join lateral (
    select r.version, r.content_digest, r.record
    from record as r
    where r.bucket = w.bucket and r.id = w.id
    order by r.version desc
    limit 1
  ) as n`

export type VersionRef = { readonly id: RecordId; readonly version: number }

/** Which of these versions are held? */
export const versionsOf = (tx: Sql | Transaction, refs: readonly VersionRef[]) => tx<
  { record: MosaicRecord; text: string }[]
>`
  select r.record, r.record::text as text
  from unnest(
    ${refs.map(({ id }) => bucketOf(id))}::smallint[],
    ${refs.map(({ id }) => id)}::text[],
    ${refs.map(({ version }) => version)}::int[]
  ) as w (bucket, id, version)
  join record as r using (bucket, id, version)`

/** Every version's digest of these records: has one ever said this? */
export const digestsOf = (tx: Transaction, ids: readonly RecordId[]) => tx<
  { id: RecordId; digest: Digest; version: number }[]
>`
  select r.id, r.version, encode(r.content_digest, 'hex') as digest
  from unnest(${ids.map(bucketOf)}::smallint[], ${ids}::text[]) as w (bucket, id)
  join record as r using (bucket, id)`

/** Writes rows as they come, and notes them for the sequencer. */
export async function writeRows(tx: Transaction, chunks: Iterable<readonly RecordRow[]>): Promise<void> {
  const rows = await copyRecords(tx, chunks)
  if (rows.length === 0) return
  const links = rows.map(linkLines).join('')
  if (links !== '')
    await copyIn(
      await tx`copy record_link (bucket, id, version, position, type, target, target_version) from stdin`.writable(),
      [links],
    )
  const cells = rows.map(cellLines).join('')
  if (cells !== '')
    await copyIn(await tx`copy record_cell (bucket, id, version, cell) from stdin`.writable(), [cells])
  await tx`
    insert into pending (buckets, ids, versions, leaves)
    values (
      ${rows.map(({ record }) => bucketOf(record.id))}::smallint[],
      ${rows.map(({ record }) => record.id)}::text[],
      ${rows.map(({ record }) => record.version)}::int[],
      ${rows.map(({ leaf }) => bytea(leaf))}::text[]::bytea[]
    )`
}

/** Opens the COPY with the first row; none, none. Answers what was written. */
async function copyRecords(
  tx: Transaction,
  chunks: Iterable<readonly RecordRow[]>,
): Promise<readonly RecordRow[]> {
  const rows: RecordRow[] = []
  const lines = linesOf(chunks, rows)
  const first = lines.next()
  if (first.done) return rows
  const into = await tx`
    copy record (
      bucket, id, version, type, realm, origin, key,
      recorded_at, received_at, valid_from, valid_until, content_digest, salt, record
    ) from stdin`.writable()
  into.write(first.value)
  await copyIn(into, lines)
  return rows
}

function* linesOf(
  chunks: Iterable<readonly RecordRow[]>,
  written: RecordRow[],
): Generator<string, undefined> {
  for (const rows of chunks) {
    if (rows.length === 0) continue
    written.push(...rows)
    yield rows.map(recordLine).join('')
  }
}

/** Moves what is committed into the log; engines/store/migrations/0001-records.sql. */
export const sequencePending = (sql: Sql) => sql`select sequence_pending()`

/** What is the index of the newest record? */
export async function headOf(sql: Sql): Promise<number> {
  const [row] = await sql<{ head: number }[]>`select next_index - 1 as head from log_head`
  return row?.head ?? -1
}

/** After each chunk the event loop turns once, or the stream would keep all of them to itself until the last is made. */
async function copyIn(into: Writable, lines: Iterable<string>): Promise<void> {
  const done = finished(into)
  done.catch(() => {}) // told below; a failure while the lines are made must not count as unhandled
  try {
    for (const line of lines) {
      into.write(line)
      await setImmediate()
    }
    into.end()
  } catch (error) {
    into.destroy(error as Error) // the server is told that the COPY failed, and takes nothing of it
    throw error
  }
  await done
}

/** When did the newest record of the log reach this node? Milliseconds since 1970. */
export async function newestReceipt(sql: Sql): Promise<number | undefined> {
  const [row] = await sql<{ receivedAt: Date }[]>`
    select r.received_at as "receivedAt"
    from log as l
    join record as r using (bucket, id, version)
    order by l.index desc
    limit 1`
  return row?.receivedAt.getTime()
}
