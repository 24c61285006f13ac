/**
 * Makes the cluster of a data folder, once. It is made beside its place and renamed when initdb has ended well,
 * so a crash half way leaves nothing that looks like a cluster. An initdb outlives the process that was killed beside it;
 * so each attempt has a folder of its own, and takes away what others left.
 *
 * UTF-8 with the built-in C.UTF-8 locale (PostgreSQL 17): one order of strings on every machine and for ever, where an
 * operating system's locale changes with its libc and silently breaks indexes. Data checksums are on.
 */
import { spawn } from 'node:child_process'
import { appendFile, chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { ClusterVersionMismatch, DiskFull, InitFailed } from './errors.ts'
import type { Layout } from './layout.ts'
import { includeLine } from './settings.ts'

export const superuser = 'mosaic'

/** Environment of the server's programs: nothing of ours (no PGDATA, no locale) reaches them. */
export const bareEnvironment: NodeJS.ProcessEnv = {
  PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
  LC_ALL: 'C',
  TZ: 'UTC',
}

export type ClusterMaking = {
  readonly layout: Layout
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly password: string
  readonly durable: boolean
}

/** The cluster's major version; undefined when there is none. Throws `store/cluster-version` when it is not ours. */
export async function clusterVersion(layout: Layout, binaries: Binaries): Promise<string | undefined> {
  const text = await readFile(join(layout.data, 'PG_VERSION'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    },
  )
  const version = text?.trim()
  if (version !== undefined && version !== binaries.major)
    throw new ClusterVersionMismatch(layout.data, version, binaries.major)
  return version
}

export async function makeCluster(making: ClusterMaking): Promise<void> {
  const { layout, account, password } = making
  const passwordFile = join(layout.server, 'initial-password')
  const unfinished = join(layout.server, `${unfinishedName}${process.pid}`)
  await removeUnfinished(layout)
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
    if (account !== undefined) await chown(passwordFile, account.uid, account.gid)
    await runInitdb(making, unfinished, passwordFile)
    await appendFile(join(unfinished, 'postgresql.conf'), includeLine)
    await rename(unfinished, layout.data)
  } catch (error) {
    await removeUnfinished(layout)
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') throw new DiskFull(layout.folder, error)
    if (code === 'ENOTEMPTY' || code === 'EEXIST')
      throw new InitFailed(layout.data, 'it holds something that is no cluster')
    throw error
  } finally {
    await rm(passwordFile, { force: true })
  }
}

const unfinishedName = 'making-'

async function removeUnfinished(layout: Layout): Promise<void> {
  const names = (await readdir(layout.server)).filter((name) => name.startsWith(unfinishedName))
  // One that an initdb still writes into may resist; the next start takes it.
  for (const name of names)
    await rm(join(layout.server, name), { recursive: true, force: true }).catch(() => undefined)
}

async function runInitdb(making: ClusterMaking, unfinished: string, passwordFile: string): Promise<void> {
  const { layout, binaries, account, durable } = making
  const args = [
    `--pgdata=${unfinished}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ]
  const child = spawn(binaries.initdb, args, {
    cwd: layout.server,
    env: bareEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(account && { uid: account.uid, gid: account.gid }),
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (status, signal) => resolve(status ?? signal))
  })
  if (code === 0) return
  if (/No space left on device/.test(said)) throw new DiskFull(layout.folder)
  throw new InitFailed(layout.data, said.trim() || `nothing (${String(code)})`)
}
