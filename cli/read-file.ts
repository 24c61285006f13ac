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
    super(`${file} cannot be read: ${reasonOf(cause)}. Name a file that is there and that you may read.`, {
      cause,
    })
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this account may not read it',
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  return reasons[code ?? ''] ?? message
}
