/**
 * Where a run of the tests keeps what it throws away: in memory where Linux offers that and there is room, because making
 * a database is making four hundred files (measured on one machine: 1.5 s on its disk, 40 ms in memory); else below the
 * system's temporary folder. A folder per run, so that the next one finds what a killed one left.
 */
import { readdirSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'mosaic-tests-'
const memory = '/dev/shm'
/** Of memory, and of that file system. Three runs beside each other were seen to take half a gigabyte of it. */
const roomBytes = 4 * 2 ** 30

/** Of the run whose first process has this id. */
export const scratchOf = (pid: number): string => join(root(), `${prefix}${pid}`)

/** Folders of runs whose process is gone. */
export function leftovers(): readonly string[] {
  return [memory, tmpdir()].flatMap((parent) =>
    namesIn(parent)
      .filter((name) => isLeft(name))
      .map((name) => join(parent, name)),
  )
}

export const remove = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 })

function root(): string {
  if (process.env['TMPDIR']) return tmpdir() // somebody has chosen
  try {
    const { bavail, bsize } = statfsSync(memory)
    return Math.min(bavail * bsize, freemem()) > roomBytes ? memory : tmpdir()
  } catch {
    return tmpdir() // another system
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isLeft(name: string): boolean {
  const pid = Number(new RegExp(`^${prefix}(\\d+)$`).exec(name)?.[1])
  return pid > 0 && !lives(pid)
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
