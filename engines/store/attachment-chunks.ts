/** The bytes of attachments: chunks of 256 KiB under the number of their content, the last one less. */
import { createHash } from 'node:crypto'
import type { Sql, Transaction } from './connect.ts'

export const chunkBytes = 256 * 1024
const bucketOf = (content: number): number => content % 64

/** The last chunk is filled up first; then whole ones follow. */
export async function write(
  tx: Transaction,
  content: number,
  offset: number,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const [position, inside] = [Math.floor((offset + at) / chunkBytes), (offset + at) % chunkBytes]
    const part = bytes.subarray(at, at + chunkBytes - inside)
    if (inside === 0) await insertChunk(tx, content, position, part)
    else
      await tx`
        update attachment_chunk set bytes = bytes || ${asBuffer(part)}
        where bucket = ${bucketOf(content)} and content = ${content} and position = ${position}`
    at += part.length
  }
}

export async function insertChunk(
  sql: Sql | Transaction,
  content: number,
  position: number,
  bytes: Uint8Array,
): Promise<void> {
  await sql`
    insert into attachment_chunk (bucket, content, position, bytes)
    values (${bucketOf(content)}, ${content}, ${position}, ${asBuffer(bytes)})`
}

export async function digestOf(tx: Transaction, content: number): Promise<string> {
  const digest = createHash('sha256')
  for (let position = 0; ; position++) {
    const chunk = await chunkAt(tx, content, position)
    if (chunk === undefined) return digest.digest('hex')
    digest.update(chunk)
  }
}

export async function chunkAt(
  sql: Sql | Transaction,
  content: number,
  position: number,
): Promise<Uint8Array | undefined> {
  const [row] = await sql<{ bytes: Buffer }[]>`
    select bytes from attachment_chunk
    where bucket = ${bucketOf(content)} and content = ${content} and position = ${position}`
  return row?.bytes
}

export async function dropChunks(sql: Sql | Transaction, contents: readonly number[]): Promise<void> {
  await sql`
    delete from attachment_chunk as c
    using unnest(${contents.map(bucketOf)}::smallint[], ${contents}::bigint[]) as w (bucket, content)
    where c.bucket = w.bucket and c.content = w.content`
}

export async function* inChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + chunkBytes - size)
      held.push(part)
      size += part.length
      at += part.length
      if (size < chunkBytes) continue
      yield Buffer.concat(held)
      held = []
      size = 0
    }
  }
  if (size > 0) yield Buffer.concat(held)
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
