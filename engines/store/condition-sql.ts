/**
 * A condition asked of the database: an expression over the columns of `record` that is true or false and never null, so
 * that its negation is what it says. `condition-predicate.ts` is the other reading; a property test holds them together.
 *
 * The whole expression is one fragment: as fragments of fragments, of which a person's condition has some sixty, they cost
 * more than the page that they narrow.
 */
import type { PendingQuery, Row } from 'postgres'
import { tlpLabels, unreachable } from '../record/index.ts'
import { areaName } from './areas.ts'
import type { Condition } from './condition.ts'
import { typePatterns } from './condition-predicate.ts'
import type { Sql } from './connect.ts'

export type Fragment = PendingQuery<Row[]>

/** A text of the expression, or a value that stands in it. */
type Piece = string | { readonly value: string | number | readonly string[] }

/** `alias`: the name under which the query has the table `record` in scope. */
export function sqlOf(sql: Sql, condition: Condition, alias: string): Fragment {
  const texts = ['']
  const values: (string | number | readonly string[])[] = []
  for (const piece of piecesOf(condition, alias))
    if (typeof piece === 'string') texts.push(`${texts.pop()}${piece}`)
    else {
      values.push(piece.value)
      texts.push('')
    }
  return sql(templateOf(texts), ...values)
}

function piecesOf(condition: Condition, alias: string): readonly Piece[] {
  const column = (name: string) => `${alias}.${name}`
  switch (condition.kind) {
    case 'all':
      return joined(condition.of, { alias, between: ' and ', ofNone: 'true' })
    case 'any':
      return joined(condition.of, { alias, between: ' or ', ofNone: 'false' })
    case 'not':
      return ['(not ', ...piecesOf(condition.of, alias), ')']
    case 'rule':
      return piecesOf(condition.of, alias)
    case 'tlp-at-most':
      return [`${column('tlp')} <= `, { value: tlpLabels.indexOf(condition.label) }, '::smallint']
    case 'audience-open':
      return [`${column('audience')} is null`]
    case 'audience-names':
      return meets(column('audience'), condition.names)
    case 'purposes-open':
      return [`${column('purposes')} is null`]
    case 'purposes-name':
      return meets(column('purposes'), [condition.purpose])
    case 'police-within':
      return orNull(column('police'), '<@', { value: condition.codes }, '::text[]')
    case 'originator-control':
      return [column('originator_control')]
    case 'embargo-over':
      return orNull(column('embargo_until'), '<=', { value: condition.at }, '::timestamptz')
    case 'retained':
      return orNull(column('retain_until'), '>=', { value: condition.at }, '::timestamptz')
    case 'unmarked':
      return [`${column('marks')} is null`]
    case 'origin-in':
      return isOneOf(column('origin'), condition.nodes)
    case 'realm-in':
      return isOneOf(column('realm'), condition.realms)
    case 'id-in':
      return isOneOf(column('id'), condition.ids)
    case 'type-in':
      return ofTypes(column('type'), condition.types)
    case 'area-in':
      return meets(column('areas'), condition.areas.map(areaName))
    case 'area-none':
      return [`${column('areas')} is null`]
    default:
      return unreachable(condition)
  }
}

const isOneOf = (column: string, names: readonly string[]): readonly Piece[] => [
  `${column} = any (`,
  { value: names },
  '::text[])',
]

/** Null meets nothing. In this form the planner does not estimate from the column's elements, which takes it longer than the page. */
const meets = (column: string, names: readonly string[]): readonly Piece[] => [
  `coalesce(${column} && `,
  { value: names },
  '::text[], false)',
]

const orNull = (column: string, operator: string, ...value: readonly Piece[]): readonly Piece[] => [
  `(${column} is null or ${column} ${operator} `,
  ...value,
  ')',
]

function joined(
  of: readonly Condition[],
  { alias, between, ofNone }: { readonly alias: string; readonly between: string; readonly ofNone: string },
): readonly Piece[] {
  if (of.length === 0) return [ofNone]
  return [...of.flatMap((one, at) => [at === 0 ? '(' : between, ...piecesOf(one, alias)]), ')']
}

function ofTypes(column: string, types: readonly string[]): readonly Piece[] {
  const { exact, prefixes } = typePatterns(types)
  const ofPrefixes = prefixes.flatMap((prefix) => [
    ` or starts_with(${column}, `,
    { value: prefix },
    '::text)',
  ])
  return ['(', ...isOneOf(column, exact), ...ofPrefixes, ')']
}

/**
 * The driver keeps something for each template by its identity, so equal texts must be one template. There are as many as
 * there are shapes of conditions, for each of which the server keeps a statement anyway.
 */
const templates = new Map<string, TemplateStringsArray>()

function templateOf(texts: readonly string[]): TemplateStringsArray {
  const name = texts.join('\u0000')
  const known = templates.get(name)
  if (known !== undefined) return known
  const made = Object.assign([...texts], { raw: texts })
  templates.set(name, made)
  return made
}
