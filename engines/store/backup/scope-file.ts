/**
 * A text file that is there whole or not at all: written beside, flushed to the disk, renamed. Every line ends with a
 * line feed; the last is made of the SHA-256 of all bytes before it, so that a file that was cut or changed shows it.
 * It may hold restricted records and is made 0600.
 */
import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DiskFull } from '../embedded/errors.ts'
import { BackupNotWritten } from './errors.ts'

export type ScopeFile = {
  readonly file: string
  readonly lines: AsyncIterable<string>
  /** Of the digest, hexadecimal, of all that was written. */
  readonly lastLine: (sha256: string) => string
}

export async function writeScopeFile({
  file,
  lines,
  lastLine,
}: ScopeFile): Promise<{ readonly bytes: number }> {
  const unfinished = `${file}.${process.pid}.unfinished`
  await using handle = await open(unfinished, 'w', 0o600).catch((error: unknown) => {
    throw new BackupNotWritten(file, error)
  })
  try {
    const digest = createHash('sha256')
    let bytes = 0
    const put = async (line: string): Promise<void> => {
      const text = `${line}\n`
      digest.update(text)
      bytes += Buffer.byteLength(text)
      await handle.writeFile(text)
    }
    for await (const line of lines) await put(line)
    await put(lastLine(digest.copy().digest('hex')))
    await handle.sync()
    await rename(unfinished, file)
    return { bytes }
  } catch (error) {
    await rm(unfinished, { force: true })
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new DiskFull(dirname(file), error)
    throw error
  }
}
