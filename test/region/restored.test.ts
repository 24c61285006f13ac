/** A node that lost its database and comes back with an older backup never shows a second history of its log. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseNote } from '../../engines/tlog/index.ts'
import { aRegion, type Region, type RegionNode } from './region.test-support.ts'

async function aFile() {
  const folder = await mkdtemp(join(tmpdir(), 'mosaic-restored-'))
  return {
    file: join(folder, 'node.mosaic'),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const signing = (node: RegionNode) => node.trust().exchange.signing()
const size = async (node: RegionNode) => (await node.trust().log.checkpoint())?.size ?? 0
const has = (node: RegionNode, key: string) => async () => (await node.held()).includes(`${key}@1`)

/** Its newest checkpoint covers its whole log, and this peer has cosigned it. */
const isWitnessed = (node: RegionNode, by: RegionNode) => async () => {
  const checkpoint = await node.trust().log.checkpoint()
  const note = parseNote(checkpoint?.note ?? '')
  return (
    checkpoint?.size === (await node.store().head()) + 1 &&
    note.kind === 'note' &&
    note.signatures.some(({ name }) => name === `${by.name}/witness`)
  )
}

/** How others stand to the log of this node: the state of the peer, and whether two histories of it were found. */
async function forksOf(node: RegionNode, others: readonly RegionNode[]) {
  const found = await Promise.all(
    others.map(async (other) => {
      const peer = await other.trust().exchange.peers.get(node.name)
      const forks = await other.trust().witness.forks()
      return [peer?.state, forks.length]
    }),
  )
  return found.filter(([state, forks]) => state === 'forked' || forks !== 0)
}

const said = (node: RegionNode, what: string) => async () => node.said.some((line) => line.includes(what))
const nothingSigned = 'nothing is signed until the peers say'

async function twoNodes(): Promise<readonly [Region, RegionNode, RegionNode]> {
  const region = await aRegion(['durres.example', 'tirana.example'])
  const [durres, tirana] = region.nodes as [RegionNode, RegionNode]
  await region.join(durres, tirana)
  durres.live()
  tirana.live()
  return [region, durres, tirana]
}

describe('a node restored from a backup that a peer is ahead of', () => {
  test('signs nothing, says who saw what, goes on receiving, and no peer sees a fork', async () => {
    await using backup = await aFile()
    const [opened, durres, tirana] = await twoNodes()
    await using region = opened
    await durres.write({ key: 'before' })
    await region.until('the backup is of a witnessed log', isWitnessed(durres, tirana))
    const before = await size(durres)
    await durres.backup(backup.file)
    await durres.write({ key: 'lost with the disk' })
    await region.until('the peer took it', has(tirana, 'lost with the disk'))

    await durres.restore(backup.file)
    await durres.write({ key: 'written since' })
    await tirana.write({ key: 'from tirana' })
    await region.until('it receives', has(durres, 'from tirana'))
    await region.until('it says so', said(durres, 'nothing more is signed'))

    const saw = expect.objectContaining({ kind: 'ahead', note: expect.any(String) })
    expect(await signing(durres)).toMatchObject({
      kind: 'held',
      reason: 'ahead',
      answers: [{ peer: 'tirana.example', answer: saw }],
    })
    expect(await size(durres)).toBe(before)
    expect(await has(tirana, 'written since')()).toBe(false)
    expect(await forksOf(durres, [tirana])).toEqual([])
    await expect(durres.trust().log.integrate()).rejects.toMatchObject({ code: 'tlog/log-held' })
    const { outcome } = await durres.trust().exchange.resumeSigning('the ministry wants it')
    expect(outcome).toEqual({ kind: 'stays-held', reason: 'ahead', peers: ['tirana.example'] })
  })

  test('stays held though that peer is suspended, and after it starts again', async () => {
    await using backup = await aFile()
    const [opened, durres, tirana] = await twoNodes()
    await using region = opened
    await durres.backup(backup.file)
    await durres.write({ key: 'lost with the disk' })
    await region.until('the peer took it', has(tirana, 'lost with the disk'))
    await durres.restore(backup.file)
    await region.until('it knows', async () => (await signing(durres)).kind === 'held')
    await region.until('it has asked', said(durres, 'nothing more is signed'))

    await durres.trust().exchange.peers.setState(tirana.name, 'suspended')
    await durres.away()
    await durres.back()

    const { outcome } = await durres.trust().exchange.resumeSigning('nobody else is there')
    expect(outcome).toMatchObject({ kind: 'stays-held', reason: 'ahead' })
  })

  test('still gives a newcomer what was signed, so that its heir can take over, and tells why there is no more', async () => {
    await using backup = await aFile()
    await using region = await aRegion(['durres.example', 'tirana.example', 'durres-2.example'])
    const [durres, tirana, heir] = region.nodes as [RegionNode, RegionNode, RegionNode]
    await region.join(durres, tirana)
    for (const node of region.nodes) node.live()
    await durres.write({ key: 'before' })
    await region.until('the backup is of a witnessed log', isWitnessed(durres, tirana))
    await durres.backup(backup.file)
    await durres.write({ key: 'lost with the disk' })
    await region.until('the peer took it', has(tirana, 'lost with the disk'))
    await durres.restore(backup.file)
    await durres.write({ key: 'written since' })
    await region.until('it knows', said(durres, 'nothing more is signed'))

    await region.join(durres, heir)
    await region.join(tirana, heir)

    await region.until('the heir has what was signed', has(heir, 'before'))
    await region.until('and what only the peer still holds', has(heir, 'lost with the disk'))
    await region.until('the heir is told', async () => {
      const [status] = (await heir.trust().exchange.status()).filter(({ node }) => node === durres.name)
      return status?.lastError?.message.includes('exchange/not-signed') === true
    })
    expect(await heir.held()).not.toContain('written since@1')
    expect(await forksOf(durres, [tirana, heir])).toEqual([])
  })
})

describe('a database that was put back by other means', () => {
  test('is found out at the start, before it signs, where a peer is there to show more', async () => {
    await using backup = await aFile()
    const [opened, durres, tirana] = await twoNodes()
    await using region = opened
    await region.until('the backup is of a witnessed log', isWitnessed(durres, tirana))
    const before = await size(durres)
    await durres.backup(backup.file)
    await durres.write({ key: 'lost with the disk' })
    await region.until('the peer took it', has(tirana, 'lost with the disk'))

    await durres.restore(backup.file, { asSnapshot: true })

    await region.until('a proof is found', async () => (await signing(durres)).kind === 'held')
    expect(await signing(durres)).toMatchObject({ reason: 'ahead' })
    expect(await size(durres)).toBe(before)
    expect(await forksOf(durres, [tirana])).toEqual([])
  })
})

describe('a node restored from a backup that nobody is ahead of', () => {
  test('signs again by itself, and the peer goes on as if nothing had been', async () => {
    await using backup = await aFile()
    const [opened, durres, tirana] = await twoNodes()
    await using region = opened
    await durres.write({ key: 'before' })
    await region.until('the backup is of a witnessed log', isWitnessed(durres, tirana))
    await durres.backup(backup.file)

    await durres.restore(backup.file)
    await durres.write({ key: 'written since' })

    await region.until('the peer has what came since', has(tirana, 'written since'))
    await region.until('the peer cosigns', isWitnessed(durres, tirana))
    expect(await signing(durres)).toEqual({ kind: 'signs' })
    expect(await said(durres, 'signs its log again')()).toBe(true)
    expect(await forksOf(durres, [tirana])).toEqual([])
  })

  test('without peers signs again at once', async () => {
    await using backup = await aFile()
    await using region = await aRegion(['durres.example'])
    const [durres] = region.nodes as [RegionNode]
    durres.live()
    await durres.write({ key: 'before' })
    await durres.backup(backup.file)

    await durres.restore(backup.file)
    await durres.write({ key: 'written since' })

    await region.until('it signs', async () => (await size(durres)) === (await durres.store().head()) + 1)
  })
})

describe('a node restored from a backup while a peer cannot be reached', () => {
  test('waits for it, and signs again when it is back and not ahead', async () => {
    await using backup = await aFile()
    const [opened, durres, tirana] = await twoNodes()
    await using region = opened
    await region.until('the backup is of a witnessed log', isWitnessed(durres, tirana))
    await durres.backup(backup.file)
    region.line(durres, tirana).set({ isDown: true })
    await durres.restore(backup.file)
    await durres.write({ key: 'written since' })
    await region.until('it says so', said(durres, nothingSigned))
    const before = await size(durres)

    const waiting = await signing(durres)
    region.line(durres, tirana).set({})
    await region.until('it signs', async () => (await size(durres)) > before)

    const answer = { kind: 'no-answer', says: expect.stringContaining('cannot be reached') }
    expect(waiting).toMatchObject({ kind: 'held', reason: 'restored', answers: [{ answer }] })
    expect(await forksOf(durres, [tirana])).toEqual([])
  })

  test('signs when a person decides so and says why, and not for a reason that says nothing', async () => {
    await using backup = await aFile()
    const [opened, durres, tirana] = await twoNodes()
    await using region = opened
    await region.until('the backup is of a witnessed log', isWitnessed(durres, tirana))
    await durres.backup(backup.file)
    await tirana.away()
    await durres.restore(backup.file)
    await region.until('it says so', said(durres, nothingSigned))
    const { exchange, log } = durres.trust()

    await expect(exchange.resumeSigning(' ')).rejects.toMatchObject({ code: 'tlog/resume-unfit' })
    const waiting = await exchange.resumeSigning()
    const decided = await exchange.resumeSigning(
      'Tirana is closed for the week, its operators say it had no news',
    )

    expect(waiting.outcome).toEqual({ kind: 'stays-held', reason: 'no-answer', peers: ['tirana.example'] })
    expect(decided.outcome).toEqual({ kind: 'resumes', by: 'person' })
    await durres.write({ key: 'written since' })
    expect((await log.integrate()).size).toBe((await durres.store().head()) + 1)
  })

  test('is held again, for good, when the peer that was not waited for turns out to be ahead', async () => {
    await using backup = await aFile()
    const [opened, durres, tirana] = await twoNodes()
    await using region = opened
    await durres.backup(backup.file)
    await durres.write({ key: 'lost with the disk' })
    await region.until('the peer took it', has(tirana, 'lost with the disk'))
    await tirana.away()
    await durres.restore(backup.file)
    await region.until('it says so', said(durres, nothingSigned))
    await durres.trust().exchange.resumeSigning('it is said that Tirana was away all the time')

    await tirana.back()
    await durres.write({ key: 'written since' })

    await region.until('a proof is found', async () => (await signing(durres)).kind === 'held')
    expect(await signing(durres)).toMatchObject({ reason: 'ahead' })
  })
})

describe('whatever is lost and restored, and whoever is away meanwhile', () => {
  test(
    'the peer never sees two histories, and signing goes on or is held for a proof',
    { timeout: 180_000 },
    async () => {
      const step = fc.oneof(
        { weight: 3, arbitrary: fc.constant('write' as const) },
        { weight: 2, arbitrary: fc.constant('settle' as const) },
        fc.constant('back up' as const),
        fc.constant('restore' as const),
        fc.constant('cut' as const),
        fc.constant('mend' as const),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
          await using backup = await aFile()
          const [opened, durres, tirana] = await twoNodes()
          await using region = opened
          const roots = new Map<number, Set<string>>()
          const look = async () => {
            for (const { size: at, root } of await tirana.store().database<{ size: number; root: Buffer }[]>`
            select size, root from tlog_witnessed where origin = 'durres.example/log'
            union all
            select size, root from origin_checkpoint where origin = 'durres.example/log'`)
              roots.set(at, (roots.get(at) ?? new Set()).add(root.toString('hex')))
          }
          await durres.backup(backup.file)
          let written = 0
          for (const one of steps) {
            if (one === 'write') await durres.write({ key: `report ${written++}` })
            if (one === 'settle') await region.moment(500)
            if (one === 'back up') await durres.backup(backup.file)
            if (one === 'cut') region.line(durres, tirana).set({ isDown: true })
            if (one === 'mend') region.line(durres, tirana).set({})
            await look()
            if (one === 'restore') await durres.restore(backup.file)
          }
          region.line(durres, tirana).set({})
          await region.until('it is decided', async () => {
            const state = await signing(durres)
            return state.kind === 'signs' || state.reason === 'ahead'
          })
          await region.moment(500)
          await look()

          expect([...roots].filter(([, found]) => found.size > 1)).toEqual([])
          expect(await forksOf(durres, [tirana])).toEqual([])
        }),
        { numRuns: 4, seed: 20_261_123 },
      )
    },
  )
})
