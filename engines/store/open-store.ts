/**
 * Opening a store: connect, migrate, learn who we are, take up what a crashed process left without an index, listen.
 * Closing ends every follower, then the connections; closing twice is closing once.
 */
import { randomBytes } from 'node:crypto'
import { type Clock, createRegistry, millis, type NodeId, type Registry } from '../record/index.ts'
import { type AppendParts, append } from './append.ts'
import { createAttachments } from './attachments.ts'
import { createCheckpoints } from './checkpoints.ts'
import { connect, type Sql } from './connect.ts'
import type { Identity, QuarantineLimits, Store } from './contract.ts'
import { derivedFrom } from './derived.ts'
import { erase, erasuresOf } from './erase.ts'
import { follow } from './follow.ts'
import { guestIdentity, identityOf } from './identity.ts'
import { makeJobs } from './jobs.ts'
import { migrate } from './migrate.ts'
import { createPayloads } from './payloads.ts'
import { provenance } from './provenance.ts'
import { createQuarantine } from './quarantine.ts'
import { headOf, newestReceipt, sequencePending } from './queries.ts'
import { count, get, read, readProven } from './read.ts'
import { receive } from './receive.ts'
import type { Salts } from './rows.ts'
import { createSequencer } from './sequencer.ts'
import { createSourceStates } from './source-states.ts'
import { tighten } from './tighten.ts'
import { listenFor } from './wakeups.ts'

export type StoreOptions = {
  /** `postgres://…` */
  readonly url: string
  readonly node: NodeId
  readonly clock: Clock
  /** The organisation that runs the node: audiences that name it mean its own people. */
  readonly organisation?: string
  /** Types that are not in it travel all the same, unchecked. */
  readonly registry?: Registry
  /** 32 bytes per record version; random unless a run must give the same bytes every time. */
  readonly salts?: Salts
  /** For a database that has no identity yet; random when absent. */
  readonly incarnation?: string
  readonly secret?: Uint8Array
  /** Writes as somebody else than the database's node, beside it: a scenario with an origin of its own. */
  readonly identity?: Identity
  /** How much is held from one sender; `quarantineLimits` where absent. */
  readonly quarantine?: QuarantineLimits
  /** Connections, beside the one that listens. */
  readonly connections?: number
}

export type OpenStore = Store & {
  /** How far the clock stands behind what the database received last, milliseconds; 0 when it does not. */
  readonly clockBehindMs: number
  readonly registry: Registry
  /** For engines that keep tables of their own; records go through `append` and `receive` only. */
  readonly database: Sql
}

export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const sql = connect(options.url, { max: options.connections ?? 8 })
  try {
    return await openOn(sql, options)
  } catch (error) {
    await sql.end({ timeout: 5 })
    throw error
  }
}

async function openOn(sql: Sql, options: StoreOptions): Promise<OpenStore> {
  const { node, clock, salts = createRandomSalts(), registry = createRegistry() } = options
  await migrate(sql)
  const { secret, ...identity } = await (options.identity
    ? guestIdentity(sql, options.identity, options.secret)
    : identityOf(sql, node, options))
  const closing = new AbortController()
  const sequencer = createSequencer(() => sequencePending(sql))
  await sequencer.run()
  const wakeups = await listenFor(sql, 'mosaic_log')
  const home = options.organisation === undefined ? [node] : [node, options.organisation]
  const parts: AppendParts = { sql, node, clock, registry, salts, secret, sequencer, home }
  const quarantine = createQuarantine(sql, options.quarantine)
  const newest = await newestReceipt(sql)

  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    closing.abort()
    await sql.end({ timeout: 5 })
  }
  return {
    append: (drafts, settings) => append(parts, drafts, settings),
    receive: (arrivals, settings) => receive({ ...parts, quarantine }, arrivals, settings),
    provenance: (refs) => provenance(sql, refs),
    tighten: (id, handling) => tighten({ sql, home }, id, handling),
    erase: (ids, settings) => erase({ sql, clock }, ids, settings),
    erasures: (ids) => erasuresOf(sql, ids),
    derivedFrom: (id) => derivedFrom(sql, [id]),
    read: (query) => read(sql, query),
    readProven: (query) => readProven(sql, query),
    get: (id, version) => get(sql, id, version),
    count: (query) => count(sql, query),
    head: () => headOf(sql),
    follow: (settings) => follow({ sql, sequencer, wakeups, closing: closing.signal }, settings),
    checkpoints: createCheckpoints(sql, clock, sequencer),
    quarantine,
    payloads: createPayloads(sql),
    attachments: createAttachments(sql, clock),
    sources: createSourceStates(sql),
    jobs: makeJobs({ sql, clock }),
    identity,
    registry,
    database: sql,
    clockBehindMs: newest === undefined ? 0 : Math.max(0, newest - millis(clock.now())),
    async [Symbol.asyncDispose]() {
      closed ??= close()
      await closed
    },
  }
}

/** Asked for one by one, 32 random bytes cost more than all digests of the record together. */
function createRandomSalts(): Salts {
  let pool = Buffer.alloc(0)
  return () => {
    if (pool.length === 0) pool = randomBytes(32 * 256)
    const salt = pool.subarray(0, 32)
    pool = pool.subarray(32)
    return salt
  }
}
