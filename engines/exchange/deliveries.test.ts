/** What a giver can prove of what it gave: the taker's own signature over the leaves that it holds. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultyLink } from '../../test/support/faulty-link.ts'
import type { Digest, NodeId } from '../record/index.ts'
import { type Delivery, provenOf } from './deliveries.ts'
import { addPeer, aNode, pair, type TestNode, until } from './exchange.test-support.ts'
import { claimOf, fitsBatch, parseClaim } from './received.ts'

const leaf = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex') as Digest)
const tirana = 'tirana.example' as NodeId

const deliveriesOf = (node: TestNode) => node.exchange.deliveries(tirana)
const provenAt = async (node: TestNode): Promise<number> =>
  (await deliveriesOf(node)).flatMap((one) => provenOf(one, node.name)).length

describe('a claim', () => {
  test('speaks of the batch that it was made of, and of no other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(leaf, fc.boolean()), { minLength: 1, maxLength: 30 }),
        fc.array(leaf, { minLength: 1, maxLength: 30 }),
        (batch, other) => {
          const leaves = batch.map(([one]) => one)
          const made = claimOf(batch.map(([one, isHeld]) => (isHeld ? one : undefined)))
          if (made === undefined) return batch.every(([, isHeld]) => !isHeld)
          const claim = parseClaim(made.text)
          return claim !== undefined && fitsBatch(claim, leaves) && !fitsBatch(claim, other)
        },
      ),
    )
  })

  test('of another form is none', () => {
    const digest = `sha-256=:${Buffer.alloc(32).toString('base64')}:`
    for (const text of [
      '',
      'sha-256=::;count=1',
      digest,
      `${digest};count=0`,
      `${digest};count=1;refused="1,2"`,
      `${digest};count=1;chain=:AAAA:`,
    ])
      expect(parseClaim(text)).toBeUndefined()
  })
})

describe('what a peer was given', () => {
  test('is signed for by the peer with its next request, and anybody can check it', async () => {
    await using durres = await aNode('durres.example')
    await using taker = await aNode(tirana)
    await pair(durres, taker)
    await durres.append({ key: 'first' }, { key: 'second' })
    taker.live()

    await until(async () => (await provenAt(durres)) >= 3) // with the giver's word on its key
    await durres.append({ key: 'third' })
    await until(async () => (await provenAt(durres)) >= 4)

    const [newest] = await deliveriesOf(durres)
    const [held] = await taker.store.read({ key: 'third' })
    expect(newest?.records.map(({ id, version }) => [id, version])).toEqual([[held?.record.id, 1]])
    expect(newest?.receipt?.signed).toContain('"mosaic-to": durres.example')
    const record = held?.record.id
    expect(await durres.exchange.deliveries(tirana, { ...(record && { record }) })).toHaveLength(1)
  })

  test('is not proven by a receipt that was altered, moved to other records, or made out to another', async () => {
    await using durres = await aNode('durres.example')
    await using taker = await aNode(tirana)
    await pair(durres, taker)
    await durres.append({ key: 'first' }, { key: 'second' })
    taker.live()
    await until(async () => (await provenAt(durres)) > 0)
    const [delivery] = (await deliveriesOf(durres)).filter(({ receipt }) => receipt !== undefined)
    if (delivery?.receipt === undefined) throw new Error('no receipt')
    const { receipt, records } = delivery
    const wrong: readonly Delivery[] = [
      { ...delivery, records: records.toReversed() },
      { ...delivery, records: records.map((one) => ({ ...one, leaf: 'ab'.repeat(32) as Digest })) },
      { ...delivery, to: 'skopje.example' as NodeId },
      { ...delivery, receipt: { ...receipt, signed: receipt.signed.replace('GET', 'PUT') } },
      { ...delivery, receipt: { ...receipt, claim: receipt.claim.replace(/count=\d+/, 'count=1') } },
      { ...delivery, receipt: { ...receipt, key: new Uint8Array(32) } },
    ]

    expect(provenOf(delivery, durres.name)).toEqual(records)
    expect(provenOf(delivery, 'skopje.example' as NodeId)).toEqual([])
    for (const one of wrong) expect(provenOf(one, durres.name)).toEqual([])
  })

  test('and did not come is not proven, and is once it came', async () => {
    await using durres = await aNode('durres.example')
    await using taker = await aNode(tirana)
    await using link = await faultyLink(durres.url)
    await addPeer(durres, taker)
    await addPeer(taker, link)
    taker.live()
    await until(async () => (await provenAt(durres)) === 1)

    link.set({ cutAfterBytes: 1 })
    await durres.append({ key: 'lost on the way', body: { text: 'x'.repeat(5000) } })
    await until(() => link.cuts() > 0)
    await until(async () => (await deliveriesOf(durres)).some(({ receipt }) => receipt === undefined))
    const before = await provenAt(durres)
    link.set({})
    await until(async () => (await provenAt(durres)) === 2)

    expect(before).toBe(1)
    expect((await deliveriesOf(durres)).map(({ records }) => records.length)).toEqual([1, 1])
  })
})
