/**
 * One node of a region under test: what `node.ts` composes but for sources, reactors and maps, which the exchange needs
 * none of. States: `open` (it serves) and, with `live`, taking from its peers; `away` (stopped; its database stays), from
 * which `back` opens it anew at the same address.
 */
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import {
  actual,
  createRegistry,
  type Draft,
  type Held,
  instant,
  type MosaicRecord,
  type NodeId,
  type RecordId,
  SettableClock,
} from '../../engines/record/index.ts'
import { connect, type OpenStore, openStore, readBackup, writeBackup } from '../../engines/store/index.ts'
import { type NodeLog, recordTypes } from '../../node.ts'
import type { Context } from '../../server/context.ts'
import { exchangeRoutes } from '../../server/routes/exchange.ts'
import { logRoutes } from '../../server/routes/log.ts'
import { openTrust, type Trust } from '../../trust.ts'
import { emptyDatabase, type TestDatabase, testDatabase } from '../support/database.ts'
import { ringGrowth } from './bell.ts'

export type NodeOptions = {
  /** Rung whenever the node says something or its log grows. */
  readonly happened?: () => void
}

export type RegionNode = AsyncDisposable & {
  readonly name: NodeId
  readonly url: string
  readonly clock: SettableClock
  readonly store: () => OpenStore
  readonly trust: () => Trust
  /** What it said to its operators, newest last. */
  readonly said: readonly string[]
  /** Takes from its peers from now on, also after it comes back. */
  readonly live: () => void
  readonly away: () => Promise<void>
  readonly back: () => Promise<void>
  readonly databaseUrl: () => string
  readonly backup: (file: string) => Promise<void>
  /**
   * Its database is lost; it comes back at the same address with what the backup holds. `asSnapshot`: put back by other
   * means than a restore, with the incarnation that it had.
   */
  readonly restore: (file: string, options?: { readonly asSnapshot?: boolean }) => Promise<void>
  readonly write: (draft: Partial<Draft> & { readonly key: string }) => Promise<MosaicRecord>
  /** `key@version` of what it holds, in the order of its log; without what nodes say about themselves and each other. */
  readonly held: () => Promise<readonly string[]>
  readonly records: () => Promise<readonly Held[]>
  readonly holds: (id: RecordId) => Promise<boolean>
  /** The rules by which something stands in quarantine, each with what they name. */
  readonly quarantined: () => Promise<readonly string[]>
}

/** Where every clock stands at first. */
export const noon = instant('2026-03-01T12:00:00Z')
const connections = 4

export async function openRegionNode(name: NodeId, options: NodeOptions = {}): Promise<RegionNode> {
  const { happened = () => {} } = options
  let database = await testDatabase()
  const clock = new SettableClock(noon)
  const said: string[] = []
  const tell = (facts: object, message: string) => {
    said.push(`${message} ${JSON.stringify(facts)}`)
    happened()
  }
  const log: NodeLog = { info: tell, warn: tell, error: tell }
  const opening = { name, clock, log, happened }
  let running: Running | undefined = await run({ ...opening, database }, 0)
  const { port } = running
  let isLive = false
  const now = (): Running => {
    if (running === undefined) throw new Error(`${name} is away`)
    return running
  }
  const away = async () => {
    const stopping = running
    running = undefined
    await stopping?.[Symbol.asyncDispose]()
  }
  const back = async () => {
    running = await run({ ...opening, database }, port)
    if (isLive) running.live()
  }
  const records = async () => {
    const held = await now().store.read({ versions: 'all', order: 'index' })
    return held.filter(({ record }) => !/^(tlog|access|exchange)\./.test(record.type))
  }
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    clock,
    store: () => now().store,
    trust: () => now().trust,
    said,
    live() {
      isLive = true
      now().live()
    },
    away,
    back,
    databaseUrl: () => database.url,
    async backup(file) {
      await writeBackup({ url: database.url, file, now: clock.now() })
    },
    async restore(file, { asSnapshot = false } = {}) {
      await away()
      await database[Symbol.asyncDispose]()
      database = await emptyDatabase()
      const { incarnation } = await readBackup({ url: database.url, file })
      if (asSnapshot) await keepIncarnation(database.url, incarnation ?? '')
      await back()
    },
    async write(draft) {
      const [outcome] = await now().store.append([{ ...aDraft, ...draft }])
      if (outcome?.kind !== 'appended') throw new Error(`not written: ${JSON.stringify(outcome)}`)
      return outcome.record
    },
    records,
    held: async () => (await records()).map(({ record: { key, version } }) => `${key}@${version}`),
    holds: async (id) => (await now().store.get(id)) !== undefined,
    async quarantined() {
      const held = await now().store.quarantine.list({ limit: 100 })
      return held.flatMap(({ from, issues }) => issues.map(({ rule, place }) => `${from}: ${rule} ${place}`))
    },
    async [Symbol.asyncDispose]() {
      await away()
      await database[Symbol.asyncDispose]()
    },
  }
}

async function keepIncarnation(url: string, incarnation: string): Promise<void> {
  const sql = connect(url, { max: 1 })
  await sql`update identity set incarnation = ${incarnation}`
  await sql.end()
}

const aDraft: Omit<Draft, 'key'> = {
  type: 'region.report',
  realm: actual,
  producer: { kind: 'person', name: 'Besa Hoxha', role: 'liaison' },
  valid: { from: noon },
  handling: { tlp: 'TLP:GREEN' },
  body: { text: 'The river is rising.' },
}

type Opening = {
  readonly name: NodeId
  readonly clock: SettableClock
  readonly database: TestDatabase
  readonly log: NodeLog
  readonly happened: () => void
}

type Running = AsyncDisposable & {
  readonly store: OpenStore
  readonly trust: Trust
  readonly port: number
  readonly live: () => void
}

async function run({ name, clock, database, log, happened }: Opening, atPort: number): Promise<Running> {
  const registry = createRegistry(recordTypes)
  const store = await openStore({ url: database.url, node: name, clock, registry, connections })
  const settings = { name, title: { en: name }, organisation: { id: organisationOf(name), name } }
  const trust = await openTrust({ settings, store, clock, sources: [], log })
  const stopping = new AbortController()
  const app = Fastify({ forceCloseConnections: true })
  // These routes ask their context for the exchange and for the end of the server, and for nothing else.
  const context: Partial<Context> = { exchange: trust.exchange, stopping: stopping.signal }
  await app.register(exchangeRoutes(context as Context))
  await app.register(logRoutes(trust))
  await app.listen({ host: '127.0.0.1', port: atPort })
  const { port } = app.server.address() as AddressInfo
  const going = [ringGrowth(store, happened, stopping.signal)]
  return {
    store,
    trust,
    port,
    live: () => {
      going.push(trust.live(stopping.signal))
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      const ended = await Promise.allSettled(going)
      await app.close()
      await trust[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      const failures = ended.filter((one) => one.status === 'rejected')
      if (failures.length > 0)
        throw new AggregateError(
          failures.map(({ reason }) => reason),
          `${name} failed while it lived`,
        )
    },
  }
}

export const organisationOf = (name: NodeId): string => `org-${name.split('.')[0]}`
