/**
 * Work without end over a few connections, as a process of its own: `transactions.ts URL`. Says "working" when it begins,
 * and when its standard input ends what became of it: `done`, `lost`, `wrong` (another's answer, or half of one) and
 * `stuck` (neither done nor lost after twenty seconds). Nothing here looks out for the process: what nobody catches ends it.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, isTransient, type Transaction } from '../../engines/store/connect.ts'

const patienceMs = 20_000

const sql = connect(process.argv[2] ?? '', { max: 4 })
let isOver = false
process.stdin.on('end', () => {
  isOver = true
})
process.stdin.resume()
const said = { done: 0, lost: 0, wrong: 0, stuck: 0 }

const expectRow = async (answer: Promise<readonly unknown[]>, at: number) => {
  const [row] = (await answer) as { at: number }[]
  if (row?.at !== at) said.wrong += 1
}
const write = (tx: Transaction, at: number) => tx`insert into written (at) values (${at})`
const unwrite = (tx: Transaction, at: number) => tx`delete from written where at = ${at}`

/** Each leaves nothing behind when it is done, and nothing when it is lost. */
const acts: readonly ((at: number) => Promise<unknown>)[] = [
  (at) =>
    sql.begin(async (tx) => {
      await write(tx, at)
      await sleep(3)
      await expectRow(tx`select ${at}::int as at`, at)
      await unwrite(tx, at)
    }),
  (at) =>
    sql.begin(async (tx) => {
      await write(tx, at)
      await Promise.all([
        tx`select pg_sleep(0.002)`,
        tx`select 1`,
        expectRow(tx`select ${at}::int as at`, at),
      ])
      await unwrite(tx, at)
    }),
  (at) =>
    sql.begin(async (tx) => {
      await pipeline(Readable.from([`${at}\n`, `${at}\n`]), await tx`copy written (at) from stdin`.writable())
      await unwrite(tx, at)
    }),
  (at) => expectRow(sql`select ${at}::int as at`, at),
  async (at) => {
    const rows = await sql`select n, ${at}::int as at from generate_series(1, 300) as n`
    if (rows.length !== 300 || rows.some((row, n) => row['n'] !== n + 1 || row['at'] !== at)) said.wrong += 1
  },
]

await sql`create table written (at integer)`
process.stdout.write('working\n')
await Promise.all(acts.flatMap((act, at) => [work(act, at), work(act, 100 + at)]))
await sql.end({ timeout: 5 }) // as the store ends it
process.stdout.write(JSON.stringify(said))

async function work(act: (at: number) => Promise<unknown>, at: number): Promise<void> {
  while (!isOver) await once(act, at)
}

async function once(act: (at: number) => Promise<unknown>, at: number): Promise<void> {
  const patience = new AbortController()
  const stuck = sleep(patienceMs, 'stuck' as const, { signal: patience.signal }).catch(() => undefined)
  try {
    if ((await Promise.race([act(at), stuck])) === 'stuck') {
      said.stuck += 1
      isOver = true
    } else said.done += 1
  } catch (error) {
    if (!isTransient(error)) throw error
    said.lost += 1
    await sleep(5)
  } finally {
    patience.abort()
  }
}
