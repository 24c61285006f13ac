/**
 * The connection to PostgreSQL: the `postgres` driver with the few types that the store reads, over connections that are
 * thrown away when they are lost (connections/). 64-bit integers come as numbers, because those that are read (log
 * indexes, counts) stay far below 2^53; cells are only written and compared.
 */
import postgres from 'postgres'
import type { Connection } from './connections/connection.ts'
import { type Act, type Driver, type DriverOptions, withHandler } from './connections/driver.ts'
import type { Address, TlsMode } from './connections/lifeline.ts'
import { createListening } from './connections/listening.ts'
import { createPool } from './connections/pool.ts'
import { ConnectionLost } from './errors.ts'

const types = {
  bigint: {
    to: 20,
    from: [20],
    serialize: (value: number | bigint | string) => String(value),
    parse: Number,
  },
}

export type Sql = postgres.Sql<{ bigint: number }>
/** A transaction's handle: inside a transaction only this one is in scope. */
export type Transaction = postgres.TransactionSql<{ bigint: number }>

export function connect(url: string, options: { readonly max?: number } = {}): Sql {
  // Makes the statements, and is never asked to send one.
  const maker: Driver = postgres(url, {
    max: 1,
    types,
    onnotice: () => {}, // "relation exists, skipping" and the like: what matters comes as an error
    connection: { application_name: 'mosaic', TimeZone: 'UTC' },
  })
  const { ssl, ...rest } = maker.options as unknown as Settings
  const driver = { ...rest, ssl: false } as unknown as DriverOptions
  const address = addresses(rest, tlsMode(ssl))
  const pool = createPool({ driver, address, max: options.max ?? 8 })
  const listening = createListening(driver, address)
  const sql: Sql = withHandler(maker, pool.send)

  const begin = (first: string | Act, second?: Act) =>
    typeof first === 'string' ? pool.begin(first, second as Act) : pool.begin('', first)
  const listen = async (channel: string, onNotify: (payload: string) => void, onListen = () => {}) => ({
    unlisten: await listening.listen({ channel, onNotify, onListen }),
  })
  const notify = (channel: string, payload: string) => sql`select pg_notify(${channel}, ${payload})`
  const reserve = async () => {
    const { connection, release } = await pool.take()
    return Object.assign(handleOf(connection), { release })
  }
  const end = async (settings?: { readonly timeout?: number }): Promise<void> => {
    await Promise.all([pool.end(settings), listening.end()])
  }
  return Object.assign(sql, { begin, listen, notify, reserve, end, close: end } as unknown as Partial<Sql>)
}

const handleOf = ({ handle }: Connection): Driver => handle

/** What the driver understood of the address; `ssl` is libpq's `sslmode`. */
type Settings = {
  readonly host: readonly string[]
  readonly port: readonly number[]
  readonly path?: string | false
  readonly ssl: unknown
}

/** Hosts take turns. */
function addresses({ host, port, path }: Omit<Settings, 'ssl'>, tls: TlsMode): () => Address {
  let turn = 0
  return () => {
    const at = turn++ % port.length
    return { host: host[at] ?? 'localhost', port: port[at] ?? 5432, tls, ...(path ? { path } : {}) }
  }
}

/** As the driver reads it: `allow`, `prefer` and `require` ask for TLS and for no certificate. */
function tlsMode(ssl: unknown): TlsMode {
  if (!ssl) return false
  if (ssl === 'prefer' || ssl === 'require') return ssl
  if (ssl === 'allow') return 'require'
  return typeof ssl === 'object' ? (ssl as TlsMode) : 'verify'
}

/** The server went away or refuses for a moment; worth trying again. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true
  const code = (error as { readonly code?: unknown } | undefined)?.code
  return typeof code === 'string' && (transient.has(code) || code.startsWith('08') || code.startsWith('57P'))
}

const transient = new Set([
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  '53300',
])
