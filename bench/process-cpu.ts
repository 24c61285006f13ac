/**
 * Processor time of a process, or of a database server with all its processes, from Linux's /proc (proc(5)): what a
 * machine that does other work besides cannot falsify, where time on the clock can.
 */
import { readFileSync } from 'node:fs'
import { childrenOf } from './process-memory.ts'

/** Fixed in Linux for programs, whatever the kernel's own (`USER_HZ`). */
const ticksPerSecond = 100

/** Milliseconds; not a number where there is no /proc. */
export function cpuMsOf(pid: number): number {
  const fields = statOf(pid)
  return ticksMs(fields, [userTime, systemTime])
}

/** A postmaster, its living children, and those that it buried. */
export function serverCpuMsOf(postmaster: number): number {
  const own = ticksMs(statOf(postmaster), [userTime, systemTime, childrenUserTime, childrenSystemTime])
  return childrenOf(postmaster).reduce((sum, pid) => sum + (cpuMsOf(pid) || 0), own)
}

/** Places of fields 14 to 17 of /proc/pid/stat after the name in brackets, which may hold blanks. */
const [userTime, systemTime, childrenUserTime, childrenSystemTime] = [11, 12, 13, 14] as const

function statOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return [] // it has ended, or this is no Linux
  }
}

const ticksMs = (fields: readonly string[], places: readonly number[]): number =>
  places.reduce((sum, place) => sum + Number(fields[place] ?? Number.NaN), 0) * (1000 / ticksPerSecond)
