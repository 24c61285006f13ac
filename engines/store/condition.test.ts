import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AreaCode,
  actual,
  type Draft,
  exercise,
  type Handling,
  type Held,
  instant,
  nodeId,
  plusMs,
  policeCodes,
  type RecordId,
  testRealm,
  tlpLabels,
} from '../record/index.ts'
import type { Condition } from './condition.ts'
import { predicateOf } from './condition-predicate.ts'
import { aReport, aStore, atMainShock, type TestStore } from './store.test-support.ts'

const anInstant = fc.integer({ min: -3, max: 3 }).map((hours) => plusMs(atMainShock, hours * 3_600_000))
const aName = fc.constantFrom('org-a', 'org-b', 'durres.example', 'with "quotes" and \\', '{x,y}', 'NULL')
const anArea: fc.Arbitrary<AreaCode> = fc.constantFrom(
  { scheme: 'ISO3166-1', code: 'AL' },
  { scheme: 'ISO3166-1', code: 'AL', asOf: '2019-01-01' },
  { scheme: 'NUTS', code: 'AL01' },
  { scheme: 'a:b', code: 'c' },
  { scheme: 'a', code: 'b:c' },
  { scheme: 'a%3Ab', code: 'c' },
)
const someOf = <Item>(item: fc.Arbitrary<Item>) => fc.uniqueArray(item, { maxLength: 3 })
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

const aHandling: fc.Arbitrary<Handling> = fc.record(
  {
    tlp: fc.constantFrom(...tlpLabels),
    audience: someOf(aName),
    purposes: someOf(fc.constantFrom('health', 'border')),
    police: someOf(fc.constantFrom(...policeCodes)),
    originatorControl: fc.boolean(),
    embargoUntil: anInstant,
    retainUntil: anInstant,
    fieldMarks: fc.dictionary(
      fc.constantFrom('/body/magnitude', '/body/depth', '/place'),
      fc.constantFrom(...tlpLabels),
      {
        maxKeys: 2,
      },
    ),
  },
  { requiredKeys: ['tlp'] },
)

const aType = fc.constantFrom('hazards.event', 'hazards.event.felt', 'hazardsx.event', 'warn.warning')
const aRealm = fc.constantFrom(actual, testRealm, exercise('durres-2019'))
const aDraft: fc.Arbitrary<Partial<Draft>> = fc
  .record({ type: aType, realm: aRealm, handling: aHandling, areas: optional(someOf(anArea)) })
  .filter(({ handling, areas }) => areas !== undefined || handling.fieldMarks?.['/place'] === undefined)
  .map(({ areas, ...parts }) => ({
    ...parts,
    ...(areas && { place: { areas } }),
    body: { magnitude: 6.4, depth: 20 },
  }))

/** Written by two nodes into one database, some of them tightened afterwards. */
const records = fc.sample(aDraft, { numRuns: 150, seed: 20191126 })
const tightenings = fc.sample(aHandling, { numRuns: 30, seed: 20191127 })

let opened: TestStore
let held: readonly Held[]
let ids: readonly RecordId[]
beforeAll(async () => {
  opened = await aStore()
  const tirana = { node: 'tirana.example', incarnation: 'a' }
  const beside = await opened.beside({ node: nodeId('tirana.example'), identity: tirana })
  const drafts = records.map((parts, at) => aReport({ key: `k${at}`, ...parts }))
  for (const [store, part] of [
    [opened.store, drafts.slice(0, 90)] as const,
    [beside, drafts.slice(90)] as const,
  ])
    for (const outcome of await store.append(part)) expect(outcome).toMatchObject({ kind: 'appended' })
  ids = (await opened.store.read({})).map(({ record }) => record.id)
  for (const [at, handling] of tightenings.entries())
    await opened.store.tighten(ids[at * 4] as RecordId, handling)
  held = await opened.store.read({})
})
afterAll(() => opened[Symbol.asyncDispose]())

const aLeaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom(...tlpLabels).map((label) => ({ kind: 'tlp-at-most', label }) as const),
  fc.constantFrom<Condition>(
    { kind: 'audience-open' },
    { kind: 'purposes-open' },
    { kind: 'originator-control' },
    { kind: 'unmarked' },
    { kind: 'area-none' },
  ),
  someOf(aName).map((names) => ({ kind: 'audience-names', names }) as const),
  fc
    .constantFrom('health', 'border', 'relief')
    .map((purpose) => ({ kind: 'purposes-name', purpose }) as const),
  someOf(fc.constantFrom(...policeCodes)).map((codes) => ({ kind: 'police-within', codes }) as const),
  anInstant.map((at) => ({ kind: 'embargo-over', at }) as const),
  anInstant.map((at) => ({ kind: 'retained', at }) as const),
  someOf(fc.constantFrom(nodeId('durres.example'), nodeId('tirana.example'), nodeId('skopje.example'))).map(
    (nodes) => ({ kind: 'origin-in', nodes }) as const,
  ),
  someOf(aRealm).map((realms) => ({ kind: 'realm-in', realms }) as const),
  someOf(fc.oneof(aType, fc.constantFrom('hazards.*', 'hazards.event.*', 'warn.*', '*', '%', '.*'))).map(
    (types) => ({ kind: 'type-in', types }) as const,
  ),
  fc.array(fc.nat(149), { maxLength: 20 }).map((picked) => ({
    kind: 'id-in' as const,
    ids: picked.map((at) => ids[at] as RecordId),
  })),
  someOf(anArea).map((areas) => ({ kind: 'area-in', areas }) as const),
)

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    { weight: 3, arbitrary: aLeaf },
    { weight: 1, arbitrary: fc.array(tie('condition'), { maxLength: 4 }).map((of) => ({ kind: 'all', of })) },
    { weight: 1, arbitrary: fc.array(tie('condition'), { maxLength: 4 }).map((of) => ({ kind: 'any', of })) },
    { weight: 1, arbitrary: tie('condition').map((of) => ({ kind: 'not', of })) },
    { weight: 1, arbitrary: tie('condition').map((of) => ({ kind: 'rule', rule: 'label', of })) },
  ) as fc.Arbitrary<Condition>,
}))

describe('a condition', () => {
  test('is the same to the database and to the program, whatever it asks and of whatever record', async () => {
    expect(held.filter(({ effective }) => effective).length).toBeGreaterThan(10)

    await fc.assert(
      fc.asyncProperty(condition, async (where) => {
        const mayHave = predicateOf(where)
        const found = await opened.store.read({ where })

        const expected = held.filter(mayHave).map(({ record }) => record.key)
        expect(found.map(({ record }) => record.key)).toEqual(expected)
        expect(await opened.store.count({ where })).toBe(expected.length)
      }),
      { numRuns: 300 },
    )
  })

  test('of each kind lets some records through and holds others back', async () => {
    const asked: readonly Condition[] = [
      { kind: 'tlp-at-most', label: 'TLP:AMBER' },
      { kind: 'audience-open' },
      { kind: 'audience-names', names: ['with "quotes" and \\', '{x,y}'] },
      { kind: 'purposes-open' },
      { kind: 'purposes-name', purpose: 'health' },
      { kind: 'police-within', codes: ['H0', 'H1'] },
      { kind: 'originator-control' },
      { kind: 'embargo-over', at: atMainShock },
      { kind: 'retained', at: atMainShock },
      { kind: 'unmarked' },
      { kind: 'origin-in', nodes: [nodeId('tirana.example')] },
      { kind: 'realm-in', realms: [actual] },
      { kind: 'type-in', types: ['hazards.*'] },
      { kind: 'area-in', areas: [{ scheme: 'a:b', code: 'c' }] },
      { kind: 'area-none' },
    ]
    for (const where of asked) {
      const found = (await opened.store.read({ where })).length
      expect([where.kind, found > 0 && found < held.length]).toEqual([where.kind, true])
      expect(await opened.store.count({ where: { kind: 'not', of: where } })).toBe(held.length - found)
    }
  })

  test('of all of nothing is true, of any of nothing false', async () => {
    expect(await opened.store.count({ where: { kind: 'all', of: [] } })).toBe(held.length)
    expect(await opened.store.count({ where: { kind: 'any', of: [] } })).toBe(0)
  })

  test('asks of an instant to the millisecond', async () => {
    const embargoed = {
      handling: { tlp: 'TLP:CLEAR', embargoUntil: instant('2030-01-01T00:00:00.001Z') },
    } as const
    await using other = await aStore()
    await other.store.append([aReport(embargoed)])

    const over = (at: string) => other.store.count({ where: { kind: 'embargo-over', at: instant(at) } })
    expect(await over('2030-01-01T00:00:00.000Z')).toBe(0)
    expect(await over('2030-01-01T00:00:00.001Z')).toBe(1)
  })
})
