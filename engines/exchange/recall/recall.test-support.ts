/**
 * A region of real stores that hand each other records by hand: what the exchange does, without its wire. Deliveries can
 * be lost on the way, repeated and reordered. What is owed is judged as the exchange does it: by the rules (here:
 * everything but what is about recalls), or as a follow-up.
 */
import { afterEach } from 'vitest'
import {
  actual,
  createRegistry,
  type Draft,
  type Handling,
  type Held,
  type MosaicRecord,
  type NodeId,
  nodeId,
  plusMs,
  type RecordId,
} from '../../record/index.ts'
import type { Arrival, OpenStore, Received } from '../../store/index.ts'
import { aReport, aStore, type TestStore } from '../../store/store.test-support.ts'
import { WithdrawnMeanwhile } from './delivery.ts'
import { openRecalls, type Recalls } from './open.ts'
import { exchangeRecall, exchangeReceipt, type ReceiptBody, recallRecords } from './records.ts'

export const besa = { kind: 'person', name: 'Besa Hoxha', role: 'liaison' } as const

export type Neighbour = {
  readonly node: NodeId
  readonly store: OpenStore
  readonly recalls: Recalls
  readonly opened: TestStore
}

export type Region = AsyncDisposable & { readonly [name: string]: Neighbour }

export async function aNeighbour(name: string): Promise<Neighbour & AsyncDisposable> {
  const node = nodeId(`${name}.example`)
  const opened = await aStore({ node, registry: createRegistry([...recallRecords]), connections: 2 })
  const { store, clock } = opened
  return {
    node,
    store,
    opened,
    recalls: openRecalls({ store, node, clock }),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

/** Opens neighbours by their names, for a file of tests; they are closed after each. */
export function regionOfEachTest() {
  const opened: AsyncDisposable[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one[Symbol.asyncDispose]()))
  })
  return async <Names extends readonly string[]>(...names: Names) => {
    const nodes = await Promise.all(names.map(aNeighbour))
    opened.push(...nodes)
    return nodes as unknown as { readonly [at in keyof Names]: Neighbour }
  }
}

export const passTime = ({ opened }: Neighbour, ms: number): void =>
  opened.clock.set(plusMs(opened.clock.now(), ms))

/** A report of this node. */
export async function write(at: Neighbour, key: string, parts: Partial<Draft> = {}): Promise<MosaicRecord> {
  const [outcome] = await at.store.append([aReport({ key, handling: { tlp: 'TLP:GREEN' }, ...parts })])
  if (outcome?.kind !== 'appended') throw new Error(`not written: ${JSON.stringify(outcome)}`)
  return outcome.record
}

/** What this node makes of a record that it holds. */
export const derive = (at: Neighbour, of: MosaicRecord, key = `of ${of.id}`, handling?: Handling) =>
  write(at, key, {
    type: 'hazards.event',
    body: { says: key },
    links: [{ type: 'derivedFrom', id: of.id, version: of.version }],
    ...(handling && { handling }),
  })

/** Everything in its log that this peer may have, in the order of the log. */
export async function owedTo(from: Neighbour, to: Neighbour): Promise<readonly Held[]> {
  const followUps = new Set(await from.recalls.followUpsFor(to.node))
  const all = await from.store.read({ versions: 'all', order: 'index' })
  return all.filter(
    ({ record }) =>
      record.origin !== to.node && (followUps.has(record.id) || !record.type.startsWith('exchange.')),
  )
}

export type Fate = 'arrives' | 'lost'

/** One answer on its way: noted, proven, and received unless it is lost. Answers what became of it. */
export async function hand(
  from: Neighbour,
  to: Neighbour,
  all: readonly Pick<Held, 'record' | 'index'>[],
  fate: Fate = 'arrives',
): Promise<readonly Received[]> {
  const refs = all.map(({ record: { id, version } }) => ({ id, version }))
  const sources = await from.store.provenance(refs)
  const arrivals = all.flatMap(({ index }, n): Arrival[] => {
    const source = sources[n]
    if (source === undefined) return []
    const proof = source.proof ?? { index, treeSize: index + 1, hashes: [], checkpoint: `${from.node}/log` }
    return [{ parcel: source.parcel, via: from.node, proof }]
  })
  try {
    await from.recalls.noteSent(
      to.node,
      refs.filter((_, n) => sources[n] !== undefined),
    )
  } catch (error) {
    if (error instanceof WithdrawnMeanwhile) return []
    throw error
  }
  return fate === 'lost' || arrivals.length === 0 ? [] : to.store.receive(arrivals)
}

/** Everything owed, then obeyed. */
export async function pass(from: Neighbour, to: Neighbour): Promise<void> {
  await hand(from, to, await owedTo(from, to))
  await to.recalls.catchUp()
}

export const contentOf = async ({ store }: Neighbour, id: RecordId): Promise<readonly unknown[]> =>
  (await store.read({ ids: [id], versions: 'all' })).map(({ record }) => record.body)

export async function receiptsAt(
  { store }: Neighbour,
  recall: RecordId,
): Promise<readonly (readonly [NodeId, ReceiptBody['done']])[]> {
  const held = await store.read({ types: [exchangeReceipt.type], linkedTo: [recall] })
  return held.map(({ record }) => [record.origin, (record.body as ReceiptBody).done] as const).sort()
}

export const recallsAt = ({ store }: Neighbour) => store.read({ types: [exchangeRecall.type], realm: actual })
