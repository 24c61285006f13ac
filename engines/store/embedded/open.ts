/**
 * A real PostgreSQL that belongs to a data folder, not to a process.
 *
 * Opening, under the folder's lock:
 *   1. a server lives     → join it (another Mosaic process uses it), or adopt it (its last user was killed)
 *   2. a cluster is there → start a server on it; PostgreSQL recovers by itself from a kill or a power cut
 *   3. nothing is there   → make the cluster, then start
 * Every user keeps one connection open, named `mosaic user`: that is how the others are counted, and the kernel ends it
 * with the process, however that dies. Leaving, under the lock: whoever leaves last stops the server, so the starter may
 * go first and nobody is cut off. A process killed leaves the server running; the next to open adopts it.
 *
 * While open, the server is watched through that connection: when it dies, the first to notice starts it again on the
 * same port, so pools that reconnect find it under the same address.
 *
 * States: open → disposed. An open server may be away for a moment (killed) and comes back.
 */
import { resolve } from 'node:path'
import postgres, { type Sql } from 'postgres'
import { checkReach, serverAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { clusterVersion, makeCluster, superuser } from './cluster.ts'
import { DiskFull, FolderNotOurs, PasswordMissing } from './errors.ts'
import { isDenied, layoutOf, prepareLayout, readConnection, readPassword, writeConnection } from './layout.ts'
import { withLock } from './lock.ts'
import {
  type Postmaster,
  type Starting,
  settledPostmaster,
  startPostmaster,
  stopPostmaster,
} from './postmaster.ts'

export type EmbeddedOptions = {
  /** Made when it is not there. */
  readonly folder: string
  readonly logger?: EmbeddedLogger
  /** `false` only for databases that are thrown away: no fsync. Default true. */
  readonly durable?: boolean
  readonly sharedBuffersMb?: number
}

export type EmbeddedLogger = {
  readonly info: (message: string) => void
  readonly warn: (message: string) => void
}

export type EmbeddedPostgres = AsyncDisposable & {
  /** `postgres://mosaic:…@127.0.0.1:<port>/mosaic`; the same for as long as it is open. */
  readonly url: string
  /** Of the `postgres` database, from which others are created and dropped. */
  readonly adminUrl: string
  /** The data folder, resolved. */
  readonly folder: string
  /** How we came to it. */
  readonly origin: 'started' | 'joined' | 'adopted'
  /** Of the server when we came to it. */
  readonly pid: number
}

const database = 'mosaic'
const userName = 'mosaic user'
const reviveAgainMs = 5_000

/** Opens the folder's server, making and starting it where needed. Dispose it after every pool on it is closed. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { logger, durable = true, sharedBuffersMb = 64 } = options
  const [binaries, account] = await Promise.all([
    findBinaries(),
    serverAccount(layoutOf(resolve(options.folder)).data),
  ])
  const layout = await prepareLayout(options.folder, account).catch(explain(options.folder))
  if (account !== undefined) {
    await checkReach(account, layout.server)
    await checkReach(account, binaries.postgres)
  }
  const settings = { durable, sharedBuffersMb }

  let isDisposed = false
  let seat: Sql

  const ensureServer = async (preferredPort: number | undefined): Promise<[Postmaster, boolean]> => {
    const found = await settledPostmaster(layout)
    if (found !== undefined) return [found, false]
    const starting: Starting = { layout, binaries, account, settings, preferredPort }
    return [await startPostmaster(starting), true]
  }

  const revive = async (): Promise<void> => {
    if (isDisposed) return
    await withLock(layout.lock, async () => {
      if (isDisposed) return
      const [server, wasStarted] = await ensureServer(port)
      if (wasStarted) logger?.warn(`PostgreSQL had ended; started again as process ${server.pid}.`)
      if (server.port !== port)
        return logger?.warn(
          `PostgreSQL is now on port ${server.port}, for ${port} was taken meanwhile. Restart this node.`,
        )
      await writeConnection(layout, { pid: server.pid, port: server.port, url })
      await seat`select 1` // the driver connects anew, with the same name
    })
  }
  const watch = (): void => {
    revive().catch((error: unknown) => {
      logger?.warn(`PostgreSQL ended and could not be started again; trying until it can. ${String(error)}`)
      setTimeout(watch, reviveAgainMs).unref()
    })
  }

  const open = async (): Promise<Omit<EmbeddedPostgres, typeof Symbol.asyncDispose>> => {
    const hasCluster = (await clusterVersion(layout, binaries)) !== undefined
    const password = await readPassword(layout, !hasCluster)
    if (!hasCluster) {
      logger?.info(`Making a PostgreSQL ${binaries.major} cluster in ${layout.data}.`)
      await makeCluster({ layout, binaries, account, password, durable })
    }
    const [server, wasStarted] = await ensureServer((await readConnection(layout))?.port)
    const base = `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${server.port}`
    const address = { url: `${base}/${database}`, adminUrl: `${base}/postgres` }
    seat = takeSeat(address.adminUrl, watch)
    try {
      const others = await enter(seat, layout.password)
      await writeConnection(layout, { pid: server.pid, port: server.port, url: address.url })
      const origin = wasStarted ? 'started' : others > 0 ? 'joined' : 'adopted'
      logger?.info(`PostgreSQL ${binaries.major} on port ${server.port}: ${origin}.`)
      return { ...address, folder: layout.folder, origin, pid: server.pid }
    } catch (error) {
      isDisposed = true
      await seat.end({ timeout: 1 })
      if (wasStarted) await stopPostmaster(layout)
      throw error
    }
  }

  const opened = await withLock(layout.lock, open).catch(explain(layout.folder))
  const { url } = opened
  const port = Number(new URL(url).port)

  return {
    ...opened,
    async [Symbol.asyncDispose]() {
      if (isDisposed) return
      isDisposed = true
      await withLock(layout.lock, async () => {
        const others = await otherUsers(seat).catch(() => 0) // it is away: nobody is on it
        await seat.end({ timeout: 1 })
        if (others > 0) return logger?.info(`PostgreSQL stays: ${others} other process(es) use it.`)
        await stopPostmaster(layout)
        logger?.info('PostgreSQL stopped.')
      })
    },
  }
}

/** One connection, never idle out, never renewed. */
function takeSeat(adminUrl: string, onclose: () => void): Sql {
  return postgres(adminUrl, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 30,
    onnotice: () => undefined,
    onclose,
    connection: { application_name: userName },
  })
}

/** Answers how many other users there are, and sees that the database is there. */
async function enter(seat: Sql, passwordFile: string): Promise<number> {
  try {
    const [found] = await seat`select 1 from pg_database where datname = ${database}`
    if (found === undefined) await seat`create database ${seat(database)}`
    return await otherUsers(seat)
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') throw new PasswordMissing(passwordFile)
    throw error
  }
}

async function otherUsers(seat: Sql): Promise<number> {
  const [row] = await seat<{ count: number }[]>`
    select count(*)::int as count
    from pg_stat_activity
    where application_name = ${userName}
      and pid <> pg_backend_pid()`
  return row?.count ?? 0
}

const explain =
  (folder: string) =>
  (error: unknown): never => {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new DiskFull(folder, error)
    if (isDenied(error)) throw new FolderNotOurs(folder, error)
    throw error
  }
