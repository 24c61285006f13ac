/**
 * Whatever is written, derived, handed on, lost on the way, repeated, reordered, withdrawn, and however often a follower
 * begins anew: once the links have returned, nobody holds content of what was withdrawn or was derived from it, and every
 * holder's receipt is with the originator, once.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Held, MosaicRecord, RecordId } from '../../record/index.ts'
import { aReport } from '../../store/store.test-support.ts'
import {
  aNeighbour,
  besa,
  contentOf,
  hand,
  type Neighbour,
  owedTo,
  receiptsAt,
} from './recall.test-support.ts'

let nodes: readonly (Neighbour & AsyncDisposable)[]
beforeAll(async () => {
  nodes = await Promise.all(['durres', 'tirana', 'skopje'].map(aNeighbour))
}, 60_000)
afterAll(async () => {
  for (const node of nodes) await node[Symbol.asyncDispose]()
})

type Step =
  | { readonly kind: 'write'; readonly at: number }
  | { readonly kind: 'derive'; readonly at: number; readonly which: number }
  | {
      readonly kind: 'hand'
      readonly pair: readonly number[]
      readonly order: number
      readonly share: number
      readonly isLost: boolean
    }
  | { readonly kind: 'withdraw'; readonly which: number }
  | { readonly kind: 'obey'; readonly at: number }
  | { readonly kind: 'crash'; readonly at: number; readonly back: number }

const node = fc.nat(2)
/** Two different nodes, so that no step is for nothing. */
const pair = fc.constantFrom([0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1])
const many = fc.nat(1000)
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('write' as const), at: node }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('derive' as const), at: node, which: many }) },
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('hand' as const),
        pair,
        order: many,
        share: fc.constantFrom(1, 1, 1, 30, 100),
        isLost: fc.constantFrom(true, false, false),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), which: many }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('obey' as const), at: node }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), at: node, back: fc.nat(20) }) },
  ),
  { minLength: 40, maxLength: 90 },
)

type Told = {
  readonly records: MosaicRecord[]
  /** Record → what it is derived from. */
  readonly sources: Map<RecordId, RecordId>
  readonly recalls: { readonly origin: Neighbour; readonly target: RecordId; readonly recall: RecordId }[]
}

let run = 0

test('in any order of delivery, with losses and repeats, a withdrawal ends everywhere and is answered once', async () => {
  let withdrawn = 0
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      run += 1
      const told: Told = { records: [], sources: new Map(), recalls: [] }
      const since = await Promise.all(nodes.map(({ store }) => store.head()))
      for (const step of all) await take(step, told, since)
      await linksReturn(since)
      withdrawn += told.recalls.length
      await expectGone(told)
      await expectAnswered(told)
    }),
    { numRuns: 25, endOnFailure: true },
  )
  expect(withdrawn).toBeGreaterThan(5)
}, 240_000)

const at = (n: number): Neighbour => nodes[n] as Neighbour

async function take(step: Step, told: Told, since: readonly number[]): Promise<void> {
  switch (step.kind) {
    case 'write':
      return append(told, step.at, { key: `${run}/${told.records.length}` })
    case 'derive': {
      const source = told.records[step.which % Math.max(1, told.records.length)]
      const held = source && (await at(step.at).store.get(source.id))
      if (source === undefined || held === undefined) return
      const link = { type: 'derivedFrom', id: source.id, version: source.version } as const
      return append(told, step.at, { key: `${run}/${told.records.length}`, links: [link] })
    }
    case 'hand': {
      const [from = 0, to = 1] = step.pair
      const owed = await owedSince(from, to, since)
      const some = shuffled(owed, step.order).slice(0, Math.ceil((owed.length * step.share) / 100))
      await hand(at(from), at(to), some, step.isLost ? 'lost' : 'arrives')
      return
    }
    case 'withdraw': {
      const record = told.records[step.which % Math.max(1, told.records.length)]
      const origin = nodes.find((one) => one.node === record?.origin)
      if (record === undefined || origin === undefined) return
      const outcome = await origin.recalls.withdraw({ target: record.id, by: besa, reason: 'withdrawn' })
      if (outcome.kind === 'recalled')
        told.recalls.push({ origin, target: record.id, recall: outcome.recall.id })
      return
    }
    case 'obey':
      return at(step.at).recalls.catchUp()
    case 'crash': {
      const { checkpoints } = at(step.at).store
      const stands = await checkpoints.get('exchange-recall')
      return checkpoints.set('exchange-recall', Math.max(-1, stands - step.back))
    }
  }
}

async function append(told: Told, n: number, parts: Parameters<typeof aReport>[0] & {}): Promise<void> {
  const [outcome] = await at(n).store.append([aReport({ handling: { tlp: 'TLP:GREEN' }, ...parts })])
  if (outcome?.kind !== 'appended') return
  told.records.push(outcome.record)
  for (const { id } of outcome.record.links) told.sources.set(outcome.record.id, id)
}

const owedSince = async (from: number, to: number, since: readonly number[]): Promise<readonly Held[]> =>
  (await owedTo(at(from), at(to))).filter(({ index }) => index > (since[from] ?? -1))

/** Everything owed goes across, until nothing new comes of it. */
async function linksReturn(since: readonly number[]): Promise<void> {
  for (let before = '', now = 'begin'; before !== now; ) {
    before = now
    for (const { recalls } of nodes) await recalls.catchUp()
    for (const from of [0, 1, 2])
      for (const to of [0, 1, 2])
        if (from !== to) await hand(at(from), at(to), await owedSince(from, to, since))
    for (const { recalls } of nodes) await recalls.catchUp()
    now = JSON.stringify(await Promise.all(nodes.map(({ store }) => store.head())))
  }
}

async function expectGone({ records, sources, recalls }: Told): Promise<void> {
  const withdrawn = new Set(recalls.map(({ target }) => target))
  const isGone = (id: RecordId): boolean => {
    const source = sources.get(id)
    return withdrawn.has(id) || (source !== undefined && isGone(source))
  }
  for (const { id } of records)
    for (const one of nodes) {
      const content = await contentOf(one, id)
      if (isGone(id)) expect([one.node, id, content]).toEqual([one.node, id, []])
      else if (one.node === records.find((record) => record.id === id)?.origin)
        expect(content).toHaveLength(1)
    }
}

async function expectAnswered({ recalls }: Told): Promise<void> {
  for (const { origin, recall } of recalls) {
    const state = await origin.recalls.state(recall)
    expect(state?.waitingFor).toEqual([])
    const answered = (await receiptsAt(origin, recall)).map(([by]) => by)
    expect(new Set(answered).size).toBe(answered.length)
    for (const { node: holder } of state?.holders ?? []) expect(answered).toContain(holder)
  }
}

/** Fisher and Yates with a small generator, so that a failure can be run again. */
function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const all = [...items]
  let state = seed + 1
  for (let n = all.length - 1; n > 0; n--) {
    state = (state * 48_271) % 2_147_483_647
    const other = state % (n + 1)
    const [a, b] = [all[n] as Item, all[other] as Item]
    all[n] = b
    all[other] = a
  }
  return all
}
