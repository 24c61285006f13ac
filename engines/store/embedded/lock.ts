/**
 * One process at a time starts, joins or stops a folder's server.
 *
 * The lock is a file that is linked into place with its content (`{pid, startedAt}`), so nobody ever sees it half
 * written. A lock whose owner is dead is moved aside and looked at again: if two find it stale at once and the second
 * moved away a fresh one, it is linked back. Even when that fails no data is at stake: PostgreSQL's own interlock
 * (postmaster.pid) refuses a second server, and a new cluster is made beside and renamed into place.
 */
import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { FolderLocked } from './errors.ts'
import { processFacts } from './processes.ts'

const waitMs = 25

/** Runs `act` while holding the lock `file`; waits for a living holder up to `patienceMs`. */
export async function withLock<T>(file: string, act: () => Promise<T>, patienceMs = 600_000): Promise<T> {
  await acquire(file, patienceMs)
  try {
    return await act()
  } finally {
    await rm(file, { force: true })
  }
}

async function acquire(file: string, patienceMs: number): Promise<void> {
  const mine = `${file}.${randomUUID()}`
  const startedAt = (await processFacts(process.pid))?.startedAt ?? ''
  await writeFile(mine, JSON.stringify({ pid: process.pid, startedAt }), { mode: 0o600 })
  try {
    for (let waited = 0; !(await tryLink(mine, file)); waited += waitMs) {
      const holder = await readHolder(file)
      if (holder === undefined) continue
      if (!(await isLive(holder))) await breakStale(file)
      else if (waited >= patienceMs) throw new FolderLocked(file, holder.pid)
      else await sleep(waitMs)
    }
  } finally {
    await rm(mine, { force: true })
  }
}

type Holder = { readonly pid: number; readonly startedAt: string }

async function tryLink(mine: string, file: string): Promise<boolean> {
  try {
    await link(mine, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined // released meanwhile
    if (error instanceof SyntaxError) return { pid: 0, startedAt: 'unreadable' } // a torn disk: nobody's
    throw error
  }
}

async function isLive(holder: Holder): Promise<boolean> {
  if (holder.pid <= 0) return false
  return (await processFacts(holder.pid))?.startedAt === holder.startedAt
}

async function breakStale(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch {
    return // somebody else broke it first
  }
  const holder = await readHolder(aside)
  if (holder !== undefined && (await isLive(holder))) await tryLink(aside, file)
  await rm(aside, { force: true })
}
