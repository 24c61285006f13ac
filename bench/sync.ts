/**
 * Taking 100,000 records from a peer into an empty node, every proof verified.
 *
 * Measured: from the first request of a node that holds nothing until it has all, over HTTP on this machine: the giver
 * reads its log, asks policy and rules, notes what it sends, makes inclusion proofs, compresses and signs; the taker
 * verifies the signatures, unfolds, opens each record, computes its leaf, follows its proof to the signed checkpoint, asks
 * its own policy, and stores it, each batch on disk (fsync on) before the cursor moves; meanwhile its own log grows and is
 * signed. Records are earthquake reports like those of the append bench, all `TLP:CLEAR`, written before the clock starts;
 * the giver's log is integrated before too. Giver and taker are processes of their own, each with a database server of
 * its own.
 *
 * Three figures of it:
 *
 *   taken          giver beside taker, all four processes on the cores of this machine
 *   taken alone    the giver's answers of the first run, kept, and given again with a new signature at no other cost: a
 *                  giver on a machine of its own that is never waited for. The taker does all that it does
 *   the steps      of taking, one after the other over the first batches: what one record costs in each
 *
 * `--records=N` takes so many instead, in thousands.
 *
 * How it could mislead: the line costs nothing here, neither delay nor breadth. Where two cores are all there is, the
 * first figure is what both machines' work costs on one; where there are more, it comes near the second.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { nodeId } from '../engines/record/index.ts'
import { openEmbedded } from '../engines/store/index.ts'
import { type BenchRun, runBench } from './bench-run.ts'
import { type Figure, figure, type Report } from './figures.ts'
import type { GiverUp, Told } from './giving-node.ts'
import { aPeerNode, type PeerNode } from './peer-node.ts'
import { cpuMsOf, serverCpuMsOf } from './process-cpu.ts'
import { stepsOfTaking } from './sync-steps.ts'

const seed = 20191126
const aim = 5000
const taker = nodeId('taker.example')

async function measure(run: BenchRun): Promise<Report> {
  const asked = process.argv.find((word) => word.startsWith('--records='))?.slice('--records='.length)
  const count = run.isQuick ? 2000 : Number(asked ?? 100_000)
  await using giver = await startGiver(run, count)
  run.say(`giver holds ${giver.size} records`)
  await using server = await openEmbedded({ folder: `${run.folder}/taker`, durable: true })
  const processes = {
    'taker, node': () => cpuMsOf(process.pid),
    'taker, database': () => serverCpuMsOf(server.pid),
    'giver, node': () => cpuMsOf(giver.pid),
    'giver, database': () => serverCpuMsOf(giver.postmaster),
  }
  await using together = await aPeerNode(server.url, taker, { database: 'together' })
  await together.add(giver.url)
  await giver.tell({ welcome: together.url })
  const first = await takeAll(together, giver.size, run, processes)
  await giver.tell({ recorded: true })
  await using alone = await aPeerNode(server.url, taker, { database: 'alone' })
  await alone.add(giver.url)
  const second = await takeAll(alone, giver.size, run, processes)
  await using third = await aPeerNode(server.url, taker, { database: 'steps' })
  await third.add(giver.url)
  const steps = await stepsOfTaking(third, giver.url, run.isQuick ? 2 : 20)
  return {
    bench: 'sync',
    run: `${giver.size} records to an empty peer, proofs verified, fsync on, seed ${seed}`,
    figures: [
      figure('taken, giver beside it on this machine', first.rate, 'records/s', { atLeast: aim }),
      figure('ratio to the aim', first.rate / aim, ''),
      figure('taken alone, answers of the giver recorded', second.rate, 'records/s'),
      figure('taken alone, ratio to the aim', second.rate / aim, ''),
      figure('the first batch stored after', first.firstMs, 'ms'),
      ...cpuFigures('together', first),
      ...cpuFigures('alone', second),
      ...steps,
      figure("the giver's own append", giver.appendRate, 'records/s'),
      figure('taken / appended', first.rate / giver.appendRate, ''),
    ],
  }
}

type Taken = {
  readonly rate: number
  readonly firstMs: number
  /** Processor time of one record, microseconds, by process. */
  readonly cpuUs: Readonly<Record<string, number>>
}

const cpuFigures = (run: string, { cpuUs }: Taken): Figure[] =>
  Object.entries(cpuUs)
    .filter(([, us]) => Number.isFinite(us))
    .map(([name, us]) => figure(`${run}: processor time of a record, ${name}`, us, 'µs'))

async function takeAll(
  { exchange, store }: PeerNode,
  wanted: number,
  { signal, say }: BenchRun,
  processes: Readonly<Record<string, () => number>>,
): Promise<Taken> {
  const stop = new AbortController()
  const before = Object.entries(processes).map(([name, msOf]) => [name, msOf()] as const)
  const startedAt = performance.now()
  const living = exchange.live({ signal: AbortSignal.any([signal, stop.signal]) })
  let firstMs = 0
  for (let held = 0; held < wanted && !signal.aborted; ) {
    await sleep(5)
    held = (await store.head()) + 1
    if (held > 0 && firstMs === 0) firstMs = performance.now() - startedAt
  }
  const ms = performance.now() - startedAt
  const cpuUs = before.map(([name, at]) => [name, (((processes[name]?.() ?? 0) - at) * 1000) / wanted])
  stop.abort()
  await living
  say(`taken ${wanted} in ${(ms / 1000).toFixed(1)} s`)
  return { rate: (wanted * 1000) / ms, firstMs, cpuUs: Object.fromEntries(cpuUs) as Record<string, number> }
}

type Giver = GiverUp &
  AsyncDisposable & { readonly pid: number; readonly tell: (told: Told) => Promise<void> }

async function startGiver({ folder, signal }: BenchRun, count: number): Promise<Giver> {
  const child = fork(
    fileURLToPath(new URL('giving-node.ts', import.meta.url)),
    [`${folder}/giver`, String(count), String(seed)],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  const ended = once(child, 'exit')
  const said = () =>
    Promise.race([
      once(child, 'message', { signal }),
      ended.then(() => Promise.reject(new Error('The giver ended; its reason stands above.'))),
    ])
  const [up] = (await said()) as [GiverUp]
  return {
    ...up,
    pid: child.pid ?? 0,
    async tell(told) {
      child.send(told)
      await said()
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

await runBench('sync', measure)
