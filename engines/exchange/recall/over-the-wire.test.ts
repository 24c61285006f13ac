/** Recall over real connections between real nodes, each with its own database, log and keys. */
import { describe, expect, test } from 'vitest'
import { createRegistry, type NodeId, type RecordId } from '../../record/index.ts'
import { addPeer, aNode, type TestNode, until } from '../exchange.test-support.ts'
import { openRecalls, type Recalls } from './open.ts'
import { besa } from './recall.test-support.ts'
import { recallRecords } from './records.ts'

type RecallNode = AsyncDisposable & {
  readonly node: TestNode
  readonly recalls: Recalls
  readonly live: () => void
}

async function aRecallNode(name: string): Promise<RecallNode> {
  const ready: { recalls?: Recalls } = {}
  const recalls = (): Recalls => {
    if (ready.recalls === undefined) throw new Error('the node is not open yet')
    return ready.recalls
  }
  const node = await aNode(
    name,
    {
      recall: {
        noteSent: (peer, refs) => recalls().noteSent(peer, refs),
        followUpsFor: (peer) => recalls().followUpsFor(peer),
      },
      consentsFor: (peer) => recalls().consentsFor(peer),
      taken: (_, records) => recalls().taken(records),
    },
    { registry: createRegistry([...recallRecords]) },
  )
  ready.recalls = openRecalls({ store: node.store, node: node.name, clock: node.clock })
  const stopping = new AbortController()
  let obeying: Promise<void> = Promise.resolve()
  return {
    node,
    recalls: recalls(),
    live() {
      node.live()
      obeying = recalls().live(stopping.signal)
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await obeying
      await node[Symbol.asyncDispose]()
    },
  }
}

/** Warnings alone are shared by rule; keys of third nodes are introduced. */
const terms = {
  gives: [{ types: ['warn.*'], upTo: 'TLP:AMBER' }],
  introduces: true,
} as const

async function joined(a: RecallNode, b: RecallNode): Promise<void> {
  await addPeer(a.node, b.node, terms)
  await addPeer(b.node, a.node, terms)
}

const contentAt = async ({ node }: RecallNode, id: RecordId): Promise<boolean> =>
  (await node.store.get(id)) !== undefined

async function warningOf({ node }: RecallNode): Promise<RecordId> {
  const [held] = await node.store.read({ types: ['warn.warning'], key: 'flood' })
  if (held === undefined) throw new Error('no warning')
  return held.record.id
}

describe('nodes in a row, where the first withdraws', () => {
  test('all erase it, and the receipt of the last comes back through the relay', async () => {
    await using durres = await aRecallNode('durres.example')
    await using tirana = await aRecallNode('tirana.example')
    await using skopje = await aRecallNode('skopje.example')
    await joined(durres, tirana)
    await joined(tirana, skopje)
    await durres.node.append({ key: 'flood' })
    await skopje.node.append({ key: 'of its own', handling: { tlp: 'TLP:GREEN' } }) // its key is introduced with it
    for (const one of [durres, tirana, skopje]) one.live()
    const id = await warningOf(durres)
    await until(() => contentAt(skopje, id))

    const outcome = await durres.recalls.withdraw({ target: id, by: besa, reason: 'A false alarm.' })
    const recall = outcome.kind === 'recalled' ? outcome.recall.id : id

    await until(async () => {
      const state = await durres.recalls.state(recall)
      return state?.isComplete === true && state.holders.length === 2
    }, 30_000)
    for (const one of [durres, tirana, skopje]) expect(await contentAt(one, id)).toBe(false)
    const confirmed = (await durres.recalls.state(recall))?.holders.map(({ node, through }) => [
      node,
      through,
    ])
    expect(confirmed).toEqual([
      ['skopje.example', 'tirana.example'],
      ['tirana.example', undefined],
    ])
    for (const { node } of [durres, tirana, skopje]) expect(await node.store.quarantine.count()).toBe(0)
  }, 60_000)
})

describe('a neighbour that is given a record only after it was relabelled', () => {
  test('gets the recall after it, and holds the record as it is labelled now', async () => {
    await using durres = await aRecallNode('durres.example')
    await using tirana = await aRecallNode('tirana.example')
    await durres.node.append({ key: 'flood', handling: { tlp: 'TLP:CLEAR' } })
    const id = await warningOf(durres)
    const audience = ['durres.example', 'tirana.example']
    await durres.recalls.relabel({
      target: id,
      by: besa,
      reason: 'x',
      handling: { tlp: 'TLP:AMBER', audience },
    })

    await joined(durres, tirana)
    for (const one of [durres, tirana]) one.live()

    await until(async () => (await tirana.node.store.get(id))?.effective?.tlp === 'TLP:AMBER', 30_000)
  }, 60_000)
})

describe('what its originator controls', () => {
  test('goes on to a third node once a consent has reached the relay, and not before', async () => {
    await using durres = await aRecallNode('durres.example')
    await using tirana = await aRecallNode('tirana.example')
    await using skopje = await aRecallNode('skopje.example')
    await joined(durres, tirana)
    await joined(tirana, skopje)
    await durres.node.append({ key: 'controlled', handling: { tlp: 'TLP:GREEN', originatorControl: true } })
    await durres.node.append({ key: 'open', handling: { tlp: 'TLP:GREEN' } })
    for (const one of [durres, tirana, skopje]) one.live()
    const [controlled, open] = (await durres.node.store.read({ types: ['warn.warning'] })).map(
      ({ record }) => record.id,
    )
    await until(() => contentAt(skopje, open as RecordId))
    const before = await contentAt(skopje, controlled as RecordId)

    await durres.recalls.consent({
      to: ['skopje.example' as NodeId],
      ids: [controlled as RecordId],
      by: besa,
    })

    await until(() => contentAt(skopje, controlled as RecordId), 30_000)
    expect(before).toBe(false)
  }, 60_000)
})
