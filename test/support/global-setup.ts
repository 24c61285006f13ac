/**
 * One PostgreSQL for the whole test run, in the run's own folder (scratch.ts), without fsync, stopped and removed at the
 * end. What a killed run left behind is removed by the next one.
 *
 * Set MOSAIC_TEST_DATABASE_URL to run the tests against another PostgreSQL instead (its account must be allowed to
 * create databases).
 */
import { chmod, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openEmbedded } from '../../engines/store/embedded/index.ts'
import { leftovers, remove, scratchOf } from './scratch.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database from which others may be created and dropped. */
    adminUrl: string
  }
}

const serverFolder = 'server'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const folder of leftovers()) await removeRun(folder)
  const scratch = scratchOf(process.pid)
  await mkdir(scratch)
  await chmod(scratch, 0o711) // run as root, servers are another account's and must pass through
  const given = process.env['MOSAIC_TEST_DATABASE_URL']
  const folder = join(scratch, serverFolder)
  const server = given === undefined ? await openEmbedded({ folder, durable: false }) : undefined
  project.provide('adminUrl', given ?? server?.adminUrl ?? '')
  return async () => {
    await server?.[Symbol.asyncDispose]()
    remove(scratch)
  }
}

async function removeRun(scratch: string): Promise<void> {
  const folder = join(scratch, serverFolder)
  try {
    // Adopting and leaving stops the server, whatever state it was left in.
    if ((await readdir(scratch)).includes(serverFolder))
      await (await openEmbedded({ folder, durable: false }))[Symbol.asyncDispose]()
  } catch {
    // too broken to start, another account's, or another run is removing it: nothing of ours to stop
  }
  remove(scratch)
}
