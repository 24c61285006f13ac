/**
 * Marked fields as the database sees them: JSON pointers in the column `marks`; engines/record/marks.ts says which fields
 * can be marked. Who may not see a field must not find the record by it either, or the question would tell what the
 * answer withholds.
 */
import type { Fragment } from './condition-sql.ts'
import type { Sql } from './connect.ts'

/** The field at this pointer has no mark. `pointer` is an expression; `alias` the name of `record` in the query. */
export const unmarkedAt = (sql: Sql, pointer: Fragment, alias: string): Fragment =>
  sql`(${sql(`${alias}.marks`)} is null or not ${pointer} = any (${sql(`${alias}.marks`)}))`
