/** Releases, lists and exports for one person, from the command line, on a node that holds what not everybody may have. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createRegistry,
  type MosaicRecord,
  nodeId,
  recordRelease,
  systemClock,
} from '../engines/record/index.ts'
import { type OpenStore, openStore } from '../engines/store/index.ts'
import { aPeerRecord, arriving, skopje } from '../engines/store/receive.test-support.ts'
import { aReport } from '../engines/store/store.test-support.ts'
import { type TestDatabase, testDatabase } from '../test/support/database.ts'
import { release } from './commands/release.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
let database: TestDatabase
let store: OpenStore
let folder: string
let amber: MosaicRecord
let open: MosaicRecord
let derived: MosaicRecord

async function written(draft: Parameters<OpenStore['append']>[0][number]): Promise<MosaicRecord> {
  const [outcome] = await store.append([draft])
  if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
  return outcome.record
}

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'mosaic-release-'))
  store = await openStore({
    ...{ url: database.url, node: nodeId('mosaic.localhost'), clock: systemClock },
    registry: createRegistry([recordRelease]),
  })
  const type = 'test.note'
  amber = await written(aReport({ type, key: 'amber', handling: { tlp: 'TLP:AMBER' } }))
  open = await written(aReport({ type, key: 'open' }))
  const theirs = aPeerRecord({ type, key: 'theirs', handling: { tlp: 'TLP:AMBER' } })
  await store.receive([arriving(theirs)])
  derived = await written(
    aReport({ type, key: 'derived', links: [{ type: 'derivedFrom', id: theirs.id, version: 1 }] }),
  )
  await mosaic('org', 'add', 'org-dcp', '--name', 'Civil Protection', '--standing', 'home')
  for (const [login, role] of [
    ['ben', 'analyst'],
    ['vlera', 'reader'],
  ])
    await mosaic(
      ...['user', 'add', String(login), '--name', String(login), '--org', 'org-dcp'],
      ...['--role', String(role), '--clearance', '*=TLP:CLEAR', '--purpose', 'civil-protection'],
    )
}, 180_000)
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number; readonly out: string; readonly talk: string }
function mosaic(...words: readonly string[]): Promise<Ran> {
  const env = { ...process.env, DATABASE_URL: database.url, MOSAIC_DATA: folder }
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], { env, cwd: folder }, (error, out, talk) =>
      resolve({ code: error ? Number(error.code) : 0, out, talk }),
    )
  })
}
const lines = <Line>({ out }: Ran): Line[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
const by = ['--because', 'agreed with the service', '--as', 'Besa Hoxha']

describe('a release', () => {
  test('of a record of this node is appended, audited and listed', async () => {
    const first = await mosaic('release', amber.id.slice(0, 10), '--to', 'CLEAR', ...by, '--json')

    const [made] = lines<MosaicRecord>(first)
    expect(made).toMatchObject({
      type: 'record.release',
      origin: 'mosaic.localhost',
      producer: { name: 'Besa Hoxha' },
      handling: { tlp: 'TLP:AMBER' },
      links: [{ type: 'releases', id: amber.id, version: 1 }],
      body: { as: { tlp: 'TLP:CLEAR' }, because: 'agreed with the service' },
    })
    const listed = await mosaic('releases')
    expect(listed.out).toContain(`${amber.id}@1 → TLP:CLEAR`)
    const operator = `operator:${userInfo().username}/Besa Hoxha@mosaic.localhost`
    const trail = await mosaic('audit', '--as', 'vera', '--record', amber.id, '--json')
    expect(lines<object>(trail)).toMatchObject([
      { act: 'change', outcome: 'done', principal: operator, records: [amber.id] },
      { act: 'change', outcome: 'asked', principal: operator, records: [amber.id] },
    ])
  }, 180_000)

  test('that is not ours to give is refused with whom to ask', async () => {
    const ran = await mosaic('release', derived.id, '--to', 'CLEAR', ...by)

    expect([ran.code, ran.talk.includes(`came from ${skopje}; ask them`)]).toEqual([1, true])
  }, 60_000)

  test.each([
    [{}, 'Name records, or give a standing rule'],
    [{ 'up-to': 'AMBER' }, '--up-to belongs to a standing rule'],
    [{ types: ['hazards.*'] }, '--up-to LABEL'],
    [{ types: ['hazards.*'], 'up-to': 'GREEN', to: 'AMBER' }, 'would let nothing out'],
    [{ types: ['Hazards'], 'up-to': 'AMBER' }, '"Hazards" is no type'],
  ])('of %j is misused', (words, says) => {
    const values = { to: 'CLEAR', because: 'agreed', as: 'Besa Hoxha', ...words }
    const out = { line: () => {}, object: () => {}, say: () => {}, progress: () => {} }
    const run = {
      command: 'release',
      values,
      positionals: [],
      json: false,
      out,
      signal: AbortSignal.timeout(1000),
    }

    expect(() => release.run(run)).toThrow(says)
  })
})

describe('what one person may have', () => {
  const keys = (ran: Ran) => lines<MosaicRecord>(ran).map(({ key }) => key)

  test('is listed as they would see it; without --as the operator sees everything', async () => {
    const list = (...words: readonly string[]) => mosaic('records', '--type', 'test.note', '--json', ...words)
    const [all, ben, nobody] = [await list(), await list('--as', 'ben'), await list('--as', 'nobody')]

    expect([all, ben].map(keys)).toEqual([['amber', 'open', 'theirs', 'derived'], ['open']])
    expect(nobody).toMatchObject({ code: 1, out: '' })
  }, 180_000)

  test('is exported, on the trail before it is written, and verified from the file alone', async () => {
    const file = join(folder, 'ben.jsonl')
    const options = ['--as', 'ben', '--types', 'test.*', '--with-proofs', '--case', '12/2026']

    const made = await mosaic('export', file, ...options)
    const verified = await mosaic('verify', file)

    expect(made.talk).toBe('')
    expect(made.out).toContain('1 records')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).not.toContain('amber"')
    expect(verified).toMatchObject({ code: 0 })
    expect(verified.out).toContain('for person:ben@mosaic.localhost')
    expect(verified.out).toContain('1 records, 1 of them proven')
    expect(verified.talk).toContain('Give --key')
    const trail = await mosaic('audit', '--as', 'vera', '--act', 'export', '--json')
    expect(lines<object>(trail).slice(0, 1)).toMatchObject([
      { principal: 'person:ben@mosaic.localhost', caseNumber: '12/2026', results: 1, records: [open.id] },
    ])
  }, 180_000)

  test('is refused to whose role does not export, and that too is on the trail', async () => {
    const ran = await mosaic('export', join(folder, 'no.jsonl'), '--as', 'vlera')

    expect([ran.code, ran.talk.includes('takes the role')]).toEqual([1, true])
    await expect(stat(join(folder, 'no.jsonl'))).rejects.toThrow()
    const trail = await mosaic('audit', '--as', 'vera', '--act', 'export', '--outcome', 'refused', '--json')
    expect(lines<object>(trail)).toHaveLength(1)
  }, 180_000)
})
