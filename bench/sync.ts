/**
 * Taking 100,000 records from a peer into an empty node, every proof verified.
 *
 * Measured: from the first request of a node that holds nothing until it has all, over HTTP on this machine: the giver
 * reads its log, asks policy and rules, makes inclusion proofs, compresses and signs; the taker verifies the signatures,
 * unfolds, opens each record, computes its leaf, follows its proof to the signed checkpoint, asks its own policy, and
 * stores it, each batch on disk (fsync on) before the next is asked for. Records are earthquake reports like those of the
 * append bench, all `TLP:CLEAR`, written before the clock starts; the giver's log is integrated before too.
 *
 * Against: the same node's own append of the same number of reports, in the same run: what storing alone costs.
 *
 * How it could mislead: giver, taker and both databases share two cores and one process, so the figure is of a whole
 * exchange on one machine; two machines would be faster. The line costs nothing here.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openExchange } from '../engines/exchange/index.ts'
import { dryRunPayload } from '../engines/ingest/index.ts'
import { actual, createRegistry, type Draft, instant, nodeId, systemClock } from '../engines/record/index.ts'
import { connect, openEmbedded, openStore } from '../engines/store/index.ts'
import { openKeys, openLog } from '../engines/tlog/index.ts'
import { packs } from '../node.ts'
import { type BenchRun, runBench } from './bench-run.ts'
import { figure, type Report } from './figures.ts'
import { emscMessage, randomFrom, smallShocks } from './shocks.ts'

const seed = 20191126
const batch = 1000
const aim = 5000

async function measure(run: BenchRun): Promise<Report> {
  const count = run.isQuick ? 2000 : 100_000
  await using server = await openEmbedded({ folder: run.folder, durable: true })
  await using giver = await aNode(server.url, 'giver.example')
  await using taker = await aNode(server.url, 'taker.example')
  const drafts = observations()
  const appendedAt = performance.now()
  for (let at = 0; at < count && !run.signal.aborted; at += batch)
    await giver.store.append(Array.from({ length: batch }, () => drafts.next().value as Draft))
  const appendRate = perSecond(count, appendedAt)
  const { size } = await giver.log.integrate()
  run.say(`giver holds ${size} records`)
  await giver.add(taker)
  await taker.add(giver)
  const startedAt = performance.now()
  const firstAt = await taker.takeAll(size, run)
  const rate = perSecond(size, startedAt)
  return {
    bench: 'sync',
    run: `${size} records to an empty peer, proofs verified, batches of up to ${batch}, fsync on, seed ${seed}`,
    figures: [
      figure('taken, verified and stored', rate, 'records/s', { atLeast: aim }),
      figure('ratio to the aim', rate / aim, ''),
      figure('the first batch', firstAt - startedAt, 'ms'),
      figure("the giver's own append", appendRate, 'records/s'),
      figure('taken / appended', rate / appendRate, ''),
    ],
  }
}

const perSecond = (records: number, startedAt: number): number =>
  (records * 1000) / (performance.now() - startedAt)

async function aNode(serverUrl: string, name: string) {
  const node = nodeId(name)
  const store = await openStore({
    url: await databaseOf(serverUrl, name.replace(/\W/g, '_')),
    node,
    clock: systemClock,
    registry: createRegistry(packs.flatMap(({ records }) => records)),
  })
  const keys = await openKeys({ database: store.database, node, clock: systemClock })
  const log = openLog({ database: store.database, node, clock: systemClock, keys })
  const exchange = await openExchange({
    ...{ store, log, keys, clock: systemClock },
    self: { title: { en: name } },
    random: Math.random,
  })
  const http = createServer((request, response) => {
    void bodyOf(request)
      .then((body) =>
        exchange.handlers({
          method: request.method ?? 'GET',
          url: request.url ?? '/',
          headers: Object.fromEntries(
            Object.entries(request.headers).map(([key, value]) => [key, String(value)]),
          ),
          body,
        }),
      )
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    ...{ store, log, url },
    async add(peer: { readonly url: string }): Promise<void> {
      const met = await exchange.meet({ url: peer.url })
      const gives = [{ types: ['*'], upTo: 'TLP:CLEAR' as const }]
      const terms = { gives, clearances: [], purposes: [], police: [], introduces: false }
      await exchange.welcome(met, { fingerprint: met.fingerprint, terms })
    },
    /** Answers when the first batch was stored. */
    async takeAll(wanted: number, { signal, say }: BenchRun): Promise<number> {
      const stop = new AbortController()
      const living = exchange.live({ signal: AbortSignal.any([signal, stop.signal]) })
      let firstAt = 0
      for (let held = 0; held < wanted && !signal.aborted; ) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        held = (await store.head()) + 1
        if (held > 0 && firstAt === 0) firstAt = performance.now()
      }
      const [status] = await exchange.status()
      say(`taken ${status?.received}, refused ${status?.refused}`)
      stop.abort()
      await living
      return firstAt
    },
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      http.close()
      await exchange[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

async function databaseOf(serverUrl: string, name: string): Promise<string> {
  const sql = connect(serverUrl, { max: 1 })
  try {
    await sql`create database ${sql(name)}`
  } finally {
    await sql.end()
  }
  return Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** New reports only, each with an id of its own. */
function* observations(): Generator<Draft, undefined> {
  const source = packs.flatMap(({ sources }) => sources).find(({ id }) => id === 'emsc-earthquakes-live')
  if (source === undefined) throw new Error('the source that this bench decodes with is gone')
  const now = Date.now()
  let count = 0
  for (const shock of smallShocks(randomFrom(seed), now)) {
    const bytes = Buffer.from(emscMessage({ ...shock, eventId: `bench${String(count++).padStart(9, '0')}` }))
    yield* dryRunPayload({
      source,
      payload: { bytes, mediaType: 'application/json', receivedAt: instant(now) },
      realm: actual,
    }).drafts
  }
}

await runBench('sync', measure)
