/** What an operator sees of quarantine by sender, and how the room of one is freed. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actual, nodeId, systemClock } from '../../engines/record/index.ts'
import { openStore } from '../../engines/store/index.ts'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  const settings = { url: database.url, node: nodeId('mosaic.localhost'), clock: systemClock }
  await using store = await openStore({ ...settings, quarantine: { items: 2, bytes: 100_000 } })
  for (const text of ['a', 'b', 'c'])
    await store.quarantine.hold({
      kind: 'refused',
      from: 'tirana.example',
      realm: actual,
      receivedAt: systemClock.now(),
      mediaType: 'application/json',
      bytes: Buffer.from(text),
      issues: [{ rule: 'exchange/not-in-log', place: '/proof', message: 'It was altered.' }],
    })
}, 60_000)
afterAll(() => database?.[Symbol.asyncDispose]())

type Ran = { readonly code: number; readonly out: string; readonly talk: string }
const mosaic = (...words: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: database.url }
    execFile(process.execPath, [main, 'quarantine', ...words], { env }, (error, out, talk) =>
      resolve({ code: error ? Number(error.code) : 0, out, talk }),
    )
  })

test('says how much of whom is held and what was not kept, and settles all of one sender', async () => {
  const [senders, printed, wrong] = [
    await mosaic('senders', '--json'),
    await mosaic('senders'),
    await mosaic('discard', 'tirana.example', '--kind', 'bogus'),
  ]

  expect(JSON.parse(senders.out)).toMatchObject({
    from: 'tirana.example',
    held: 2,
    dropped: [{ kind: 'refused', rule: 'exchange/not-in-log', times: 1, newest: [expect.any(String)] }],
  })
  expect(printed.out).toMatch(
    /^tirana\.example {2}2 held.*\n.*not kept: 1 times refused exchange\/not-in-log/,
  )
  expect(wrong).toMatchObject({ code: 2, out: '' })

  const discarded = await mosaic('discard', 'tirana.example', '--json')
  const again = await mosaic('discard', 'tirana.example')

  expect(JSON.parse(discarded.out)).toEqual({ from: 'tirana.example', discarded: 2 })
  expect(again).toMatchObject({ code: 0, out: 'tirana.example  0 discarded\n' })
  expect((await mosaic('--json')).out).toBe('')
})
