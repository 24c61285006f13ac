/**
 * A condition asked of the database: an expression over the columns of `record` that is true or false and never null, so
 * that its negation is what it says. `condition-predicate.ts` is the other reading; a property test holds them together.
 */
import type { PendingQuery, Row } from 'postgres'
import { tlpLabels, unreachable } from '../record/index.ts'
import { areaName } from './areas.ts'
import type { Condition } from './condition.ts'
import { typePatterns } from './condition-predicate.ts'
import type { Sql } from './connect.ts'

export type Fragment = PendingQuery<Row[]>

/** `alias`: the name under which the query has the table `record` in scope. */
export function sqlOf(sql: Sql, condition: Condition, alias: string): Fragment {
  const column = (name: string) => sql(`${alias}.${name}`)
  const all = (of: readonly Condition[]) => of.map((one) => sqlOf(sql, one, alias))
  const equalsOne = (name: string, of: readonly string[]) => sql`${column(name)} = any (${of}::text[])`
  switch (condition.kind) {
    case 'all':
      return sql`(${all(condition.of).reduce((left, right) => sql`${left} and ${right}`, sql`true`)})`
    case 'any':
      return sql`(${all(condition.of).reduce((left, right) => sql`${left} or ${right}`, sql`false`)})`
    case 'not':
      return sql`(not ${sqlOf(sql, condition.of, alias)})`
    case 'rule':
      return sqlOf(sql, condition.of, alias)
    case 'tlp-at-most':
      return sql`${column('tlp')} <= ${tlpLabels.indexOf(condition.label)}::smallint`
    case 'audience-open':
      return sql`${column('audience')} is null`
    case 'audience-names':
      return meets(sql, column('audience'), condition.names)
    case 'purposes-open':
      return sql`${column('purposes')} is null`
    case 'purposes-name':
      return meets(sql, column('purposes'), [condition.purpose])
    case 'police-within':
      return sql`(${column('police')} is null or ${column('police')} <@ ${condition.codes}::text[])`
    case 'originator-control':
      return sql`${column('originator_control')}`
    case 'embargo-over':
      return sql`(${column('embargo_until')} is null or ${column('embargo_until')} <= ${condition.at}::timestamptz)`
    case 'retained':
      return sql`(${column('retain_until')} is null or ${column('retain_until')} >= ${condition.at}::timestamptz)`
    case 'unmarked':
      return sql`${column('marks')} is null`
    case 'origin-in':
      return equalsOne('origin', condition.nodes)
    case 'realm-in':
      return equalsOne('realm', condition.realms)
    case 'id-in':
      return equalsOne('id', condition.ids)
    case 'type-in':
      return ofTypes(sql, column('type'), condition.types)
    case 'area-in':
      return meets(sql, column('areas'), condition.areas.map(areaName))
    case 'area-none':
      return sql`${column('areas')} is null`
    default:
      return unreachable(condition)
  }
}

type Column = ReturnType<typeof identifier>
const identifier = (sql: Sql, name: string) => sql(name)

/** Null meets nothing. */
const meets = (sql: Sql, column: Column, names: readonly string[]): Fragment =>
  sql`(${column} is not null and ${column} && ${names}::text[])`

function ofTypes(sql: Sql, column: Column, types: readonly string[]): Fragment {
  const { exact, prefixes } = typePatterns(types)
  const ofPrefix = prefixes.map((prefix) => sql`starts_with(${column}, ${prefix}::text)`)
  return sql`(${ofPrefix.reduce((left, right) => sql`${left} or ${right}`, sql`${column} = any (${exact}::text[])`)})`
}
