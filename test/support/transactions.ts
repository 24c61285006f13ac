/**
 * Transactions without end, as a process of their own: `transactions.ts URL`. Says "working" when it begins, and when its
 * standard input ends how many were committed and what became of the others. Nothing here looks out for the process.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, isTransient } from '../../engines/store/connect.ts'

const sql = connect(process.argv[2] ?? '', { max: 4 })
let isOver = false
process.stdin.on('end', () => {
  isOver = true
})
process.stdin.resume()
const said = { committed: 0, lost: 0, wrong: 0 }

await sql`create table written (at integer)`
process.stdout.write('working\n')
await Promise.all([0, 1, 2, 3, 4, 5].map(work))
await sql.end({ timeout: 5 }) // as the store ends it
process.stdout.write(JSON.stringify(said))

async function work(at: number): Promise<void> {
  while (!isOver) await once(at)
}

async function once(at: number): Promise<void> {
  try {
    await sql.begin(async (tx) => {
      await tx`insert into written (at) values (${at})`
      if (at % 3 === 0) await sleep(3)
      if (at % 3 === 1) await Promise.all([tx`select pg_sleep(0.002)`, tx`select 1`])
      const [row] = await tx<{ at: number }[]>`select ${at}::int as at`
      if (row?.at !== at) said.wrong += 1
      await tx`delete from written where at = ${at}`
    })
    said.committed += 1
  } catch (error) {
    if (!isTransient(error)) throw error
    said.lost += 1
    await sleep(5)
  }
}
