/**
 * The connection to PostgreSQL: the `postgres` driver with the few types that the store reads. 64-bit integers come as
 * numbers, because those that are read (log indexes, counts) stay far below 2^53; cells are only written and compared.
 *
 * TCP without delay (RFC 896's waiting switched off): COPY ends in a small packet of its own, which would wait 40 ms
 * for the server's delayed acknowledgement. Measured: an append of one record 176 ms with it, 1.4 ms without. The driver
 * has no setting for that, only a place to hand it a socket.
 */
import { connect as connectSocket, type Socket } from 'node:net'
import postgres from 'postgres'
import { survivingLostConnections } from './begin.ts'

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
  const settings = {
    max: options.max ?? 8,
    types,
    onnotice: () => {}, // "relation exists, skipping" and the like: what matters comes as an error
    connection: { application_name: 'mosaic'.padEnd(greetingBytes), TimeZone: 'UTC' },
    socket: undelayedSockets(),
  }
  return survivingLostConnections(postgres(url, settings))
}

/**
 * The driver sends what is short with the next turn, and forgets to when a connection closes between the two: on the next
 * connection it would wait for ever with the greeting in its hands. What is this long it sends at once. The server cuts
 * the name to 63 characters.
 */
const greetingBytes = 1024

/** What the driver tells of the address: hosts and ports in pairs, or the path of a socket; and its live settings. */
type Address = {
  readonly host: readonly string[]
  readonly port: readonly number[]
  readonly path?: string | undefined
  readonly serializers: { readonly [type: number]: unknown }
  fetch_types: boolean
}

const textArray = 1009

/** Connecting goes on while the driver writes its greeting, which the socket keeps until then. Hosts take turns. */
function undelayedSockets(): (address: Address) => Socket {
  let turn = 0
  return (address) => {
    const { host, port, path, serializers } = address
    // All connections share what the first one learnt of array types. A connection that dies while it asks rejects a
    // promise that nobody in the driver awaits, which ends the process; so only the first one asks.
    if (serializers[textArray] !== undefined) address.fetch_types = false
    if (path) return connectSocket({ path })
    const at = turn++ % port.length
    const target = { host: host[at] ?? 'localhost', port: port[at] ?? 5432 }
    return Object.assign(connectSocket({ ...target, noDelay: true }), target)
  }
}

/** The server went away or refuses for a moment; worth trying again. */
export function isTransient(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code
  return typeof code === 'string' && (transient.has(code) || code.startsWith('08') || code.startsWith('57P'))
}

const transient = new Set([
  'CONNECTION_CLOSED',
  'CONNECT_TIMEOUT',
  'CONNECTION_DESTROYED',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  '53300',
])
