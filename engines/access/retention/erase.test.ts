import { describe, expect, test } from 'vitest'
import { actual, type Instant, instant, type MosaicRecord, plusMs } from '../../record/index.ts'
import { anOfficer, asking } from '../audit/audit.test-support.ts'
import { verifyAudit } from '../audit/index.ts'
import { eraseDue, eraseRecords } from './erase.ts'
import { eraseTrail } from './erase-trail.ts'
import type { ErasureBody } from './records.ts'
import { aNodeThatKeeps, aPassingReport, durres, type Keeping, spring } from './retention.test-support.ts'

const summer = instant('2020-06-01T00:00:00Z')

async function append({ store }: Keeping, ...drafts: Parameters<Keeping['store']['append']>[0]) {
  const appended = await store.append(drafts)
  return appended.map((one) => {
    if (one.kind !== 'appended') throw new Error(one.kind)
    return one.record
  })
}

const erasuresIn = async ({ store }: Keeping) =>
  (await store.read({ types: ['access.erasure'] })).map(({ record }) => record as MosaicRecord<ErasureBody>)

describe('retention', () => {
  test('erases what is over, leaves what is not, and puts the erasure on record and on the trail', async () => {
    await using node = await aNodeThatKeeps()
    const [over, stays, forever] = await append(
      node,
      aPassingReport('over'),
      aPassingReport('stays', { handling: { tlp: 'TLP:GREEN', retainUntil: summer } }),
      aPassingReport('forever', { handling: { tlp: 'TLP:GREEN' } }),
    )
    node.clock.set(plusMs(spring, 1))

    const erased = await eraseDue(node.erasing)

    expect(erased).toMatchObject({ records: 1, versions: 1 })
    expect(
      (await node.store.read({ types: ['hazards.observation'] })).map(({ record }) => record.id),
    ).toEqual([stays?.id, forever?.id])
    const [erasure] = await erasuresIn(node)
    expect(erasure).toMatchObject({
      handling: { tlp: 'TLP:GREEN' },
      body: { because: 'retention', records: [{ id: over?.id, origin: durres, versions: [1] }] },
      links: [{ type: 'about', id: over?.id }],
    })
    expect(JSON.stringify(erasure)).not.toContain('6.4')
    expect((await node.auditor.trail({ limit: 5 })).items).toMatchObject([
      { act: 'erase', principal: 'node:durres.example', records: [over?.id] },
    ])
  })

  test('erases every version, and nothing twice', async () => {
    await using node = await aNodeThatKeeps()
    await append(node, aPassingReport('over'))
    await append(node, aPassingReport('over', { body: { magnitude: 6.5 } }))
    node.clock.set(plusMs(spring, 1))

    const [first, again] = [await eraseDue(node.erasing), await eraseDue(node.erasing)]

    expect(first).toMatchObject({ records: 1, versions: 2 })
    expect(again).toMatchObject({ records: 0, versions: 0 })
    expect(await erasuresIn(node)).toHaveLength(1)
  })

  test('is prolonged by a next version of the origin', async () => {
    await using node = await aNodeThatKeeps()
    await append(node, aPassingReport('reviewed'))
    await append(node, aPassingReport('reviewed', { handling: { tlp: 'TLP:GREEN', retainUntil: summer } }))
    node.clock.set(plusMs(spring, 1))

    expect(await eraseDue(node.erasing)).toMatchObject({ records: 0 })
  })

  test('spares what its origin prolongs while the erasure is under way, and says of the others alone that they went', async () => {
    await using node = await aNodeThatKeeps()
    const [over, reviewed] = await append(node, aPassingReport('over'), aPassingReport('reviewed'))
    node.clock.set(plusMs(spring, 1))
    const longer = aPassingReport('reviewed', { handling: { tlp: 'TLP:GREEN', retainUntil: summer } })
    const late = {
      ...node.store,
      erase: async (...asked: Parameters<Keeping['store']['erase']>) => {
        await append(node, longer)
        return node.store.erase(...asked)
      },
    }

    const erased = await eraseDue({ ...node.erasing, store: late })

    expect(erased).toMatchObject({ records: 1, versions: 1 })
    expect(await node.store.count({ ids: [reviewed?.id ?? ('' as never)], versions: 'all' })).toBe(2)
    expect(await erasuresIn(node)).toMatchObject([
      { version: 2, links: [{ id: over?.id }], body: { records: [{ id: over?.id, versions: [1] }] } },
    ])
  })

  test('leaves no record of an erasure that did not come about', async () => {
    await using node = await aNodeThatKeeps()
    await append(node, aPassingReport('reviewed'))
    node.clock.set(plusMs(spring, 1))
    const longer = aPassingReport('reviewed', { handling: { tlp: 'TLP:GREEN', retainUntil: summer } })
    let isProlonged = false
    const late = {
      ...node.store,
      erase: async (...asked: Parameters<Keeping['store']['erase']>) => {
        if (!isProlonged) await append(node, longer)
        isProlonged = true
        return node.store.erase(...asked)
      },
    }

    expect(await eraseDue({ ...node.erasing, store: late })).toMatchObject({ records: 0, versions: 0 })

    expect(await node.store.count({ types: ['hazards.observation'], versions: 'all' })).toBe(2)
    expect(await erasuresIn(node)).toEqual([])
  })

  test('goes in batches, tells its progress, stops when told, and goes on where it stopped', async () => {
    await using node = await aNodeThatKeeps()
    await append(node, ...Array.from({ length: 25 }, (_, n) => aPassingReport(`over-${n}`)))
    node.clock.set(plusMs(spring, 1))
    const stop = new AbortController()
    const progress: number[] = []

    await eraseDue(node.erasing, {
      batch: 10,
      signal: stop.signal,
      onProgress: ({ records }) => {
        progress.push(records)
        stop.abort()
      },
    })
    const rest = await eraseDue(node.erasing, { batch: 10 })

    expect(progress).toEqual([10])
    expect(rest).toMatchObject({ records: 15 })
    expect(await node.store.count({ types: ['hazards.observation'] })).toBe(0)
  })

  test('killed between the record of it and the erasure, it repeats without a second record', async () => {
    await using node = await aNodeThatKeeps()
    await append(node, aPassingReport('over'))
    node.clock.set(plusMs(spring, 1))
    const killed = { ...node.store, erase: () => Promise.reject(new Error('killed')) }

    await expect(eraseDue({ ...node.erasing, store: killed })).rejects.toThrow('killed')
    node.clock.set(plusMs(spring, 60_000))
    await eraseDue(node.erasing)

    expect(await node.store.count({ types: ['hazards.observation'] })).toBe(0)
    expect((await erasuresIn(node)).map(({ version }) => version)).toEqual([1])
  })

  test('names together only what the same readers may know of', async () => {
    await using node = await aNodeThatKeeps()
    const red = { tlp: 'TLP:RED', audience: ['person:ana@durres.example'], retainUntil: spring } as const
    await append(node, aPassingReport('open'), aPassingReport('closed', { handling: red }))
    node.clock.set(plusMs(spring, 1))

    await eraseDue(node.erasing)

    const labels = (await erasuresIn(node)).map(({ handling, body }) => [handling.tlp, body.records.length])
    expect(labels.sort()).toEqual([
      ['TLP:GREEN', 1],
      ['TLP:RED', 1],
    ])
  })

  test('on request, erases what is not yet over, with the reason of who asked', async () => {
    await using node = await aNodeThatKeeps()
    await append(node, aPassingReport('unlawful'))
    const [held] = await node.store.read({ types: ['hazards.observation'] })

    await eraseRecords(node.erasing, held ? [held] : [], {
      because: 'request',
      reason: 'Collected without a legal basis.',
      asking: asking(anOfficer({ roles: ['liaison'] })),
    })

    expect(await node.store.count({ types: ['hazards.observation'] })).toBe(0)
    expect(await erasuresIn(node)).toMatchObject([{ body: { because: 'request' } }])
  })
})

describe('what else held the content', () => {
  const payloadOf = (node: Keeping, keys: readonly string[], parts: { realm?: string; at?: Instant } = {}) =>
    node.store.payloads.keep({
      source: 'usgs-earthquakes',
      realm: (parts.realm ?? actual) as never,
      mediaType: 'application/json',
      bytes: new TextEncoder().encode(JSON.stringify(keys)),
      receivedAt: parts.at ?? node.clock.now(),
    })

  test('goes with it: every payload that repeated it, its receipts, and copies in quarantine', async () => {
    await using node = await aNodeThatKeeps()
    const [first, again] = [await payloadOf(node, ['over']), await payloadOf(node, ['over', 'over'])]
    const [record] = await append(node, aPassingReport('over'))
    const held = await hold(node, 'reactor-failed', `{"record":"${record?.id}","magnitude":6.4}`)
    const refused = await hold(node, 'refused', JSON.stringify(aPassingReport('over')))
    const other = await hold(node, 'undecodable', 'another thing')
    node.clock.set(plusMs(spring, 1))

    const erased = await eraseDue(node.erasing)

    expect(erased).toMatchObject({ payloads: 2, shared: 0, unread: 0, quarantined: 2 })
    expect([await node.store.payloads.get(first.hash), await node.store.payloads.get(again.hash)]).toEqual([
      undefined,
      undefined,
    ])
    for (const id of [held, refused])
      expect(await node.store.quarantine.get(id)).toMatchObject({
        state: 'discarded',
        bytes: new Uint8Array(),
      })
    expect((await node.store.quarantine.get(held))?.issues[0]).not.toHaveProperty('value')
    expect((await node.store.quarantine.get(other))?.bytes.length).toBeGreaterThan(0)
  })

  test('stays while a kept record shares it, and goes with the last of them', async () => {
    await using node = await aNodeThatKeeps()
    const { hash } = await payloadOf(node, ['over', 'stays'])
    await append(
      node,
      aPassingReport('over'),
      aPassingReport('stays', { handling: { tlp: 'TLP:GREEN', retainUntil: summer } }),
    )

    node.clock.set(plusMs(spring, 1))
    const first = await eraseDue(node.erasing)
    const between = await node.store.payloads.get(hash)
    node.clock.set(plusMs(summer, 1))
    const last = await eraseDue(node.erasing)

    expect(first).toMatchObject({ payloads: 0, shared: 1 })
    expect(between).toBeDefined()
    expect(last).toMatchObject({ payloads: 1, shared: 0 })
    expect(await node.store.payloads.get(hash)).toBeUndefined()
  })

  test('stays where another realm received it, and where it holds nothing of what goes', async () => {
    await using node = await aNodeThatKeeps()
    const { hash } = await payloadOf(node, ['over'])
    await payloadOf(node, ['over'], { realm: 'exercise:drill' })
    const unrelated = await payloadOf(node, ['elsewhere'])
    await append(node, aPassingReport('over'))
    node.clock.set(plusMs(spring, 1))

    await eraseDue(node.erasing)

    expect(await node.store.payloads.get(hash)).toBeDefined()
    expect(await node.store.payloads.get(unrelated.hash)).toBeDefined()
    expect(await node.database`select realm from receipt where hash = ${hash}`).toMatchObject([
      { realm: 'exercise:drill' },
    ])
  })

  test('is told as unread where no decoder reads it, or a decoder that throws', async () => {
    await using node = await aNodeThatKeeps()
    await payloadOf(node, ['over'])
    await append(node, aPassingReport('over'))
    node.clock.set(plusMs(spring, 1))
    const keysIn = () => {
      throw new Error('not my format')
    }

    expect(await eraseDue({ ...node.erasing, keysIn })).toMatchObject({ records: 1, payloads: 0, unread: 1 })
  })

  test('is found behind any number of arrivals, each of the same bytes once', async () => {
    await using node = await aNodeThatKeeps()
    await append(node, aPassingReport('over'))
    for (let n = 0; n < 120; n++)
      await payloadOf(node, n % 3 === 0 ? ['over', `${n}`] : ['same'], {
        at: plusMs(node.clock.now(), n * 1000),
      })
    node.clock.set(plusMs(spring, 1))

    expect(await eraseDue(node.erasing)).toMatchObject({ payloads: 40, unread: 0 })
  })

  const hold = async (
    { store, clock }: Keeping,
    kind: 'refused' | 'reactor-failed' | 'undecodable',
    text: string,
  ) => {
    const { id } = await store.quarantine.hold({
      kind,
      from: 'usgs-earthquakes',
      realm: actual,
      receivedAt: clock.now(),
      mediaType: 'application/json',
      bytes: new TextEncoder().encode(text),
      issues: [{ rule: 'test/held', place: '', value: text.slice(0, 50), message: 'Held.' }],
    })
    return id
  }
})

describe('the trail', () => {
  test('loses the content of an entry when its own time is over, and verifies on', async () => {
    await using node = await aNodeThatKeeps()
    const [record] = await append(node, aPassingReport('over'))
    if (!record) throw new Error('not appended')
    await node.auditor.noteBefore({ asking: asking(), act: 'read', subjects: [record.id] })
    const early = await eraseTrail(node)
    node.clock.set(plusMs(node.clock.now(), 1096 * 86_400_000))
    await node.auditor.noteBefore({ asking: asking(), act: 'read', subjects: [record.id] })

    const late = await eraseTrail(node)

    expect([early, late]).toEqual([0, 1])
    expect((await node.auditor.trail({ limit: 10 })).items.map(({ seq }) => seq)).toEqual([1])
    expect((await node.auditor.looks({ ids: [record.id] })).items).toHaveLength(1)
    expect(await verifyAudit(node.database, { now: node.clock.now() })).toMatchObject({
      kind: 'sound',
      entries: 2,
    })
  })
})
