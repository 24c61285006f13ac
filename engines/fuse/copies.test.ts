/** One report that several nodes hold is one witness, in whatever order its copies come. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  actual,
  type Draft,
  type Handling,
  type Held,
  type Instant,
  instant,
  type NodeId,
  nodeId,
  type RecordId,
  recordId,
} from '../record/index.ts'
import { type Store, settle } from '../store/index.ts'
import { arriving } from '../store/receive.test-support.ts'
import { aStore } from '../store/store.test-support.ts'
import { cluster } from './cluster.ts'
import type { EventBody, FusionRule, Report } from './contract.ts'
import { witnesses } from './copies.ts'
import { fuseReactor } from './reactor.ts'
import { sharedEvents } from './shared.ts'

type Sighting = { readonly agency: string; readonly at: number; readonly size: number }

const here = nodeId('durres.example')
const skopje = nodeId('skopje.example')
const tirana = nodeId('tirana.example')

const sameSighting: FusionRule<Sighting> = {
  name: 'test.sighting',
  version: '1',
  reads: ['test.sighting'],
  writes: 'test.event',
  applies: () => true,
  revisedAt: () => 0,
  hardLinks: () => [],
  agency: ({ agency }) => agency,
  windowMs: 600_000,
  match: (a, b) => ({
    score: Math.max(0, 1 - Math.abs(a.record.body.at - b.record.body.at) / 120),
    reasons: [],
  }),
  marks: { merge: 0.75, ask: 0.4 },
  summarise: (members) => {
    const [preferred] = [...members].sort((a, b) => (a.record.id < b.record.id ? -1 : 1))
    if (preferred === undefined) throw new Error('no members')
    const agencies = [...new Set(members.map(({ record }) => record.body.agency))].sort()
    const sizes = members.map(({ record }) => record.body.size).sort()
    const { valid, id } = preferred.record
    return { valid, place: {}, preferred: id, figures: { of: members.length, agencies, sizes } }
  },
}

const time = (seconds: number): Instant => instant(Date.parse('2026-05-01T00:00:00Z') + seconds * 1000)

const aSighting = (key: string, at: number, parts: { size?: number; handling?: Handling } = {}) =>
  ({
    type: 'test.sighting',
    key,
    realm: actual,
    producer: { kind: 'source', name: 'agencies' },
    valid: { from: time(at), until: time(at) },
    ...(parts.handling && { handling: parts.handling }),
    body: { agency: key.slice(0, 1), at, size: parts.size ?? 5 },
  }) satisfies Draft<Sighting>

function aReport(origin: NodeId, draft: Draft<Sighting>, firstIndex: number): Report<Sighting> {
  const record = {
    attribution: [],
    links: [],
    handling: { tlp: 'TLP:CLEAR' as const },
    ...draft,
    ...{ id: recordId(origin, draft.type, draft.key, draft.realm), version: 1, schemaVersion: 1, origin },
    recordedAt: draft.valid.from,
  }
  return { held: { record, receivedAt: draft.valid.from, index: firstIndex }, isWithdrawn: false, firstIndex }
}

/** What this node makes of it: groups by their members, and what stands beside each. */
const grouped = (reports: readonly Report<Sighting>[]) =>
  cluster(sameSighting, witnesses(sameSighting, here, reports), [])
    .groups.map(({ members }) =>
      members.map(({ held, copies = [] }) => [held.record.id, ...copies].join('+')),
    )
    .map((members) => members.sort().join(' '))
    .sort()

describe('one report that two nodes hold', () => {
  test('is one witness: our own copy is the member, the other is named beside it', () => {
    const copies = [skopje, here, tirana].map((origin, at) => aReport(origin, aSighting('a1', 0), at))

    const [one, ...others] = witnesses(sameSighting, here, copies)

    expect(others).toEqual([])
    expect(one?.held.record.origin).toBe(here)
    expect(one?.copies).toHaveLength(2)
    expect(one?.firstId).toBe(copies[0]?.held.record.id)
  })

  test('stays two where key, agency or handling differ, or where one node gave both', () => {
    const amber = aSighting('a1', 0, { handling: { tlp: 'TLP:AMBER' } })
    const other = { ...aSighting('a1', 0), body: { ...aSighting('a1', 0).body, agency: 'b' } }
    const all = [
      aReport(here, aSighting('a1', 0), 0),
      aReport(skopje, amber, 1),
      aReport(tirana, other, 2),
      aReport(skopje, aSighting('a2', 0), 3),
    ]

    expect(witnesses(sameSighting, here, all)).toEqual(all)
  })

  test('gives the same groups in whatever order the copies come', () => {
    const report = fc.record({
      key: fc.constantFrom('a1', 'a2', 'b1', 'c1', 'd1'),
      origin: fc.constantFrom(here, skopje, tirana),
      at: fc.integer({ min: 0, max: 300 }),
    })
    const reports = fc.uniqueArray(report, {
      minLength: 2,
      maxLength: 12,
      selector: ({ key, origin }) => `${origin}${key}`,
    })

    fc.assert(
      fc.property(
        reports.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([once, again]) => {
          const made = (all: typeof once) =>
            grouped(all.map(({ origin, key, at }, index) => aReport(origin, aSighting(key, at), index)))
          expect(made(again)).toEqual(made(once))
        },
      ),
    )
  })
})

/** A node that reads for itself and is given what others read; `arrivals` in the order in which they come. */
async function aNode(arrivals: readonly (readonly [origin: NodeId, draft: Draft<Sighting>])[]) {
  const opened = await aStore({ node: here })
  for (const [origin, draft] of arrivals) {
    if (origin === here) await opened.store.append([draft])
    else await opened.store.receive([arriving(aReport(origin, draft, 0).held.record)])
    await digest(opened.store)
  }
  return opened
}

const digest = (store: Store) =>
  settle({ store, realm: actual, reactors: [fuseReactor(sameSighting, here)], retryAfterMs: [] })

const eventsOf = async (store: Store) =>
  (await store.read({ types: ['test.event'] })) as readonly Held<EventBody>[]

describe('over a real store', () => {
  const own = [here, aSighting('a1', 0, { size: 5 })] as const
  const copy = [skopje, aSighting('a1', 0, { size: 5 })] as const
  const other = [tirana, aSighting('b1', 10, { size: 6 })] as const

  test.each([
    ['own first', [own, copy, other]],
    ['own last', [copy, other, own]],
    ['own between', [other, own, copy]],
  ])('figures and agencies count it once: %s', async (_, arrivals) => {
    await using node = await aNode(arrivals)

    const events = await eventsOf(node.store)

    expect(events.map(({ record }) => record.body.state)).toEqual(['active'])
    expect(events[0]?.record.body.figures).toEqual({ of: 2, agencies: ['a', 'b'], sizes: [5, 6] })
    const ids = events[0]?.record.body.members.flatMap(({ id, copies = [] }) => [id, ...copies])
    expect(ids?.sort()).toEqual(
      arrivals.map(([origin, draft]) => aReport(origin, draft, 0).held.record.id).sort(),
    )
    expect(await node.store.quarantine.count()).toBe(0)
  })

  test('the event keeps the id that it had before the own copy came', async () => {
    await using node = await aNode([copy])
    const [before] = await eventsOf(node.store)
    await node.store.append([own[1]])
    await digest(node.store)

    const [after, ...others] = await eventsOf(node.store)

    expect(others).toEqual([])
    expect(after?.record.id).toBe(before?.record.id)
    expect(after?.record.links).toEqual([
      { type: 'derivedFrom', id: aReport(...own, 0).held.record.id, version: 1 },
    ])
  })
})

describe('events of several nodes', () => {
  const event = (origin: NodeId, key: string, members: EventBody['members']): Held<EventBody> => {
    const { held } = aReport(origin, aSighting(key, 0), 0)
    const id = recordId(origin, 'test.event', key, actual)
    const body: EventBody = { state: 'active', members, joined: [] }
    return { ...held, record: { ...held.record, id, type: 'test.event', body } }
  }
  const member = (origin: NodeId, key: string, copies?: readonly RecordId[]) => ({
    id: aReport(origin, aSighting(key, 0), 0).held.record.id,
    version: 1,
    agency: key.slice(0, 1),
    ...(copies && { copies }),
  })
  const shown = (events: readonly Held<EventBody>[], reports: readonly Held[] = []) => {
    const { isBeside, beside } = sharedEvents({ node: here, events, reports })
    return events
      .filter(({ record }) => !isBeside(record.id))
      .map(({ record }) => [record.origin, ...beside(record.id).map((one) => one.record.origin)])
  }

  test('that rest on one record are shown once, as the own with the others beside it', () => {
    const theirs = event(skopje, 'e', [member(skopje, 'a1')])
    const ours = event(here, 'e', [member(skopje, 'a1'), member(here, 'b1')])

    expect(shown([theirs, ours])).toEqual([[here, skopje]])
  })

  test('also where each rests on its own copy, held here or not', () => {
    const theirs = event(skopje, 'e', [member(skopje, 'a1')])
    const held = event(here, 'e', [member(here, 'a1', [member(skopje, 'a1').id])])
    const notHeld = event(here, 'e', [member(here, 'a1')])

    expect(shown([theirs, held])).toEqual([[here, skopje]])
    expect(shown([theirs, notHeld], [aReport(here, aSighting('a1', 0), 0).held])).toEqual([[here, skopje]])
    expect(shown([theirs, notHeld])).toEqual([[skopje], [here]])
  })

  test('of a peer alone are that peer’s, and of two peers the same one is shown', () => {
    const two = [event(tirana, 'e', [member(skopje, 'a1')]), event(skopje, 'e', [member(skopje, 'a1')])]

    expect(shown(two)).toEqual([[skopje, tirana]])
    expect(shown([event(tirana, 'f', [member(tirana, 'c1')])])).toEqual([[tirana]])
  })

  test('never hide one another where one node tells them apart', () => {
    const ours = ['a1', 'b1'].map((key) => event(here, key, [member(here, key)]))
    const merged = event(skopje, 'e', [member(here, 'a1'), member(here, 'b1')])

    expect(shown([merged, ...ours])).toEqual([
      [here, skopje],
      [here, skopje],
    ])
  })
})
