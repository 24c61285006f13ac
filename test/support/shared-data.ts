/**
 * Recorded feeds, schemas and reference results that stand beside the project, when they do. Tests read them in place
 * and never copy them; where the folder is absent they skip, and the run's summary counts how many did.
 */
import { existsSync } from 'node:fs'
import { describe } from 'vitest'
import { sharedRoot as root } from './shared-root.ts'

/** Absolute path of a file or folder of the shared data, or undefined where there is none on this machine. */
export function sharedData(path: string): string | undefined {
  const full = `${root}/${path}`
  return existsSync(full) ? full : undefined
}

/** A `describe` that skips where the shared data is absent; `data` resolves paths below `folder`. */
export function describeWithData(
  title: string,
  folder: string,
  body: (data: (path: string) => string) => void,
): void {
  const base = `${root}/${folder}`
  const isThere = existsSync(root)
  describe.skipIf(!isThere)(title, () => body((path) => (path === '' ? base : `${base}/${path}`)))
}
