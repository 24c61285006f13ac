/**
 * A condition asked of a record in hand. Compiled once into closures, so that a stream of records costs no look at the
 * condition's shape for each; `condition-sql.ts` is the other reading, and a property test holds the two together.
 */
import { type Handling, type Held, type MosaicRecord, tlpLabels, unreachable } from '../record/index.ts'
import { areaName } from './areas.ts'
import type { Condition } from './condition.ts'

/** What a condition can be asked of. */
export type Asked = Pick<Held, 'effective'> & {
  readonly record: Pick<MosaicRecord, 'id' | 'type' | 'origin' | 'realm' | 'handling' | 'place'>
}

export type Predicate = (held: Asked) => boolean
type Test = (record: Asked['record'], handling: Handling) => boolean

/** The condition as a function; for one question, `holds`. */
export function predicateOf(condition: Condition): Predicate {
  const test = compile(condition)
  return ({ record, effective }) => test(record, effective ?? record.handling)
}

export const holds = (condition: Condition, held: Asked): boolean => predicateOf(condition)(held)

function compile(condition: Condition): Test {
  switch (condition.kind) {
    case 'all':
      return everyOf(condition.of.map(compile))
    case 'any':
      return someOf(condition.of.map(compile))
    case 'not':
      return negated(compile(condition.of))
    case 'rule':
      return compile(condition.of)
    case 'origin-in':
      return among(condition.nodes, ({ origin }) => origin)
    case 'realm-in':
      return among(condition.realms, ({ realm }) => realm)
    case 'id-in':
      return among(condition.ids, ({ id }) => id)
    case 'type-in':
      return ofTypes(condition.types)
    case 'area-in':
      return inAreas(new Set(condition.areas.map(areaName)))
    case 'area-none':
      return ({ place }) => (place?.areas ?? []).length === 0
    default:
      return ofHandling(condition)
  }
}

type OfHandling = Exclude<
  Condition,
  {
    readonly kind:
      | 'all'
      | 'any'
      | 'not'
      | 'rule'
      | 'origin-in'
      | 'realm-in'
      | 'id-in'
      | 'type-in'
      | 'area-in'
      | 'area-none'
  }
>

function ofHandling(condition: OfHandling): Test {
  switch (condition.kind) {
    case 'tlp-at-most':
      return among(tlpLabels.slice(0, tlpLabels.indexOf(condition.label) + 1), (_, { tlp }) => tlp)
    case 'audience-open':
      return (_, { audience }) => audience === undefined
    case 'audience-names':
      return names(new Set(condition.names), ({ audience }) => audience)
    case 'purposes-open':
      return (_, { purposes }) => purposes === undefined
    case 'purposes-name':
      return names(new Set([condition.purpose]), ({ purposes }) => purposes)
    case 'police-within':
      return within(new Set(condition.codes))
    case 'originator-control':
      return (_, { originatorControl }) => originatorControl === true
    case 'embargo-over':
      return (_, { embargoUntil }) => embargoUntil === undefined || embargoUntil <= condition.at
    case 'retained':
      return (_, { retainUntil }) => retainUntil === undefined || retainUntil >= condition.at
    case 'unmarked':
      return (_, { fieldMarks }) => fieldMarks === undefined || Object.keys(fieldMarks).length === 0
    default:
      return unreachable(condition)
  }
}

function everyOf(tests: readonly Test[]): Test {
  return (record, handling) => {
    for (const test of tests) if (!test(record, handling)) return false
    return true
  }
}

function someOf(tests: readonly Test[]): Test {
  return (record, handling) => {
    for (const test of tests) if (test(record, handling)) return true
    return false
  }
}

const negated =
  (test: Test): Test =>
  (record, handling) =>
    !test(record, handling)

function among(wanted: readonly string[], of: (record: Asked['record'], handling: Handling) => string): Test {
  const set = new Set(wanted)
  return (record, handling) => set.has(of(record, handling))
}

function names(wanted: ReadonlySet<string>, of: (handling: Handling) => readonly string[] | undefined): Test {
  return (_, handling) => of(handling)?.some((name) => wanted.has(name)) ?? false
}

const within =
  (codes: ReadonlySet<string>): Test =>
  (_, { police }) =>
    police?.every((code) => codes.has(code)) ?? true

const inAreas =
  (wanted: ReadonlySet<string>): Test =>
  ({ place }) =>
    place?.areas?.some((area) => wanted.has(areaName(area))) ?? false

function ofTypes(types: readonly string[]): Test {
  const { exact, prefixes } = typePatterns(types)
  const set = new Set(exact)
  return ({ type }) => set.has(type) || prefixes.some((prefix) => type.startsWith(prefix))
}

/** `hazards.*` is whatever begins with `hazards.`; `*` is every type. */
export function typePatterns(types: readonly string[]) {
  const isPrefix = (type: string) => type === '*' || type.endsWith('.*')
  return {
    exact: types.filter((type) => !isPrefix(type)),
    prefixes: types.filter(isPrefix).map((type) => type.slice(0, -1)),
  }
}
