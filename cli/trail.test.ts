/** What an operator does at the machine, and what the trail says of it. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actual, nodeId, systemClock } from '../engines/record/index.ts'
import { openStore } from '../engines/store/index.ts'
import { emptyDatabase, type TestDatabase, testDatabase } from '../test/support/database.ts'
import { commands } from './commands/index.ts'
import { commandTrail, operatorOf, sayPrincipal } from './trail.ts'

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
const mosaic = (...words: readonly string[]): Promise<Ran> => mosaicOn(database.url, ...words)
const mosaicOn = (url: string, ...words: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: url }
    execFile(process.execPath, [main, ...words], { env }, (error, out) =>
      resolve({ code: error ? Number(error.code) : 0, out }),
    )
  })

/** Of operators, oldest first. */
async function entries(act: string, url = database.url): Promise<Record<string, unknown>[]> {
  const { out } = await mosaicOn(url, 'audit', '--as', 'vera', '--act', act, '--json')
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .reverse()
}

test('every command says how it is noted', () => {
  expect(Object.keys(commandTrail).sort()).toEqual(commands.map(({ name }) => name).sort())
})

test('a principal is told apart into account, node, and the name that was given', () => {
  const node = nodeId('durres.example')

  expect(operatorOf(node).id).toBe(`operator:${userInfo().username}@durres.example`)
  expect(operatorOf(node, 'Besa @ desk/2').id).toBe(
    `operator:${userInfo().username}/Besa @ desk/2@durres.example`,
  )
  expect(sayPrincipal('operator:root/Besa @ desk/2@durres.example')).toBe(
    'root at durres.example, as "Besa @ desk/2"',
  )
  expect(sayPrincipal('operator:root@durres.example')).toBe('root at durres.example')
  expect(sayPrincipal('person:ana@durres.example')).toBe('person:ana@durres.example')
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
    { act: 'administer', outcome: 'asked', query: { command: 'user add', words: ['ana'] } },
    { act: 'administer', outcome: expect.any(String), query: { command: 'user add', words: ['ana'] } },
    { act: 'read', query: { command: 'quarantine', options: { id: '7' } } },
  ])
  expect(out).toContain('"command":"explain access"')
}, 60_000)

test('what was refused stands there as asked and as refused, with the code of what refused it', async () => {
  await mosaic('user', 'add', 'bora', '--name', 'Bora Kola', '--org', 'org-nowhere')
  await mosaic('user', 'disable', 'nobody')

  expect((await entries('administer')).slice(-4)).toMatchObject([
    { outcome: 'asked', query: { command: 'user add', words: ['bora'] } },
    { outcome: 'refused', reason: 'access/organisation-unknown', query: { words: ['bora'] } },
    { outcome: 'asked', query: { command: 'user disable', words: ['nobody'] } },
    { outcome: 'refused', query: { words: ['nobody'] } },
  ])
}, 60_000)

test('a restore is the first entry after what the backup brought', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mosaic-trail-'))
  const file = join(folder, 'node.mosaic')
  await using restored = await emptyDatabase()
  await mosaic('backup', file)

  const ran = await mosaicOn(restored.url, 'restore', file)

  expect(ran.code).toBe(0)
  expect((await entries('administer', restored.url)).at(-1)).toMatchObject({
    outcome: 'done',
    principal: `operator:${userInfo().username}@mosaic.localhost`,
    reason: expect.stringMatching(/^backup of .*, SHA-256 [0-9a-f]{64}$/),
    query: { command: 'restore', words: [file] },
  })
  expect(await mosaicOn(restored.url, 'audit', 'verify')).toMatchObject({ code: 0 })
  await rm(folder, { recursive: true })
}, 120_000)
