/** HTTPS by configuration: a node with a certificate of its own, and a peer that knows it by `--ca`. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aCertificate } from '../server/certificate.test-support.ts'
import { type TestDatabase, testDatabase } from '../test/support/database.ts'
import { readSettings } from './settings.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const { cert, key } = aCertificate()
let folder = ''
let files: { readonly MOSAIC_TLS_CERT: string; readonly MOSAIC_TLS_KEY: string }
const databases: TestDatabase[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-tls-'))
  files = { MOSAIC_TLS_CERT: join(folder, 'cert.pem'), MOSAIC_TLS_KEY: join(folder, 'key.pem') }
  await writeFile(files.MOSAIC_TLS_CERT, cert)
  await writeFile(files.MOSAIC_TLS_KEY, key)
  databases.push(await testDatabase(), await testDatabase())
})
afterAll(async () => {
  for (const one of databases) await one[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const envOf = (name: string, at: number) => ({
  ...process.env,
  ...{ MOSAIC_DATA: folder, MOSAIC_NAME: name, MOSAIC_LIVE: 'off', MOSAIC_PORT: '0', MOSAIC_LOG: 'silent' },
  DATABASE_URL: databases[at]?.url ?? '',
})

type Ran = { readonly code: number; readonly out: string; readonly talk: string }
const south = (...words: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], { env: envOf('south.example', 1) }, (error, out, talk) =>
      resolve({ code: error ? Number(error.code) : 0, out, talk }),
    )
  })

const addressOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.stdout?.once('data', (line) => resolve(JSON.parse(String(line)).address))
    child.once('exit', (code) => reject(new Error(`the node ended with ${code}`)))
  })

const asked = (url: string, ca?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get(url, { agent: false, ...(ca ? { ca } : {}) }, (answer) => {
      let text = ''
      answer.on('data', (part) => {
        text += part
      })
      answer.on('end', () => resolve(text))
    }).on('error', reject)
  })

test('a node with a certificate speaks HTTPS, and is believed by whoever knows the certificate', async () => {
  const env = { ...envOf('north.example', 0), ...files }
  const child = spawn(process.execPath, [main, 'start', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const address = (await addressOf(child)).replace('127.0.0.1', 'localhost')
    const fingerprint = '--fingerprint=0000'

    expect(address).toMatch(/^https:/)
    expect(JSON.parse(await asked(`${address}/api/v1/node`, cert))).toMatchObject({ name: 'north.example' })
    await expect(asked(`${address}/api/v1/node`)).rejects.toThrow('self-signed')
    const unknown = await south('peer', 'add', address, fingerprint)
    const known = await south('peer', 'add', address, fingerprint, '--ca', files.MOSAIC_TLS_CERT)
    expect([unknown.code, known.code]).toEqual([1, 1])
    expect(unknown.talk).toContain('certificate')
    expect(known.talk).toContain('north.example')
  } finally {
    child.kill('SIGINT')
    await new Promise((resolve) => child.once('exit', resolve))
  }
}, 60_000)

test('half a setting, or no key, stops the program with what to do', () => {
  const settings = (more: object) => () => readSettings({ MOSAIC_DATA: folder, ...more })

  expect(settings(files)()).toMatchObject({ tls: { cert, key } })
  expect(settings({ MOSAIC_TLS_CERT: files.MOSAIC_TLS_CERT })).toThrow('belong together')
  expect(settings({ ...files, MOSAIC_TLS_KEY: files.MOSAIC_TLS_CERT })).toThrow('no certificate and its key')
  expect(settings({ ...files, MOSAIC_TLS_KEY: join(folder, 'gone') })).toThrow('is not there')
})
