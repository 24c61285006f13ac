/** Whose keys are believed of an origin that is known through others only. */
import { describe, expect, test } from 'vitest'
import { nodeId, plusMs } from '../record/index.ts'
import { logVerifier, signingKey } from '../tlog/index.ts'
import type { PeerKey } from './contract.ts'
import { addPeer, aNode, heldBy, noon, pair, type TestNode, until } from './exchange.test-support.ts'
import { fingerprintOf } from './fingerprint.ts'
import { createIntroduced } from './introduced.ts'

const bitola = nodeId('bitola.example')
const keyOf = (fill: number): PeerKey => {
  const key = Buffer.from(signingKey(new Uint8Array(32).fill(fill)).publicKey).toString('base64')
  return { keyId: logVerifier({ node: bitola, key }).keyId, key, validFrom: noon }
}
const [first, second] = [keyOf(1), keyOf(2)]
const durres = nodeId('durres.example')
const skopje = nodeId('skopje.example')

describe('an introduction', () => {
  test('is believed when it is the first; another key, whoever gives it, is contested and believed by nobody', async () => {
    await using tirana = await aNode('tirana.example')
    const introduced = createIntroduced(tirana.store.database)

    expect(await introduced.introduce(bitola, [first], durres, noon)).toEqual([])
    expect(await introduced.introduce(bitola, [first, second], skopje, noon)).toEqual([second])
    expect(await introduced.introduce(bitola, [second], durres, noon)).toEqual([])

    expect(await introduced.keys(bitola)).toEqual([first])
    expect(await introduced.all(bitola)).toMatchObject([
      { key: first, standing: 'introduced', by: durres },
      { key: second, standing: 'contested', by: skopje },
    ])
  })

  test('of a key under an id that is not its own is nothing', async () => {
    await using tirana = await aNode('tirana.example')
    const introduced = createIntroduced(tirana.store.database)

    await introduced.introduce(bitola, [{ ...first, keyId: second.keyId }], durres, noon)

    expect(await introduced.all()).toEqual([])
  })

  test('of two peers at the same moment is one first and one contested', async () => {
    await using tirana = await aNode('tirana.example')
    const introduced = createIntroduced(tirana.store.database)

    const outcomes = await Promise.all([
      introduced.introduce(bitola, [first], durres, noon),
      introduced.introduce(bitola, [second], skopje, noon),
    ])

    expect(outcomes.flat()).toHaveLength(1)
    expect(await introduced.keys(bitola)).toHaveLength(1)
  })
})

/** `bitola` is known at `tirana` through `skopje` alone. */
async function known(rules = ['warn.*']) {
  const nodes = {
    bitola: await aNode('bitola.example'),
    skopje: await aNode('skopje.example'),
    tirana: await aNode('tirana.example'),
  }
  await pair(nodes.bitola, nodes.skopje)
  await addPeer(nodes.tirana, nodes.skopje, { introduces: true })
  await addPeer(nodes.skopje, nodes.tirana, { gives: [{ types: rules, upTo: 'TLP:GREEN' }] })
  await nodes.bitola.append({ key: 'first' })
  nodes.skopje.live()
  nodes.tirana.live()
  await until(async () => (await heldBy(nodes.tirana)).includes('first@1'))
  return {
    ...nodes,
    async [Symbol.asyncDispose]() {
      for (const node of [nodes.tirana, nodes.skopje, nodes.bitola]) await node[Symbol.asyncDispose]()
    },
  }
}

const minutesLater = (nodes: readonly TestNode[], count: number): void => {
  for (const { clock } of nodes) clock.set(plusMs(clock.now(), count * 60_000))
}
const says = ({ store, keys }: TestNode) =>
  keys.statements().then((all) => store.append(all, { unlessEver: true }))

describe('the keys of an introduced origin', () => {
  test('are followed through the relay: a rotation and the revocation of the old key arrive, whatever the rules give', async () => {
    await using nodes = await known()
    const { bitola: origin, tirana, skopje: relay } = nodes
    const old = origin.keys.current()

    await origin.keys.rotate(0)
    await origin.keys.revoke(old.keyId, 'A notebook was stolen.')
    await says(origin)
    minutesLater([origin, relay, tirana], 2)
    await origin.append({ key: 'under the new key' })
    await until(async () => (await heldBy(tirana)).includes('under the new key@1'))

    const keys = await tirana.exchange.keysOf(origin.name)
    expect(keys.find(({ keyId }) => keyId === old.keyId)?.revokedAt).toBeDefined()
    expect(keys.find(({ keyId }) => keyId !== old.keyId)?.revokedAt).toBeUndefined()
    expect(await tirana.exchange.introduced(origin.name)).toMatchObject([
      { standing: 'introduced' },
      { standing: 'vouched-for' },
    ])
  })

  test('are followed where the statements come among the records, too', async () => {
    await using nodes = await known(['*'])
    const { bitola: origin, tirana } = nodes

    await origin.keys.rotate(3_600_000)
    await says(origin)

    await until(async () => (await tirana.exchange.keysOf(origin.name)).length === 2)
  })
})

describe('a false first introduction', () => {
  test('is shown as soon as somebody contests it, and repaired by a person who compared fingerprints', async () => {
    await using nodes = await known()
    const { bitola: origin, skopje: relay } = nodes
    await using liar = await aNode('bitola.example')
    await using prilep = await aNode('prilep.example')
    await using podgorica = await aNode('podgorica.example')
    const gives = [{ types: ['warn.*'], upTo: 'TLP:GREEN' as const }]
    await pair(liar, prilep)
    await addPeer(podgorica, prilep, { introduces: true })
    await addPeer(prilep, podgorica, { gives })
    await liar.append({ key: 'a lie' })
    prilep.live()
    podgorica.live()
    await until(async () => (await heldBy(podgorica)).includes('a lie@1'))
    await addPeer(podgorica, relay, { introduces: true })
    await addPeer(relay, podgorica, { gives })
    await until(async () => {
      const shown = await podgorica.store.quarantine.list({ from: relay.name })
      return shown.some(({ issues }) => issues[0]?.rule === 'exchange/introduction-contested')
    })

    const all = await podgorica.exchange.introduced(origin.name)
    const contested = all.find(({ standing }) => standing === 'contested')
    expect(contested?.key.keyId).toBe(origin.keys.current().keyId)
    expect(await heldBy(podgorica)).toEqual(['a lie@1'])

    const wrong = await podgorica.exchange.settleOrigin(origin.name, '0'.repeat(40))
    const settled = await podgorica.exchange.settleOrigin(origin.name, fingerprintOf(origin.keys.current()))

    expect(wrong.kind).toBe('no-such-key')
    const [lie] = await podgorica.store.read({ key: 'a lie' })
    expect(settled).toMatchObject({ kind: 'settled' })
    expect(settled.kind === 'settled' && settled.unproven).toContainEqual({ id: lie?.record.id, version: 1 })
    await until(async () => (await heldBy(podgorica)).includes('first@1'))
    expect((await podgorica.exchange.keysOf(origin.name)).map(({ keyId }) => keyId)).toEqual([
      origin.keys.current().keyId,
    ])
  })
})
