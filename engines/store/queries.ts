/**
 * The statements of append, receive and the log, each with the question it answers. Reading by query stands in
 * `read.ts`, which composes its conditions.
 */
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import type { Digest, Handling, MosaicRecord, RecordId } from '../record/index.ts'
import type { Sql, Transaction } from './connect.ts'
import { bindEarlier } from './later-versions.ts'
import {
  attachmentLines,
  bucketOf,
  bytea,
  cellLines,
  linkLines,
  type RecordRow,
  recordColumns,
  recordLine,
} from './rows.ts'

/** First word of the two-word advisory locks of records; migrations lock with one word. */
const recordLocks = 0x6d6f73
/** First word of the lock under which handling is read for joining, or changed. */
const handlingLock = 0x6d6f68

/**
 * Nobody appends or receives until this transaction ends, and all who did before have committed: for what must reach
 * everything derived from a record (tightening, erasure). Must be the transaction's first lock: who holds the shared one
 * already would wait for others that wait likewise.
 */
export const lockHandling = (tx: Transaction) => tx`select pg_advisory_xact_lock(${handlingLock}::int, 0)`

/**
 * Nobody else gives these ids a next version until this transaction ends. 1024 stripes by the first ten bits of the id,
 * so that no batch fills the server's lock table; taken in ascending order, so that two batches cannot block each other.
 * Before them the handling lock, shared: what the inputs' handling is now, it is until this transaction ends.
 *
 * @NOTE Sent at once, ahead of whatever is asked after this call. A query of the driver is sent only when it is awaited,
 * and one that an async function awaits would overtake it in a `Promise.all` and see what was before the lock.
 */
export function lockIds(tx: Transaction, ids: readonly RecordId[]) {
  const stripes = [...new Set(ids.map((id) => Number.parseInt(id.slice(0, 3), 16) >> 2))].sort(
    (a, b) => a - b,
  )
  return tx`
    with handling as materialized (select pg_advisory_xact_lock_shared(${handlingLock}::int, 0))
    select pg_advisory_xact_lock(${recordLocks}::int, stripe)
    from handling
    cross join unnest(${stripes}::int[]) as stripe`.execute()
}

export type NewestRow = {
  readonly version: number
  readonly digest: Digest
  readonly record: MosaicRecord
  /** Where it is stricter than the record's own. */
  readonly effective: Handling | null
}

/** What is the newest version of each of these records? */
export const newestOf = (tx: Transaction, ids: readonly RecordId[]) => tx<NewestRow[]>`
  select n.version, encode(n.content_digest, 'hex') as digest, n.record, n.effective
  from unnest(${ids.map(bucketOf)}::smallint[], ${ids}::text[]) as w (bucket, id)
  cross join lateral (
    select r.version, r.content_digest, r.record, r.effective
    from record as r
    where r.bucket = w.bucket and r.id = w.id
    order by r.version desc
    limit 1
  ) as n`

export type VersionRef = { readonly id: RecordId; readonly version: number }

/** Which of these versions are held? */
export const versionsOf = (tx: Sql | Transaction, refs: readonly VersionRef[]) => tx<
  { record: MosaicRecord; text: string; effective: Handling | null }[]
>`
  select r.record, r.record::text as text, r.effective
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

/** Writes rows as they come, and notes them for the sequencer. `home`: this node's own names, for what its people hold. */
export async function writeRows(
  tx: Transaction,
  chunks: Iterable<readonly RecordRow[]>,
  home: readonly string[],
): Promise<void> {
  const rows = await copyRecords(tx, chunks)
  if (rows.length === 0) return
  await writeBesides(tx, rows)
  await bindEarlier(tx, rows, home)
  await tx`
    insert into pending (buckets, ids, versions, leaves)
    values (
      ${rows.map(({ record }) => bucketOf(record.id))}::smallint[],
      ${rows.map(({ record }) => record.id)}::text[],
      ${rows.map(({ record }) => record.version)}::int[],
      ${rows.map(({ leaf }) => bytea(leaf))}::text[]::bytea[]
    )`
}

/**
 * Writes versions anew that are held: fields came that were withheld before. Their place in the log stays, and the
 * caller says in `effective` and `receivedAt` what shall hold for them.
 */
export async function rewriteRows(
  tx: Transaction,
  rows: readonly RecordRow[],
  home: readonly string[],
): Promise<void> {
  if (rows.length === 0) return
  const refs = rows.map(({ record: { id, version } }) => ({ id, version }))
  await dropCells(tx, refs)
  for (const table of ['record_link', 'record_attachment', 'record'])
    await tx`
      delete from ${tx(table)} as t
      using unnest(
        ${refs.map(({ id }) => bucketOf(id))}::smallint[],
        ${refs.map(({ id }) => id)}::text[],
        ${refs.map(({ version }) => version)}::int[]
      ) as w (bucket, id, version)
      where t.bucket = w.bucket and t.id = w.id and t.version = w.version`
  await copyRecords(tx, [rows])
  await writeBesides(tx, rows)
  await bindEarlier(tx, rows, home)
}

/** By the cells that the records name, because the table is led by nothing else. */
export const dropCells = (tx: Transaction, refs: readonly VersionRef[]) => tx`
  delete from record_cell as c
  using
    unnest(
      ${refs.map(({ id }) => bucketOf(id))}::smallint[],
      ${refs.map(({ id }) => id)}::text[],
      ${refs.map(({ version }) => version)}::int[]
    ) as w (bucket, id, version)
    join record as r using (bucket, id, version)
    cross join lateral json_array_elements_text(r.record #> '{place,cells}') as named (cell)
  where c.cell = ('x' || lpad(named.cell, 16, '0'))::bit(64)::bigint
  and c.bucket = w.bucket and c.id = w.id and c.version = w.version`

/** Links, cells and files of records that are written. */
async function writeBesides(tx: Transaction, rows: readonly RecordRow[]): Promise<void> {
  const links = rows.map(linkLines).join('')
  if (links !== '')
    await copyIn(
      await tx`copy record_link (bucket, id, version, position, type, target, target_version) from stdin`.writable(),
      [links],
    )
  const cells = rows.map(cellLines).join('')
  if (cells !== '')
    await copyIn(await tx`copy record_cell (bucket, id, version, cell) from stdin`.writable(), [cells])
  const attachments = rows.map(attachmentLines).join('')
  if (attachments !== '')
    await copyIn(await tx`copy record_attachment (bucket, id, version, sha256) from stdin`.writable(), [
      attachments,
    ])
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
    copy record (${tx([...recordColumns])}) from stdin`.writable()
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
