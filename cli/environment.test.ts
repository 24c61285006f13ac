/** Readings, limits, return periods and notifications from the command line, on a node of their own. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../test/support/database.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'mosaic-environment-'))
  await writeFile(
    join(folder, 'mapping.json'),
    JSON.stringify({
      time: { column: 'time' },
      value: { column: 'value' },
      station: { column: 'station' },
      property: { column: 'property' },
      unit: { column: 'unit' },
      longitude: { always: '22.503' },
      latitude: { always: '41.139' },
    }),
  )
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number; readonly out: string; readonly talk: string }
function mosaic(...words: readonly string[]): Promise<Ran> {
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    MOSAIC_DATA: folder,
    MOSAIC_NAME: 'skopje.example',
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], { env, cwd: folder }, (error, out, talk) =>
      resolve({ code: error ? Number(error.code) : 0, out, talk }),
    )
  })
}
const head = 'time,value,station,property,unit'
const table = [
  '--format',
  'table',
  '--mapping',
  'mapping.json',
  '--source',
  'gauges',
  '--licence',
  'CC-BY-4.0',
  '--credit',
  'Gauges',
]
const lines = <Line>({ out }: Ran): Line[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

describe('readings at the command line', () => {
  test('without writing say what would be held and why', async () => {
    const rows = [head, '2026-01-10T08:00:00Z,40,a,NO2,µg/m³', '2026-01-10T09:00:00Z,40,a,NO2,furlong']
    await writeFile(join(folder, 'air.csv'), rows.join('\n'))

    const ran = await mosaic('readings', 'import', 'air.csv', ...table, '--dry-run')

    expect(ran.out).toContain('2 accepted, 0 unchanged, 1 held')
    expect(ran.talk).toContain('environment/wrong-unit')
  }, 60_000)

  test('refuse a mapping that is wrong, and a format that is not said', async () => {
    await writeFile(join(folder, 'wrong.json'), '{"time":{}}')

    const wrong = await mosaic(
      'readings',
      'import',
      'air.csv',
      ...table.map((word) => (word === 'mapping.json' ? 'wrong.json' : word)),
    )
    const unsaid = await mosaic('readings', 'import', 'air.csv')

    expect([wrong.code, unsaid.code]).toEqual([2, 2])
    expect(wrong.talk).toContain('/time')
  }, 60_000)

  test('above an agreed limit open a notification, which the node itself cannot answer', async () => {
    const agreed = [
      'limit',
      'agree',
      'danger',
      '--property',
      'water-level',
      '--kind',
      'danger-level',
      '--value',
      '4.5',
    ]
    await mosaic(...agreed, '--because', 'Flood defence plan', '--as', 'Ana Ristova')
    const lately = new Date(Date.now() - 3_600_000).toISOString()
    await writeFile(join(folder, 'level.csv'), `${head}\n${lately},480,vardar,water level,cm`)
    await mosaic('readings', 'import', 'level.csv', ...table)

    const listed = lines<{ id: string; body: { to: string; peak: number }; clock: { state: string } }>(
      await mosaic('notification', 'list', '--country', 'GR', '--json'),
    )
    const answered = await mosaic('notification', 'acknowledge', String(listed[0]?.id), '--as', 'Ana Ristova')
    const limits = await mosaic('limit', 'list')

    expect(listed).toMatchObject([{ body: { to: 'GR', peak: 4.8 } }])
    expect(answered).toMatchObject({ code: 1, talk: expect.stringContaining('the neighbour answers') })
    expect(limits.out).toContain('danger  water-level danger-level above 4.5 m')
    expect(limits.out).toContain('eu-2008-50-o3-alert')
  }, 120_000)

  test('of many years say how rare a flood is, and of few say that they are too few', async () => {
    const day = 86_400_000
    const rows = Array.from({ length: 18 * 365 }, (_, at) => {
      const time = new Date(Date.UTC(2001, 0, 1) + at * day)
      const isPeak = at % 365 === 100
      const flood = 800 - 150 * Math.log(-Math.log((((at / 365) * 0.618) % 0.96) + 0.02))
      const value = isPeak ? Math.round(flood) : 200 + (at % 9)
      return `${time.toISOString()},${value},sava,discharge,m3/s`
    })
    await writeFile(join(folder, 'flow.csv'), [head, ...rows].join('\n'))
    await mosaic('readings', 'import', 'flow.csv', ...table)

    const found = await mosaic('return-periods', 'gauges:sava/discharge', '--value', '1200')
    const few = await mosaic('return-periods', 'gauges:vardar/water level')

    expect(found.out).toMatch(/once in 100 years: \d+.*other methods \d+/)
    expect(found.out).toMatch(/1200: once in [\d.]+ years/)
    expect(few).toMatchObject({ code: 1, talk: expect.stringContaining('15 are needed') })
  }, 240_000)
})
