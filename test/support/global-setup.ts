/**
 * One PostgreSQL for the whole test run: started in a folder of its own below the system's temporary folder, without
 * fsync, stopped and removed at the end. What a killed run left behind is removed by the next one.
 *
 * Set MOSAIC_TEST_DATABASE_URL to run the tests against another PostgreSQL instead (its account must be allowed to
 * create databases).
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openEmbedded } from '../../engines/store/embedded/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database from which others may be created and dropped. */
    adminUrl: string
  }
}

const prefix = 'mosaic-test-server-'

export async function setup(project: TestProject): Promise<undefined | (() => Promise<void>)> {
  const given = process.env['MOSAIC_TEST_DATABASE_URL']
  if (given !== undefined) {
    project.provide('adminUrl', given)
    return undefined
  }
  await removeLeftovers()
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  const server = await openEmbedded({ folder, durable: false })
  project.provide('adminUrl', server.adminUrl)
  return async () => {
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
}

async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1])
    if (!owner || lives(owner)) continue
    const folder = join(tmpdir(), name)
    // Adopting and leaving stops the server, whatever state it was left in.
    await openEmbedded({ folder, durable: false })
      .then((server) => server[Symbol.asyncDispose]())
      .catch(() => undefined) // too broken to start, or another account's: nothing of ours to stop
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
