/** What the register of processing asks of the database. */
import { type Instant, instant, type NodeId } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import type { Role } from '../contract.ts'

export type HeldTypeRow = {
  readonly type: string
  readonly records: number
  readonly own: number
  readonly erased: number
  readonly origins: readonly string[]
  /** Ranks of labels. */
  readonly labels: readonly number[]
  readonly purposes: readonly string[]
  readonly policeCoded: number
  readonly unlimited: number
  readonly earliest?: Instant
  readonly latest?: Instant
  readonly firstReceivedAt: Instant
  readonly lastReceivedAt: Instant
}

type Row = Omit<HeldTypeRow, 'earliest' | 'latest' | 'firstReceivedAt' | 'lastReceivedAt'> & {
  readonly earliest: Date | null
  readonly latest: Date | null
  readonly firstReceivedAt: Date
  readonly lastReceivedAt: Date
}

// "What is held of each type, and on what terms?" Counted in versions; the handling is the effective one.
export async function heldTypes(database: Sql, node: NodeId): Promise<readonly HeldTypeRow[]> {
  const rows = await database<Row[]>`
    select
      r.type,
      count(*) filter (where r.erased_at is null) as records,
      count(*) filter (where r.erased_at is null and r.origin = ${node}) as own,
      count(*) filter (where r.erased_at is not null) as erased,
      array_agg(distinct r.origin) as origins,
      array_agg(distinct r.tlp::int) as labels,
      array(
        select distinct p.name
        from record as q
        cross join lateral unnest(q.purposes) as p (name)
        where q.type = r.type and q.realm = 'actual'
        order by 1
      ) as purposes,
      count(*) filter (where r.police is not null and r.erased_at is null) as "policeCoded",
      count(*) filter (where r.retain_until is null and r.erased_at is null) as unlimited,
      min(r.retain_until) filter (where r.erased_at is null) as earliest,
      max(r.retain_until) filter (where r.erased_at is null) as latest,
      min(r.received_at) as "firstReceivedAt",
      max(r.received_at) as "lastReceivedAt"
    from record as r
    where r.realm = 'actual'
    group by r.type
    order by r.type`
  return rows.map(({ earliest, latest, ...row }) => ({
    ...row,
    firstReceivedAt: instant(row.firstReceivedAt),
    lastReceivedAt: instant(row.lastReceivedAt),
    ...(earliest === null ? {} : { earliest: instant(earliest) }),
    ...(latest === null ? {} : { latest: instant(latest) }),
  }))
}

// "How many accounts that are not disabled have each role?"
export async function peopleByRole(
  database: Sql,
): Promise<readonly { readonly role: Role; readonly accounts: number }[]> {
  return await database<{ role: Role; accounts: number }[]>`
    select r.role, count(*) as accounts
    from account as a
    cross join lateral unnest(a.roles) as r (role)
    where a.disabled_at is null
    group by r.role
    order by r.role`
}
