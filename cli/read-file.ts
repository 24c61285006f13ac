/** A file that a person named: its bytes, or an error that names it. */
import { readFile } from 'node:fs/promises'
import { MosaicError } from '../engines/record/index.ts'

export async function readFileOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new FileUnreadable(file, cause)
  }
}

export class FileUnreadable extends MosaicError {
  override readonly name = 'FileUnreadable'
  override readonly code = 'cli/file-unreadable'

  constructor(file: string, cause: unknown) {
    super(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause })
  }
}
