/**
 * `nis` writes; `durres` and `skopje` pass on what it writes to `tirana`, which knows `nis` through them alone. What one of
 * them leaves out, the other shows.
 */
import { describe, expect, test } from 'vitest'
import { type NodeId, plusMs } from '../record/index.ts'
import type { PeerStatus } from './contract.ts'
import { addPeer, aNode, heldBy, noon, pair, type TestNode, until } from './exchange.test-support.ts'
import { aLiar, changed, type Json } from './liar.test-support.ts'

const afterMs = 2000
const nis = 'nis.example' as NodeId

type Region = {
  readonly nis: TestNode
  readonly durres: TestNode
  readonly skopje: TestNode
  readonly tirana: TestNode
  /** All clocks at once. */
  readonly later: (ms: number) => void
  readonly liar: { change: (batch: Json) => unknown }
}

/** `durres` is the relay that may lie. */
async function aRegion(act: (region: Region) => Promise<void>): Promise<void> {
  await using origin = await aNode(nis)
  await using durres = await aNode('durres.example')
  await using skopje = await aNode('skopje.example')
  await using tirana = await aNode('tirana.example', { withheldAfterMs: afterMs })
  const nodes = [origin, durres, skopje, tirana]
  const liar = { change: (_: Json): unknown => undefined }
  await using between = await aLiar(durres, (body) => changed(body, (batch) => liar.change(batch)))
  for (const relay of [durres, skopje]) {
    await pair(origin, relay)
    await addPeer(relay, tirana)
  }
  await addPeer(tirana, between, { introduces: true })
  await addPeer(tirana, skopje, { introduces: true })
  for (const relay of [durres, skopje]) relay.live()
  let now = noon
  const later = (ms: number) => {
    now = plusMs(now, ms)
    for (const { clock } of nodes) clock.set(now)
  }
  await act({ nis: origin, durres, skopje, tirana, later, liar })
}

const withheldBy = async (tirana: TestNode, relay: TestNode): Promise<PeerStatus['withheld']> =>
  (await tirana.exchange.status()).find(({ node }) => node === relay.name)?.withheld

const passed = async ({ durres, skopje }: Region, key: string) => {
  for (const relay of [durres, skopje]) await until(async () => (await heldBy(relay)).includes(`${key}@1`))
}

/** How many records of `nis` came from this relay, its word on its key among them. */
async function notedFrom({ tirana }: Region, relay: TestNode): Promise<number> {
  const [row] = await tirana.store.database<{ count: number }[]>`
    select count(*)::integer as count from relayed_record where peer = ${relay.name}`
  return row?.count ?? 0
}

/** Records of `nis` by their key. */
const without = (key: string) => (batch: Json) => {
  batch.items = batch.items.filter(
    ({ parcel }: Json) => !parcel.disclosed.some(({ name, value }: Json) => name === 'key' && value === key),
  )
}

describe('a relay', () => {
  test('that leaves out a record which another relay brought is named, with its origin and since when', () =>
    aRegion(async (region) => {
      const { tirana, durres, skopje, liar, later } = region
      liar.change = without('hidden')
      await region.nis.append({ key: 'first' })
      await passed(region, 'first')
      tirana.live()
      await until(async () => (await heldBy(tirana)).includes('first@1'))
      await region.nis.append({ key: 'hidden' }, { key: 'last' })
      await passed(region, 'last')
      await until(
        async () => (await notedFrom(region, skopje)) === 4 && (await notedFrom(region, durres)) === 3,
      )

      expect(await withheldBy(tirana, durres)).toBeUndefined()
      later(afterMs)
      await until(async () => (await withheldBy(tirana, durres)) !== undefined)

      expect(await withheldBy(tirana, durres)).toEqual([
        { origin: nis, kind: 'missing-records', since: noon, count: 1 },
      ])
      expect(await withheldBy(tirana, skopje)).toBeUndefined()
      await until(() => tirana.happenings.some(({ kind }) => kind === 'withheld'))
      expect(tirana.happenings.filter(({ kind }) => kind === 'withheld')).toEqual([
        { kind: 'withheld', peer: durres.name, origin: nis, what: 'missing-records', since: noon, count: 1 },
      ])
    }))

  test('that gives what its rules allow and no more is not named, nor is one that gives it a little later', () =>
    aRegion(async (region) => {
      const { tirana, durres, skopje, later, liar } = region
      const rules = [{ types: ['warn.*'], upTo: 'TLP:CLEAR' }] as const
      await durres.exchange.peers.change(tirana.name, { gives: rules })
      await region.nis.append({ key: 'first' }, { key: 'event', type: 'hazards.event' })
      await passed(region, 'event')
      tirana.live()
      await until(async () => (await heldBy(tirana)).includes('event@1'))
      liar.change = (batch) => {
        if (batch.items.length > 0) delete batch.items // a moment's failure: the batch is asked for again
      }
      await region.nis.append(
        { key: 'restricted', handling: { tlp: 'TLP:GREEN' } },
        { key: 'second event', type: 'hazards.event' },
        { key: 'second' },
      )
      await passed(region, 'second')
      await until(async () => (await heldBy(tirana)).includes('second@1'))
      later(1)
      liar.change = () => undefined
      await until(async () => (await notedFrom(region, durres)) === 2, 30_000)
      later(2 * afterMs)
      await until(async () =>
        (await tirana.exchange.status()).every(
          ({ lastContactAt }) => (lastContactAt ?? '') > plusMs(noon, afterMs),
        ),
      )

      for (const relay of [durres, skopje]) expect(await withheldBy(tirana, relay)).toBeUndefined()
    }))

  test('that stands still while another shows more of the log is named, and is not once it has caught up', () =>
    aRegion(async (region) => {
      const { tirana, durres, skopje, later } = region
      await region.nis.append({ key: 'first' })
      await passed(region, 'first')
      tirana.live()
      const logs = () => tirana.store.database<{ peer: string; size: number }[]>`
        select peer, size from relayed_log order by peer`
      await until(async () => (await logs()).length === 2)
      await region.nis.exchange.peers.setState(durres.name, 'suspended')
      // Nothing that tirana may have: only the log tells that there is more.
      await region.nis.append({
        key: 'for skopje',
        handling: { tlp: 'TLP:GREEN', audience: ['skopje.example'] },
      })
      await until(async () => (await heldBy(skopje)).includes('for skopje@1'))
      await until(async () => {
        const [ofDurres, ofSkopje] = await logs()
        return (ofDurres?.size ?? 0) < (ofSkopje?.size ?? 0)
      })

      expect(await withheldBy(tirana, durres)).toBeUndefined()
      later(afterMs)
      await until(async () => (await withheldBy(tirana, durres)) !== undefined)
      expect(await withheldBy(tirana, durres)).toMatchObject([{ origin: nis, kind: 'older-log' }])
      expect(await withheldBy(tirana, skopje)).toBeUndefined()

      await region.nis.exchange.peers.setState(durres.name, 'active')
      await until(async () => (await withheldBy(tirana, durres)) === undefined, 30_000)
    }))

  test('is not asked about what was taken back, nor about an origin that is a peer itself', () =>
    aRegion(async (region) => {
      const { tirana, durres, skopje, liar, later } = region
      liar.change = without('hidden')
      await region.nis.append({ key: 'first' }, { key: 'hidden' }, { key: 'last' })
      await passed(region, 'last')
      tirana.live()
      await until(
        async () => (await notedFrom(region, skopje)) === 4 && (await notedFrom(region, durres)) === 3,
      )
      later(afterMs)
      await until(async () => (await withheldBy(tirana, durres)) !== undefined)

      const [hidden] = await tirana.store.read({ key: 'hidden' })
      await addPeer(tirana, region.nis)
      expect(await withheldBy(tirana, durres)).toBeUndefined()
      await tirana.exchange.peers.remove(nis)
      expect(await withheldBy(tirana, durres)).toHaveLength(1)

      if (hidden) await tirana.store.erase([hidden.record.id], { derived: false, reason: 'withdrawn' })

      expect(await withheldBy(tirana, durres)).toBeUndefined()
    }))
})
