/** What an operator does at the machine, and what the trail says of it. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actual, nodeId, systemClock } from '../engines/record/index.ts'
import { openStore } from '../engines/store/index.ts'
import { type TestDatabase, testDatabase } from '../test/support/database.ts'
import { commands } from './commands/index.ts'
import { commandTrail } from './trail.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
let database: TestDatabase
let id = ''
beforeAll(async () => {
  database = await testDatabase()
  const settings = { url: database.url, node: nodeId('mosaic.localhost'), clock: systemClock }
  await using store = await openStore(settings)
  const [appended] = await store.append([
    {
      ...{
        type: 'crime.case',
        key: 'one',
        realm: actual,
        body: { name: 'Arta' },
        handling: { tlp: 'TLP:RED' },
      },
      ...{ valid: { from: systemClock.now() }, producer: { kind: 'source', name: 'desk' } },
    },
  ])
  if (appended?.kind === 'appended') id = appended.record.id
}, 60_000)
afterAll(() => database?.[Symbol.asyncDispose]())

type Ran = { readonly code: number; readonly out: string }
const mosaic = (...words: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: database.url }
    execFile(process.execPath, [main, ...words], { env }, (error, out) =>
      resolve({ code: error ? Number(error.code) : 0, out }),
    )
  })

test('every command says how it is noted', () => {
  expect(Object.keys(commandTrail).sort()).toEqual(commands.map(({ name }) => name).sort())
})

test('what is read and changed at the machine is noted with its words, as the operator’s', async () => {
  await mosaic('records', '--type', 'crime.case', '--json')
  await mosaic('explain', 'access', '--as', 'public', id)
  await mosaic('user', 'add', 'ana', '--name', 'Ana Hoxha', '--org', 'mosaic.localhost')
  await mosaic('quarantine', '--id', '7')

  const { out } = await mosaic('audit', '--as', 'vera', '--json')
  const entries = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter(({ principal, act }) => principal.startsWith('operator:') && act !== 'oversee')
    .reverse()
  expect(entries).toMatchObject([
    { act: 'search', records: [id], query: { command: 'records', options: { type: 'crime.case' } } },
    { act: 'administer', query: { command: 'user add', words: ['ana'] } },
    { act: 'read', query: { command: 'quarantine', options: { id: '7' } } },
  ])
  expect(out).toContain('"command":"explain access"')
}, 60_000)
