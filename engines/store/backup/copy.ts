/**
 * COPY through the driver, as streams with back-pressure, never a table in memory.
 *
 * @NOTE The driver answers a COPY FROM with its stream, and has then nobody to tell when the server refuses the rows
 * after the last byte: it calls `reject` on a promise that is long resolved, and the stream waits for ever. So `reject`
 * is replaced by our own.
 *
 * @NOTE After a COPY TO, the driver has paused its socket when the last row filled the stream's buffer (a row larger than
 * 64 KiB), and waits for a read that an ended stream never asks for. So we ask (`_read` resumes the socket).
 */
import type { Transaction } from '../connect.ts'
import type { BackupTable } from './file.ts'

const batchBytes = 1 << 16

/** The rows in COPY's text format, in pieces of some 64 KiB. Pieces need not end where rows do. */
export async function* copyOut(sql: Transaction, { name, columns }: BackupTable): AsyncGenerator<Uint8Array> {
  const stream = await sql`copy ${sql(name)} (${sql(columns)}) to stdout`.readable()
  let held: Uint8Array[] = []
  let size = 0
  for await (const row of stream) {
    held.push(row as Uint8Array)
    size += (row as Uint8Array).length
    if (size < batchBytes) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  stream._read(0)
  if (size > 0) yield Buffer.concat(held)
}

export async function copyIn(
  sql: Transaction,
  { name, columns }: BackupTable,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const query = sql`copy ${sql(name)} (${sql(columns)}) from stdin`
  const stream = await query.writable()
  const end = new Promise<void>((resolve, reject) => {
    Object.assign(query, { reject })
    stream.once('finish', resolve)
    stream.once('error', reject)
  })
  end.catch(() => undefined) // awaited below; a refusal in the midst of the pieces must not count as unhandled
  try {
    for await (const piece of pieces) {
      const written = new Promise<void>((resolve, reject) => {
        stream.write(piece, (error) => (error ? reject(error) : resolve()))
      })
      await Promise.race([written, end])
    }
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error))) // tells the server to give up the copy
    throw error
  }
  stream.end()
  await end
}

/** A row is a line; line feeds inside values are written as `\n`. */
export function countRows(piece: Uint8Array): number {
  let count = 0
  for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) count++
  return count
}
