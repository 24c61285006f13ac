/** The one-time link of the first administrator, as the program gives it where nobody watches: to its own account alone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { instant } from '../engines/record/index.ts'
import { testDatabase } from '../test/support/database.ts'
import { inviteFirst } from './commands/first-run.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

test('without a terminal the link stands in a file of the owner, in no log, and goes when the node stops', async () => {
  await using database = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'mosaic-first-'))
  const env = { ...process.env, DATABASE_URL: database.url, MOSAIC_DATA: folder, MOSAIC_PORT: '0' }
  const node = spawn(process.execPath, [main, 'start', '--json'], {
    env: { ...env, MOSAIC_LIVE: 'off' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said: string[] = []
  for await (const line of createInterface({ input: node.stderr })) {
    said.push(line)
    if (line.startsWith('The link opens once')) break
  }
  const file = join(folder, 'first-administrator-link')
  const link = await readFile(file, 'utf8')

  expect(link).toMatch(/^http:\/\/localhost:\d+\/enrol#[\w-]{43}\n$/)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(said.join('\n')).toContain(file)
  expect(said.join('\n')).not.toContain('#')
  node.kill('SIGTERM')
  await once(node, 'exit')
  expect(existsSync(file)).toBe(false)
  await rm(folder, { recursive: true })
}, 60_000)

test('a person at the terminal is given it there, and a file of an earlier start is taken away', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mosaic-first-'))
  const link = { kind: 'first-administrator', secret: 's3cret', expiresAt: instant('2026-03-02T00:00:00Z') }
  const enrolment = { firstRunLink: async () => link } as never
  const said: string[] = []
  const out = { say: (text: string) => said.push(text) } as never
  const where = { address: 'http://localhost:8420', folder }
  await inviteFirst({ out }, { enrolment }, where, false)

  await inviteFirst({ out }, { enrolment }, where, true)

  expect(said.at(-2)).toContain('http://localhost:8420/enrol#s3cret')
  expect(existsSync(join(folder, 'first-administrator-link'))).toBe(false)
  await rm(folder, { recursive: true })
})
