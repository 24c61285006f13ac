/** What a peer is given, when, and in which order. */
import { describe, expect, test } from 'vitest'
import { instant, type NodeId, plusMs } from '../record/index.ts'
import {
  addPeer,
  aNode,
  everything,
  heldBy,
  noon,
  pair,
  type TestNode,
  until,
} from './exchange.test-support.ts'

const hours = (count: number) => plusMs(noon, count * 3_600_000)
const isCaughtUp = (node: TestNode) =>
  until(async () => (await node.exchange.status()).every((peer) => peer.isCaughtUp))

describe('a newcomer', () => {
  test('has what still holds before it has history', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await pair(durres, tirana)
    await durres.append(
      { key: 'over', valid: { from: hours(-9), until: hours(-8) } },
      { key: 'open', valid: { from: hours(-7) } },
      { key: 'over too', valid: { from: hours(-6), until: hours(-5) } },
      { key: 'in force', valid: { from: hours(-4), until: hours(2) } },
    )
    tirana.live()
    await isCaughtUp(tirana)

    expect(await heldBy(tirana)).toEqual(['open@1', 'in force@1', 'over@1', 'over too@1'])
  })
})

describe('an embargoed record', () => {
  test('is sent when its embargo ends, to a peer that everything else had passed already', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await pair(durres, tirana)
    await durres.append(
      { key: 'embargoed', handling: { tlp: 'TLP:CLEAR', embargoUntil: hours(1) } },
      { key: 'free' },
    )
    tirana.live()
    await isCaughtUp(tirana)
    expect(await heldBy(tirana)).toEqual(['free@1'])

    for (const node of [tirana, durres]) node.clock.set(hours(1))

    await until(async () => (await heldBy(tirana)).includes('embargoed@1'))
  })

  test('is not sent early by a node whose clock was set forward: the time is what its peers attest', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await pair(durres, tirana)
    await durres.append({ key: 'embargoed', handling: { tlp: 'TLP:CLEAR', embargoUntil: hours(1) } })
    durres.live()
    tirana.live()
    await until(async () =>
      (await durres.exchange.status()).some(({ lastContactAt }) => lastContactAt !== undefined),
    )
    await isCaughtUp(tirana)

    durres.clock.set(hours(2))
    await durres.append({ key: 'free' })
    await until(async () => (await heldBy(tirana)).includes('free@1'))

    expect(await heldBy(tirana)).toEqual(['free@1'])
    expect(await durres.exchange.agreedTime()).toEqual({ at: noon, aheadMs: 7_200_000 })
  })
})

describe('when what a peer may receive grows', () => {
  test('it is sent what is new in it, and nothing else again', async () => {
    const sent: string[] = []
    await using durres = await aNode('durres.example', {
      recall: {
        followUpsFor: async () => [],
        async noteSent(_, refs) {
          const held = await Promise.all(refs.map(({ id }) => durres.store.get(id)))
          sent.push(
            ...held.flatMap((one) => (one && !one.record.type.startsWith('tlog.') ? [one.record.key] : [])),
          )
        },
      },
    })
    await using tirana = await aNode('tirana.example')
    await addPeer(tirana, durres)
    await addPeer(durres, tirana, { gives: [{ types: ['warn.*'], upTo: 'TLP:GREEN' }] })
    await durres.append({ key: 'warning' }, { key: 'event', type: 'hazards.event' })
    tirana.live()
    await isCaughtUp(tirana)
    expect(await heldBy(tirana)).toEqual(['warning@1'])

    await durres.exchange.peers.change('tirana.example' as NodeId, { gives: everything })
    await until(async () => (await heldBy(tirana)).includes('event@1'))

    expect(sent).toEqual(['warning', 'event'])
  })
})

describe('marked fields', () => {
  test('are withheld from who may not see them, and the record still proves itself', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await pair(durres, tirana)
    await durres.append({
      key: 'marked',
      handling: { tlp: 'TLP:GREEN', fieldMarks: { '/body/reporter': 'TLP:RED' } },
      body: { text: 'Flood', reporter: 'A. Invented' },
    })
    tirana.live()
    await isCaughtUp(tirana)

    const [held] = await tirana.store.read({ types: ['warn.warning'] })
    expect(held?.record.body).toEqual({ text: 'Flood' })
    expect(held?.withheld).toEqual(['/body/reporter'])
  })
})

describe('a relay', () => {
  test("passes on what its originator lets go, with the originator's proof, and keeps what is under its control", async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await using skopje = await aNode('skopje.example')
    await pair(durres, tirana)
    await pair(tirana, skopje, { introduces: true })
    await durres.append(
      { key: 'free' },
      { key: 'controlled', handling: { tlp: 'TLP:GREEN', originatorControl: true } },
    )
    tirana.live()
    skopje.live()
    await until(async () => (await heldBy(tirana)).length === 2)
    await until(async () => (await heldBy(skopje)).includes('free@1'))
    await isCaughtUp(skopje)

    expect(await heldBy(skopje)).toEqual(['free@1'])
    const [held] = await skopje.store.read({ types: ['warn.warning'] })
    const [source] = held ? await skopje.store.provenance([held.record]) : []
    expect(held?.record.origin).toBe('durres.example')
    expect(source).toMatchObject({ via: 'tirana.example' })
    expect(source?.proof?.checkpoint).toMatch(/^durres\.example\/log\n/)
  })

  test('that may not introduce others brings nothing of an origin that is not known', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await using skopje = await aNode('skopje.example')
    await pair(durres, tirana)
    await pair(tirana, skopje)
    await durres.append({ key: 'free' })
    tirana.live()
    skopje.live()
    await until(async () => (await skopje.store.quarantine.count()) > 0)

    const [held] = await skopje.store.quarantine.list({ from: 'tirana.example' })
    expect(held?.issues.map(({ rule }) => rule)).toEqual(['exchange/unknown-origin'])
    expect(await heldBy(skopje)).toEqual([])
  })
})

describe('what is played', () => {
  test('stays in its exercise on every node', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    const realm = 'exercise:flood-2026' as never
    await pair(durres, tirana, { gives: [{ types: ['*'], upTo: 'TLP:RED', realms: [realm] }] })
    await durres.append({ key: 'played', realm }, { key: 'real' })
    tirana.live()
    await isCaughtUp(tirana)

    expect(await heldBy(tirana)).toEqual([])
    expect(await heldBy(tirana, realm)).toEqual(['played@1'])
  })
})

describe('a node that gives more than the handling allows', () => {
  test('is not believed: only the name of what came is kept', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example', {
      self: { title: { en: 'Tirana' }, clearances: [{ community: '*', upTo: 'TLP:GREEN' }] },
    })
    await pair(durres, tirana)
    await durres.append({
      key: 'amber',
      handling: { tlp: 'TLP:AMBER', audience: ['tirana.example'] },
      body: { text: 'for somebody else' },
    })
    tirana.live()
    await until(async () => (await tirana.store.quarantine.count()) > 0)

    const [held] = await tirana.store.quarantine.list({})
    expect(held?.issues[0]).toMatchObject({ rule: 'exchange/not-for-us', value: 'TLP:AMBER' })
    expect(Buffer.from(held?.bytes ?? []).toString()).not.toContain('somebody else')
    expect(await heldBy(tirana)).toEqual([])
  })
})

describe('keys', () => {
  test('that a node takes up later are followed from the one that was compared', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await pair(durres, tirana)
    tirana.live()
    await isCaughtUp(tirana)

    await durres.keys.rotate(3_600_000)
    await durres.store.append(await durres.keys.statements(), { unlessEver: true })
    await durres.append({ key: 'under the new key' })

    await until(async () => (await heldBy(tirana)).includes('under the new key@1'))
    expect((await tirana.exchange.peers.get('durres.example' as NodeId))?.keys).toHaveLength(2)
  })
})

describe('clocks that differ', () => {
  test('by more than a minute do not part the nodes: each signs by the time of the other', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await pair(durres, tirana)
    durres.clock.set(instant('2026-03-01T12:10:00Z'))
    await durres.append({ key: 'ahead' })
    tirana.live()

    await until(async () => (await heldBy(tirana)).includes('ahead@1'))
    expect((await tirana.exchange.status())[0]?.clockAheadMs).toBe(600_000)
  })
})
