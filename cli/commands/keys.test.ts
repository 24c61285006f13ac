/** The commands about keys and log, as child processes on databases of their own. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''
let lost: TestDatabase
let heir: TestDatabase

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-keys-'))
  lost = await testDatabase()
  heir = await testDatabase()
  await writeFile(join(folder, 'heir.json'), JSON.stringify({ name: 'heir.example' }))
})
afterAll(async () => {
  await lost[Symbol.asyncDispose]()
  await heir[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number | null; readonly out: string; readonly talk: string }

function mosaic(words: readonly string[], { as = lost, input = '' } = {}): Promise<Ran> {
  const config = as === heir ? { MOSAIC_CONFIG: join(folder, 'heir.json') } : {}
  const env = { ...process.env, MOSAIC_DATA: join(folder, 'data'), DATABASE_URL: as.url, ...config }
  const child = spawn(process.execPath, [join(root, 'cli/main.ts'), ...words], { cwd: folder, env })
  let out = ''
  let talk = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    talk += chunk
  })
  child.stdin.end(input)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, talk })))
}

const feed = join(root, 'fixtures/seismic/usgs-summary.json')

test('a log is exported, verified with a known key, and refused once a byte of it has changed', async () => {
  await mosaic(['ingest', '--source', 'usgs-earthquakes', '--file', feed, '--realm', 'test'])
  const [vkey = ''] = /\S+\/log\+\S+/.exec((await mosaic(['keys'])).out) ?? []

  const own = await mosaic(['verify'])
  const exported = await mosaic(['log', 'export', 'log', '--json'])
  const known = await mosaic(['verify', 'log', '--key', vkey])
  const unknown = await mosaic(['verify', 'log'])

  expect([own.code, exported.code, known.code, unknown.code]).toEqual([0, 0, 0, 0])
  expect(own.out).toContain('are what the log committed to')
  const { size, origin } = JSON.parse(exported.out)
  expect(known.out).toContain(`${origin}: ${size} entries, whole and signed`)
  expect(unknown.talk).toContain('Give --key')

  const file = join(folder, `log/tile/entries/000.p/${size}`)
  const bytes = await readFile(file)
  bytes[100] = (bytes[100] ?? 0) ^ 1
  await writeFile(file, bytes)
  const touched = await mosaic(['verify', 'log', '--json'])
  expect(touched.code).toBe(1)
  expect(JSON.parse(touched.out)).toMatchObject({
    kind: 'wrong',
    path: `tile/entries/000.p/${size}`,
    offset: 68,
  })
}, 120_000)

test('keys change with an overlap, the old one is revoked, and the database still verifies', async () => {
  const rotated = await mosaic(['keys', 'rotate', '--overlap', '7', '--json'])
  const listed = await mosaic(['keys', '--json'])
  const [current, old] = listed.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const self = await mosaic(['keys', 'revoke', current.keyId, '--reason', 'a trial'])
  const revoked = await mosaic(['keys', 'revoke', old.keyId, '--reason', 'the old machine was sold'])
  const records = await mosaic(['records', '--type', 'tlog.key', '--json'])

  expect([rotated.code, self.code, revoked.code]).toEqual([0, 1, 0])
  expect(JSON.parse(rotated.out)).toMatchObject({ keyId: current.keyId })
  expect(self.talk).toContain('tlog/key-unfit')
  expect(records.out.trim().split('\n')).toHaveLength(2)
  expect((await mosaic(['verify'])).code).toBe(0)
}, 120_000)

test('two people recover the keys, one does not, and another node succeeds the lost one', async () => {
  const split = await mosaic(['keys', 'split', 'node.escrow', '--shares', '3', '--json'])
  const shares = split.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).share as string)
  const { origin } = JSON.parse((await mosaic(['log', 'export', 'last', '--json'])).out)

  const alone = await mosaic(['keys', 'recover', 'node.escrow'], { input: `${shares[0]}\n\n` })
  const two = await mosaic(['keys', 'recover', 'node.escrow'], { input: `${shares[0]}\n${shares[2]}\n\n` })
  const elsewhere = await mosaic(['keys', 'recover', 'node.escrow'], {
    as: heir,
    input: `${shares[0]}\n${shares[1]}\n`,
  })
  const succeeded = await mosaic(
    ['keys', 'recover', 'node.escrow', '--succeed', 'last/checkpoint', '--json'],
    {
      as: heir,
      input: `${shares[1]}\n${shares[2]}\n`,
    },
  )

  expect([alone.code, two.code, elsewhere.code, succeeded.code]).toEqual([1, 0, 1, 0])
  expect(alone.talk).toContain('Recovery needs two people')
  expect(JSON.parse(succeeded.out)).toMatchObject({
    to: 'heir.example',
    kind: 'recovery',
    from: origin.replace('/log', ''),
  })
  expect((await mosaic(['verify'], { as: heir })).code).toBe(0)
}, 120_000)

test('a node hands over once, to one heir, and says so when it is asked', async () => {
  const to = (name: string, ...more: readonly string[]) =>
    mosaic(['keys', 'hand-over', name, ...more, '--json'], { as: heir })

  const unsaid = await to('vlora.example')
  const first = await to('vlora.example', '--confirm', 'heir.example')
  const second = await to('berat.example', '--confirm', 'heir.example')
  const shown = await mosaic(['successions', '--json'], { as: heir })

  expect([unsaid.code, first.code, second.code]).toEqual([1, 0, 1])
  expect(second.talk).toContain('vlora.example has succeeded heir.example already')
  expect(
    shown.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ from: 'heir.example', to: 'vlora.example', kind: 'merge', standing: 'holds' }])
}, 120_000)

test('what this node does not succeed it does not supersede, and a key that nobody introduced is not settled', async () => {
  const [record] = (await mosaic(['records', '--realm', 'test', '--json', '--limit', '1'])).out
    .trim()
    .split('\n')
  await writeFile(join(folder, 'body.json'), '{}')

  const own = await mosaic(['supersede', JSON.parse(record ?? '{}').id, 'body.json', '--as', 'Besa Hoxha'])
  const origins = await mosaic(['peer', 'origins'])
  const unknown = await mosaic(['peer', 'origin', 'bitola.example', '--fingerprint', '0'.repeat(40)])

  expect([own.code, origins.code, unknown.code]).toEqual([1, 0, 1])
  expect(own.talk).toContain('exchange/not-the-heir')
  expect(unknown.talk).toContain('Nobody introduced a key')
}, 120_000)
