/** What an operator does after a restore, by the commands themselves, each in a process of its own. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aRegion, type Region, type RegionNode } from './region.test-support.ts'

const program = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-restored-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

type Ran = { readonly code: number | null; readonly out: string; readonly talk: string }

function mosaic(at: RegionNode, words: readonly string[], input = ''): Promise<Ran> {
  const env = { ...process.env, DATABASE_URL: at.databaseUrl(), MOSAIC_NAME: at.name }
  const child = spawn(process.execPath, [program, ...words], { cwd: folder, env })
  const said = { out: '', talk: '' }
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.talk += chunk
  })
  child.stdin.end(input)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })))
}

async function aRegionWithBackup(): Promise<readonly [Region, RegionNode, RegionNode, RegionNode]> {
  const region = await aRegion(['durres.example', 'tirana.example', 'heir.example'])
  const [durres, tirana, heir] = region.nodes as [RegionNode, RegionNode, RegionNode]
  await region.join(durres, tirana)
  durres.live()
  tirana.live()
  await region.until('its log is signed', async () => {
    const checkpoint = await durres.trust().log.checkpoint()
    return checkpoint?.size === (await durres.store().head()) + 1
  })
  await durres.backup(join(folder, 'node.mosaic'))
  return [region, durres, tirana, heir]
}

test(
  'the log says who saw more, no decision overrules it, and the heir succeeds from the checkpoint that it names',
  {
    timeout: 120_000,
  },
  async () => {
    const [opened, durres, tirana, heir] = await aRegionWithBackup()
    await using region = opened
    const lost = await durres.write({ key: 'lost with the disk' })
    await region.until('the peer took it', () => tirana.holds(lost.id))
    await durres.restore(join(folder, 'node.mosaic'))

    const refused = await mosaic(durres, ['log', 'resume', '--because', 'the ministry wants it'])
    const told = await mosaic(durres, ['log'])
    const state = JSON.parse((await mosaic(durres, ['log', '--json'])).out)
    const newest = await mosaic(durres, ['log', '--newest'])
    const verified = await mosaic(durres, ['verify'])
    await writeFile(join(folder, 'last-checkpoint.txt'), newest.out)
    const split = await mosaic(durres, ['keys', 'split', 'node.escrow', '--shares', '2', '--json'])
    const shares = split.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).share as string)
    const words = ['keys', 'recover', 'node.escrow', '--succeed', 'last-checkpoint.txt']
    const succeeded = await mosaic(heir, words, `${shares.join('\n')}\n\n`)

    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('tirana.example')])
    expect(told.out).toMatch(
      /signing is held: .*\n {2}tirana\.example {2}saw \d+ records, signed by this node/,
    )
    const [{ answer }] = state.signing.answers
    expect(state).toMatchObject({ origin: 'durres.example/log', signing: { kind: 'held', reason: 'ahead' } })
    expect(newest.out).toBe(answer.note)
    expect([verified.code, verified.talk]).toEqual([0, expect.stringContaining('nothing more is signed')])
    expect([succeeded.code, succeeded.out]).toEqual([
      0,
      expect.stringContaining(`heir.example succeeds durres.example from its ${answer.size} records on`),
    ])
  },
)

test(
  'while a peer does not answer the command waits for a reason, keeps it, and then the log is signed',
  {
    timeout: 120_000,
  },
  async () => {
    const [opened, durres, tirana] = await aRegionWithBackup()
    await using _ = opened
    await tirana.away()
    await durres.restore(join(folder, 'node.mosaic'))

    const waits = await mosaic(durres, ['log', 'resume'])
    const unsaid = await mosaic(durres, ['log', 'resume', '--because', ''])
    const decided = await mosaic(durres, ['log', 'resume', '--because', 'Tirana is closed for the week'])
    const again = await mosaic(durres, ['log', 'resume'])
    const state = JSON.parse((await mosaic(durres, ['log', '--json'])).out)

    expect([waits.code, waits.out]).toEqual([
      1,
      expect.stringContaining('tirana.example  has not said what it saw'),
    ])
    expect([unsaid.code, unsaid.talk]).toEqual([1, expect.stringContaining('Say in one line')])
    expect([decided.code, decided.out]).toEqual([0, expect.stringContaining('signs its log again')])
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('nothing is held')])
    expect(state.signing).toEqual({ kind: 'signs' })
    expect(await durres.store().database`select because from tlog_resumed`).toEqual([
      { because: 'Tirana is closed for the week' },
    ])
  },
)
