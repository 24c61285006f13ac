/**
 * A node that is killed while it takes records from a peer, and started again, ends with the same records, each once: a
 * real `mosaic start` in a process of its own, killed with SIGKILL the moment its log grows.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { fingerprintOf } from '../../engines/exchange/index.ts'
import { actual, type Draft, type MosaicRecord, nodeId, systemClock } from '../../engines/record/index.ts'
import { connect, type OpenStore, openStore } from '../../engines/store/index.ts'
import { openTrust, type Trust } from '../../trust.ts'
import { emptyDatabase } from '../support/database.ts'
import { type FaultyLink, faultyLink } from '../support/faulty-link.ts'
import { createBell } from './bell.ts'
import { openRegionNode, type RegionNode } from './node.test-support.ts'
import { everything } from './region.test-support.ts'

const program = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const name = nodeId('killed.example')
const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const count = 2800

const environment = (databaseUrl: string) => ({
  env: {
    ...process.env,
    ...{
      DATABASE_URL: databaseUrl,
      MOSAIC_NAME: name,
      MOSAIC_LIVE: 'off',
      MOSAIC_LOG: 'silent',
      MOSAIC_PORT: '0',
    },
  },
})

const startNode = (databaseUrl: string): ChildProcess =>
  spawn(process.execPath, [program, 'start'], { ...environment(databaseUrl), stdio: 'ignore' })

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  if (child.exitCode === null && child.signalCode === null) await ended
}

/** The node's own store, opened while no process of it runs. */
async function inside<Result>(
  databaseUrl: string,
  act: (store: OpenStore) => Promise<Result>,
): Promise<Result> {
  await using store = await openStore({ url: databaseUrl, node: name, clock: systemClock, connections: 3 })
  return await act(store)
}

const trustOf = (store: OpenStore): Promise<Trust> =>
  openTrust({ settings: { name, title: { en: name } }, store, clock: systemClock, sources: [], log: quiet })

/**
 * Each keeps the other as a peer: the one by its command, having been told the fingerprint, the other by its card. Nobody
 * asks the node that is killed for anything, so it needs no address.
 */
async function makePeers(databaseUrl: string, giver: RegionNode, line: FaultyLink): Promise<void> {
  const { exchange } = giver.trust()
  const { fingerprint } = await exchange.meet({ url: giver.url })
  const told = ['--fingerprint', fingerprint, '--clearance', '*:AMBER']
  await promisify(execFile)(
    process.execPath,
    [program, 'peer', 'add', line.url, ...told],
    environment(databaseUrl),
  )
  const card = await inside(databaseUrl, async (store) => {
    await using trust = await trustOf(store)
    return await trust.exchange.card()
  })
  const key = card.keys.find(({ keyId }) => keyId === card.current)
  if (key === undefined) throw new Error('it has no key')
  const own = fingerprintOf(key)
  const clearances = [{ community: '*', upTo: 'TLP:AMBER' as const }]
  await exchange.welcome(
    { card, key, fingerprint: own, url: 'http://127.0.0.1:9' },
    { fingerprint: own, terms: { gives: everything, clearances, ...agreed } },
  )
}

const agreed = { purposes: [], police: [], introduces: false } as const

const aReport = (n: number): Draft => ({
  type: 'region.report',
  key: `report ${n}`,
  realm: actual,
  producer: { kind: 'person', name: 'Besa Hoxha', role: 'liaison' },
  valid: { from: systemClock.now() },
  handling: { tlp: 'TLP:GREEN' },
  body: { text: `Report ${n}: the water stands at ${(n * 7919) % 500} cm.` },
})

const reportsOf = async (store: OpenStore): Promise<readonly MosaicRecord[]> =>
  (await store.read({ types: ['region.report'], versions: 'all', order: 'index' })).map(
    ({ record }) => record,
  )

test('a node that is killed twice in the middle of a sync has every record once in the end, in the order of its origin', async () => {
  await using database = await emptyDatabase()
  await using giver = await openRegionNode(nodeId('giver.example'))
  giver.clock.set(systemClock.now())
  await using line = await faultyLink(giver.url, { bytesPerSecond: 2_000_000 })
  await makePeers(database.url, giver, line)
  for (let at = 0; at < count; at += 500)
    await giver.store().append(Array.from({ length: 500 }, (_, n) => aReport(at + n)))
  const bell = createBell()
  const sql = connect(database.url, { max: 2 })
  await using _ = { [Symbol.asyncDispose]: () => sql.end() }
  await sql.listen('mosaic_log', bell.ring)
  const held = async () => {
    const [row] = await sql<
      { count: number }[]
    >`select count(*)::int as count from record where type = 'region.report'`
    return row?.count ?? 0
  }

  const seen: number[] = []
  for (const round of [1, 2]) {
    const before = await held()
    const child = startNode(database.url)
    await bell.until(`it takes, ${round}`, async () => (await held()) > before, 60_000)
    await end(child, 'SIGKILL')
    seen.push(await held())
  }
  const last = startNode(database.url)
  await bell.until('it has all', async () => (await held()) >= count, 60_000)
  await end(last, 'SIGINT')

  expect(seen.every((some) => some < count)).toBe(true)
  const given = await reportsOf(giver.store())
  await inside(database.url, async (store) => {
    expect(await reportsOf(store)).toEqual(given)
    expect(await store.quarantine.count()).toBe(0)
    const all = await store.read({ versions: 'all', order: 'index' })
    expect(all.map(({ index }) => index)).toEqual(all.map((_, at) => at))
  })
}, 180_000)
