/** The questions that recall asks of the database. */
import type { Handling, NodeId, Realm, RecordId } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'

export const bucketOf = (id: RecordId): number => Number.parseInt(id.slice(0, 2), 16) % 64

export type OrderRow = {
  readonly target: RecordId
  readonly recall: RecordId
  readonly origin: NodeId
  readonly realm: Realm
  readonly action: 'withdraw' | 'relabel'
  readonly handling: Handling | null
  readonly via: NodeId | null
}

export type TargetRow = { readonly origin: NodeId; readonly realm: Realm; readonly type: string }

/** Whose is this record? Also of what is erased. */
export async function targetOf(sql: Sql, id: RecordId): Promise<TargetRow | undefined> {
  const [row] = await sql<TargetRow[]>`
    select origin, realm, type from record where bucket = ${bucketOf(id)} and id = ${id} limit 1`
  return row
}

/** How many versions of it are, or were, held here? */
export async function versionsHeld(sql: Sql, id: RecordId): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from record where bucket = ${bucketOf(id)} and id = ${id}`
  return row?.count ?? 0
}

export async function keepOrder(sql: Sql, order: OrderRow): Promise<void> {
  await sql`
    insert into recall_order (target, recall, origin, realm, action, handling, via)
    values (
      ${order.target}, ${order.recall}, ${order.origin}, ${order.realm}, ${order.action},
      ${order.handling === null ? null : sql.json(order.handling as never)}, ${order.via}
    )
    on conflict (target, recall) do nothing`
  await sql`
    update recall_order
    set known_at = (select next_index - 1 from log_head)
    where target = ${order.target} and recall = ${order.recall} and known_at is null`
}

export const dropOrder = (sql: Sql, { target, recall }: Pick<OrderRow, 'target' | 'recall'>) => sql`
  delete from recall_order where target = ${target} and recall = ${recall}`

/** Which recalls in force name this record? */
export const ordersOf = (sql: Sql, target: RecordId) => sql<OrderRow[]>`
  select target, recall, origin, realm, action, handling, via
  from recall_order
  where target = ${target}
  order by recall`

/** The order of a recall, and the newest index of the log when it could first be seen. */
export async function orderOf(
  sql: Sql,
  recall: RecordId,
): Promise<(OrderRow & { readonly knownAt: number }) | undefined> {
  const [row] = await sql<(OrderRow & { readonly knownAt: number | null })[]>`
    select target, recall, origin, realm, action, handling, via, known_at::int8 as "knownAt"
    from recall_order
    where recall = ${recall}`
  return row && { ...row, knownAt: Number(row.knownAt ?? Number.MAX_SAFE_INTEGER) }
}

/** Which of these records are recalled, or derived from what is, directly or through others; and from which. */
export const recalledAmong = (sql: Sql, ids: readonly RecordId[]) => sql<
  { id: RecordId; target: RecordId }[]
>`
  with recursive up (id, target) as (
    select w.id collate "C", w.id collate "C" from unnest(${ids}::text[]) as w (id)
    union
    select up.id, k.target
    from up
    join record_link as k
      on k.bucket = ('x' || left(up.target, 2))::bit(8)::int % 64 and k.id = up.target and k.type = 'derivedFrom'
  )
  select distinct up.id, up.target
  from up
  join recall_order as o on o.target = up.target
  order by up.target, up.id`

export async function anyOrder(sql: Sql): Promise<boolean> {
  return (await sql`select from recall_order limit 1`).length > 0
}

/** To whom was any of these records given? */
export async function givenTo(sql: Sql, id: RecordId): Promise<readonly NodeId[]> {
  const rows = await sql<{ peer: NodeId }[]>`
    select distinct peer from delivery where bucket = ${bucketOf(id)} and id = ${id} order by peer`
  return rows.map(({ peer }) => peer)
}

/** Must go to this peer although its place in the log may be behind it. */
export const owe = (
  sql: Sql,
  due: {
    readonly peers: readonly NodeId[]
    readonly id: RecordId
    readonly reason: 'recall' | 'receipt' | 'consent'
    readonly at: string
  },
) => sql`
  insert into follow_up (peer, id, reason, due_at)
  select peer, ${due.id}, ${due.reason}, ${due.at}::timestamptz
  from unnest(${due.peers}::text[]) as peer
  on conflict do nothing`
