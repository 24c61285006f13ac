/**
 * The tour of two nodes, as the README shows it: its three commands are run as they stand, but for free ports, in a
 * folder of their own, until a warning has crossed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contentOf, root, shellLinesOf } from './markdown.ts'

let folder: string
const running: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-tour-'))
  await chmod(folder, 0o755) // as root, the account that runs PostgreSQL must pass
})

afterAll(async () => {
  for (const child of running.toReversed()) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.kill('SIGINT')) await ended
  }
  await rm(folder, { recursive: true, force: true })
}, 60_000)

test(
  'three commands start two nodes, make them peers, and a warning crosses',
  { timeout: 180_000 },
  async () => {
    const [, tour = ''] = contentOf('README.md').split('## Two nodes')
    const [text = ''] = tour.split(/^## /m)
    const commands = shellLinesOf({ file: 'README.md', text }).map(({ command }) => command)
    expect(commands).toHaveLength(3)
    const [north, south] = [await freePort(), await freePort()]
    const [first = '', second = '', third = ''] = commands.map((command) =>
      command.replaceAll('8421', String(north)).replaceAll('8422', String(south)),
    )

    await Promise.all([said(first, /Mosaic is up/), said(second, /Mosaic is up/)])
    const crossed = await said(third, /exercise:durres-2019 {2}warn\.warning {2}\w+@1 {2}from \S+/)

    expect(crossed).toContain('north.localhost gives south.localhost *:CLEAR/exercise:durres-2019')
  },
)

/** Runs it until its standard output says this; answers all that it said. */
function said(command: string, what: RegExp): Promise<string> {
  const words = command.replace('npx mosaic', `exec ${join(root, 'bin/mosaic')}`)
  const child = spawn('sh', ['-c', words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  return new Promise((resolve, reject) => {
    let out = ''
    let talk = ''
    child.stderr.on('data', (text: Buffer) => {
      talk += String(text)
    })
    child.stdout.on('data', (text: Buffer) => {
      out += String(text)
      if (what.test(out)) resolve(out)
    })
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${talk}`)))
  })
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
