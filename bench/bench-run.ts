/**
 * What every bench does around its measuring: reads `--quick` and `--json`, works in a temporary folder of its own, ends
 * when it is told to (Ctrl-C, or its parent gone) with the folder removed, and prints one report.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Report, tableOf } from './figures.ts'

export type BenchRun = {
  /** A few seconds, to see that the bench works: its figures mean nothing. */
  readonly isQuick: boolean
  /** Removed at the end. */
  readonly folder: string
  readonly signal: AbortSignal
  /** A line for who waits, on stderr. */
  readonly say: (line: string) => void
}

export async function runBench(name: string, measure: (run: BenchRun) => Promise<Report>): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  process.once('disconnect', () => stop.abort())
  const folder = await mkdtemp(join(tmpdir(), `mosaic-bench-${name}-`))
  await chmod(folder, 0o711) // run as root, the server is another account's and must pass through
  const isQuick = process.argv.includes('--quick')
  const say = (line: string) => process.stderr.write(`${name}: ${line}\n`)
  try {
    const report = await measure({ isQuick, folder, signal: stop.signal, say })
    if (stop.signal.aborted) process.exitCode = 1
    else
      process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(report)}\n` : tableOf(report))
  } catch (error) {
    if (!stop.signal.aborted) throw error
    process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
    if (process.connected) process.disconnect()
  }
}
