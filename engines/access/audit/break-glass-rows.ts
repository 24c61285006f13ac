/** Rows of broken glass. */
import { type Instant, instant } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import type { BrokenGlass, GlassQuery, Verdict } from './break-glass.ts'

/** What `Principal.breakGlassUntil` is set from. */
export async function brokenGlassOf(
  database: Sql,
  principal: string,
  now: Instant,
): Promise<Instant | undefined> {
  const [row] = await database<{ until: Date | null }[]>`
    select max(until) as until from break_glass where principal = ${principal} and until > ${now}::timestamptz`
  return row?.until ? instant(row.until) : undefined
}

export const insertGlass = (database: Sql, one: BrokenGlass) => database`
  insert into break_glass (id, principal, organisation, reason, opened_at, until, review_by)
  values (
    ${one.id}, ${one.principal}, ${one.organisation ?? null}, ${one.reason}, ${one.openedAt}, ${one.until}, ${one.reviewBy}
  )`

export type Settling = {
  readonly id: string
  readonly at: Instant
  readonly by: string
  readonly verdict: Verdict
  readonly note: string | undefined
}

/** Undefined when it was settled already, or by its own principal. */
export async function settleGlass(
  database: Sql,
  { id, at, by, verdict, note = '' }: Settling,
): Promise<BrokenGlass | undefined> {
  const [row] = await database<GlassRow[]>`
    update break_glass
    set
      reviewed_at = ${at}, reviewed_by = ${by}, verdict = ${verdict}, note = nullif(${note}, ''),
      until = least(until, ${at}::timestamptz)
    where id = ${id} and reviewed_at is null and principal <> ${by}
    returning ${columnsOf(database)}`
  return row && glassOfRow(row)
}

export async function glassById(database: Sql, id: string): Promise<BrokenGlass | undefined> {
  const [row] = await database<GlassRow[]>`select ${columnsOf(database)} from break_glass where id = ${id}`
  return row && glassOfRow(row)
}

export async function listGlass(
  database: Sql,
  { unreviewed = false, principal, before, limit = 100 }: GlassQuery = {},
): Promise<readonly BrokenGlass[]> {
  const rows = await database<GlassRow[]>`
    select ${columnsOf(database)}
    from break_glass
    where true
    ${unreviewed ? database`and reviewed_at is null` : database``}
    ${principal === undefined ? database`` : database`and principal = ${principal}`}
    ${before === undefined ? database`` : database`and (opened_at, id) < (${before.openedAt}::timestamptz, ${before.id})`}
    order by opened_at desc, id desc
    limit ${limit}`
  return rows.map(glassOfRow)
}

type GlassRow = {
  readonly id: string
  readonly principal: string
  readonly organisation: string | null
  readonly reason: string
  readonly openedAt: Date
  readonly until: Date
  readonly reviewBy: Date
  readonly reviewedAt: Date | null
  readonly reviewedBy: string | null
  readonly verdict: Verdict | null
  readonly note: string | null
}

const columnsOf = (database: Sql) => database`
  id, principal, organisation, reason, opened_at as "openedAt", until, review_by as "reviewBy",
  reviewed_at as "reviewedAt", reviewed_by as "reviewedBy", verdict, note`

function glassOfRow(row: GlassRow): BrokenGlass {
  const { id, principal, organisation, reason, reviewedAt, reviewedBy, verdict, note } = row
  return {
    id,
    principal,
    ...(organisation === null ? {} : { organisation }),
    reason,
    openedAt: instant(row.openedAt),
    until: instant(row.until),
    reviewBy: instant(row.reviewBy),
    ...(reviewedAt === null || reviewedBy === null || verdict === null
      ? {}
      : { review: { at: instant(reviewedAt), by: reviewedBy, verdict, ...(note === null ? {} : { note }) } }),
  }
}
