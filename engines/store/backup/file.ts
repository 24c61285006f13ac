/**
 * The backup file, format 1. Readable without this program, in this order:
 *
 *     mosaic-backup 1\n                 magic and format version
 *     {…}\n                             the header, one line of JSON (`BackupHeader`)
 *     gzip of frames                    a frame is its length (4 bytes, big-endian) and that many bytes
 *         for each table of the header: frames with what `copy … to stdout` said (text format, UTF-8), then an empty one
 *         one last frame: `BackupTotals`, JSON
 *     \nsha256 <64 hex digits>\n        of every byte before this line's leading line feed
 *
 * So `head -2` shows what a file is, and `head -c -73 FILE | sha256sum` must give what `tail -1` says. The digest covers
 * the bytes as they lie on the disk, so any changed or missing byte is found without unpacking. It finds damage, not
 * forgery: whoever can write the file can write its digest. The file holds the node's secrets; it is made 0600.
 *
 * Nothing is held whole in memory; frames are at most 1 MiB.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Instant } from '../../record/index.ts'
import { DiskFull } from '../embedded/errors.ts'
import { BackupDamaged, BackupIsNewer, BackupNotWritten, NotABackup } from './errors.ts'

export type BackupTable = { readonly name: string; readonly columns: readonly string[] }

export type BackupHeader = {
  readonly createdAt: Instant
  readonly program: string
  /** Absent when the database had none yet. */
  readonly node?: string
  readonly incarnation?: string
  readonly migrations: readonly {
    readonly number: number
    readonly file: string
    readonly checksum: string
  }[]
  /** In the order in which they can be filled: a table after those it refers to. */
  readonly tables: readonly BackupTable[]
}

export type BackupTotals = {
  readonly rows: Readonly<Record<string, number>>
  /** Where identity columns stood. */
  readonly sequences: readonly {
    readonly table: string
    readonly column: string
    readonly last: string
    readonly isCalled: boolean
  }[]
}

export type VerifiedBackup = {
  readonly file: string
  readonly header: BackupHeader
  readonly bytes: number
  readonly sha256: string
  /** Where the frames lie, for `readFrames`. */
  readonly body: { readonly start: number; readonly end: number }
}

const format = 1
const magicOf = (version: number): string => `mosaic-backup ${version}\n`
const trailerOf = (sha256: string): string => `\nsha256 ${sha256}\n`
const trailerBytes = trailerOf('0'.repeat(64)).length
const maxFrame = 1 << 20
const maxHeader = 1 << 20

/** Written beside and renamed when it is whole and on the disk, so a crash leaves the older backup as it was. */
export async function writeBackupFile(
  file: string,
  header: BackupHeader,
  contents: AsyncIterable<Uint8Array>,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const unfinished = `${file}.${process.pid}.unfinished`
  await using handle = await open(unfinished, 'w', 0o600).catch((error: unknown) => {
    throw new BackupNotWritten(file, error)
  })
  try {
    const written = await writeAll(handle, header, contents)
    await handle.sync()
    await rename(unfinished, file)
    return written
  } catch (error) {
    await rm(unfinished, { force: true })
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new DiskFull(dirname(file), error)
    throw error
  }
}

async function writeAll(handle: FileHandle, header: BackupHeader, contents: AsyncIterable<Uint8Array>) {
  const digest = createHash('sha256')
  let bytes = 0
  const put = async (chunk: Uint8Array): Promise<void> => {
    digest.update(chunk)
    bytes += chunk.length
    await handle.writeFile(chunk)
  }
  const gzip = createGzip()
  const drain = async (): Promise<void> => {
    for await (const chunk of gzip) await put(chunk as Uint8Array)
  }
  await put(Buffer.from(`${magicOf(format)}${JSON.stringify(header)}\n`))
  await Promise.all([pipeline(framesOf(contents), gzip), drain()])
  const sha256 = digest.digest('hex')
  await handle.writeFile(trailerOf(sha256))
  return { bytes: bytes + trailerBytes, sha256 }
}

/** Empty chunks are kept: they end a table. */
async function* framesOf(contents: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of contents) {
    let start = 0
    do {
      const part = chunk.subarray(start, start + maxFrame)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(part.length)
      yield Buffer.concat([length, part])
      start += maxFrame
    } while (start < chunk.length)
  }
}

/** First pass: reads every byte against the digest, and the header. */
export async function verifyBackup(file: string): Promise<VerifiedBackup> {
  await using handle = await open(file, 'r').catch((error: unknown) => {
    throw new NotABackup(file, error)
  })
  const { size } = await handle.stat()
  const start = Buffer.alloc(Math.min(size, 64))
  await handle.read(start, 0, start.length, 0)
  const version = /^mosaic-backup (\d{1,6})\n/.exec(start.toString('latin1'))?.[1]
  if (version === undefined) throw new NotABackup(file)
  if (Number(version) > format)
    throw new BackupIsNewer(file, `format ${version}, this program reads ${format}`)
  const end = size - trailerBytes
  const sha256 = await checkDigest(file, handle, end)
  const magic = magicOf(Number(version)).length
  const head = Buffer.alloc(Math.min(end - magic, maxHeader))
  await handle.read(head, 0, head.length, magic)
  const length = head.indexOf('\n')
  if (length < 0) throw new BackupDamaged(file, 'its header has no end')
  const header = JSON.parse(head.toString('utf8', 0, length)) as BackupHeader
  return { file, header, bytes: size, sha256, body: { start: magic + length + 1, end } }
}

async function checkDigest(file: string, handle: FileHandle, end: number): Promise<string> {
  if (end <= 0) throw new BackupDamaged(file, 'it is cut short')
  const trailer = Buffer.alloc(trailerBytes)
  await handle.read(trailer, 0, trailerBytes, end)
  const expected = /^\nsha256 ([0-9a-f]{64})\n$/.exec(trailer.toString('latin1'))?.[1]
  if (expected === undefined) throw new BackupDamaged(file, 'it is cut short, or its last line was changed')
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(file, { end: end - 1 })) digest.update(chunk as Uint8Array)
  const found = digest.digest('hex')
  if (found !== expected)
    throw new BackupDamaged(file, `its content has the digest ${found}, and ${expected} was written`)
  return found
}

/** Second pass: the frames of a verified file, in order. */
export async function* readFrames({ file, body }: VerifiedBackup): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 1 << 17 })
  const feeding = pipeline(createReadStream(file, { start: body.start, end: body.end - 1 }), gunzip)
  feeding.catch(() => undefined) // reading from gunzip throws the same
  try {
    yield* splitFrames(file, gunzip)
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error
    throw new BackupDamaged(file, 'its content cannot be unpacked', error)
  }
}

async function* splitFrames(file: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0)
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk])
    for (let length = frameLength(file, held); length !== undefined; length = frameLength(file, held)) {
      yield held.subarray(4, 4 + length)
      held = held.subarray(4 + length)
    }
  }
  if (held.length > 0) throw new BackupDamaged(file, 'its last frame is not whole')
}

/** Of the frame at the start of `held`; undefined while it is not whole. */
function frameLength(file: string, held: Buffer): number | undefined {
  if (held.length < 4) return undefined
  const length = held.readUInt32BE()
  if (length > maxFrame) throw new BackupDamaged(file, `a frame says it is ${length} bytes long`)
  return held.length < 4 + length ? undefined : length
}
