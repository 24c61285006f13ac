/**
 * Attachments: files that records refer to, known by the SHA-256 of their bytes and kept in chunks of 256 KiB, so that
 * no row is large, a part is read without the rest, and a download goes on where it stopped.
 *
 * An attachment is `expected` (a peer's record names it), then holds more and more of its first bytes, and is complete
 * once all are there and hash to its name. SHA-256 cannot be carried on from call to call, so the whole is read once
 * more at the end; what hashes to another name is dropped, all of it, and is expected anew.
 *
 * This node's own upload has no name before its last byte. It is written chunk by chunk outside of any transaction, so
 * that a slow sender keeps no connection; what a crash left of one is cleared a day later, by the next upload.
 */
import { createHash, hash } from 'node:crypto'
import { type Clock, type Instant, plusMs, type RecordId } from '../record/index.ts'
import {
  chunkAt,
  chunkBytes,
  digestOf,
  dropChunks,
  inChunks,
  insertChunk,
  write,
} from './attachment-chunks.ts'
import { maxAttachmentBytes } from './attachment-refs.ts'
import type { Sql, Transaction } from './connect.ts'
import type { AttachmentState, Attachments } from './contract.ts'
import { AttachmentAltered, AttachmentRefused } from './errors.ts'

const abandonedAfterMs = 24 * 3_600_000
const ofNothing = hash('sha256', '')

export function createAttachments(sql: Sql, clock: Clock): Attachments {
  return {
    put: (mediaType, bytes) => put(sql, clock.now(), mediaType, bytes),
    expect: (attachment) => expectOne(sql, clock.now(), attachment),
    get: (sha256) => stateOf(sql, sha256),
    add: (sha256, offset, bytes) => add(sql, sha256, offset, bytes),
    read: (sha256, start, end) => read(sql, sha256, start, end),
    missing: (limit) => missing(sql, limit),
    records: (sha256) => recordsOf(sql, sha256),
  }
}

/** Whole or not at all: a sender that breaks off leaves nothing. */
async function put(
  sql: Sql,
  now: Instant,
  mediaType: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly sha256: string; readonly size: number }> {
  await clearAbandoned(sql, now)
  const [row] = await sql<{ content: number }[]>`
    insert into attachment (media_type, begun_at) values (${mediaType}, ${now}) returning content`
  const content = row?.content ?? 0
  try {
    const digest = createHash('sha256')
    let size = 0
    let position = 0
    for await (const chunk of inChunks(bytes)) {
      size += chunk.length
      if (size > maxAttachmentBytes) throw tooLarge(size)
      digest.update(chunk)
      await insertChunk(sql, content, position++, chunk)
    }
    const sha256 = digest.digest('hex')
    await nameUpload(sql, { content, sha256, size, mediaType })
    return { sha256, size }
  } catch (error) {
    await dropContents(sql, [content])
    throw error
  }
}

/** The bytes of this upload become the attachment, unless they are held already. */
async function nameUpload(
  sql: Sql,
  {
    content,
    sha256,
    size,
    mediaType,
  }: Omit<AttachmentState, 'heldBytes' | 'isComplete'> & { content: number },
): Promise<void> {
  await sql.begin(async (handle) => {
    const tx = handle as Transaction
    await lockName(tx, sha256)
    const [held] = await tx<{ content: number; isComplete: boolean }[]>`
      select content, is_complete as "isComplete" from attachment where sha256 = ${sha256} for update`
    if (held?.isComplete) return dropContents(tx, [content])
    if (held) await dropContents(tx, [held.content])
    await tx`
      update attachment
      set sha256 = ${sha256}, size = ${size}, held_bytes = ${size}, media_type = ${mediaType}, is_complete = true
      where content = ${content}`
    return undefined
  })
}

async function clearAbandoned(sql: Sql, now: Instant): Promise<void> {
  const left = await sql<{ content: number }[]>`
    select content from attachment where sha256 is null and begun_at < ${plusMs(now, -abandonedAfterMs)}`
  if (left.length > 0)
    await dropContents(
      sql,
      left.map(({ content }) => content),
    )
}

async function expectOne(
  sql: Sql,
  now: Instant,
  { sha256, size, mediaType }: Parameters<Attachments['expect']>[0],
): Promise<void> {
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw new AttachmentRefused('its name is no SHA-256 in lower-case hexadecimal')
  if (!Number.isInteger(size) || size < 0) throw new AttachmentRefused(`${size} is no number of bytes`)
  if (size > maxAttachmentBytes) throw tooLarge(size)
  if (size === 0 && sha256 !== ofNothing) throw new AttachmentRefused('a file of no bytes has another name')
  await sql.begin(async (handle) => {
    const tx = handle as Transaction
    await lockName(tx, sha256)
    const [held] = await tx<{ content: number; size: number; isComplete: boolean }[]>`
      select content, size, is_complete as "isComplete" from attachment where sha256 = ${sha256} for update`
    if (held?.isComplete || held?.size === size) return
    // Announced before with another size: one of the two is wrong, and the newer word begins anew.
    if (held) await dropContents(tx, [held.content])
    await tx`
      insert into attachment (sha256, size, media_type, is_complete, begun_at)
      values (${sha256}, ${size}, ${mediaType}, ${size === 0}, ${now})`
  })
}

/** One row, without its bytes. */
const states = (sql: Sql | Transaction) => sql`
  a.sha256, a.size, a.media_type as "mediaType", a.held_bytes as "heldBytes", a.is_complete as "isComplete"`

/** How much of this file is held? */
async function stateOf(sql: Sql, sha256: string): Promise<AttachmentState | undefined> {
  const [row] = await sql<AttachmentState[]>`
    select ${states(sql)} from attachment as a where a.sha256 = ${sha256}`
  return row
}

/** Which files are expected and not whole? */
const missing = (sql: Sql, limit: number): Promise<readonly AttachmentState[]> => sql<AttachmentState[]>`
  select ${states(sql)}
  from attachment as a
  where not a.is_complete and a.sha256 is not null
  order by a.begun_at, a.content
  limit ${limit}`

/** Which records refer to this file? */
async function recordsOf(sql: Sql, sha256: string): Promise<readonly RecordId[]> {
  const rows = await sql<{ id: RecordId }[]>`
    select distinct a.id from record_attachment as a where a.sha256 = ${sha256} order by a.id`
  return rows.map(({ id }) => id)
}

type HeldContent = {
  readonly content: number
  readonly size: number
  readonly held: number
  readonly isComplete: boolean
}

async function add(sql: Sql, sha256: string, offset: number, bytes: Uint8Array): Promise<AttachmentState> {
  const isSound = await sql.begin(async (handle) => {
    const tx = handle as Transaction
    const [row] = await tx<HeldContent[]>`
      select content, size, held_bytes as held, is_complete as "isComplete"
      from attachment where sha256 = ${sha256} for update`
    if (!row) throw new AttachmentRefused(`no record here names ${sha256}, so nothing of it is taken`)
    if (offset !== row.held)
      throw new AttachmentRefused(
        `${row.held} bytes of ${sha256} are held, so the next begin there and not at ${offset}`,
      )
    const held = offset + bytes.length
    if (held > row.size)
      throw new AttachmentRefused(`${sha256} has ${row.size} bytes, and these would make ${held}`)
    await write(tx, row.content, offset, bytes)
    const isWhole = held === row.size
    if (isWhole && (await digestOf(tx, row.content)) !== sha256) {
      await dropChunks(tx, [row.content])
      await tx`update attachment set held_bytes = 0 where content = ${row.content}`
      return false
    }
    await tx`
      update attachment set held_bytes = ${held}, is_complete = ${isWhole} where content = ${row.content}`
    return true
  })
  if (!isSound) throw new AttachmentAltered(sha256)
  return (await stateOf(sql, sha256)) as AttachmentState
}

/** Chunk by chunk, each asked for when the one before is taken. Ends where the bytes that are held end. */
async function* read(sql: Sql, sha256: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  const [row] = await sql<{ content: number }[]>`select content from attachment where sha256 = ${sha256}`
  if (!row) return
  for (let at = Math.max(0, start); at < end; ) {
    const position = Math.floor(at / chunkBytes)
    const chunk = await chunkAt(sql, row.content, position)
    const part = chunk?.subarray(
      at - position * chunkBytes,
      Math.min(chunkBytes, end - position * chunkBytes),
    )
    if (part === undefined || part.length === 0) return
    yield new Uint8Array(part)
    at += part.length
  }
}

/** Takes away those of these files to which no record refers any more. */
export async function dropUnreferred(tx: Transaction, names: readonly string[]): Promise<void> {
  const left = await tx<{ content: number }[]>`
    select a.content
    from attachment as a
    where a.sha256 = any (${names}::text[])
    and not exists (select from record_attachment as r where r.sha256 = a.sha256)`
  if (left.length > 0)
    await dropContents(
      tx,
      left.map(({ content }) => content),
    )
}

async function dropContents(sql: Sql | Transaction, contents: readonly number[]): Promise<void> {
  await dropChunks(sql, contents)
  await sql`delete from attachment where content = any (${contents}::bigint[])`
}

/** First word of the locks that keep two arrivals under one name apart. */
const nameLocks = 0x6d6f61
const lockName = (tx: Transaction, sha256: string) =>
  tx`select pg_advisory_xact_lock(${nameLocks}::int, ${Number.parseInt(sha256.slice(0, 4), 16)}::int)`

const tooLarge = (size: number) =>
  new AttachmentRefused(`a file has at most ${maxAttachmentBytes} bytes, and this one has at least ${size}`)
