/** A peer that sends what cannot be believed fills its own measure, and is then asked no more until a person has looked. */
import { describe, expect, test } from 'vitest'
import type { NodeId } from '../record/index.ts'
import { addPeer, aNode, heldBy, type TestNode, until } from './exchange.test-support.ts'
import { aLiar, changed, type Json } from './liar.test-support.ts'

const durres = 'durres.example' as NodeId
const stateOf = async (node: TestNode) =>
  (await node.exchange.status()).find(({ node: name }) => name === durres)

const forge = (batch: Json) => {
  for (const { parcel } of batch.items)
    for (const field of parcel.disclosed)
      if (field.name === 'key' && field.value !== 'sound') field.value = `${field.value} forged`
}

describe('a peer whose forgeries fill its quarantine', () => {
  test('is paused with the reason, is given to as before, and goes on where it stood once a person made room', async () => {
    await using taker = await aNode('tirana.example', {}, { quarantine: { items: 2, bytes: 1_000_000 } })
    await using giver = await aNode(durres)
    const lie = { change: forge }
    await using liar = await aLiar(giver, (body) => changed(body, (batch) => lie.change(batch)))
    await addPeer(taker, liar)
    await addPeer(giver, taker)
    await giver.append({ key: 'a' }, { key: 'b' }, { key: 'c' }, { key: 'sound' })
    taker.live()
    giver.live()

    await until(async () => (await stateOf(taker))?.state === 'paused')
    expect((await stateOf(taker))?.stateReason).toMatch(/quarantine is full.*mosaic quarantine discard/)
    expect(taker.happenings.filter(({ kind }) => kind === 'paused')).toMatchObject([{ peer: durres }])
    expect(await taker.store.quarantine.senders()).toMatchObject([
      { from: durres, held: 2, dropped: [{ rule: 'exchange/not-in-log', times: 2 }] }, // with its word on its key
    ])
    expect(await heldBy(taker)).toEqual(['sound@1'])
    await taker.append({ key: 'from tirana' })
    await until(async () => (await heldBy(giver)).includes('from tirana@1'))

    lie.change = () => undefined
    await taker.store.quarantine.discardFrom(durres)
    await taker.exchange.peers.setState(durres, 'active')

    await until(async () => (await heldBy(taker)).includes('c@1'))
    expect((await heldBy(taker)).filter((key) => key !== 'from tirana@1').sort()).toEqual(
      ['a@1', 'b@1', 'c@1', 'sound@1'].sort(),
    )
  })

  test('is not paused for records of origins that nobody vouches for: those are counted, and the others taken', async () => {
    await using taker = await aNode('tirana.example', {}, { quarantine: { items: 1, bytes: 1_000_000 } })
    await using relay = await aNode(durres)
    await using stranger = await aNode('nis.example')
    await addPeer(stranger, relay)
    await addPeer(relay, stranger)
    await addPeer(relay, taker)
    await addPeer(taker, relay)
    await stranger.append({ key: 'a' }, { key: 'b' }, { key: 'c' })
    relay.live()
    await until(async () => (await heldBy(relay)).includes('c@1'))
    await relay.append({ key: 'own' })
    taker.live()

    await until(async () => (await heldBy(taker)).includes('own@1'))
    await until(async () => ((await stateOf(taker))?.refused ?? 0) >= 3)

    expect(await stateOf(taker)).toMatchObject({ state: 'active', errorsInARow: 0 })
    const [sender] = await taker.store.quarantine.senders()
    expect(sender).toMatchObject({ held: 1, dropped: [{ rule: 'exchange/unknown-origin' }] })
  })
})
