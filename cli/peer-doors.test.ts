/** What the commands that make peers say to what is no peer: they make nothing, and name what was wrong. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../test/support/database.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
let database: TestDatabase
let folder = ''
beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'mosaic-doors-'))
}, 60_000)
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await database?.[Symbol.asyncDispose]()
})

type Ran = { readonly code: number; readonly out: string; readonly talk: string }
const mosaic = (...words: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: database.url }
    execFile(process.execPath, [main, ...words], { env, cwd: folder }, (error, out, talk) =>
      resolve({ code: error ? Number(error.code) : 0, out, talk }),
    )
  })

describe('pairing', () => {
  test('refuses a folder in which no node lives, and leaves none behind', async () => {
    const ran = await mosaic('peer', 'pair', 'nrth=http://127.0.0.1:1', 'south=http://127.0.0.1:2')

    expect(ran).toMatchObject({ code: 1, out: '' })
    expect(ran.talk).toContain('nrth is no data folder of a node')
    expect(existsSync(join(folder, 'nrth'))).toBe(false)
  })
})

describe('adding a peer', () => {
  test.each([
    [['nonsense'], 1, '"nonsense" is no address'],
    [['ftp://tirana.example'], 1, 'neither https nor http'],
    [['http://tirana.example'], 1, 'not encrypted'],
    [['http://127.0.0.1:1'], 1, 'cannot be reached'],
    [['http://127.0.0.1:1', '--ca', 'no-such.pem'], 2, '--ca names no-such.pem, which cannot be read'],
    [['http://127.0.0.1:1', '--clearance', 'GREEN'], 2, '--clearance takes COMMUNITY:LABEL'],
    [['http://127.0.0.1:1', '--give', '*:PURPLE'], 1, 'no label of TLP'],
  ])(
    '%j is refused in words',
    async (words, code, says) => {
      const ran = await mosaic('peer', 'add', ...words)

      expect(ran).toMatchObject({ code, out: '' })
      expect(ran.talk).toContain(says)
      expect(ran.talk).not.toMatch(/\n {4}at /)
    },
    30_000,
  )
})
