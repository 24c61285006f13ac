/**
 * Memory of the node and its database, from Linux's /proc (proc(5)), bytes.
 *
 * Node: resident set size, shared program pages included. PostgreSQL: proportional set size of the postmaster and its
 * children, where a page that several processes share counts once in the sum, so shared buffers do.
 */
import { readdirSync, readFileSync } from 'node:fs'

export type MemorySample = { readonly node: number; readonly database: number }

export function sampleMemory(node: number, postmaster: number): MemorySample {
  const servers = [postmaster, ...childrenOf(postmaster)]
  return {
    node: kilobytesOf(`/proc/${node}/status`, 'VmRSS'),
    database: servers.reduce((sum, pid) => sum + kilobytesOf(`/proc/${pid}/smaps_rollup`, 'Pss'), 0),
  }
}

/** The kernel's own high-water mark: what a sample between two peaks would miss. */
export const peakOf = (pid: number): number => kilobytesOf(`/proc/${pid}/status`, 'VmHWM')

export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && kilobytesOf(`/proc/${pid}/status`, 'PPid') === parent * 1024)
}

/** A process that ended meanwhile has none. */
function kilobytesOf(file: string, name: string): number {
  try {
    const found = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(readFileSync(file, 'utf8'))
    return Number(found?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
