import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Held, Instant, NodeId, Realm, RecordId } from '../record/index.ts'
import { cluster, type Decided } from './cluster.ts'
import type { FusionRule, Report } from './contract.ts'

type Sighting = { readonly at: number; readonly agency: string; readonly ids: readonly string[] }

/** One minute apart: half a match. Two: none. */
const sameSighting: FusionRule<Sighting> = {
  name: 'test.sighting',
  version: '1',
  reads: ['test.report'],
  writes: 'test.event',
  applies: () => true,
  revisedAt: () => 0,
  hardLinks: ({ ids }) => ids,
  agency: ({ agency }) => agency,
  windowMs: 600_000,
  match: (a, b) => {
    const seconds = Math.abs(a.record.body.at - b.record.body.at)
    return {
      score: Math.max(0, 1 - seconds / 120),
      reasons: [{ name: 'Δt', value: seconds, unit: 's', weight: 1 }],
    }
  },
  marks: { merge: 0.75, ask: 0.4 },
  summarise: () => {
    throw new Error('grouping asks for no summary')
  },
}

let arrivals = 0
function aReport(
  name: string,
  at: number,
  agency: string,
  ids: readonly string[] = [name],
): Report<Sighting> {
  arrivals += 1
  const from = new Date(at * 1000).toISOString() as Instant
  const held: Held<Sighting> = {
    index: arrivals,
    receivedAt: from,
    record: {
      id: name as RecordId,
      version: 1,
      type: 'test.report',
      schemaVersion: 1,
      origin: 'a.example' as NodeId,
      key: name,
      realm: 'test' as Realm,
      producer: { kind: 'source', name: agency },
      attribution: [],
      recordedAt: from,
      valid: { from, until: from },
      handling: { tlp: 'TLP:CLEAR' },
      links: [],
      body: { at, agency, ids },
    },
  }
  return { held, isWithdrawn: false, firstIndex: arrivals }
}

const membership = (
  reports: readonly Report<Sighting>[],
  decisions: readonly Decided[] = [],
  rule = sameSighting,
): string[] =>
  cluster(rule, reports, decisions)
    .groups.map(({ members }) =>
      members
        .map(({ held }) => held.record.key)
        .sort()
        .join('+'),
    )
    .sort()

const id = (name: string): RecordId => name as RecordId

describe('grouping reports', () => {
  test('two agencies that report within seconds saw one thing, and it is said why', () => {
    const { groups } = cluster(sameSighting, [aReport('a', 0, 'A'), aReport('b', 6, 'B')], [])

    expect(groups).toHaveLength(1)
    expect(groups[0]?.joined).toEqual([
      { a: 'a', b: 'b', by: 'score', score: 0.95, reasons: [{ name: 'Δt', value: 6, unit: 's', weight: 1 }] },
    ])
  })

  test('one agency that gives two ids says itself that they are two things', () => {
    expect(membership([aReport('a1', 0, 'A'), aReport('a2', 5, 'A')])).toEqual(['a1', 'a2'])
  })

  test('an id that one agency shares with another outweighs what the figures say', () => {
    expect(membership([aReport('a', 0, 'A', ['x']), aReport('b', 300, 'B', ['b', 'x'])])).toEqual(['a+b'])
  })

  test('between the two marks a person is asked, once for a pair of groups', () => {
    const reports = [aReport('a', 0, 'A'), aReport('b', 60, 'B'), aReport('c', 62, 'C')]

    const { groups, questions } = cluster(sameSighting, reports, [])

    expect(groups).toHaveLength(2)
    expect(questions).toMatchObject([{ a: 'a', b: 'b', score: 0.5 }])
  })

  test('a person joins what the engine would not, and parts what it would join', () => {
    const reports = [aReport('a', 0, 'A'), aReport('b', 500, 'B'), aReport('c', 1, 'C')]
    const decisions: Decided[] = [
      { a: id('a'), b: id('b'), decision: 'must-link' },
      { a: id('a'), b: id('c'), decision: 'cannot-link' },
    ]

    expect(membership(reports, decisions)).toEqual(['a+b', 'c'])
  })

  test('a chain of near misses does not become one thing', () => {
    const chain = [0, 28, 56, 84, 112, 140].map((at, place) => aReport(`r${place}`, at, `agency${place}`))

    expect(membership(chain).length).toBeGreaterThan(1)
  })

  test('where the rule says single linkage, what spreads step by step is one thing', () => {
    const spreading = { ...sameSighting, linkage: 'single' as const }
    const chain = [0, 28, 56, 84, 112, 140].map((at, place) => aReport(`r${place}`, at, `agency${place}`))

    expect(membership([...chain, aReport('far', 500, 'far')], [], spreading)).toEqual([
      'far',
      'r0+r1+r2+r3+r4+r5',
    ])
  })

  test('an agency that tells of one thing again and again does not tell its reports apart', () => {
    const passing = { ...sameSighting, agencyTellsApart: false as const }

    expect(membership([aReport('a1', 0, 'A'), aReport('a2', 5, 'A')], [], passing)).toEqual(['a1+a2'])
    expect(
      membership(
        [aReport('b1', 0, 'B'), aReport('b2', 5, 'B')],
        [{ a: id('b1'), b: id('b2'), decision: 'cannot-link' }],
        passing,
      ),
    ).toEqual(['b1', 'b2'])
  })

  test('a report that was taken back holds no two events together', () => {
    const bridge = { ...aReport('b', 28, 'B'), isWithdrawn: true }
    const ends = [aReport('a', 0, 'A'), aReport('c', 56, 'C')]

    expect(membership([...ends, { ...bridge, isWithdrawn: false }])).toEqual(['a+b+c'])
    expect(membership([...ends, bridge])).toEqual(['a+b', 'c'])
  })

  test('the order of arrival changes neither groups nor questions', () => {
    const reports = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 400 }),
        agency: fc.constantFrom('A', 'B', 'C', 'D'),
        link: fc.integer({ min: 0, max: 60 }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    const links = fc.array(
      fc.tuple(fc.nat(11), fc.nat(11), fc.constantFrom('must-link' as const, 'cannot-link' as const)),
      { maxLength: 3 },
    )

    fc.assert(
      fc.property(
        reports,
        links,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (shapes, pairs, random) => {
          const all = shapes.map(({ at, agency, link }, place) =>
            aReport(`r${String(place).padStart(2, '0')}`, at, agency, [`r${place}`, `l${link}`]),
          )
          const decisions = pairs.flatMap(([x, y, decision]) => {
            const [a, b] = [all[x]?.held.record.id, all[y]?.held.record.id]
            return a && b && a !== b ? [{ a, b, decision }] : []
          })
          const once = new Map(decisions.map((one) => [[one.a, one.b].sort().join(), one]))
          const shuffled = all
            .map((report) => ({ report, place: random.next().value }))
            .sort((x, y) => x.place - y.place)
            .map(({ report }, place) => ({ ...report, firstIndex: place }))

          const decided = [...once.values()]
          expect(membership(shuffled, decided)).toEqual(membership(all, decided))
          expect(cluster(sameSighting, shuffled, decided).questions).toEqual(
            cluster(sameSighting, all, decided).questions,
          )
        },
      ),
    )
  })
})
