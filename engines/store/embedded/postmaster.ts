/**
 * The server process of a data folder: is it there, start it, stop it.
 *
 * `postmaster.pid` is PostgreSQL's own account of it (src/include/utils/pidfile.h): line 1 the process, 2 the data
 * folder, 3 its start, 4 the port, 7 the shared memory, 8 the state (`starting`, `stopping`, `ready`). It survives a kill
 * -9 and a power cut, so the process it names is believed only when it lives and its command names our folder.
 *
 * A stale file is PostgreSQL's to judge: it makes sure by the shared memory on line 7 that no old backend still writes,
 * which we would lose by deleting the file. It does refuse, though, when the number lives again as another process, or
 * as a zombie that nobody collects. Then we write our own number into line 1: PostgreSQL never takes its parent for a
 * rival, and still checks the shared memory.
 *
 * The server is its own session and writes to a file, so it outlives a Node process that is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { bareEnvironment } from './cluster.ts'
import { DiskFull, StartFailed, StopFailed } from './errors.ts'
import type { Layout } from './layout.ts'
import { processFacts } from './processes.ts'
import { commandLine, configurationText, type ServerSettings } from './settings.ts'

export type Postmaster = {
  readonly pid: number
  readonly port: number
  readonly state: 'starting' | 'stopping' | 'ready'
}

export type Starting = {
  readonly layout: Layout
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly settings: ServerSettings
  /** Tried first, so that the address outlives a restart. */
  readonly preferredPort: number | undefined
}

/** Crash recovery reads up to `max_wal_size` of log; on a slow disk that is minutes. */
const startPatienceMs = 600_000
const stopPatienceMs = 120_000
const pollMs = 20

/** The living server of this folder, whatever its state. */
export async function runningPostmaster(layout: Layout): Promise<Postmaster | undefined> {
  const lines = await pidFileLines(layout)
  const pid = Number(lines?.[0])
  if (lines === undefined || !Number.isInteger(pid) || pid <= 0) return undefined
  const facts = await processFacts(pid)
  if (facts === undefined || !isOurs(facts.command, layout)) return undefined
  const state = lines[7]?.trim()
  return {
    pid,
    port: Number(lines[3]) || 0,
    state: state === 'ready' || state === 'stopping' ? state : 'starting',
  }
}

/** Starts a server and waits until it takes connections. */
export async function startPostmaster(starting: Starting): Promise<Postmaster> {
  const { layout } = starting
  let port = (await isFree(starting.preferredPort)) ? (starting.preferredPort as number) : await freePort()
  for (let attempt = 1; ; attempt++) {
    await disownStalePidFile(layout)
    const outcome = await launch(starting, port)
    if (outcome.kind === 'ready') return outcome.postmaster
    const other = await settledPostmaster(layout) // one that a killed process had just started
    if (other !== undefined) return other
    if (/No space left on device/.test(outcome.said)) throw new DiskFull(layout.folder)
    // Backends of a server that was killed take a moment to notice; another program may have taken the port.
    const passes = /pre-existing shared memory block/.test(outcome.said)
    const portTaken = /could not bind|Address already in use/.test(outcome.said)
    if (attempt >= 20 || !(passes || portTaken))
      throw new StartFailed(layout.folder, layout.log, outcome.said)
    if (portTaken) port = await freePort()
    await sleep(250)
  }
}

/** Waits until a server that is starting or stopping has made up its mind; undefined when it is gone. */
export async function settledPostmaster(layout: Layout): Promise<Postmaster | undefined> {
  for (let waited = 0; ; waited += pollMs) {
    const found = await runningPostmaster(layout)
    if (found === undefined || found.state === 'ready') return found
    if (waited > startPatienceMs) throw new StartFailed(layout.folder, layout.log, await tail(layout.log))
    await sleep(pollMs)
  }
}

/** Fast shutdown (SIGINT): sessions are ended, a checkpoint is written. Waits for the end. */
export async function stopPostmaster(layout: Layout): Promise<void> {
  const found = await runningPostmaster(layout)
  if (found === undefined) return
  signal(found.pid, 'SIGINT')
  for (let waited = 0; (await runningPostmaster(layout))?.pid === found.pid; waited += pollMs) {
    if (waited > stopPatienceMs) throw new StopFailed(layout.folder, found.pid)
    await sleep(pollMs)
  }
}

type Outcome =
  | { readonly kind: 'ready'; readonly postmaster: Postmaster }
  | { readonly kind: 'ended'; readonly said: string }

async function launch({ layout, binaries, account, settings }: Starting, port: number): Promise<Outcome> {
  await writeOver(join(layout.data, 'mosaic.conf'), configurationText(settings), account)
  await rename(layout.log, `${layout.log}.1`).catch(() => undefined) // there is none at the first start
  const log = await open(layout.log, 'a', 0o600)
  try {
    if (layout.owner !== undefined) await log.chown(layout.owner.uid, layout.owner.gid)
    const child = spawn(binaries.postgres, commandLine(layout.data, port), {
      cwd: layout.data,
      env: bareEnvironment,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...(account && { uid: account.uid, gid: account.gid }),
    })
    const ended = endOf(child)
    child.unref()
    return await firstOf(layout, ended)
  } finally {
    await log.close()
  }
}

function endOf(child: ChildProcess): { said: string | undefined } {
  const end: { said: string | undefined } = { said: undefined }
  child.once('error', (error) => {
    end.said = error.message
  })
  child.once('exit', (code, signalName) => {
    end.said = `exit ${String(code ?? signalName)}`
  })
  return end
}

async function firstOf(layout: Layout, ended: { said: string | undefined }): Promise<Outcome> {
  for (let waited = 0; waited < startPatienceMs; waited += pollMs) {
    if (ended.said !== undefined)
      return { kind: 'ended', said: `${await tail(layout.log)}\n${ended.said}`.trim() }
    const postmaster = await runningPostmaster(layout)
    if (postmaster?.state === 'ready') return { kind: 'ready', postmaster }
    await sleep(pollMs)
  }
  return { kind: 'ended', said: `not ready after ${startPatienceMs / 1000} s\n${await tail(layout.log)}` }
}

async function disownStalePidFile(layout: Layout): Promise<void> {
  const lines = await pidFileLines(layout)
  if (lines === undefined || (await runningPostmaster(layout)) !== undefined) return
  const file = join(layout.data, 'postmaster.pid')
  if (!(Number(lines[0]) > 0)) return rm(file) // empty, as a full disk leaves it; PostgreSQL would refuse it
  await writeFile(file, [String(process.pid), ...lines.slice(1)].join('\n'))
}

async function pidFileLines(layout: Layout): Promise<string[] | undefined> {
  try {
    return (await readFile(join(layout.data, 'postmaster.pid'), 'utf8')).split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Where the system does not tell a command line, a living process of that number has to do. */
const isOurs = (command: string, layout: Layout): boolean => command === '' || command.includes(layout.data)

/** The server's account must be able to read what we write into its cluster. */
async function writeOver(file: string, text: string, account: Account | undefined): Promise<void> {
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.writeFile(text)
    if (account !== undefined) await handle.chown(account.uid, account.gid)
  } finally {
    await handle.close()
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it had just ended
  }
}

const freePort = (): Promise<number> =>
  listenOnce(0).then((port) => port ?? Promise.reject(new Error('no free port')))

const isFree = async (port: number | undefined): Promise<boolean> =>
  port !== undefined && (await listenOnce(port)) !== undefined

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
}

async function tail(file: string): Promise<string> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0
  const text = size === 0 ? '' : await readFile(file, 'utf8')
  return text.slice(-2000).trim()
}
