/**
 * From a feed's new payload to the warning on the event stream.
 *
 * Measured: from the instant at which a payload with a strong shock is due at a local WebSocket server (polling is thus
 * excluded) to the instant at which a client in another process than the node has read, from `GET /api/v1/stream` over
 * HTTP, the notice of a `warn.warning` record about that shock. Between the two lie: socket, raw bytes kept, decoding,
 * durable append, fusion, impact, proposal, CAP message in the country's languages validated by our own reader, each hop
 * committed with fsync on, and the stream. Every warning counts, one per country reached, so one shock gives several.
 * The load is 100 reports a second from two agencies, one in a hundred of them such a shock; the rest is small, three in
 * ten of it revisions and second agencies' reports (shocks.ts). Where the time goes is told by the notices of the
 * records in between.
 *
 * How it could mislead: node, database, feeds and listener share this machine's cores, which on two cores weighs on the
 * result, and loopback has no network. The database begins empty and ends with some ten thousand reports. The strong
 * shocks are all of one kind (M 5.3 to 5.7 near borders): a stronger one reaches more countries and takes longer. A
 * first, unmeasured stretch under the same load lets the compiler warm up; a node that has just started is slower.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { actual, nodeId, recordId } from '../engines/record/index.ts'
import type { RecordNotice } from '../server/schemas/index.ts'
import { type BenchRun, runBench } from './bench-run.ts'
import { figure, median, percentile, type Report } from './figures.ts'
import { randomFrom } from './shocks.ts'
import { listenTo, playLoad, startLoadedNode } from './under-load.ts'

const seed = 5
/** `--rate=N` for another than the rate of the aim. */
const perSecond = Number(
  process.argv.find((word) => word.startsWith('--rate='))?.slice('--rate='.length) ?? 100,
)
const stages = ['hazards.event', 'hazards.impact', 'warn.proposal', 'warn.warning'] as const

async function measure(run: BenchRun): Promise<Report> {
  const [seconds, warmUpSeconds, strongEvery] = run.isQuick ? [3, 1, 50] : [90, 15, 100]
  const stop = new AbortController()
  const signal = AbortSignal.any([run.signal, stop.signal])
  await using node = await startLoadedNode({ folder: run.folder, signal: run.signal })
  const ear = createEar()
  const listening = listenTo(node.address, signal, ear.hear)
  run.say(`the node is up; ${warmUpSeconds} s to warm up, ${seconds} s to measure`)
  const lateMs = await playLoad({
    node,
    seconds: warmUpSeconds + seconds,
    perSecond,
    strongEvery,
    random: randomFrom(seed),
    signal: run.signal,
    onStrong: ear.expect,
  })
  const lastSentAt = performance.now()
  await quiet(ear, run)
  stop.abort()
  await listening
  return reportOf({ ear, lateMs, lastSentAt, warmUp: (warmUpSeconds * perSecond) / strongEvery, seconds })
}

/** Nothing more for two seconds; at most a minute. */
async function quiet(ear: Ear, run: BenchRun): Promise<void> {
  const until = performance.now() + 60_000
  while (performance.now() < until && performance.now() - ear.heardAt() < 2000 && !run.signal.aborted)
    await sleep(100)
}

type Expected = { readonly dueAt: number; readonly after: Record<string, number[]> }
type Ear = ReturnType<typeof createEar>

/** Which shock a notice is about, and how long after its payload was due it came. */
function createEar() {
  const expected = new Map<string, Expected>()
  const node = nodeId('bench.example')
  let heardAt = performance.now()
  let records = 0
  return {
    heardAt: () => heardAt,
    records: () => records,
    shocks: () => [...expected.values()],
    expect({ eventId }: { readonly eventId: string }, dueAt: number): void {
      const observation = recordId(node, 'hazards.observation', `emsc:${eventId}`, actual)
      const shock: Expected = { dueAt, after: {} }
      expected.set(observation, shock)
      expected.set(recordId(node, 'hazards.event', observation, actual), shock)
    },
    hear({ type, id, about }: RecordNotice, at: number): void {
      heardAt = at
      records += 1
      const shock = expected.get(about ?? id)
      if (shock === undefined) return
      shock.after[type] ??= []
      shock.after[type].push(at - shock.dueAt)
    },
  }
}

type Measured = {
  readonly ear: Ear
  readonly lateMs: number
  readonly lastSentAt: number
  readonly warmUp: number
  readonly seconds: number
}

function reportOf({ ear, lateMs, lastSentAt, warmUp, seconds }: Measured): Report {
  const shocks = [...new Set(ear.shocks())].slice(warmUp)
  const of = (type: string) => shocks.flatMap(({ after }) => after[type] ?? [])
  const firsts = (type: string) => shocks.flatMap(({ after }) => after[type]?.slice(0, 1) ?? [])
  const warnings = of('warn.warning')
  return {
    bench: 'latency',
    run: `${perSecond} reports a second for ${seconds} s, ${shocks.length} strong shocks among them, fsync on, seed ${seed}`,
    figures: [
      figure('warnings measured', warnings.length, ''),
      figure('payload to warning, median', median(warnings), 'ms', { atMost: 200 }),
      figure('payload to warning, 95th percentile', percentile(warnings, 95), 'ms'),
      figure('payload to warning, 99th percentile', percentile(warnings, 99), 'ms', { atMost: 1000 }),
      figure('payload to warning, longest', percentile(warnings, 100), 'ms'),
      figure('strong shocks without any warning', shocks.length - firsts('warn.warning').length, '', {
        atMost: 0,
      }),
      figure('payload to observation, median', median(firsts('hazards.observation')), 'ms'),
      ...stages.map((type) => figure(`payload to first ${type}, median`, median(firsts(type)), 'ms')),
      figure(
        'payload to first hazards.event, 99th percentile',
        percentile(firsts('hazards.event'), 99),
        'ms',
      ),
      figure('from the last payload to the last record', ear.heardAt() - lastSentAt, 'ms'),
      figure('payload sent late by the load, at most', lateMs, 'ms'),
      figure('records on the stream', ear.records(), ''),
    ],
  }
}

await runBench('latency', measure)
