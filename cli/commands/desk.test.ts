/** The commands of the desk, as a child process on one database, by accounts with roles. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCap } from '../../engines/formats/index.ts'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
// biome-ignore lint/suspicious/noExplicitAny: tests read what the program prints
type Line = any
type Ran = { readonly code: number; readonly lines: readonly Line[]; readonly talk: string }

let folder = ''
let database: TestDatabase

function mosaic(...words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, MOSAIC_DATA: join(folder, 'data'), DATABASE_URL: database.url }
    execFile(
      process.execPath,
      [join(root, 'cli/main.ts'), ...words, '--json'],
      { cwd: folder, env },
      (error, out, talk) =>
        resolve({
          code: error ? Number(error.code) : 0,
          lines: out
            .split('\n')
            .filter((line) => line.startsWith('{'))
            .map((line) => JSON.parse(line)),
          talk,
        }),
    )
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-desk-'))
  database = await testDatabase()
  await mkdir(join(folder, 'data'))
  const issueRules = [
    {
      id: 'albania',
      realm: 'actual',
      countries: ['AL'],
      mandate: { kind: 'authority', of: ['AL'], text: 'Law 45/2019' },
      issues: 'by-person',
      sender: 'warnings@durres.example',
      senderName: { en: 'Civil protection' },
    },
  ]
  await writeFile(join(folder, 'data', 'mosaic.json'), JSON.stringify({ issueRules }))
  await mosaic('org', 'add', 'org-dcp', '--name', 'Civil Protection', '--standing', 'home')
  for (const [login, name, role] of [
    ['ana', 'Ana Marku', 'duty-officer'],
    ['besa', 'Besa Hoxha', 'approver'],
  ] as const) {
    const added = await mosaic('user', 'add', login, '--name', name, '--org', 'org-dcp', '--role', role)
    if (added.code !== 0) throw new Error(added.talk)
  }
}, 120_000)
afterAll(async () => {
  await database?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const text = (event: string, headline: string, description: string, instruction: string) => ({
  ...{ event, headline, description, instruction },
  isReviewed: true,
})

test(
  'a warning goes from a file to signed CAP by two accounts, and neither may do the other’s part',
  {
    timeout: 180_000,
  },
  async () => {
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
    const begun = await mosaic(
      ...['desk', 'new', '--country', 'AL', '--hazard', 'flood', '--expires', inHours(24), '--as', 'ana'],
    )
    if (begun.code !== 0) throw new Error(begun.talk)
    const [{ id, content }] = begun.lines
    const file = join(folder, 'content.json')
    const ring = [
      [41.7, 19.5],
      [41.7, 19.7],
      [41.9, 19.7],
      [41.7, 19.5],
    ]
    await writeFile(
      file,
      JSON.stringify({
        ...content,
        ...{ category: ['Met'], responseType: ['Prepare'] },
        ...{ urgency: 'Expected', severity: 'Severe', certainty: 'Likely' },
        areas: [{ desc: { en: 'Lower Drin' }, polygons: [ring], circles: [], geocodes: [] }],
        texts: {
          en: text('Flood', 'Flood on the lower Drin', 'Water rises to 3.2 m.', 'Go up.'),
          sq: text('Përmbytje', 'Përmbytje në Drin', 'Uji ngjitet në 3,2 m.', 'Shkoni lart.'),
        },
      }),
    )
    const edited = await mosaic('desk', 'edit', id, file, '--based-on', '1', '--as', 'ana')
    await mosaic('desk', 'submit', id, '--as', 'ana')
    const own = await mosaic('desk', 'approve', id, '--as', 'ana')
    await mosaic('desk', 'approve', id, '--as', 'besa')
    const issued = await mosaic('desk', 'issue', id, '--as', 'ana')
    const [warning] = (await mosaic('records', '--type', 'warn.warning')).lines
    expect(edited.lines[0]).toMatchObject({ version: 2, state: 'draft' })
    expect(own).toMatchObject({ code: 1, talk: expect.stringContaining('warn/draft-role-missing') })
    expect(issued).toMatchObject({ code: 0, lines: [{ state: 'issued' }] })
    expect(readCap(warning.body.xml)).toMatchObject({ verdict: 'clean', alert: { signatures: 1 } })
  },
)
