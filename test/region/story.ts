/**
 * What happens to a region in a test, drawn at random: who is whose peer under which terms, and then step by step what is
 * written, revised, derived, taken back, let go, and what befalls lines and nodes meanwhile. Numbers stand for nodes,
 * records and lines modulo how many there are, so that any story can be played.
 */
import fc from 'fast-check'
import { actual, exercise, type Handling, type Realm } from '../../engines/record/index.ts'
import type { Faults } from '../support/faulty-link.ts'
import type { Rule } from './oracle.ts'

export type Step =
  | {
      readonly kind: 'write'
      readonly node: number
      readonly type: string
      readonly realm: Realm
      readonly handling: Handling
      readonly named?: readonly number[]
    }
  | { readonly kind: 'revise'; readonly record: number }
  | { readonly kind: 'derive'; readonly node: number; readonly record: number }
  | { readonly kind: 'withdraw'; readonly record: number }
  | { readonly kind: 'relabel'; readonly record: number; readonly named: readonly number[] }
  | { readonly kind: 'consent'; readonly record: number; readonly node: number }
  | { readonly kind: 'rules'; readonly line: number; readonly rule: Rule; readonly isOnly: boolean }
  | { readonly kind: 'fault'; readonly line: number; readonly faults: Faults }
  | { readonly kind: 'replay'; readonly line: number }
  | { readonly kind: 'away'; readonly node: number }
  | { readonly kind: 'back' }
  | { readonly kind: 'moment' }

export type Line = { readonly clearedUpTo: Handling['tlp']; readonly rule: Rule }
export type Story = {
  readonly count: number
  /** Whom node n + 1 joins, of those before it; then further pairs. */
  readonly joins: readonly number[]
  readonly more: readonly (readonly [number, number])[]
  readonly lines: readonly Line[]
  readonly steps: readonly Step[]
}

export const drill = exercise('drill-2026')
const types = ['region.report', 'health.figure'] as const
const place = fc.nat({ max: 1000 })
const named = fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1, maxLength: 4 })
const realms = fc.constantFrom<Realm[]>([actual], [actual, drill])

const rule: fc.Arbitrary<Rule> = fc.record({
  types: fc.constantFrom(['region.*', 'health.*'], ['region.*', 'health.*'], ['region.report'], ['health.*']),
  upTo: fc.constantFrom(
    'TLP:AMBER' as const,
    'TLP:AMBER' as const,
    'TLP:GREEN' as const,
    'TLP:CLEAR' as const,
  ),
  realms,
})

const line: fc.Arbitrary<Line> = fc.record({
  clearedUpTo: fc.constantFrom('TLP:AMBER' as const, 'TLP:AMBER' as const, 'TLP:GREEN' as const),
  rule,
})

const handling: fc.Arbitrary<Handling> = fc.record(
  {
    tlp: fc.constantFrom('TLP:CLEAR', 'TLP:GREEN', 'TLP:GREEN', 'TLP:AMBER', 'TLP:RED'),
    originatorControl: fc.boolean(),
    purposes: fc.constant(['health']),
  },
  { requiredKeys: ['tlp'] },
) as fc.Arbitrary<Handling>

const write: fc.Arbitrary<Step> = fc.record(
  {
    kind: fc.constant('write' as const),
    node: place,
    type: fc.constantFrom(...types),
    realm: fc.constantFrom(actual, actual, drill),
    handling: fc.oneof(
      { weight: 2, arbitrary: fc.constant<Handling>({ tlp: 'TLP:GREEN' }) },
      { weight: 3, arbitrary: handling },
    ),
    named,
  },
  { requiredKeys: ['kind', 'node', 'type', 'realm', 'handling'] },
)

const faults: fc.Arbitrary<Faults> = fc.oneof(
  fc.record({ isDown: fc.constant(true) }),
  fc.record({ delayMs: fc.integer({ min: 20, max: 120 }), jitterMs: fc.integer({ min: 0, max: 200 }) }),
  fc.record({ cutAfterBytes: fc.integer({ min: 200, max: 9000 }), cutShare: fc.constant(0.7) }),
  fc.record({
    stallAfterBytes: fc.integer({ min: 200, max: 5000 }),
    stallMs: fc.integer({ min: 100, max: 700 }),
  }),
  fc.record({ bytesPerSecond: fc.integer({ min: 8000, max: 60_000 }) }),
)

const step = <const Kind extends Step['kind']>(kind: Kind) => fc.constant(kind)

/** What does not change who may have what, but by what is withdrawn. */
const calm: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 6, arbitrary: write },
  { weight: 2, arbitrary: fc.record({ kind: step('revise'), record: place }) },
  { weight: 2, arbitrary: fc.record({ kind: step('derive'), node: place, record: place }) },
  { weight: 4, arbitrary: fc.record({ kind: step('fault'), line: place, faults }) },
  { weight: 1, arbitrary: fc.record({ kind: step('replay'), line: place }) },
  { weight: 1, arbitrary: fc.record({ kind: step('away'), node: place }) },
  { weight: 2, arbitrary: fc.record({ kind: step('back') }) },
  { weight: 4, arbitrary: fc.record({ kind: step('moment') }) },
]

const turning: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 3, arbitrary: fc.record({ kind: step('withdraw'), record: place }) },
  { weight: 2, arbitrary: fc.record({ kind: step('relabel'), record: place, named }) },
  { weight: 2, arbitrary: fc.record({ kind: step('consent'), record: place, node: place }) },
  { weight: 2, arbitrary: fc.record({ kind: step('rules'), line: place, rule, isOnly: fc.boolean() }) },
]

const story = (more: boolean, steps: readonly fc.WeightedArbitrary<Step>[]): fc.Arbitrary<Story> =>
  fc.record({
    count: fc.integer({ min: 3, max: 5 }),
    joins: fc.array(place, { minLength: 4, maxLength: 4 }),
    more: fc.array(fc.tuple(place, place), { maxLength: more ? 3 : 0 }),
    lines: fc.array(line, { minLength: 20, maxLength: 20 }),
    steps: fc.array(fc.oneof(...steps), { minLength: 14, maxLength: 26 }),
  })

/** Any mesh, and everything that can happen. */
export const anyStory = story(true, [...calm, ...turning])
/** One way from each to each, and nothing that changes who may have what. */
export const calmStory = story(false, calm)
