/**
 * Durable append of observations against raw COPY of the same rows into the same database.
 *
 * Measured: `store.append` of decoded earthquake reports, 1000 in a call, until it returns: checked against their
 * schemas, ids and digests computed, records, links and cells written, committed to disk (fsync on), and standing in the
 * log with their index. Decoding the payload is not in it.
 *
 * Against, in rounds that take turns with ours, in the same process over the same driver:
 *   peer  COPY of the very rows that our round wrote (record with its JSON, salts and digests; cells; log) into empty
 *         copies of our tables with the same indexes and constraints: what a loader would need to leave the same data.
 *   bare  COPY of the record rows alone into one table without any index or constraint.
 * Both commit every 1000 rows, as ours does; their bytes are ready before the clock starts.
 *
 * How it could mislead: both sides share two cores with the server, and COPY needs one process where we need two, so
 * with more cores ours gains and COPY does not. All tables begin empty and end at some ten thousand rows: indexes fit in
 * memory. A checkpoint or a vacuum of PostgreSQL falls into one round or another, hence medians of per-round rates,
 * and the first round of each side, which fills caches and compiles code, is left out.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createRegistry, type Draft, nodeId, systemClock } from '../engines/record/index.ts'
import { connect, openEmbedded, openStore, type Sql, type Store } from '../engines/store/index.ts'
import { packs } from '../node.ts'
import { type BenchRun, runBench } from './bench-run.ts'
import { figure, median, percentile, type Report } from './figures.ts'
import { observations, take } from './observations.ts'

const seed = 20191126
const batch = 1000

async function measure(run: BenchRun): Promise<Report> {
  const [rounds, batches] = run.isQuick ? [2, 1] : [9, 8]
  await using server = await openEmbedded({ folder: run.folder, durable: true })
  const registry = createRegistry(packs.flatMap(({ records }) => records))
  await using store = await openStore({
    url: server.url,
    node: nodeId('bench.example'),
    clock: systemClock,
    registry,
  })
  const sql = connect(server.url, { max: 2 })
  try {
    await makePeers(sql)
    const drafts = observations(seed)
    const rates: Record<'ours' | 'peer' | 'bare', number[]> = { ours: [], peer: [], bare: [] }
    for (let round = 0; round < rounds && !run.signal.aborted; round++) {
      const work = Array.from({ length: batches }, () => take(drafts, batch))
      const from = await store.head()
      const ours = await appendRate(store, work)
      const tables = await rowsAfter(sql, from, batches)
      const peer = await copyRate(sql, tables.map(peerOf), batches)
      const bare = await copyRate(sql, tables.filter(({ table }) => table === 'record').map(bareOf), batches)
      run.say(
        `round ${round}: ours ${ours.toFixed(0)}, peer ${peer.toFixed(0)}, bare ${bare.toFixed(0)} rows/s`,
      )
      if (round === 0) continue
      rates.ours.push(ours)
      rates.peer.push(peer)
      rates.bare.push(bare)
    }
    return reportOf(rates, rounds - 1, batches)
  } finally {
    await sql.end()
  }
}

function reportOf(
  rates: Record<'ours' | 'peer' | 'bare', number[]>,
  rounds: number,
  batches: number,
): Report {
  const ratios = (to: 'peer' | 'bare') => rates.ours.map((rate, at) => rate / (rates[to][at] ?? Number.NaN))
  return {
    bench: 'append',
    run: `${rounds} rounds of ${batches * batch} observations a side, ${batch} per commit, fsync on, seed ${seed}`,
    figures: [
      figure('ours, median', median(rates.ours), 'rows/s'),
      figure('COPY into the same tables, median', median(rates.peer), 'rows/s'),
      figure('COPY into one bare table, median', median(rates.bare), 'rows/s'),
      figure('ours / same tables, median', median(ratios('peer')), '', { atLeast: 0.5 }),
      figure('ours / same tables, lowest round', percentile(ratios('peer'), 0), ''),
      figure('ours / same tables, highest round', percentile(ratios('peer'), 100), ''),
      figure('ours / one bare table, median', median(ratios('bare')), ''),
      figure('ours / one bare table, lowest round', percentile(ratios('bare'), 0), ''),
      figure('ours / one bare table, highest round', percentile(ratios('bare'), 100), ''),
    ],
  }
}

async function appendRate(store: Store, work: readonly (readonly Draft[])[]): Promise<number> {
  const startedAt = performance.now()
  for (const drafts of work) {
    const outcomes = await store.append(drafts)
    if (outcomes.some(({ kind }) => kind !== 'appended'))
      throw new Error('not every observation was appended')
  }
  return perSecond(work.length * batch, startedAt)
}

const perSecond = (rows: number, startedAt: number): number => (rows * 1000) / (performance.now() - startedAt)

type Rows = { readonly table: string; readonly columns: string; readonly batches: readonly Buffer[] }

const columnsOf = {
  record:
    'bucket, id, version, type, realm, origin, key, recorded_at, received_at, valid_from, valid_until, content_digest, salt, tlp, audience, purposes, police, originator_control, embargo_until, retain_until, marks, areas, effective, withheld, record',
  record_cell: 'bucket, id, version, cell',
  log: 'index, bucket, id, version, leaf',
} as const

async function makePeers(sql: Sql): Promise<void> {
  await sql`create schema peer`
  for (const table of Object.keys(columnsOf))
    await sql`create table ${sql(`peer.${table}`)} (like ${sql(table)} including all)`
  await sql`create schema bare`
  await sql`create table bare.record (like record)`
}

const peerOf = (rows: Rows): Rows => ({ ...rows, table: `peer.${rows.table}` })
const bareOf = (rows: Rows): Rows => ({ ...rows, table: `bare.${rows.table}` })

/** What our round wrote, as COPY's own bytes, cut into the same batches. */
async function rowsAfter(sql: Sql, from: number, batches: number): Promise<readonly Rows[]> {
  return Promise.all(
    Object.entries(columnsOf).map(async ([table, columns]) => {
      const own = columns.split(', ').map((column) => `t.${column}`)
      const each = Array.from({ length: batches }, async (_, at) => {
        const [first, last] = [from + 1 + at * batch, from + (at + 1) * batch]
        const join = table === 'log' ? '' : `join ${table} as t using (bucket, id, version)`
        const columnList = table === 'log' ? columns : own.join(', ')
        const chunks = await Readable.from(
          await sql
            .unsafe(
              `copy (select ${columnList} from log ${join} where index between ${first} and ${last} order by index) to stdout`,
            )
            .readable(),
        ).toArray()
        return Buffer.concat(chunks)
      })
      return { table, columns, batches: await Promise.all(each) }
    }),
  )
}

async function copyRate(sql: Sql, tables: readonly Rows[], batches: number): Promise<number> {
  const startedAt = performance.now()
  for (let at = 0; at < batches; at++) {
    await sql.begin(async (tx) => {
      for (const { table, columns, batches: bytes } of tables) {
        const into = await tx.unsafe(`copy ${table} (${columns}) from stdin`).writable()
        await pipeline(Readable.from([bytes[at] ?? Buffer.alloc(0)]), into)
      }
    })
  }
  return perSecond(batches * batch, startedAt)
}

await runBench('append', measure)
