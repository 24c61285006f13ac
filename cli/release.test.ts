/** Releases, lists and exports for one person, from the command line, on a node that holds what not everybody may have. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
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

const main = fileURLToPath(new URL('main.ts', import.meta.url))
let database: TestDatabase
let store: OpenStore
let folder: string
let amber: MosaicRecord
let open: MosaicRecord
let theirs: MosaicRecord
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
  theirs = aPeerRecord({ type, key: 'theirs', handling: { tlp: 'TLP:AMBER' } })
  await store.receive([arriving(theirs)])
  derived = await written(
    aReport({ type, key: 'derived', links: [{ type: 'derivedFrom', id: theirs.id, version: 1 }] }),
  )
  await mosaic('org', 'add', 'org-dcp', '--name', 'Civil Protection', '--standing', 'home')
  for (const [login, label] of [
    ['ana', 'AMBER'],
    ['ben', 'CLEAR'],
  ])
    await mosaic(
      ...['user', 'add', String(login), '--name', String(login), '--org', 'org-dcp'],
      ...['--role', 'analyst', '--clearance', `*=TLP:${label}`, '--purpose', 'civil-protection'],
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
  test('of a record of this node is appended, audited and listed, and is the same when it is said again', async () => {
    const first = await mosaic('release', amber.id.slice(0, 10), '--to', 'CLEAR', ...by, '--json')
    const again = await mosaic('release', amber.id.slice(0, 10), '--to', 'TLP:GREEN', ...by, '--json')

    const [release] = lines<MosaicRecord>(first)
    expect(release).toMatchObject({
      type: 'record.release',
      origin: 'mosaic.localhost',
      producer: { name: 'Besa Hoxha' },
      handling: { tlp: 'TLP:AMBER' },
      links: [{ type: 'releases', id: amber.id, version: 1 }],
      body: { as: { tlp: 'TLP:CLEAR' }, because: 'agreed with the service' },
    })
    expect(lines<MosaicRecord>(again)).toMatchObject([{ id: release?.id, version: 2 }])
    const listed = await mosaic('releases')
    expect(listed.out).toContain(`${amber.id}@1 → TLP:GREEN`)
    const trail = await mosaic('audit', '--as', 'vera', '--record', amber.id, '--json')
    expect(lines<object>(trail)).toMatchObject([
      { act: 'change', principal: 'operator:Besa Hoxha@mosaic.localhost', records: [amber.id] },
      { act: 'change' },
    ])
  }, 180_000)

  test('as a standing rule says what it lets out, and ends when it is recalled', async () => {
    const made = await mosaic(
      ...[
        'release',
        '--types',
        'hazards.impact,hazards.*',
        '--up-to',
        'AMBER',
        '--to',
        'CLEAR',
        '--area',
        'AL',
      ],
      ...[...by, '--json'],
    )
    const [release] = lines<MosaicRecord>(made)
    const listed = await mosaic('releases')
    const recalled = await mosaic('recall', release?.id ?? '', ...by)
    const after = await mosaic('releases')
    const anew = await mosaic(
      ...[
        'release',
        '--types',
        'hazards.impact,hazards.*',
        '--up-to',
        'AMBER',
        '--to',
        'CLEAR',
        '--area',
        'AL',
      ],
      ...[...by, '--json'],
    )

    expect(release).toMatchObject({
      handling: { tlp: 'TLP:CLEAR' },
      body: { what: { kind: 'standing', upTo: 'TLP:AMBER', areas: [{ scheme: 'ISO3166-1', code: 'AL' }] } },
    })
    expect(listed.out).toContain('up to TLP:AMBER, ISO3166-1:AL → TLP:CLEAR')
    expect(recalled.code).toBe(0)
    expect(after.out).not.toContain(release?.id)
    expect(lines<MosaicRecord>(anew)[0]?.id).not.toBe(release?.id)
  }, 180_000)

  test('is refused with its reason, and nothing is written: not ours, restricted elsewhere, not restricted, no less', async () => {
    const head = await store.head()
    const ran = await Promise.all([
      mosaic('release', theirs.id, '--to', 'CLEAR', ...by),
      mosaic('release', derived.id, '--to', 'CLEAR', ...by),
      mosaic('release', open.id, '--to', 'CLEAR', ...by),
      mosaic('release', amber.id, '--to', 'RED', ...by),
    ])

    expect(ran.map(({ code }) => code)).toEqual([1, 1, 1, 1])
    expect(ran[0]?.talk).toContain(`a record of ${skopje}; only its origin releases it`)
    expect(ran[1]?.talk).toContain(`came from ${skopje}; ask them`)
    expect(ran[2]?.talk).toContain('not restricted')
    expect(ran[3]?.talk).toContain('nothing more out')
    expect(await store.head()).toBe(head)
  }, 180_000)

  test.each([
    [[], 'Name records, or give a standing rule'],
    [['--up-to', 'AMBER'], '--up-to belongs to a standing rule'],
    [['--types', 'hazards.*'], '--up-to LABEL'],
    [['--types', 'hazards.*', '--up-to', 'GREEN', '--to', 'AMBER'], 'would let nothing out'],
  ])('of %j is misused', async (words, says) => {
    const ran = await mosaic('release', ...(words.includes('--to') ? [] : ['--to', 'CLEAR']), ...words, ...by)

    expect([ran.code, ran.talk.includes(says)]).toEqual([2, true])
  }, 60_000)
})

describe('what one person may have', () => {
  const keys = (ran: Ran) => lines<MosaicRecord>(ran).map(({ key }) => key)

  test('is listed as they would see it; without --as the operator sees everything', async () => {
    const list = (...words: readonly string[]) => mosaic('records', '--type', 'test.note', '--json', ...words)
    const [all, ana, ben, anybody] = await Promise.all([
      list(),
      list('--as', 'ana'),
      list('--as', 'ben'),
      list('--as', 'public'),
    ])

    expect([all, ana, ben, anybody].map(keys)).toEqual([
      ['amber', 'open', 'theirs', 'derived'],
      ['amber', 'open', 'theirs', 'derived'],
      ['open'],
      ['open'],
    ])
    expect((await list('--as', 'nobody')).code).toBe(1)
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
    expect(verified.out).toContain('for person:ben@mosaic.localhost')
    expect(verified.out).toContain('1 records, 1 of them proven')
    expect(verified.talk).toContain('Give --key')
    const trail = await mosaic('audit', '--as', 'vera', '--act', 'export', '--json')
    expect(lines<object>(trail).slice(0, 1)).toMatchObject([
      { principal: 'person:ben@mosaic.localhost', caseNumber: '12/2026', results: 1, records: [open.id] },
    ])
  }, 180_000)

  test('is refused to whose role does not export, and that too is on the trail', async () => {
    await mosaic('user', 'grant', 'ben', '--role', 'reader')
    const ran = await mosaic('export', join(folder, 'no.jsonl'), '--as', 'ben')

    expect([ran.code, ran.talk.includes('takes the role')]).toEqual([1, true])
    await expect(stat(join(folder, 'no.jsonl'))).rejects.toThrow()
    const trail = await mosaic('audit', '--as', 'vera', '--act', 'export', '--outcome', 'refused', '--json')
    expect(lines<object>(trail)).toHaveLength(1)
  }, 180_000)
})
