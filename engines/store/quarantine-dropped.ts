/**
 * What came from a sender of whom enough was held: one row for each kind and rule, however much comes. The row says how
 * often, how many bytes, from when to when, the newest ids, and a digest over all ids in their order.
 */
import { instant } from '../record/index.ts'
import type { Sql } from './connect.ts'
import type { QuarantineDropped, Quarantined, QuarantineSender } from './contract.ts'

type Dropped = Pick<Quarantined, 'id' | 'from' | 'kind' | 'receivedAt' | 'issues'> & { readonly size: number }

/** So many different rules of one sender stand apart; a decoder may put what it read into their names. */
const rulesApart = 50
const idsKept = 20

export async function noteDropped(sql: Sql, { id, from, kind, receivedAt, issues, size }: Dropped) {
  const rule = (issues[0]?.rule ?? '').slice(0, 100)
  await sql`
    insert into quarantine_dropped as d (sender, kind, rule, times, bytes, first_at, last_at, newest, digest)
    select
      ${from}, ${kind},
      case
        when exists (select from quarantine_dropped where sender = ${from} and kind = ${kind} and rule = ${rule})
          or (select count(*) from quarantine_dropped where sender = ${from}) < ${rulesApart}
        then ${rule}
        else 'other'
      end,
      1, ${size}, ${receivedAt}::timestamptz, ${receivedAt}::timestamptz, array[${id}],
      sha256(decode(repeat('00', 32) || ${id}, 'hex'))
    on conflict (sender, kind, rule) do update
    set
      times = d.times + 1,
      bytes = d.bytes + excluded.bytes,
      last_at = greatest(d.last_at, excluded.last_at),
      newest = (excluded.newest || d.newest)[1:${idsKept}],
      digest = sha256(d.digest || decode(${id}, 'hex'))`
}

type DroppedRow = Omit<QuarantineDropped, 'firstAt' | 'lastAt'> & {
  readonly from: string
  readonly firstAt: Date
  readonly lastAt: Date
}

/** How much is held from each sender, and what of whom was dropped? */
export async function sendersOf(sql: Sql): Promise<readonly QuarantineSender[]> {
  const held = await sql<{ from: string; held: number; bytes: number }[]>`
    select sender as "from", count(*)::integer as held, sum(size)::bigint as bytes
    from quarantine
    where state = 'held'
    group by sender`
  const dropped = await sql<DroppedRow[]>`
    select
      sender as "from", kind, rule, times, bytes, first_at as "firstAt", last_at as "lastAt", newest,
      encode(digest, 'hex') as digest
    from quarantine_dropped
    order by sender, times desc, kind, rule`
  const bySender = Map.groupBy(dropped, ({ from }) => from)
  const only = [...bySender.keys()].filter((name) => !held.some(({ from }) => from === name))
  return [...held, ...only.map((from) => ({ from, held: 0, bytes: 0 }))]
    .map((one) => ({ ...one, dropped: (bySender.get(one.from) ?? []).map(droppedOf) }))
    .sort((a, b) => b.bytes - a.bytes || (a.from < b.from ? -1 : 1))
}

const droppedOf = ({ from: _, firstAt, lastAt, ...row }: DroppedRow): QuarantineDropped => ({
  ...row,
  firstAt: instant(firstAt),
  lastAt: instant(lastAt),
})
