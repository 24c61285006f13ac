/** What an heir may do with what a lost or merged node owned, as those see it who hold its records. */
import { describe, expect, test } from 'vitest'
import { actual, type Draft, type MosaicRecord, type NodeId, nodeId, type RecordId } from '../record/index.ts'
import { recoverKeys, signingKey, successionBody, tlogSuccession } from '../tlog/index.ts'
import { addPeer, aNode, heldBy, noon, pair, type TestNode, until } from './exchange.test-support.ts'
import { openRecalls } from './recall/index.ts'

const aWarning = (key: string, text: string): Draft => ({
  type: 'warn.warning',
  key,
  realm: actual,
  producer: { kind: 'method', name: 'test', version: '1' },
  valid: { from: noon },
  handling: { tlp: 'TLP:CLEAR' },
  body: { text },
})

type Said = { readonly from: TestNode; readonly to: NodeId; readonly note: string }

/** Two people give the lost node's keys back, and its heir says so in its own log. */
async function recovered({ from, to, note }: Said): Promise<Draft> {
  const { shares, escrow } = await from.keys.split(2)
  const { signing, keyId } = await recoverKeys(shares, escrow)
  const said = { from: from.name, to, kind: 'recovery', checkpoint: note, keyId } as const
  return succession(said.from, successionBody(said, signing.sign))
}

/** The old node says it in its own log. */
const merged = ({ from, to, note }: Said): Draft => {
  const { keyId } = from.keys.current()
  const said = { from: from.name, to, kind: 'merge', checkpoint: note, keyId } as const
  return succession(`${to}`, successionBody(said, from.keys.sign))
}

const succession = (key: string, body: unknown): Draft => ({
  type: tlogSuccession.type,
  key,
  realm: actual,
  producer: { kind: 'method', name: 'tlog', version: '1' },
  valid: { from: noon },
  body,
})

const appended = async (node: TestNode, ...drafts: readonly Draft[]): Promise<readonly MosaicRecord[]> =>
  (await node.store.append(drafts)).map((outcome) => {
    if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome))
    return outcome.record
  })

const rulesIn = async (node: TestNode): Promise<readonly string[]> =>
  (await node.store.quarantine.list({})).flatMap(({ issues }) => issues.map(({ rule }) => rule))

const bodyOf = async (node: TestNode, id: RecordId): Promise<unknown> =>
  (await node.store.get(id))?.record.body

/** `durres` wrote a warning that `vlora` and `tirana` hold, and is lost; `vlora` gives to `tirana`. */
async function aRegion() {
  const durres = await aNode('durres.example')
  const vlora = await aNode('vlora.example')
  const tirana = await aNode('tirana.example')
  await pair(durres, vlora)
  await pair(durres, tirana)
  await pair(vlora, tirana)
  const [warning] = await appended(durres, aWarning('flood', 'Flood at six'))
  if (warning === undefined) throw new Error('not written')
  const { note, size } = await durres.log.integrate()
  for (const node of [vlora, tirana]) {
    node.live()
    await until(async () => (await node.store.get(warning.id)) !== undefined)
  }
  return {
    ...{ durres, vlora, tirana, warning, note, size },
    async [Symbol.asyncDispose]() {
      for (const node of [tirana, vlora, durres]) await node[Symbol.asyncDispose]()
    },
  }
}

describe('the heir of a lost node', () => {
  test('writes the next version of what that node owned, and every holder takes it under the same id', async () => {
    await using region = await aRegion()
    const { durres, vlora, tirana, warning, note, size } = region
    const before = await vlora.exchange.supersede(durres.name, [aWarning('flood', 'Not yet')])
    await appended(vlora, await recovered({ from: durres, to: vlora.name, note }))

    const outcome = await vlora.exchange.supersede(durres.name, [aWarning('flood', 'The flood is over')])
    await until(async () => JSON.stringify(await bodyOf(tirana, warning.id)).includes('over'))

    await tirana.append({ key: 'later' })
    await until(async () => (await heldBy(vlora)).includes('later@1'))
    const held = await tirana.store.get(warning.id)
    const [source] = await tirana.store.provenance(held ? [held.record] : [])
    expect(before).toEqual({ kind: 'refused', code: 'exchange/not-the-heir', owner: durres.name })
    expect(outcome.kind).toBe('written')
    expect(held?.record).toMatchObject({ id: warning.id, origin: durres.name, version: size + 1 })
    expect(source?.proof?.checkpoint).toMatch(/^vlora\.example\/log\n/)
    expect(await rulesIn(tirana)).toEqual([])
    expect(await rulesIn(vlora)).toEqual([])
  })

  test('reaches through a relay who knows the old node through that relay alone, whatever the rules give', async () => {
    await using region = await aRegion()
    const { durres, vlora, tirana, warning, note } = region
    await using bitola = await aNode('bitola.example')
    await addPeer(bitola, tirana, { introduces: true })
    await addPeer(tirana, bitola, { gives: [{ types: ['warn.*'], upTo: 'TLP:GREEN' }] })
    await appended(vlora, await recovered({ from: durres, to: vlora.name, note }))
    await vlora.exchange.supersede(durres.name, [aWarning('flood', 'The flood is over')])
    await until(async () => JSON.stringify(await bodyOf(tirana, warning.id)).includes('over'))

    bitola.live()
    await until(async () => JSON.stringify(await bodyOf(bitola, warning.id))?.includes('over') === true)

    expect(await rulesIn(bitola)).toEqual([])
    expect(await heldBy(bitola)).toHaveLength(2)
  })

  test('supersedes nothing that it does not hold, and writes nothing first in the old name', async () => {
    await using region = await aRegion()
    const { durres, vlora, note } = region
    await appended(vlora, await recovered({ from: durres, to: vlora.name, note }))

    const outcome = await vlora.exchange.supersede(durres.name, [aWarning('never seen', 'Fire')])

    expect(outcome).toMatchObject({
      outcomes: [{ kind: 'refused', reason: { issues: [{ rule: 'record/not-held' }] } }],
    })
  })
})

describe('what stood under the control of a lost node', () => {
  test('is the heir’s to give, and may be passed on under the heir’s consent', async () => {
    await using durres = await aNode('durres.example')
    await using vlora = await aNode('vlora.example')
    await using tirana = await aNode('tirana.example')
    await pair(durres, vlora)
    await pair(durres, tirana)
    await pair(vlora, tirana)
    const controlled = {
      ...aWarning('held', 'Ours'),
      handling: { tlp: 'TLP:GREEN', originatorControl: true } as const,
    }
    await appended(durres, controlled)
    const { note } = await durres.log.integrate()
    vlora.live()
    await until(async () => (await heldBy(vlora)).includes('held@1'))
    tirana.live()
    await appended(vlora, await recovered({ from: durres, to: vlora.name, note }))

    await vlora.exchange.supersede(durres.name, [{ ...controlled, body: { text: 'The heir’s' } }])
    await until(async () => (await heldBy(tirana)).includes('held@3'))

    expect(await vlora.exchange.ownedBy(vlora.name)).toEqual([durres.name])
    const { store, clock, name: node } = vlora
    const recalls = openRecalls({ store, node, clock, ownedBy: vlora.exchange.ownedBy })
    const [held] = await store.read({ types: ['warn.warning'] })
    const consented = await recalls.consent({
      to: ['skopje.example'],
      ids: held ? [held.record.id] : [],
      by: { kind: 'person', name: 'Besa Hoxha' },
    })
    expect(consented.kind).toBe('consented')
    const { consents } = await recalls.consentsFor(nodeId('skopje.example'))
    expect(consents.map(({ origin }) => origin)).toContain(durres.name)
  })
})

describe('who holds records of a node that was succeeded', () => {
  test('refuses what its log holds beyond the end that the succession names', async () => {
    await using region = await aRegion()
    const { durres, vlora, tirana, note } = region
    const [said] = await appended(vlora, await recovered({ from: durres, to: vlora.name, note }))
    await until(async () => (await tirana.store.get(said?.id as RecordId)) !== undefined)

    await appended(durres, aWarning('thief', 'Leave the town'))
    await until(async () => (await rulesIn(tirana)).includes('exchange/after-succession'))

    expect(await heldBy(tirana)).toEqual(['flood@1'])
  })

  test('refuses next versions under numbers that belong to the old log', async () => {
    await using region = await aRegion()
    const { durres, vlora, tirana, note, warning } = region
    await appended(vlora, await recovered({ from: durres, to: vlora.name, note }))

    await vlora.store.append([aWarning('flood', 'Mine now')], {
      inPlaceOf: { origin: durres.name, above: 0 },
    })
    await until(async () => (await rulesIn(tirana)).includes('exchange/before-succession'))

    expect(await bodyOf(tirana, warning.id)).toEqual({ text: 'Flood at six' })
  })

  test('believes the first of two recoveries; the second is refused and shown', async () => {
    await using region = await aRegion()
    const { durres, vlora, tirana, note, warning } = region
    await using berat = await aNode('berat.example')
    await pair(berat, tirana)
    await pair(durres, berat)
    berat.live()
    await until(async () => (await berat.store.get(warning.id)) !== undefined)
    await appended(vlora, await recovered({ from: durres, to: vlora.name, note }))
    await until(async () => (await tirana.exchange.successions()).claims.length === 1)

    await appended(berat, await recovered({ from: durres, to: berat.name, note }))
    await berat.exchange.supersede(durres.name, [aWarning('flood', 'Says the second heir')])
    await until(async () => (await rulesIn(tirana)).includes('exchange/second-succession'))
    await until(async () => (await rulesIn(tirana)).includes('exchange/other-log'))

    expect(await bodyOf(tirana, warning.id)).toEqual({ text: 'Flood at six' })
    expect(await tirana.exchange.speaksFor(berat.name, durres.name)).toBe(false)
    expect(await tirana.exchange.speaksFor(vlora.name, durres.name)).toBe(true)
  })

  test('believes the earlier of two in the old log, whichever comes first', async () => {
    await using region = await aRegion()
    const { durres, vlora, tirana, note } = region
    const [first, second] = [
      merged({ from: durres, to: vlora.name, note }),
      merged({ from: durres, to: tirana.name, note }),
    ]
    await using berat = await aNode('berat.example')
    await pair(durres, berat)
    await appended(durres, first, second)
    berat.live()
    await until(async () => (await rulesIn(berat)).includes('exchange/second-succession'))

    expect((await berat.exchange.successions()).decided(durres.name).stands?.to).toBe(vlora.name)
  })

  test('refuses a succession that no key of the old node signed', async () => {
    await using region = await aRegion()
    const { durres, vlora, tirana, note } = region
    const { keyId } = durres.keys.current()
    const said = { from: durres.name, to: vlora.name, kind: 'recovery', checkpoint: note, keyId } as const
    const thief = signingKey(new Uint8Array(32).fill(9))

    await appended(vlora, succession(durres.name, successionBody(said, thief.sign)))
    await until(async () => (await rulesIn(tirana)).includes('exchange/succession-refused'))

    expect((await tirana.exchange.successions()).claims).toEqual([])
  })

  test('believes a living node again once it has revoked the key by which a thief named an heir', async () => {
    await using region = await aRegion()
    const { durres, vlora, tirana, note } = region
    const stolen = durres.keys.current()
    await appended(vlora, await recovered({ from: durres, to: vlora.name, note }))
    await until(async () => tirana.exchange.speaksFor(vlora.name, durres.name))

    await durres.keys.rotate(0)
    await durres.keys.revoke(stolen.keyId, 'A notebook was stolen.')
    await durres.store.append(await durres.keys.statements(), { unlessEver: true })
    await until(async () => !(await tirana.exchange.speaksFor(vlora.name, durres.name)))
    await appended(durres, aWarning('alive', 'We are here'))

    await until(async () => (await heldBy(tirana)).includes('alive@1'))
  })
})
