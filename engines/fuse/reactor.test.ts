import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Draft,
  type Held,
  type Instant,
  instant,
  nodeId,
  type RecordId,
  testRealm,
} from '../record/index.ts'
import { type Reactor, type Store, settle } from '../store/index.ts'
import { aStore } from '../store/store.test-support.ts'
import type { DecisionBody, EventBody, FusionRule, ProposalBody } from './contract.ts'
import { decisionDraft } from './decide.ts'
import { fuseReactor } from './reactor.ts'

type Sighting = {
  readonly seconds: number
  readonly agency: string
  readonly updated: number
  readonly size: number
  readonly isReal: boolean
}

/** 20 s apart: at the merge mark. 60 s: at the ask mark. */
const sameSighting: FusionRule<Sighting> = {
  name: 'test.sighting',
  version: '1',
  reads: ['test.sighting'],
  writes: 'test.event',
  applies: ({ isReal }) => isReal,
  revisedAt: ({ updated }) => updated,
  hardLinks: () => [],
  agency: ({ agency }) => agency,
  windowMs: 120_000,
  match: (a, b) => {
    const seconds = Math.abs(a.record.body.seconds - b.record.body.seconds)
    return {
      score: Math.max(0, 1 - seconds / 100),
      reasons: [{ name: 'Δt', value: seconds, unit: 's', weight: 1 }],
    }
  },
  marks: { merge: 0.8, ask: 0.4 },
  summarise: (members) => {
    const [preferred] = [...members].sort(
      (a, b) => b.record.body.updated - a.record.body.updated || (a.record.id < b.record.id ? -1 : 1),
    )
    if (!preferred) throw new Error('no members')
    const { valid, place, id, body } = preferred.record
    return { valid, place: place ?? {}, preferred: id, figures: { size: body.size, of: members.length } }
  },
}

const zero = Date.parse('2026-05-01T00:00:00Z')
const at = (seconds: number): Instant => instant(zero + seconds * 1000)

const aSighting = (
  name: string,
  parts: Partial<Sighting> & { readonly seconds: number },
): Draft<Sighting> => ({
  type: 'test.sighting',
  key: name,
  realm: testRealm,
  producer: { kind: 'source', name: name.slice(0, 1) },
  valid: { from: at(parts.seconds), until: at(parts.seconds) },
  place: { geometry: { type: 'Point', coordinates: [20, 42] }, cells: ['851ec983fffffff'] },
  body: { agency: name.slice(0, 1), updated: 1, size: 5, isReal: true, ...parts },
})

const node = nodeId('durres.example')

const arrive = (store: Store, ...drafts: readonly Draft[]): Promise<readonly RecordId[]> =>
  arriveAt(fuseReactor(sameSighting, node), store, drafts)

async function arriveAt(
  reactor: Reactor,
  store: Store,
  drafts: readonly Draft[],
): Promise<readonly RecordId[]> {
  const ids: RecordId[] = []
  for (const draft of drafts) {
    const [outcome] = await store.append([draft])
    if (outcome?.kind !== 'appended' && outcome?.kind !== 'unchanged')
      throw new Error(`refused: ${JSON.stringify(outcome)}`)
    ids.push(outcome.record.id)
    await settle({ store, reactors: [reactor], realm: testRealm, retryAfterMs: [] })
  }
  expect(await store.quarantine.count()).toBe(0)
  return ids
}

const events = async (store: Store) =>
  (await store.read({ types: ['test.event'] })) as readonly Held<EventBody>[]
const active = async (store: Store) =>
  (await events(store)).filter(({ record }) => record.body.state === 'active')
const questions = async (store: Store) =>
  (await store.read({ types: ['fuse.proposal'] })) as readonly Held<ProposalBody>[]

function decide(
  a: RecordId | undefined,
  b: RecordId | undefined,
  decision: DecisionBody['decision'],
): Draft<DecisionBody> {
  if (!a || !b) throw new Error('two reports are needed')
  const by = { kind: 'person', name: 'Duty Officer', role: 'duty officer' } as const
  return decisionDraft({
    rule: 'test.sighting',
    a,
    b,
    decision,
    because: 'looked at the waveforms',
    by,
    realm: testRealm,
    at: at(0),
  })
}

describe('reports become events', () => {
  test('two agencies, one event; a later and better report changes the figures, not the id', async () => {
    await using open = await aStore()
    await arrive(open.store, aSighting('a1', { seconds: 0 }))
    const [before] = await events(open.store)

    await arrive(open.store, aSighting('b1', { seconds: 5, updated: 9, size: 6.4 }))

    const [after, ...others] = await events(open.store)
    expect(others).toEqual([])
    expect(after?.record.id).toBe(before?.record.id)
    expect(after?.record).toMatchObject({
      version: 2,
      body: { state: 'active', figures: { size: 6.4, of: 2 } },
    })
  })

  test('a rule that bounds where it looks finds what lies in these cells, and nothing else', async () => {
    await using open = await aStore()
    const nearby = { ...sameSighting, within: ({ record }: Held) => record.place?.cells ?? [] }
    const far = { cells: ['851ec98ffffffff'] }

    await arriveAt(fuseReactor(nearby, node), open.store, [
      aSighting('a1', { seconds: 0 }),
      { ...aSighting('b1', { seconds: 1 }), place: far },
      aSighting('c1', { seconds: 2 }),
    ])

    const sizes = (await active(open.store)).map(({ record }) => record.body.members.length)
    expect(sizes.sort()).toEqual([1, 2])
  })

  test('a revision that comes late but was written early does not win', async () => {
    await using open = await aStore()

    await arrive(
      open.store,
      aSighting('a1', { seconds: 0, updated: 7, size: 6 }),
      aSighting('a1', { seconds: 0, updated: 3, size: 4 }),
    )

    expect((await active(open.store)).map(({ record }) => record.body.figures)).toEqual([{ size: 6, of: 1 }])
  })

  test('a report taken back no longer counts; when all are, the event is retracted and keeps its id', async () => {
    await using open = await aStore()
    await arrive(open.store, aSighting('a1', { seconds: 0 }), aSighting('b1', { seconds: 1, size: 6 }))
    const [event] = await active(open.store)

    await arrive(open.store, aSighting('a1', { seconds: 0, updated: 2, isReal: false }))
    const [one] = await events(open.store)
    await arrive(open.store, aSighting('b1', { seconds: 1, updated: 2, isReal: false }))
    const [none] = await events(open.store)

    expect(one?.record).toMatchObject({
      id: event?.record.id,
      body: { state: 'active', figures: { size: 6, of: 1 } },
    })
    expect(none?.record).toMatchObject({ id: event?.record.id, body: { state: 'retracted' } })
  })

  test('a report between two events joins them: one lives on, the other becomes an alias that resolves', async () => {
    await using open = await aStore()
    await arrive(open.store, aSighting('a1', { seconds: 0 }), aSighting('b1', { seconds: 30 }))
    expect(await active(open.store)).toHaveLength(2)

    await arrive(open.store, aSighting('b1', { seconds: 15, updated: 2 }))

    const [survivor] = await active(open.store)
    const alias = (await events(open.store)).find(({ record }) => record.body.state === 'merged')
    expect(await active(open.store)).toHaveLength(1)
    expect(alias?.record.body.mergedInto).toBe(survivor?.record.id)
  })

  test('a person parts what was joined, and takes it back again', async () => {
    await using open = await aStore()
    const [a, b] = await arrive(open.store, aSighting('a1', { seconds: 0 }), aSighting('b1', { seconds: 5 }))

    await arrive(open.store, decide(a, b, 'cannot-link'))
    const parted = (await active(open.store)).length
    await arrive(open.store, decide(a, b, 'withdrawn'))
    const rejoined = (await active(open.store)).length

    expect([parted, rejoined]).toEqual([2, 1])
  })

  test('between the marks a person is asked; the answer joins them and settles the question', async () => {
    await using open = await aStore()
    const [a, b] = await arrive(open.store, aSighting('a1', { seconds: 0 }), aSighting('b1', { seconds: 40 }))
    expect((await questions(open.store)).map(({ record }) => record.body)).toMatchObject([
      { state: 'open', score: 0.6 },
    ])

    await arrive(open.store, decide(a, b, 'must-link'))

    expect((await questions(open.store)).map(({ record }) => record.body.state)).toEqual(['settled'])
    expect(await active(open.store)).toHaveLength(1)
    expect((await active(open.store))[0]?.record.body.joined).toMatchObject([{ by: 'person' }])
  })

  test('any order of arrival gives the same events, once aliases are resolved', async () => {
    const report = fc.record({
      name: fc.constantFrom('a1', 'a2', 'b1', 'b2', 'c1'),
      seconds: fc.integer({ min: 0, max: 120 }),
      updated: fc.integer({ min: 1, max: 3 }),
      size: fc.integer({ min: 3, max: 6 }),
      isReal: fc.boolean(),
    })
    const arrivals = fc.uniqueArray(report, {
      minLength: 2,
      maxLength: 7,
      selector: ({ name, updated }) => `${name}${updated}`,
    })

    await fc.assert(
      fc.asyncProperty(
        arrivals.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        async ([once, again]) => {
          expect(await standing(again)).toEqual(await standing(once))
        },
      ),
      { numRuns: process.env['MOSAIC_LONG'] ? 200 : 12 },
    )
  })
})

/** Membership, figures and questions of what stands after these arrivals, whatever the ids. */
async function standing(
  arrivals: readonly (
    | (Sighting & { readonly name: string })
    | (Parameters<typeof aSighting>[1] & { readonly name: string })
  )[],
) {
  await using open = await aStore()
  await arrive(open.store, ...arrivals.map(({ name, ...parts }) => aSighting(name, parts)))
  const groups = (await active(open.store)).map(({ record: { body } }) => ({
    members: body.members
      .filter(({ withdrawn }) => !withdrawn)
      .map(({ id }) => id)
      .sort(),
    figures: body.figures,
  }))
  const asked = (await questions(open.store)).filter(({ record }) => record.body.state === 'open')
  return {
    groups: groups.map((group) => JSON.stringify(group)).sort(),
    asked: asked.map(({ record }) => `${record.body.a} ${record.body.b} ${record.body.score}`).sort(),
  }
}
