/**
 * The log as static files in a folder, for any web server or for an auditor: checkpoint, tiles, bundles of entries, and
 * `keys`, a vkey a line. Each file is written beside its place and moved there; full tiles that are there already are not
 * written again, so an export that broke off goes on, and the next one adds only what is new; a partial tile stays until it
 * is full, as older checkpoints speak of it. The checkpoint comes last: whoever reads meanwhile finds all it speaks of.
 */
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { utf8 } from './bytes.ts'
import { logVerifier } from './checkpoint.ts'
import type { PublicKey, SignedCheckpoint, TransparencyLog } from './contract.ts'
import { LogUnreadable } from './errors.ts'
import { hashBytes } from './merkle.ts'
import { formatVkey } from './note.ts'
import { levelsOf, type TileName, tilePath, tilesAt, tileWidth } from './tiles.ts'

export type ExportOptions = {
  readonly log: TransparencyLog
  /** All keys of the node; revoked ones are left out. */
  readonly keys: readonly PublicKey[]
  readonly onProgress?: (done: { readonly written: number; readonly kept: number }) => void
}

export type Exported = {
  readonly checkpoint: SignedCheckpoint
  readonly written: number
  readonly kept: number
}

/** The list that is served beside a log. */
export const keysFile = (keys: readonly PublicKey[]): string =>
  keys
    .filter(({ revokedAt }) => revokedAt === undefined)
    .map((key) => `${formatVkey(logVerifier(key))}\n`)
    .join('')

export async function exportLog(folder: string, { log, keys, onProgress }: ExportOptions): Promise<Exported> {
  const checkpoint = await log.checkpoint()
  if (checkpoint === undefined)
    throw new LogUnreadable('This log has no checkpoint yet; start the node once, or integrate the log.')
  let written = 0
  let kept = 0
  for (const level of ['entries', ...levelsOf(checkpoint.size)] as const)
    for (const name of tilesAt(level, checkpoint.size)) {
      if (await isThere(folder, name)) kept += 1
      else {
        await write(folder, tilePath(name), await fileOf(log, name))
        if (name.width === tileWidth)
          await rm(join(folder, `${tilePath(name)}.p`), { recursive: true, force: true })
        written += 1
      }
      onProgress?.({ written, kept })
    }
  await write(folder, 'keys', utf8(keysFile(keys)))
  await write(folder, 'checkpoint', utf8(checkpoint.note))
  return { checkpoint, written, kept }
}

async function fileOf(log: TransparencyLog, name: TileName): Promise<Uint8Array> {
  const bytes = await log.file(tilePath(name))
  if (bytes === undefined) throw new LogUnreadable(`The log has no ${tilePath(name)}. Run mosaic verify.`)
  return bytes
}

/** Of the length that it must have; what is in it is for `verifyLog` to say. */
async function isThere(folder: string, name: TileName): Promise<boolean> {
  const length = name.width * (name.level === 'entries' ? hashBytes + 2 : hashBytes)
  const found = await stat(join(folder, tilePath(name))).catch(() => undefined) // missing: to be written
  return found?.isFile() === true && found.size === length
}

async function write(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const target = join(folder, path)
  const beside = `${target}.new`
  await mkdir(dirname(target), { recursive: true })
  const file = await open(beside, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, target)
}
