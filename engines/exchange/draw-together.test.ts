/** However many batches a peer signs for, one signature in some dozens is kept, and each delivery can still be proven. */
import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Digest, nodeId, plusMs, type RecordId } from '../record/index.ts'
import { aStore, atMainShock } from '../store/store.test-support.ts'
import { logVerifier, signingKey } from '../tlog/index.ts'
import {
  createDeliveries,
  type Delivery,
  type GivenRecord,
  provenOf,
  type SignedClaim,
} from './deliveries.ts'
import { batchesTogether } from './draw-together.ts'
import { claimOf } from './received.ts'

const durres = nodeId('durres.example')
const tirana = nodeId('tirana.example')
const theirs = signingKey(new Uint8Array(32).fill(3))
const keyId = logVerifier({ node: tirana, key: Buffer.from(theirs.publicKey).toString('base64') }).keyId

const aRecord = (name: string): GivenRecord => ({
  id: hash('sha256', name).slice(0, 40) as RecordId,
  version: 1,
  leaf: hash('sha256', `leaf of ${name}`) as Digest,
})

/** As the request of the peer would carry it. */
function signedBy(claim: string): SignedClaim {
  const signed = [
    `"mosaic-to": ${durres}`,
    `"mosaic-received": ${claim}`,
    `"@signature-params": ("mosaic-to" "mosaic-received");keyid="${tirana}+${keyId}";nonce="x"`,
  ].join('\n')
  return { claim, signed, signature: theirs.sign(Buffer.from(signed)), keyId, key: theirs.publicKey }
}

/** A peer that takes batch after batch; what it forgets, its own chain among it, the test says. */
async function delivered(
  batches: readonly { readonly size: number; readonly refuses?: number; readonly forgets?: boolean }[],
) {
  const opened = await aStore()
  const { database } = opened.store
  const deliveries = createDeliveries(database)
  let chain: Uint8Array | undefined
  for (const [at, { size, refuses, forgets }] of batches.entries()) {
    const records = Array.from({ length: size }, (_, n) => aRecord(`${at}/${n}`))
    await deliveries.given(tirana, records, plusMs(atMainShock, at * 1000))
    if (forgets) chain = undefined
    const made = claimOf(
      records.map(({ leaf }, n) => (n === refuses ? undefined : leaf)),
      chain,
    )
    if (made === undefined) continue
    chain = made.chain
    await deliveries.received(tirana, signedBy(made.text), plusMs(atMainShock, at * 1000 + 500))
  }
  const [count] = await database<{ rows: number }[]>`select count(*)::integer as rows from peer_delivery`
  return { ...opened, deliveries, rows: count?.rows ?? 0 }
}

const proven = (all: readonly Delivery[]) => all.flatMap((one) => provenOf(one, durres)).map(({ id }) => id)

describe('receipts that follow each other', () => {
  test('become one row with one signature, and each batch keeps its time and its proof', async () => {
    const batches = Array.from({ length: batchesTogether + 2 }, (_, at) => ({
      size: 3,
      ...(at % 5 === 0 && { refuses: 1 }),
    }))
    await using node = await delivered(batches)

    const all = await node.deliveries.list(tirana, { limit: 1000 })

    expect(node.rows).toBe(3)
    expect(all).toHaveLength(batches.length)
    expect(all.map(({ givenAt }) => givenAt)).toEqual(
      batches.map((_, at) => plusMs(atMainShock, at * 1000)).reverse(),
    )
    expect(proven(all)).toHaveLength(
      batches.reduce((sum, { size, refuses }) => sum + size - (refuses === undefined ? 0 : 1), 0),
    )
    const [one] = await node.deliveries.list(tirana, { record: aRecord('7/2').id })
    expect(one?.records.map(({ id }) => id)).toEqual(['7/0', '7/1', '7/2'].map((name) => aRecord(name).id))
    expect(one && provenOf(one, durres)).toHaveLength(3)
    expect(one?.receipt?.receivedAt).toBe(plusMs(atMainShock, 7500))
  })

  test('prove nothing when a record, a refusal, the way to the signature or the signature is another', async () => {
    await using node = await delivered(Array.from({ length: batchesTogether }, () => ({ size: 2 })))
    const one = (await node.deliveries.list(tirana)).at(-1)
    const { receipt } = one ?? {}
    if (one === undefined || receipt?.link === undefined) throw new Error('not drawn together')
    const { link } = receipt
    const other = Buffer.alloc(32, 9).toString('base64')
    const wrong: readonly Delivery[] = [
      { ...one, records: one.records.toReversed() },
      { ...one, records: [aRecord('never given'), ...one.records.slice(1)] },
      { ...one, receipt: { ...receipt, link: { ...link, refused: [0] } } },
      { ...one, receipt: { ...receipt, link: { ...link, before: other } } },
      { ...one, receipt: { ...receipt, link: { ...link, after: [other, ...link.after.slice(1)] } } },
      { ...one, receipt: { ...receipt, link: { ...link, after: link.after.slice(1) } } },
      { ...one, receipt: { ...receipt, signature: new Uint8Array(64) } },
    ]

    expect(provenOf(one, durres)).toEqual(one.records)
    for (const each of wrong) expect(provenOf(each, durres)).toEqual([])
  })

  test('go on although the peer loses its place now and then, whatever it refuses: nothing that it took is unproven', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            size: fc.integer({ min: 1, max: 3 }),
            refuses: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
            forgets: fc.boolean(),
          }),
          { minLength: batchesTogether, maxLength: batchesTogether + 4 },
        ),
        async (batches) => {
          const taken = batches.map(({ size, refuses, ...rest }) => ({
            size,
            ...rest,
            ...(refuses !== undefined && { refuses }),
          }))
          await using node = await delivered(taken)
          const all = await node.deliveries.list(tirana, { limit: 1000 })
          const expected = batches.flatMap(({ size, refuses }, at) =>
            Array.from({ length: size }, (_, n) => n)
              .filter((n) => n !== refuses)
              .map((n) => aRecord(`${at}/${n}`).id),
          )
          expect(proven(all).sort()).toEqual(expected.sort())
        },
      ),
      { numRuns: 3 },
    ))
})
