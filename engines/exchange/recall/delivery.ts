/**
 * What was handed to whom, and what a peer is owed because of it.
 *
 * A peer is owed, whatever the rules say:
 *   - every recall, by its origin, of a record that it was given here;
 *   - the receipts of those who got a recall through here, if the peer is the one that brought the recall, or its origin;
 *   - consents to pass on what it was given, also those that were there before it.
 *
 * Deliveries are noted before the answer leaves, so this node may believe a peer to hold what was lost on the way, and
 * never the reverse. What was withdrawn between reading and noting does not leave at all (`WithdrawnMeanwhile`): the peer
 * asks again. What is handed over after its recall has gone by (a record tightened long ago, given to a new peer) makes
 * the recall an explicit follow-up; the exchange then goes through the log once more for that peer, because its
 * entitlement has grown by it (`lateFor`).
 */
import { MosaicError, type NodeId, type RecordId } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import type { RecallParts } from './contract.ts'
import { bucketOf } from './queries.ts'
import { exchangeConsent } from './records.ts'

export type SentRef = { readonly id: RecordId; readonly version: number }

/** Whoever notes shares it; whoever asks who was given what, so as to tell them, holds it alone for a moment. */
const deliveryLock = 7_300_011

/** One of the records read for an answer was withdrawn before it could leave. */
export class WithdrawnMeanwhile extends MosaicError {
  override readonly name = 'WithdrawnMeanwhile'
  override readonly code = 'exchange/withdrawn-meanwhile'
  readonly ids: readonly RecordId[]

  constructor(ids: readonly RecordId[]) {
    super(`${ids.length} of the records to be given were withdrawn in the same moment; ask again.`)
    this.ids = ids
  }
}

/** Before the answer leaves. Throws `WithdrawnMeanwhile`; then nothing of it may leave. */
export async function noteSent(
  { store, clock }: RecallParts,
  peer: NodeId,
  refs: readonly SentRef[],
): Promise<void> {
  if (refs.length === 0) return
  const at = clock.now()
  const [buckets, ids, versions] = columns(refs)
  await store.database.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock_shared(${deliveryLock})`
    await tx`
      insert into delivery (bucket, id, peer, version, sent_at)
      select bucket, id, ${peer}, version, ${at}::timestamptz
      from unnest(${buckets}::smallint[], ${ids}::text[], ${versions}::int[]) as w (bucket, id, version)
      on conflict do nothing`
    const gone = await tx<{ id: RecordId }[]>`
      select distinct r.id
      from unnest(${buckets}::smallint[], ${ids}::text[], ${versions}::int[]) as w (bucket, id, version)
      join record as r using (bucket, id, version)
      where r.erased_at is not null`
    if (gone.length > 0) throw new WithdrawnMeanwhile(gone.map(({ id }) => id))
    await tx`
      insert into follow_up (peer, id, reason, due_at)
      select distinct ${peer}, o.recall, 'recall', ${at}::timestamptz
      from recall_order as o
      where o.target = any (${ids}::text[])
      and o.origin <> ${peer}
      and o.recall <> all (${ids}::text[])
      and not exists (
        select
        from delivery as d
        where d.bucket = ('x' || left(o.recall, 2))::bit(8)::int % 64 and d.id = o.recall and d.peer = ${peer}
      )
      on conflict do nothing`
    await tx`
      insert into follow_up (peer, id, reason, due_at)
      select distinct ${peer}, c.id, 'consent', ${at}::timestamptz
      from unnest(${buckets}::smallint[], ${ids}::text[], ${versions}::int[]) as w (bucket, id, version)
      join record as r using (bucket, id, version)
      join record as c on c.type = ${exchangeConsent.type} and c.origin = r.origin and c.erased_at is null
      where (r.originator_control or 'H2' = any (r.police))
      and c.origin <> ${peer}
      and c.id <> all (${ids}::text[])
      and (
        exists (select from json_array_elements_text(c.record -> 'body' -> 'ids') as t (id) where t.id = r.id)
        or exists (
          select
          from json_array_elements_text(c.record -> 'body' -> 'types') as t (type)
          where t.type = r.type or (t.type like '%.*' and starts_with(r.type, left(t.type, -1)))
        )
      )
      and not exists (
        select
        from delivery as d
        where d.bucket = ('x' || left(c.id, 2))::bit(8)::int % 64 and d.id = c.id and d.peer = ${peer}
      )
      on conflict do nothing`
  })
}

/** The peer has stored them: it asked for what comes after. */
export async function noteAcknowledged(
  { store, clock }: RecallParts,
  peer: NodeId,
  refs: readonly SentRef[],
): Promise<void> {
  const [buckets, ids, versions] = columns(refs)
  await store.database`
    update delivery as d
    set acknowledged_at = ${clock.now()}::timestamptz
    from unnest(${buckets}::smallint[], ${ids}::text[], ${versions}::int[]) as w (bucket, id, version)
    where d.bucket = w.bucket and d.id = w.id and d.version = w.version and d.peer = ${peer}
    and d.acknowledged_at is null`
}

/**
 * Records that this peer must get whatever the rules say. Also those that it had already: who restores a backup comes
 * back to an older place in our log, and must meet again what was recalled after it.
 */
export async function followUpsFor({ store }: RecallParts, peer: NodeId): Promise<readonly RecordId[]> {
  const rows = await store.database<{ id: RecordId }[]>`
    with due (id) as (
      select k.id
      from record_link as k
      join record as r using (bucket, id, version)
      where k.type = 'recalls'
      and r.type = 'exchange.recall'
      and r.origin <> ${peer}
      and exists (
        select
        from delivery as d
        where d.bucket = ('x' || left(k.target, 2))::bit(8)::int % 64 and d.id = k.target and d.peer = ${peer}
      )
      and (
        exists (select from recall_order as o where o.recall = k.id)
        or exists (
          select
          from record as t
          where t.bucket = ('x' || left(k.target, 2))::bit(8)::int % 64 and t.id = k.target and t.origin = r.origin
        )
      )
      union
      select k.id
      from recall_order as o
      join record_link as k on k.target = o.recall and k.type = 'answers'
      join record as r on r.bucket = k.bucket and r.id = k.id and r.version = k.version
      where (o.via = ${peer} or (o.origin = ${peer} and o.via is not null))
      and r.type = 'exchange.receipt'
      and r.origin <> ${peer}
      union
      select id from follow_up where peer = ${peer}
    )
    select id from due
    order by id`
  return rows.map(({ id }) => id)
}

/** Those of them whose place in the log may lie behind the peer's: by each, its entitlement has grown. */
export async function lateFor({ store }: RecallParts, peer: NodeId): Promise<readonly RecordId[]> {
  const rows = await store.database<{ id: RecordId }[]>`
    select id from follow_up where peer = ${peer} order by id`
  return rows.map(({ id }) => id)
}

/** To whom these were given, once every answer that is being noted has been. */
export async function deliveredTo(
  sql: Sql,
  ids: readonly RecordId[],
): Promise<ReadonlyMap<RecordId, readonly NodeId[]>> {
  const rows = (await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${deliveryLock})`
    return tx<{ id: RecordId; peers: NodeId[] }[]>`
      select d.id, array_agg(distinct d.peer order by d.peer) as peers
      from unnest(${ids.map(bucketOf)}::smallint[], ${ids}::text[]) as w (bucket, id)
      join delivery as d using (bucket, id)
      group by d.id`
  })) as readonly { readonly id: RecordId; readonly peers: readonly NodeId[] }[]
  return new Map(rows.map(({ id, peers }) => [id, peers]))
}

const columns = (refs: readonly SentRef[]) =>
  [
    refs.map(({ id }) => bucketOf(id)),
    refs.map(({ id }) => id as string),
    refs.map(({ version }) => version),
  ] as const
