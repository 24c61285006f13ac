/**
 * All sources of the region at ten times their real rate, while five clients watch the node's event stream.
 *
 * Measured: a node in a process of its own (embedded PostgreSQL, fsync on, reactors, HTTP) asks every declared source ten times
 * as often as its declaration says, of a server on loopback that has one new item at each asking (region-feeds.ts). One
 * minute, or as many as `--minutes=N` says. Afterwards the feeds run dry and the node has a minute to finish.
 *
 * - nothing lost: items that were given away and are records now, and CAP messages of which a notice stands, as shares;
 * - each client was told of every record that any client was told of;
 * - lag: from the moment an item was given away whole to its record, and to its notice; bounded when the last quarter of the
 *   run is no slower than the first by more than half, and a second;
 * - memory flat: node and database together, mean of the last quarter against the mean of the second.
 *
 * How it could mislead: a source seldom has something new at each asking, so the items are more than ten times as many as
 * the region's, and simpler: one area, one language. Index feeds are given whole. A young database is fast. Ten minutes are
 * no month. Memory is measured on Linux only.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type BenchRun, runBench } from './bench-run.ts'
import { figure, percentile, type Report } from './figures.ts'
import { sampleMemory } from './process-memory.ts'
import { openRegionFeeds, type Served, timesFaster } from './region-feeds.ts'
import type { Marked, RegionNodeSays } from './region-node.ts'
import { listenTo } from './under-load.ts'

const clients = 5
const mb = 1024 * 1024
type Marks = Extract<RegionNodeSays, { kind: 'marks' }>
type Up = Extract<RegionNodeSays, { kind: 'up' }>

async function measure(run: BenchRun): Promise<Report> {
  if (process.platform !== 'linux') throw new Error('memory is measured from /proc; run this bench on Linux')
  const seconds = run.isQuick ? 3 : 60 * minutesAsked()
  await using feeds = await openRegionFeeds()
  await using node = await startNode(run, feeds.base)
  const stop = new AbortController()
  const signal = AbortSignal.any([run.signal, stop.signal])
  const heard = Array.from({ length: clients }, () => new Set<string>())
  const listening = Promise.all(
    heard.map((told) => listenTo(node.up.address, signal, ({ id, version }) => told.add(`${id}@${version}`))),
  )
  run.say(`${node.up.sources} sources, ${clients} clients, ${seconds} s`)
  const samples: number[] = []
  const startedAt = Date.now()
  while (Date.now() - startedAt < seconds * 1000 && !run.signal.aborted) {
    const { node: own, database } = sampleMemory(node.pid, node.up.postmaster)
    samples.push((own + database) / mb)
    await sleep(Math.min(1000, seconds * 100))
  }
  feeds.dry()
  const marks = await untilAllAreHeld(node.ask, feeds.served(), run)
  await sleep(run.isQuick ? 500 : 3000) // what is on its way to the clients
  stop.abort()
  await listening
  return reportOf({ served: feeds.served(), marks, heard, samples, seconds, startedAt, up: node.up })
}

function minutesAsked(): number {
  const said = process.argv.map((word) => /^--minutes=(\d+(?:\.\d+)?)$/.exec(word)?.[1]).find((word) => word)
  return said === undefined ? 1 : Number(said)
}

type RegionNode = AsyncDisposable & {
  readonly up: Up
  readonly pid: number
  readonly ask: () => Promise<Marks>
}

async function startNode({ folder, signal }: BenchRun, base: string): Promise<RegionNode> {
  const child = fork(fileURLToPath(new URL('region-node.ts', import.meta.url)), [folder, base], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const says = async <Kind extends RegionNodeSays['kind']>(kind: Kind) => {
    for await (const [said] of on(child, signal))
      if ((said as RegionNodeSays).kind === kind) return said as Extract<RegionNodeSays, { kind: Kind }>
    throw new Error('the node under load said nothing more')
  }
  const gone = ended.then(() =>
    Promise.reject(new Error('The node under load ended; its reason stands above.')),
  )
  gone.catch(() => {}) // told where somebody waits for it
  const up = await Promise.race([says('up'), gone])
  return {
    up,
    pid: child.pid ?? 0,
    ask: () => {
      const answer = says('marks')
      child.send('marks')
      return Promise.race([answer, gone])
    },
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

/** Messages of a child, one after the other. */
async function* on(child: ReturnType<typeof fork>, signal: AbortSignal): AsyncGenerator<unknown[]> {
  while (!signal.aborted) yield once(child, 'message', { signal })
}

async function untilAllAreHeld(
  ask: () => Promise<Marks>,
  served: readonly Served[],
  run: BenchRun,
): Promise<Marks> {
  const patienceMs = run.isQuick ? 10_000 : 60_000
  const since = Date.now()
  for (;;) {
    const marks = await ask()
    const [held, noticed] = [
      new Set(marks.marks.map(([mark]) => mark)),
      new Set(marks.notices.map(([mark]) => mark)),
    ]
    const isAll = served.every(({ mark }) => held.has(mark) && (!isWarning(mark) || noticed.has(mark)))
    if (isAll || Date.now() - since > patienceMs || run.signal.aborted) return marks
    await sleep(500)
  }
}

/** CAP messages have a name that begins so (region-feeds.ts). */
const isWarning = (mark: string): boolean => mark.startsWith('bench-')

type Measured = {
  readonly served: readonly Served[]
  readonly marks: Marks
  readonly heard: readonly ReadonlySet<string>[]
  readonly samples: readonly number[]
  readonly seconds: number
  readonly startedAt: number
  readonly up: Up
}

function reportOf({ served, marks, heard, samples, seconds, startedAt, up }: Measured): Report {
  const warnings = served.filter(({ mark }) => isWarning(mark))
  const toRecord = lagsOf(served, marks.marks)
  const toNotice = lagsOf(warnings, marks.notices)
  const union = new Set(heard.flatMap((told) => [...told]))
  const least = Math.min(...heard.map(({ size }) => size))
  const quarter = (lags: readonly Lag[], at: number) =>
    percentile(
      lags
        .filter(({ atMs }) => Math.min(3, Math.floor(((atMs - startedAt) / (seconds * 1000)) * 4)) === at)
        .map(({ lagS }) => lagS),
      90,
    )
  const mean = (from: number, to: number) => {
    const part = samples.slice(Math.floor(samples.length * from), Math.max(1, Math.ceil(samples.length * to)))
    return part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length)
  }
  const growth = (quarter(toNotice, 3) + 1) / (quarter(toNotice, 0) + 1)
  return {
    bench: 'region-sources',
    run: `${up.sources} sources ${timesFaster} times as often as they allow, ${clients} clients, ${seconds} s`,
    figures: [
      figure('items given away', served.length, ''),
      figure('items a second', served.length / seconds, '/s'),
      figure('items that are records, of all', toRecord.length / served.length, '', { atLeast: 1 }),
      figure('warnings that have a notice, of all', toNotice.length / Math.max(1, warnings.length), '', {
        atLeast: 1,
      }),
      figure('records told to the client that heard least, of all', least / Math.max(1, union.size), '', {
        atLeast: 1,
      }),
      figure('given away to record, median', percentile(lags(toRecord), 50), 's'),
      figure('given away to record, 99th percentile', percentile(lags(toRecord), 99), 's', { atMost: 5 }),
      figure('given away to notice, median', percentile(lags(toNotice), 50), 's'),
      figure('given away to notice, 99th percentile', percentile(lags(toNotice), 99), 's', { atMost: 10 }),
      figure(
        'lag of the last quarter / first, each 90th percentile + 1 s',
        Number.isFinite(growth) ? growth : 0,
        '',
        {
          atMost: 1.5,
        },
      ),
      figure('memory, mean of the last quarter / of the second', mean(0.75, 1) / mean(0.25, 0.5), '', {
        atMost: 1.2,
      }),
      figure('memory, node and database, highest', Math.max(...samples), 'MB'),
      figure('held in quarantine', marks.quarantined, ''),
    ],
  }
}

type Lag = { readonly atMs: number; readonly lagS: number }
const lags = (all: readonly Lag[]): readonly number[] => all.map(({ lagS }) => lagS)

/** To the first record that has the mark. */
function lagsOf(served: readonly Served[], held: readonly Marked[]): readonly Lag[] {
  const first = new Map<string, number>()
  for (const [mark, atMs] of held)
    first.set(mark, Math.min(atMs, first.get(mark) ?? Number.POSITIVE_INFINITY))
  const given = new Map<string, number>()
  for (const { mark, atMs } of served)
    given.set(mark, Math.min(atMs, given.get(mark) ?? Number.POSITIVE_INFINITY))
  return served.flatMap(({ mark, atMs }) => {
    const heldAt = first.get(mark)
    return heldAt === undefined
      ? []
      : [{ atMs, lagS: Math.max(0, heldAt - (given.get(mark) ?? atMs)) / 1000 }]
  })
}

await runBench('region-sources', measure)
