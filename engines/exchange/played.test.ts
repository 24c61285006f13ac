/** Inside an exercise, under a name that a scenario brings and whose keys nobody knows. */
import { describe, expect, test } from 'vitest'
import { createRegistry, type Draft, type MosaicRecord, nodeId, type Realm } from '../record/index.ts'
import { addPeer, aNode, heldBy, noon, type TestNode, until } from './exchange.test-support.ts'
import { openRecalls, recallRecords } from './recall/index.ts'

const realm = 'exercise:flood-2026' as Realm
const scenario = nodeId('scenario.example')
const registry = createRegistry([...recallRecords])

const aReport = (text: string, parts: Partial<Draft> = {}): Draft => ({
  type: 'warn.warning',
  key: 'played',
  realm,
  producer: { kind: 'method', name: 'test', version: '1' },
  valid: { from: noon },
  handling: { tlp: 'TLP:CLEAR' },
  body: { text },
  ...parts,
})

/** Plays the scenario: a second store on the node's database, with the scenario's own name. */
async function play(node: TestNode, ...drafts: readonly Draft[]): Promise<readonly MosaicRecord[]> {
  const identity = { node: scenario, incarnation: 'played' }
  // Two that play one scenario write the same bytes: the salts follow from what is played.
  const salts = (_: string, version: number) => new Uint8Array(32).fill(version)
  const store = await node.test.beside({ node: scenario, identity, salts, registry, clock: node.clock })
  return (await store.append(drafts)).map((outcome) => {
    if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome))
    return outcome.record
  })
}

async function threeNodes() {
  const [durres, nis, tirana] = await Promise.all(
    ['durres.example', 'nis.example', 'tirana.example'].map((name) => aNode(name, {}, { registry })),
  )
  if (!durres || !nis || !tirana) throw new Error('not opened')
  const gives = [{ types: ['*'], upTo: 'TLP:RED' as const, realms: [realm] }]
  for (const player of [durres, nis]) {
    await addPeer(player, tirana, { gives })
    await addPeer(tirana, player, { gives: [] })
  }
  return {
    ...{ durres, nis, tirana },
    async [Symbol.asyncDispose]() {
      for (const node of [tirana, nis, durres]) await node[Symbol.asyncDispose]()
    },
  }
}

const refusals = async (node: TestNode, from: TestNode): Promise<readonly string[]> =>
  (await node.store.quarantine.list({ from: from.name })).flatMap(({ issues }) =>
    issues.map(({ rule }) => rule),
  )

describe('what one node played', () => {
  test('is superseded by the log that first proved it, and by no other node that uses the name', async () => {
    await using nodes = await threeNodes()
    const { durres, nis, tirana } = nodes
    await play(durres, aReport('The river rises'))
    tirana.live()
    await until(async () => (await heldBy(tirana, realm)).includes('played@1'))

    await play(nis, aReport('Says somebody else'), aReport('And again'))
    await until(async () => (await refusals(tirana, nis)).length === 2)
    await play(durres, aReport('The river falls'))
    await until(async () => (await heldBy(tirana, realm)).includes('played@2'))

    const held = await tirana.store.read({ realm, versions: 'all', types: ['warn.warning'] })
    expect(held.map(({ record }) => record.body)).toEqual([
      { text: 'The river rises' },
      { text: 'The river falls' },
    ])
    expect(new Set(await refusals(tirana, nis))).toEqual(new Set(['exchange/other-log']))
  })

  test('comes back from a peer that shares everything, and nobody has to look at it', async () => {
    await using nodes = await threeNodes()
    const { durres, tirana } = nodes
    await tirana.exchange.peers.change(durres.name, {
      gives: [{ types: ['*'], upTo: 'TLP:RED', realms: [realm] }],
    })
    await play(durres, aReport('The river rises'))
    tirana.live()
    await until(async () => (await heldBy(tirana, realm)).length === 1)
    await tirana.store.append([aReport('of tirana', { key: 'after it' })])
    durres.live()
    await until(async () => (await heldBy(durres, realm)).includes('after it@1'))

    expect(await refusals(durres, tirana)).toEqual([])
    expect(await heldBy(durres, realm)).toHaveLength(2)
  })

  test('is the same when another node plays the same scenario, and nothing is refused', async () => {
    await using nodes = await threeNodes()
    const { durres, nis, tirana } = nodes
    await play(durres, aReport('The river rises'))
    tirana.live()
    await until(async () => (await heldBy(tirana, realm)).length === 1)

    await play(nis, aReport('The river rises'), aReport('only here', { key: 'of nis' }))
    await until(async () => (await heldBy(tirana, realm)).length === 2)

    expect(await refusals(tirana, nis)).toEqual([])
  })

  test('is recalled by the log that first proved it, and by no other node that uses the name', async () => {
    await using nodes = await threeNodes()
    const { durres, nis, tirana } = nodes
    const [report] = await play(durres, aReport('The river rises'))
    if (report === undefined) throw new Error('not written')
    const recall = (key: string) =>
      aReport('', {
        type: 'exchange.recall',
        key,
        links: [{ type: 'recalls', id: report.id }],
        body: { target: report.id, action: 'withdraw', reason: 'withdrawn' },
      })
    const { store, clock, name: node } = tirana
    const recalls = openRecalls({ store, node, clock })
    tirana.live()
    await play(nis, recall('false'))
    await until(async () => (await heldBy(tirana, realm)).length === 2)

    await recalls.catchUp()
    const kept = await store.get(report.id)
    await play(durres, recall('true'))
    await until(async () => (await heldBy(tirana, realm)).length === 3)
    await recalls.catchUp()

    expect(kept?.record.body).toEqual({ text: 'The river rises' })
    expect(await store.get(report.id)).toBeUndefined()
    await play(durres, recall('again'))
    await until(async () => (await heldBy(tirana, realm)).length === 4)
    await recalls.catchUp()
    const shown = await store.quarantine.list({ from: scenario })
    expect(shown.map(({ issues }) => issues.map(({ rule }) => rule))).toEqual([
      ['exchange/recall-not-by-origin'],
    ])
  })
})
