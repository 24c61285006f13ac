/** Two nodes that saw one earthquake, over two stores: how the second's event shows at the first. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fuseReactor } from '../engines/fuse/index.ts'
import { actual, type Draft, type MosaicRecord, nodeId } from '../engines/record/index.ts'
import { type Store, settle } from '../engines/store/index.ts'
import { aProof } from '../engines/store/receive.test-support.ts'
import { aStore, type TestStore } from '../engines/store/store.test-support.ts'
import { aPlayedNode, type PlayedNode } from './builders.ts'
import type { EventDetail, EventPage } from './schemas/index.ts'

const skopje = nodeId('skopje.example')
let played: PlayedNode
let peer: TestStore
let reports: readonly Draft[] = []

beforeAll(async () => {
  played = await aPlayedNode()
  const held = await played.replay.setting.store.read({ types: ['hazards.observation'], limit: 40 })
  reports = held.map(({ record: { type, key, producer, attribution, valid, place, body } }) => ({
    ...{ type, key, realm: actual, producer, attribution, valid, body },
    ...(place && { place }),
  }))
  peer = await aStore({ node: skopje, registry: played.node.registry })
})
afterAll(async () => {
  await peer[Symbol.asyncDispose]()
  await played[Symbol.asyncDispose]()
})

const fused = async (store: Store, node: MosaicRecord['origin'], drafts: readonly Draft[]) => {
  for (const draft of drafts) await store.append([draft])
  const reactors = played.node.packs.flatMap(({ fusion }) => fusion.map((rule) => fuseReactor(rule, node)))
  await settle({ store, reactors, realm: actual })
}

/** What the neighbour holds of these types comes over the border. */
async function come(types: readonly string[]): Promise<readonly MosaicRecord[]> {
  const held = await peer.store.read({ types, realm: actual })
  for (const { record } of held) {
    const [source] = await peer.store.provenance([record])
    if (source === undefined) throw new Error('not in the log')
    await played.node.store.receive([{ parcel: source.parcel, via: skopje, proof: aProof() }])
  }
  return held.map(({ record }) => record)
}

const listed = async () => (await played.ask<EventPage>('/events?realm=actual&limit=500')).items

describe('an earthquake that two nodes saw', () => {
  test('of a peer alone is shown as that peer’s', async () => {
    await fused(peer.store, skopje, reports)
    const theirs = await come(['hazards.event'])

    const items = await listed()

    expect(items.length).toBeGreaterThan(1)
    expect(items).toHaveLength(theirs.length)
    expect(new Set(items.map(({ origin }) => origin))).toEqual(new Set([skopje]))
    expect(items.every(({ alsoSeenBy }) => alsoSeenBy === undefined)).toBe(true)
  })

  test('is shown once where this node saw it itself, with who else did; each names the other', async () => {
    await fused(played.node.store, nodeId('durres.example'), reports.slice(0, 1))

    const items = await listed()

    const own = items.filter(({ origin }) => origin === 'durres.example')
    expect(own).toMatchObject([{ alsoSeenBy: [skopje] }])
    const detail = await played.ask<EventDetail>(`/events/${own[0]?.id}?realm=actual`)
    expect(detail.elsewhere).toMatchObject([{ origin: skopje }])
    const other = await played.ask<EventDetail>(`/events/${detail.elsewhere[0]?.id}?realm=actual`)
    expect(other).toMatchObject({ origin: skopje, elsewhere: [{ id: own[0]?.id, origin: 'durres.example' }] })
    expect(items.map(({ id }) => id)).not.toContain(other.id)
  })

  test('whose reports came over, too, is still one event, with as many witnesses as there were', async () => {
    const before = (await listed()).find(({ origin }) => origin === 'durres.example')
    await come(['hazards.observation'])
    await fused(played.node.store, nodeId('durres.example'), [])

    const items = await listed()

    const own = items.find(({ id }) => id === before?.id)
    const theirs = (await peer.store.read({ types: ['hazards.event'] })).find(
      ({ record }) => record.valid.from.slice(0, 16) === own?.time.slice(0, 16),
    )
    expect(items.every(({ origin }) => origin === 'durres.example')).toBe(true)
    expect(own?.alsoSeenBy).toEqual([skopje])
    expect(own?.reports).toBe(
      (theirs?.record.body as { members: readonly unknown[] } | undefined)?.members.length,
    )
  })

  test('and whose event the asker may not have is not told of', async () => {
    for (const { record } of await played.node.store.read({ types: ['hazards.event'], realm: actual }))
      if (record.origin === skopje) await played.node.store.tighten(record.id, { tlp: 'TLP:RED' })

    const items = await listed()

    expect(items.every(({ alsoSeenBy }) => alsoSeenBy === undefined)).toBe(true)
  })
})
