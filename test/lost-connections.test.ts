/**
 * Connections that die under statements, transactions and COPY, over and over, fail what was under way over them and
 * nothing else: the process lives, everybody is told, goes on over new connections, gets their own answers, and leaves
 * nothing half written.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { connect } from '../engines/store/connect.ts'
import { emptyDatabase } from './support/database.ts'

const program = fileURLToPath(new URL('support/transactions.ts', import.meta.url))

const kills = process.env['MOSAIC_LONG'] ? 1500 : 150

test('the connections of a process are ended under its work, again and again, and it goes on', async () => {
  await using database = await emptyDatabase()
  const child = spawn(process.execPath, [program, database.url], { stdio: ['pipe', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  let [out, errors] = ['', '']
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const working = once(child.stdout, 'data')
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  await working
  const sql = connect(database.url, { max: 1 })
  for (let n = 0, killed = 0; killed < kills && child.exitCode === null; n++) {
    await sleep(25)
    const { count } = await sql`
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
      and (${n % 2 === 0} or random() < 0.3)`
    killed += count
  }
  child.stdin.end()
  const [code] = await exited

  expect(errors).toBe('')
  expect(code).toBe(0)
  const said = JSON.parse(out.slice(out.indexOf('{')))
  expect(said).toMatchObject({ wrong: 0, stuck: 0 })
  expect(said.done).toBeGreaterThan(0)
  expect(said.lost).toBeGreaterThan(0)
  expect(await sql`select from written`).toHaveLength(0)
  await sql.end()
}, 60_000)
