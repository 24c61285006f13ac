/**
 * Lists with the handling policy asked in SQL against the same lists without it.
 *
 * Measured: `store.read` and `store.count` over 100,000 records, as a page of a list asks them, once with the condition
 * that the policy makes of a reader (`visibleTo`) and once without. Both sides take turns, query by query, over the same
 * connections, so that what else the machine does meets both; the first round fills caches and is left out. The ratios
 * that have the aim are of sums of the medians of questions, each counted once: of all of them, where the count weighs
 * more than all others together, and of the pages alone, where a millisecond of the driver's is most of both sides.
 *
 * Half of the records are plain `TLP:CLEAR`, as most of what a node holds is; the others carry labels, audiences,
 * purposes, police codes, embargoes and retentions in random mixture. One in ten has a second version. Readers are a
 * person of the home organisation, who may have most, and the public, who may have half: a page for the public looks at
 * twice as many records to be full, and that is in its ratio.
 *
 * How it could mislead: all is in memory. A reader who may have one record in a thousand pays a thousandfold for a full
 * page, whatever the condition costs; no such reader is here. Answers are read whole and parsed on both sides, which
 * weighs more than any condition: a list of identifiers alone would show a larger ratio.
 */
import { type Asking, thePublic, visibleTo } from '../engines/access/index.ts'
import {
  actual,
  type Draft,
  type Handling,
  type Instant,
  instant,
  nodeId,
  plusMs,
  systemClock,
  tlpLabels,
} from '../engines/record/index.ts'
import { openEmbedded, openStore, type Query, type Store } from '../engines/store/index.ts'
import { type BenchRun, runBench } from './bench-run.ts'
import { type Figure, figure, median, type Report } from './figures.ts'
import { atHome } from './reader.ts'
import { randomFrom } from './shocks.ts'

const seed = 20260301
const now = instant('2026-03-01T12:00:00Z')
const earlier = plusMs(now, -3_600_000)
const later = plusMs(now, 3_600_000)

const readers = { 'at home': atHome, public: thePublic } as const

const validFrom = (at: number): Instant => plusMs(now, -at * 60_000)

/** What lists, maps and boards ask. */
const questions = (count: number): Readonly<Record<string, Query>> => ({
  'first page, latest first': { types: ['bench.event'], realm: actual, order: '-valid', limit: 100 },
  'page in the midst': {
    types: ['bench.event'],
    realm: actual,
    order: '-valid',
    limit: 100,
    past: { validFrom: validFrom(count / 2), index: 0 },
  },
  'newest of the log': { order: '-index', limit: 100 },
  'a window of time': {
    types: ['bench.event', 'bench.report'],
    validFrom: validFrom(count / 2),
    validUntil: validFrom(count / 2 - 2000),
  },
})

async function measure(run: BenchRun): Promise<Report> {
  const [count, rounds] = run.isQuick ? [3000, 3] : [100_000, 21]
  await using server = await openEmbedded({ folder: run.folder, durable: false })
  await using store = await openStore({
    url: server.url,
    node: nodeId('bench.example'),
    clock: systemClock,
  })
  await fill(store, count, run)
  await store.database`vacuum analyze`
  const figures: Figure[] = []
  for (const [name, principal] of Object.entries(readers)) {
    const asking: Asking = { principal, purpose: 'civil-protection', now, embargoNow: now }
    const where = visibleTo(asking)
    const sums = { plain: 0, asked: 0 }
    const pages = { plain: 0, asked: 0 }
    const visible = (await store.count({ where })) / (await store.count({}))
    figures.push(figure(`${name}: share of the records that this reader may have`, visible, ''))
    for (const [what, ask] of asked(store, count)) {
      const { plain, narrowed } = await inTurns(rounds, run.signal, {
        plain: () => ask({}),
        narrowed: () => ask({ where }),
      })
      sums.plain += median(plain)
      sums.asked += median(narrowed)
      if (pageNames.includes(what)) {
        pages.plain += median(plain)
        pages.asked += median(narrowed)
      }
      run.say(
        `${name}, ${what}: ${median(narrowed).toFixed(2)} ms with, ${median(plain).toFixed(2)} ms without`,
      )
      figures.push(figure(`${name}: ${what}, without`, median(plain), 'ms'))
      figures.push(figure(`${name}: ${what}, with / without`, median(narrowed) / median(plain), ''))
    }
    figures.push(
      figure(`${name}: all questions, with / without`, sums.asked / sums.plain, '', { atMost: 1.3 }),
      figure(`${name}: pages alone, with / without`, pages.asked / pages.plain, '', { atMost: 1.3 }),
    )
  }
  return {
    bench: 'list-with-handling',
    run: `${count} records, ${rounds - 1} rounds a side of each question, seed ${seed}`,
    figures,
  }
}

const pageNames: readonly string[] = ['first page, latest first', 'page in the midst', 'newest of the log']

type Ask = (parts: Query) => Promise<unknown>

const asked = (store: Store, count: number): readonly (readonly [string, Ask])[] => [
  ...Object.entries(questions(count)).map(
    ([what, query]) => [what, (parts: Query) => store.read({ ...query, ...parts })] as const,
  ),
  ['count of a type', (parts) => store.count({ types: ['bench.event'], ...parts })],
]

/** Milliseconds of each call, for every round but the first. */
async function inTurns<Side extends string>(
  rounds: number,
  signal: AbortSignal,
  sides: Readonly<Record<Side, () => Promise<unknown>>>,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>
  for (let round = 0; round < rounds && !signal.aborted; round++)
    for (const name of names) {
      const startedAt = performance.now()
      await sides[name]()
      if (round > 0) times[name].push(performance.now() - startedAt)
    }
  return times
}

async function fill(store: Store, count: number, { say, signal }: BenchRun): Promise<void> {
  const random = randomFrom(seed)
  const batch = 1000
  for (let at = 0; at < count && !signal.aborted; at += batch) {
    const first = Array.from({ length: batch }, (_, n) => draft(at + n, random, 1))
    const second = first.filter((_, n) => n % 10 === 0).map((one) => ({ ...one, body: { version: 2 } }))
    await store.append([...first, ...second])
  }
  say(`${count} records are in`)
}

const draft = (at: number, random: () => number, version: number): Draft => ({
  type: random() < 0.7 ? 'bench.event' : 'bench.report',
  key: `bench-${at}`,
  realm: actual,
  producer: { kind: 'source', name: 'bench' },
  attribution: [{ source: 'bench', licence: 'CC0-1.0', credit: 'Bench' }],
  valid: { from: validFrom(at), until: plusMs(validFrom(at), 3_600_000) },
  handling: random() < 0.5 ? { tlp: 'TLP:CLEAR' } : mixed(random),
  body: { version, title: { en: `Something that happened as number ${at}` }, magnitude: at % 90 },
})

function mixed(random: () => number): Handling {
  const sometimes = <Value>(share: number, name: string, value: Value) =>
    random() < share ? { [name]: value } : {}
  return {
    tlp: tlpLabels[Math.floor(random() * 4)] ?? 'TLP:CLEAR',
    ...sometimes(0.2, 'audience', ['org-3', 'org-5', 'org-home']),
    ...sometimes(0.2, 'purposes', ['civil-protection', 'health']),
    ...sometimes(0.1, 'police', ['H1']),
    ...sometimes(0.1, 'embargoUntil', random() < 0.8 ? earlier : later),
    ...sometimes(0.2, 'retainUntil', later),
    ...sometimes(0.05, 'fieldMarks', { '/body/title': 'TLP:RED' }),
  }
}

await runBench('list-with-handling', measure)
