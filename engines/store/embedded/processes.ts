/**
 * Is a process still the one we mean? A number alone does not say: numbers are given again, and a dead process whose
 * parent never collects it (a container without an init) still answers to signal 0. So a process is its number and its
 * start time, and a zombie counts as dead.
 *
 * Linux answers from /proc (proc(5): the third field of `stat` is the state, the 22nd the start time in clock ticks);
 * elsewhere `ps` is asked. Where neither can answer, signal 0 decides.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

export type ProcessFacts = { readonly startedAt: string; readonly command: string }

/** Facts of a living process; undefined when there is none, or only its zombie. */
export async function processFacts(pid: number): Promise<ProcessFacts | undefined> {
  if (!answers(pid)) return undefined
  if (process.platform === 'linux') return fromProc(pid)
  if (process.platform === 'win32') return { startedAt: '', command: '' }
  return fromPs(pid)
}

async function fromProc(pid: number): Promise<ProcessFacts | undefined> {
  try {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ])
    // The second field is the program's name in brackets and may itself hold brackets and spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return { startedAt: fields[19] ?? '', command: command.split('\0').join(' ') }
  } catch {
    return undefined // it ended while we looked
  }
}

async function fromPs(pid: number): Promise<ProcessFacts | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'stat=,lstart=,command='])
    const found = /^\s*(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(stdout)
    if (found === null || found[1]?.startsWith('Z')) return undefined
    return { startedAt: found[2] ?? '', command: found[3] ?? '' }
  } catch {
    return undefined // ps exits with 1 when there is no such process
  }
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it lives, as somebody else
  }
}
