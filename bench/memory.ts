/**
 * Peak memory of node and database together.
 *
 * Measured: a node in a process of its own with its embedded PostgreSQL (64 MB shared buffers) from its start, while it
 * plays the Durrës replay in its exercise realm and at the same time takes in 100 live reports a second for a minute,
 * with HTTP and one listener on the stream. Every half second the node's resident set plus the proportional set of all
 * PostgreSQL processes (process-memory.ts: shared buffers once); the peak is the highest such sum. Beside it the worst
 * case: the node's own high-water mark as the kernel keeps it, plus the database's highest sample.
 *
 * How it could mislead: V8 takes as much as the machine lets it (its heap limit follows the machine's memory), so a
 * larger machine shows more; the database is young and its caches not yet full; pages that files are cached in are
 * nobody's here; a first minute is no month. Only on Linux.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchRun, runBench } from './bench-run.ts'
import { figure, type Report } from './figures.ts'
import { type MemorySample, peakOf, sampleMemory } from './process-memory.ts'
import { randomFrom } from './shocks.ts'
import { listenTo, playLoad, startLoadedNode } from './under-load.ts'

const seed = 6
const perSecond = 100
const mb = 1024 * 1024
/** The scenario lasts 58 hours: at this speed the minute of the load. */
const speed = 4000

async function measure(run: BenchRun): Promise<Report> {
  if (process.platform !== 'linux') throw new Error('memory is measured from /proc; run this bench on Linux')
  const seconds = run.isQuick ? 2 : 60
  const stop = new AbortController()
  const signal = AbortSignal.any([run.signal, stop.signal])
  await using node = await startLoadedNode({
    folder: run.folder,
    signal: run.signal,
    replay: ['durres-2019', run.isQuick ? 100_000 : speed],
  })
  const listening = listenTo(node.address, signal, () => {})
  const atStart = sampleMemory(node.pid, node.postmaster)
  const sampling = sampleUntil(signal, () => sampleMemory(node.pid, node.postmaster))
  run.say(`the node is up; ${seconds} s of load`)
  await playLoad({
    node,
    seconds,
    perSecond,
    strongEvery: 100,
    random: randomFrom(seed),
    signal: run.signal,
  })
  const isPlayed = await Promise.race([
    node.played.then(() => true),
    sleep(run.isQuick ? 1000 : 20_000, false),
  ])
  stop.abort()
  const samples = [atStart, ...(await sampling)]
  await listening
  return reportOf(samples, peakOf(node.pid), atStart, isPlayed, seconds)
}

async function sampleUntil(signal: AbortSignal, sample: () => MemorySample): Promise<MemorySample[]> {
  const samples: MemorySample[] = []
  while (!signal.aborted) {
    samples.push(sample())
    await sleep(500)
  }
  return samples
}

function reportOf(
  samples: readonly MemorySample[],
  nodePeak: number,
  atStart: MemorySample,
  isPlayed: boolean,
  seconds: number,
): Report {
  const highest = (of: (sample: MemorySample) => number) => Math.max(...samples.map(of)) / mb
  const database = highest((sample) => sample.database)
  return {
    bench: 'memory',
    run: `${perSecond} reports a second for ${seconds} s beside the replay of durres-2019, seed ${seed}`,
    figures: [
      figure(
        'node and database together, peak of the samples',
        highest((s) => s.node + s.database),
        'MB',
        {
          atMost: 700,
        },
      ),
      figure("node's high-water mark plus database's highest sample", nodePeak / mb + database, 'MB', {
        atMost: 700,
      }),
      figure('node, high-water mark', nodePeak / mb, 'MB'),
      figure('database, highest sample', database, 'MB'),
      figure('node when it was up', atStart.node / mb, 'MB'),
      figure('database when the node was up', atStart.database / mb, 'MB'),
      figure('samples', samples.length, ''),
      figure('replay came to its end (1 yes, 0 no)', isPlayed ? 1 : 0, ''),
    ],
  }
}

await runBench('memory', measure)
