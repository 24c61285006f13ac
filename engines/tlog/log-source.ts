/**
 * Where the files of a log are read from: a folder, an address, or the node's own tables. A verifier trusts none of them;
 * every source only gives bytes by path, bounded.
 */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fetch } from './ask-witness.ts'
import { utf8 } from './bytes.ts'
import type { TransparencyLog } from './contract.ts'
import { LogUnreadable } from './errors.ts'
import { maxNoteBytes } from './note.ts'

export type LogSource = {
  readonly name: string
  /** Undefined where there is no such file. Longer than `limit` is cut there, one byte over, so that it shows. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>
}

/** The largest file of a log: a bundle of 256 entries of 65,535 bytes. Ours are 8,704. */
export const maxFileBytes = 256 * (2 + 65_535)
const limitOf = (path: string): number => (path.startsWith('tile/') ? maxFileBytes : maxNoteBytes)

export function folderSource(folder: string): LogSource {
  return {
    name: folder,
    read: async (path) => {
      const file = await open(join(folder, path), 'r').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
        throw new LogUnreadable(`${join(folder, path)} cannot be read: ${error.message}.`, { cause: error })
      })
      if (file === undefined) return undefined
      try {
        const { size } = await file.stat()
        const bytes = new Uint8Array(Math.min(size, limitOf(path) + 1))
        const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
        return bytes.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
  }
}

/** http or https. Redirections are followed as `fetch` does; nothing is sent along. */
export function urlSource(url: string, fetch: Fetch, signal?: AbortSignal): LogSource {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new LogUnreadable(`${url} is no http or https address.`)
  const base = url.endsWith('/') ? url : `${url}/`
  return {
    name: url,
    read: async (path) => {
      const response = await reached(fetch, `${base}${path}`, signal)
      if (response.status === 404 || response.status === 410) {
        await response.body?.cancel()
        return undefined
      }
      if (!response.ok) {
        await response.body?.cancel()
        throw new LogUnreadable(`${base}${path} answers ${response.status}; try again later.`)
      }
      return readBounded(response, limitOf(path))
    },
  }
}

async function reached(fetch: Fetch, url: string, signal: AbortSignal | undefined): Promise<Response> {
  try {
    const timeout = AbortSignal.timeout(60_000)
    return await fetch(url, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout })
  } catch (cause) {
    throw new LogUnreadable(
      `${url} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { cause },
    )
  }
}

async function readBounded(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limit) break // leaving the loop cancels the rest
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, limit + 1))
}

/** The node's own: what its routes would serve. */
export const ownSource = (log: TransparencyLog): LogSource => ({
  name: log.origin,
  read: async (path) => {
    if (path !== 'checkpoint') return log.file(path)
    const checkpoint = await log.checkpoint()
    return checkpoint && utf8(checkpoint.note)
  },
})
