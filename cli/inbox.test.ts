/** Forms, alarms and the register of contacts from the command line, on a node of their own, in an exercise. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../test/support/database.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const example = fileURLToPath(new URL('../docs/examples/early-warning.json', import.meta.url))
let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'mosaic-inbox-'))
  await writeFile(join(folder, 'gaps.json'), '{ "expectedEffects": "Smell." }')
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
    MOSAIC_NAME: 'office.example',
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], { env, cwd: folder }, (error, out, talk) =>
      resolve({ code: error ? Number(error.code) : 0, out, talk }),
    )
  })
}
const by = ['--as', 'Petya Dimitrova', '--role', 'duty officer']
const drill = ['--realm', 'exercise:border-plant']
const setContact = (id: string, system: string) =>
  mosaic(
    'contact',
    'set',
    id,
    '--country',
    'BG',
    '--system',
    system,
    '--node',
    'office.example',
    '--because',
    'Drill',
    ...by,
  )

describe('an accident at the border', () => {
  test('is drafted, sent only whole and only by who speaks for a country, and its clock is shown as an exercise', async () => {
    const draft = ['form', 'draft', 'ruse', '--form', 'early-warning', '--to', 'ro', ...drill, ...by]
    await mosaic(...draft, '--fields', 'gaps.json')
    const nobody = await mosaic('form', 'send', 'ruse', ...drill, ...by)
    await setContact('bg-accidents', 'industrial-accidents')
    const gaps = await mosaic('form', 'send', 'ruse', ...drill, ...by)
    await mosaic(...draft, '--fields', example)
    const sent = await mosaic('form', 'send', 'ruse', ...drill, ...by)
    const again = await mosaic('form', 'send', 'ruse', ...drill, ...by)
    const shown = await mosaic('inbox', ...drill)
    const real = await mosaic('inbox')
    const tests = await mosaic('contact', 'tests', '--due')

    expect(nobody).toMatchObject({ code: 1, talk: expect.stringContaining('speaks for no point of contact') })
    expect(gaps).toMatchObject({ code: 1, talk: expect.stringContaining('/fields') })
    expect(sent).toMatchObject({ code: 0, out: expect.stringMatching(/^appended {2}[0-9a-f]{40}@1/) })
    expect(again).toMatchObject({ code: 1, talk: expect.stringContaining('sent before') })
    expect(shown.out).toMatch(/out {2}EXERCISE {2}waiting {2}EXERCISE EXERCISE EXERCISE: /)
    expect(shown.out).toContain('RO ro-accidents: waiting since ')
    expect(real.talk).toContain('nothing of the kind')
    expect(tests.out).toContain('ro-accidents  RO  tested never, answered never, due')
  }, 240_000)

  test('on the river is told to every centre downstream and ended by who raised it', async () => {
    const order = [
      '--longitude',
      '22.9',
      '--latitude',
      '44.0',
      '--kind',
      'pollution',
      '--what',
      'Oil on the water',
    ]
    const early = await mosaic('alarm', 'raise', 'vidin', ...order, ...drill, ...by)
    await setContact('bg-danube', 'danube-alarm')
    const raised = await mosaic('alarm', 'raise', 'vidin', ...order, ...drill, ...by)
    const id = raised.out.slice(10, 50)
    const shown = await mosaic('inbox', '--kind', 'alarm', ...drill)
    const own = await mosaic('notification', 'acknowledge', id, ...by)
    const ended = await mosaic('alarm', 'end', id, '--because', 'Held', ...by)
    const twice = await mosaic('alarm', 'end', id, '--because', 'Held', ...by)

    expect(early).toMatchObject({ code: 1, talk: expect.stringContaining('no alert centre') })
    expect(raised.code).toBe(0)
    const told = shown.out.split('\n').flatMap((line) => /^ {4}([A-Z]{2}) \S+-danube/.exec(line)?.[1] ?? [])
    expect(told).toEqual(['RO', 'MD', 'UA'])
    expect(shown.out).toContain('water there')
    expect(own).toMatchObject({ code: 1, talk: expect.stringContaining('the neighbour answers') })
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('@2') })
    expect(twice).toMatchObject({ code: 1, talk: expect.stringContaining('ended before') })
  }, 240_000)
})
