import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyDatabase } from '../../test/support/database.ts'
import { instant, nodeId, SettableClock } from '../record/index.ts'
import { openStore, readBackup, writeBackup } from '../store/index.ts'
import { aReport } from '../store/store.test-support.ts'
import { openHold } from './hold.ts'
import { openKeys } from './keys.ts'
import { openLog } from './log.ts'
import { durres, fastCost } from './tlog.test-support.ts'

const tirana = nodeId('tirana.example')
const day = instant('2026-03-01T12:00:00Z')

/** A node on a database of its own, empty or restored from a file. */
async function aNode(file?: string) {
  const database = await emptyDatabase()
  if (file !== undefined) await readBackup({ url: database.url, file })
  const clock = new SettableClock(day)
  const store = await openStore({ url: database.url, node: durres, clock, connections: 3 })
  const keys = await openKeys({ database: store.database, node: durres, clock, cost: fastCost })
  const parts = { database: store.database, node: durres, clock, keys }
  return {
    url: database.url,
    sql: store.database,
    keys,
    log: openLog(parts),
    hold: openHold(parts),
    write: (key: string) => store.append([aReport({ key })]),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

type TestNode = Awaited<ReturnType<typeof aNode>>

/** A node of two records, its backup, and what it signed after that: `lost`. */
async function aLostNode(
  act: (file: string, lost: { size: number; note: string }, lostNode: TestNode) => Promise<void>,
) {
  const folder = await mkdtemp(join(tmpdir(), 'mosaic-hold-'))
  const file = join(folder, 'node.mosaic')
  try {
    await using node = await aNode()
    await node.write('one')
    await node.write('two')
    await node.log.integrate()
    await writeBackup({ url: node.url, file, now: day })
    await node.write('lost')
    await act(file, await node.log.integrate(), node)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const checkpoints = ({ sql }: TestNode) =>
  sql`select size, note, signed_at from tlog_checkpoint order by size`

describe('a log whose node was restored from a backup', () => {
  test('is not signed, also for nothing new, though anybody asks', () =>
    aLostNode(async (file) => {
      await using node = await aNode(file)
      const before = await checkpoints(node)

      const first = await node.log.integrate().catch((error: unknown) => error)
      await node.write('since')
      const second = await node.log.integrate().catch((error: unknown) => error)

      expect([first, second]).toMatchObject([
        { code: 'tlog/log-held', hold: { reason: 'restored', answers: [] } },
        { code: 'tlog/log-held' },
      ])
      expect(await checkpoints(node)).toEqual(before)
      expect(await node.hold.state()).toMatchObject({ kind: 'held', reason: 'restored' })
    }))

  test('is not signed either when the backup is of a node that had signed nothing yet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mosaic-hold-'))
    const file = join(folder, 'node.mosaic')
    await using lost = await aNode()
    await writeBackup({ url: lost.url, file, now: day })
    await using node = await aNode(file)
    await rm(folder, { recursive: true, force: true })

    await expect(node.log.integrate()).rejects.toMatchObject({ code: 'tlog/log-held' })
  })

  test('is signed again once nobody is ahead, and extends what was signed before', () =>
    aLostNode(async (file) => {
      await using node = await aNode(file)
      await node.write('since')

      const outcome = await node.hold.resume([
        await node.hold.keep(tirana, await node.hold.judge({ size: 0 })),
      ])

      expect(outcome).toEqual({ kind: 'resumes', by: 'answers' })
      expect((await node.log.integrate()).size).toBe(3)
      expect(await node.hold.state()).toEqual({ kind: 'signs' })
      expect(await node.hold.resume([])).toEqual({ kind: 'not-held' })
    }))

  test('is held again by the next restore', () =>
    aLostNode(async (file) => {
      await using once = await aNode(file)
      await once.hold.resume([])
      await writeBackup({ url: once.url, file, now: day })

      await using twice = await aNode(file)

      expect(await twice.hold.state()).toEqual({ kind: 'held', reason: 'restored', answers: [] })
    }))

  test('keeps how the hold ended: what was answered, and the reason that a person gave', () =>
    aLostNode(async (file) => {
      await using node = await aNode(file)
      const silent = await node.hold.keep(tirana, { kind: 'no-answer', says: 'It cannot be reached.' })

      await node.hold.resume([silent], 'Tirana burnt down with its database')

      expect(await node.sql`select size, answers, because from tlog_resumed`).toMatchObject([
        { size: 2, answers: [silent], because: 'Tirana burnt down with its database' },
      ])
    }))
})

describe('what a peer saw last', () => {
  test('is a proof when it is a checkpoint of ours that this database does not hold, and holds signing for ever', () =>
    aLostNode(async (file, lost) => {
      await using node = await aNode(file)

      const judged = await node.hold.judge(lost)
      const ahead = await node.hold.keep(tirana, judged)
      await node.hold.keep(tirana, { kind: 'not-ahead', size: 0 })

      expect(judged).toEqual({ kind: 'ahead', size: lost.size, note: lost.note })
      expect(await node.hold.state()).toEqual({ kind: 'held', reason: 'ahead', answers: [ahead] })
      expect(await node.hold.resume([], 'for a reason')).toMatchObject({
        kind: 'stays-held',
        reason: 'ahead',
      })
      await expect(node.log.integrate()).rejects.toMatchObject({
        message: expect.stringContaining('saw 3 records'),
      })
    }))

  test('is a proof also when our tree has grown beyond it another way', () =>
    aLostNode(async (file, lost) => {
      await using node = await aNode(file)
      await node.hold.resume([])
      for (const key of ['other', 'and more']) await node.write(key)
      await node.log.integrate()

      await node.hold.keep(tirana, await node.hold.judge(lost))

      await node.write('never signed')
      await expect(node.log.integrate()).rejects.toMatchObject({
        code: 'tlog/log-held',
        hold: { reason: 'ahead' },
      })
    }))

  test('is none when it stands in our tree, newest or not', () =>
    aLostNode(async (_, lost, node) => {
      await node.write('more')
      await node.log.integrate()

      expect(await node.hold.judge(lost)).toEqual({ kind: 'not-ahead', size: lost.size })
      expect(await node.hold.judge({ size: 0 })).toEqual({ kind: 'not-ahead', size: 0 })
    }))

  test('is only said when it shows no checkpoint that a sound key of ours signed', () =>
    aLostNode(async (file, lost, lostNode) => {
      await using node = await aNode(file)
      const forged = lost.note.replace(/^3$/m, '4')
      const says = { kind: 'says-ahead', size: 9 }

      expect(await node.hold.judge({ size: 9 })).toEqual(says)
      expect(await node.hold.judge({ size: 9, note: forged })).toEqual(says)
      expect(await node.hold.judge({ size: 9, note: 'no note' })).toEqual(says)
      const { keyId } = lostNode.keys.current()
      await lostNode.keys.rotate(0)
      await lostNode.keys.revoke(keyId, 'stolen')
      expect(await lostNode.hold.judge({ size: 9, note: lost.note })).toEqual(says)
    }))
})
