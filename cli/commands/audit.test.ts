/** The commands about the audit, retention and data protection, as a child process on one database. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actual, type Draft, instant, nodeId, systemClock } from '../../engines/record/index.ts'
import { openStore } from '../../engines/store/index.ts'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const past = instant('2024-01-01T00:00:00Z')
const slow = { timeout: 60_000 }

type Ran = { readonly code: number; readonly out: string; readonly talk: string }
// biome-ignore lint/suspicious/noExplicitAny: tests read what the program prints
type Line = any

let folder = ''
let database: TestDatabase
const ids: Record<string, string> = {}

function mosaic(...words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, MOSAIC_DATA: join(folder, 'data'), DATABASE_URL: database.url }
    execFile(
      process.execPath,
      [join(root, 'cli/main.ts'), ...words],
      { cwd: folder, env },
      (error, out, talk) => resolve({ code: error ? Number(error.code) : 0, out, talk }),
    )
  })
}
const lines = ({ out }: Ran): Line[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-audit-'))
  database = await testDatabase()
  await using store = await openStore({
    url: database.url,
    node: nodeId('mosaic.localhost'),
    clock: systemClock,
  })
  const aCase = (key: string, body: unknown, handling: Draft['handling']): Draft => ({
    ...{ type: 'crime.case', key, body, realm: actual, valid: { from: past } },
    producer: { kind: 'source', name: 'desk' },
    ...(handling ? { handling } : {}),
  })
  const appended = await store.append([
    aCase('kept', { name: 'Arta Hoxa', witness: { name: 'Besa Leka' } }, { tlp: 'TLP:AMBER' }),
    aCase('over', { name: 'Gone' }, { tlp: 'TLP:AMBER', retainUntil: past }),
  ])
  for (const one of appended) if (one.kind === 'appended') ids[one.record.key] = one.record.id
}, 60_000)
afterAll(async () => {
  await database?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

describe('what is kept as long as it may', () => {
  test('is counted, erased once, and the erasure is on record and on the trail', slow, async () => {
    const [due] = lines(await mosaic('retention', '--dry-run', '--json'))
    const [erased] = lines(await mosaic('retention', '--json'))
    const [again] = lines(await mosaic('retention', '--json'))
    const trail = lines(await mosaic('audit', '--as', 'vera', '--act', 'erase', '--json'))

    expect([due, erased.records, again.records]).toEqual([{ due: 1 }, 1, 0])
    expect(trail).toMatchObject([{ principal: 'node:mosaic.localhost', records: [ids['over']] }])
    expect(lines(await mosaic('records', '--type', 'access.erasure', '--json'))).toHaveLength(1)
  })
})

describe('the person concerned', () => {
  test('is found, with third persons marked, in a file for its owner alone', slow, async () => {
    const file = join(folder, 'arta.json')
    const asked = [
      'subject-access',
      '--name',
      'arta hoxa',
      '--as',
      'ana',
      '--because',
      'Request 12',
      '--into',
      file,
    ]

    const ran = await mosaic(...asked)

    expect(ran).toMatchObject({ code: 0, out: '' })
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      reason: 'Request 12',
      records: [{ id: ids['kept'], thirdPersons: ['/body/witness'], cautions: ['third-persons'] }],
    })
    expect((await stat(file)).mode & 0o077).toBe(0)
    const [entry] = lines(await mosaic('audit', '--as', 'vera', '--act', 'subject-access', '--json'))
    expect(entry).toMatchObject({
      principal: `operator:${userInfo().username}/ana@mosaic.localhost`,
      reason: 'Request 12',
    })
    const list = await mosaic('audit', '--as', 'vera', '--act', 'subject-access')
    expect(list.out).toContain(`${userInfo().username} at mosaic.localhost, as "ana"`)
  })

  test('is put right by a next version and a notice', slow, async () => {
    const change = ['correction', (ids['kept'] ?? '').slice(0, 12), '--as', 'ana', '--because', 'Misspelt']

    const wrong = await mosaic(...change, '--set', '/nmae="Arta Hoxha"')
    const [corrected] = lines(await mosaic(...change, '--set', '/name="Arta Hoxha"', '--json'))

    expect(wrong).toMatchObject({ code: 1, talk: expect.stringContaining('access/no-such-place') })
    expect(corrected).toMatchObject({
      kind: 'corrected',
      record: { version: 2, body: { name: 'Arta Hoxha' } },
      notice: { type: 'access.correction', body: { was: 1, now: 2 } },
    })
  })
})

describe('oversight', () => {
  test('verifies the trail, counts it, and sees who looked and what waits', slow, async () => {
    const looks = lines(await mosaic('looks', ids['kept'] ?? '', '--as', 'ana', '--json'))
    const verified = lines(await mosaic('audit', 'verify', '--json'))
    const figures = lines(await mosaic('audit', 'figures', '--json'))

    expect(looks).toMatchObject([{ act: 'subject-access', node: 'mosaic.localhost' }])
    expect(verified).toMatchObject([{ kind: 'sound', entries: expect.any(Number) }])
    expect(JSON.stringify(figures)).not.toContain('operator:')
    expect(await mosaic('break-glass')).toMatchObject({ code: 0 })
    expect(await mosaic('quota', '--as', 'vera')).toMatchObject({ code: 0 })
  })

  test('reads nothing without a name', slow, async () => {
    for (const words of [
      ['audit'],
      ['quota'],
      ['looks', 'abcdef'],
      ['subject-access', '--name', 'X', '--because', 'Y'],
    ])
      expect(await mosaic(...words)).toMatchObject({ code: 2, out: '' })
  })

  test('takes from mosaic.json who answers for the data and on what basis', slow, async () => {
    const file = join(folder, 'data', 'mosaic.json')
    const processing = {
      controller: 'Civil Protection, Durrës',
      dataProtectionOfficer: 'dpo@durres.example',
      legalBasis: { '*': 'Law 45/2019', 'crime.case': 'LED Art. 8' },
    }
    await mkdir(join(folder, 'data'), { recursive: true })
    await writeFile(file, JSON.stringify({ processing }))

    const [register] = lines(await mosaic('processing', '--json'))
    const findings = lines(await mosaic('doctor', '--json'))
    await rm(file)

    expect(register).toMatchObject({ controller: processing.controller, missing: [] })
    expect(register.activities).toContainEqual(
      expect.objectContaining({ type: 'crime.case', legalBasis: 'LED Art. 8' }),
    )
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'processing', says: expect.stringContaining('Durrës') }),
    )
    expect(findings).toContainEqual(expect.objectContaining({ check: 'people', says: '0 can sign in' }))
    expect(findings).toContainEqual(expect.objectContaining({ check: 'door', ok: true }))
  })

  test('prints the register of processing, and says what nobody has stated', slow, async () => {
    const text = await mosaic('processing')
    const [register] = lines(await mosaic('processing', '--json'))

    expect(text.out).toContain('# Register of processing: mosaic.localhost')
    expect(text.out).toContain('**Not stated yet:**')
    expect(register.activities.find(({ type }: Line) => type === 'crime.case')).toMatchObject({
      records: 2,
      erased: 1,
    })
  })
})
