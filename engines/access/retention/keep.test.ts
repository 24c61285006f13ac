import { describe, expect, test } from 'vitest'
import { nodeId, plusMs } from '../../record/index.ts'
import { asking } from '../audit/audit.test-support.ts'
import { looksFor, sealAudit, sealsOf, verifyAudit } from '../audit/index.ts'
import { keepAccess } from './keep.ts'
import { aNodeThatKeeps, aPassingReport, durres, spring } from './retention.test-support.ts'

describe('seals', () => {
  test('commit the log to the trail, for home oversight only, and none is made of nothing new', async () => {
    await using node = await aNodeThatKeeps()
    const sealing = { ...node.erasing, store: node.store }
    await node.auditor.noteBefore({ asking: asking(), act: 'read' })
    const first = await sealAudit(sealing)
    const idle = await sealAudit(sealing)
    await node.auditor.noteBefore({ asking: asking(), act: 'read' })
    await node.auditor.noteBefore({ asking: asking(), act: 'export' })
    await sealAudit(sealing)

    const seals = await sealsOf(sealing)

    expect(first).toMatchObject({
      kind: 'appended',
      record: { handling: { tlp: 'TLP:AMBER+STRICT', audience: [durres], purposes: ['oversight'] } },
    })
    expect(idle).toBeUndefined()
    expect(seals).toMatchObject([
      { from: 0, to: 0, count: 1 },
      { from: 1, to: 2, count: 2 },
    ])
    expect(await verifyAudit(node.database, { now: spring, seals })).toMatchObject({
      kind: 'sound',
      seals: 2,
    })
  })
})

describe('who looked, asked by an origin', () => {
  test('is told of its own records and of no others', async () => {
    await using node = await aNodeThatKeeps()
    const [appended] = await node.store.append([aPassingReport('seen')])
    if (appended?.kind !== 'appended') throw new Error('not appended')
    const { id } = appended.record
    await node.auditor.noteBefore({ asking: asking(), act: 'read', subjects: [id] })
    const parts = { ...node.erasing, auditor: node.auditor, policy: { ownersSeeNames: false } }

    const [own, other] = [
      await looksFor(parts, { origin: durres, ids: [id] }),
      await looksFor(parts, { origin: nodeId('tirana.example'), ids: [id] }),
    ]

    expect(own.items).toMatchObject([{ record: id, organisation: 'org-dcp' }])
    expect(own.items[0]).not.toHaveProperty('principal')
    expect(other.items).toEqual([])
  })
})

test('what runs by itself erases what is due and seals the trail, until it is stopped', async () => {
  await using node = await aNodeThatKeeps()
  await node.store.append([aPassingReport('over')])
  node.clock.set(plusMs(spring, 1))
  const stop = new AbortController()
  const erased: number[] = []

  const running = keepAccess(
    { ...node.erasing, store: node.store, onErased: ({ records }) => erased.push(records) },
    stop.signal,
  )
  await expect.poll(() => node.store.count({ types: ['hazards.observation'] })).toBe(0)
  await expect.poll(() => erased).toEqual([1])
  stop.abort()
  await running
})
