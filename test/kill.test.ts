/**
 * Kill at any instant, start again, and the records are those of a run that nobody disturbed: none lost, none doubled.
 * Ten kills of the node and ten of its database here; two hundred of each with MOSAIC_LONG.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canonical, instant, type MosaicRecord, nodeId, SettableClock } from '../engines/record/index.ts'
import { openEmbedded, openStore } from '../engines/store/index.ts'
import { emptyDatabase } from './support/database.ts'

const kills = process.env.MOSAIC_LONG ? 200 : 10
const scenario = 'petrinja-2020'
const program = fileURLToPath(new URL('support/play.ts', import.meta.url))
const atStart = instant('2020-12-28T05:00:00Z')

function play(where: string): ChildProcess {
  return spawn(process.execPath, [program, scenario, where], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function playing(child: ChildProcess): Promise<void> {
  for await (const chunk of child.stdout ?? []) if (String(chunk).includes('playing')) return
}

/** To the end; answers what it said on the way when it failed. */
async function toTheEnd(where: string): Promise<void> {
  const child = play(where)
  const errors: string[] = []
  child.stderr?.on('data', (chunk) => errors.push(String(chunk)))
  child.stdout?.resume()
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the replay failed with ${code}: ${errors.join('')}`)
}

const digestOf = (record: MosaicRecord): string => hash('sha256', canonical(record)).slice(0, 16)

/** Every version of every record of the scenario, named and with a digest of its bytes, and the log's indexes. */
async function contents(
  url: string,
): Promise<{ readonly records: readonly string[]; readonly indexes: readonly number[] }> {
  await using store = await openStore({
    url,
    node: nodeId('killed.example'),
    clock: new SettableClock(atStart),
  })
  const held = await store.read({ versions: 'all' })
  expect(await store.quarantine.count()).toBe(0)
  return {
    records: held
      .map(({ record }) => `${record.type} ${record.key}@${record.version} ${digestOf(record)}`)
      .sort(),
    indexes: held.map(({ index }) => index),
  }
}

const contiguous = (indexes: readonly number[]): boolean => indexes.every((index, at) => index === at)

let undisturbed: readonly string[] = []
/** How long the undisturbed replay took, from its first step. */
let lasts = 0

beforeAll(async () => {
  await using database = await emptyDatabase()
  const child = play(database.url)
  await playing(child)
  const began = performance.now()
  await once(child, 'exit')
  lasts = performance.now() - began
  undisturbed = (await contents(database.url)).records
}, 120_000)

describe('a node that is killed', () => {
  test(
    `${kills} kills of the node lose nothing and double nothing`,
    { timeout: kills * 20_000 },
    async () => {
      let killed = 0
      while (killed < kills) {
        await using database = await emptyDatabase()
        for (let round = 0; round < 5 && killed < kills; round += 1) {
          const child = play(database.url)
          await playing(child)
          await sleep(Math.random() * lasts * 0.4)
          if (child.exitCode === null) killed += 1
          child.kill('SIGKILL')
          if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
        }
        await toTheEnd(database.url)

        const { records, indexes } = await contents(database.url)
        expect(records).toEqual(undisturbed)
        expect(contiguous(indexes)).toBe(true)
      }
    },
  )

  describe('and its database', () => {
    let folder = ''
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mosaic-kill-'))
      await chmod(folder, 0o711) // run as root, the server is another account's and must pass through
    })
    afterAll(async () => {
      await rm(folder, { recursive: true, force: true })
    })

    test(
      `${kills} kills of the database lose nothing and double nothing`,
      { timeout: kills * 30_000 },
      async () => {
        let killed = 0
        while (killed < kills) {
          const data = join(folder, `round-${killed}`)
          const child = play(data)
          const ended = once(child, 'exit')
          await playing(child)
          child.stdout?.resume()
          for (let round = 0; round < 5 && killed < kills && child.exitCode === null; round += 1) {
            await sleep(Math.random() * lasts * 0.3)
            if (child.exitCode === null && (await killServer(data))) killed += 1
          }
          const [code] = await ended
          if (code !== 0) await toTheEnd(data)

          await using server = await openEmbedded({ folder: data })
          const { records, indexes } = await contents(server.url)
          expect(records).toEqual(undisturbed)
          expect(contiguous(indexes)).toBe(true)
        }
      },
    )
  })
})

/** kill -9 of the postmaster, whose pid is the first line of postmaster.pid. */
async function killServer(data: string): Promise<boolean> {
  const pid = Number(
    (await readFile(join(data, 'postgres/data/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0],
  )
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false // it is being started again at this very moment
  }
}
