/**
 * Noticing what a relay leaves out, of origins from which this node does not take directly.
 *
 * A relay cannot alter what it passes on, and cannot make the log of an origin smaller than somebody else shows it. It can
 * leave records out, and show an old state of the log as the newest. Where two peers pass on the same origin, each is held
 * against the other, over what the origin's log itself proves:
 *
 *     older-log         another peer showed a larger checkpoint of that log, signed by the origin, and this one has not
 *                       reached it since. It lost its line to the origin, or hides that there is more
 *     missing-records   another peer gave a record that this one passed over: one of a class (type, realm, handling, areas)
 *                       of which this peer gives records, and of which it gave one that stands before it in the log
 *
 * Both only after `afterMs`, and only where the peer has answered since, and says that nothing waits. They are grounds to
 * ask its operators, not proof: its rules or the origin's towards it may have changed. A record counts only if each peer may
 * give it without asking anybody (no originator control), and holds here as its origin wrote it: what was recalled,
 * tightened or is over, an honest relay leaves out too. Recalls, receipts and consents are owed record by record and not
 * compared.
 *
 * What it cannot find: what every relay leaves out; what the only relay leaves out; a class of which a relay never gave
 * anything; what was compared longer than `keepMs` ago.
 */
import { hash } from 'node:crypto'
import {
  type Clock,
  canonical,
  type Instant,
  instant,
  type MosaicRecord,
  type NodeId,
  plusMs,
} from '../record/index.ts'
import type { Arrival, Sql } from '../store/index.ts'
import { type Checkpoint, originOf } from '../tlog/index.ts'
import type { Peer, Withheld } from './contract.ts'
import { nodeOfLog } from './origins.ts'

export type Relayed = {
  /** What a peer gave and was proven, also where it was held before. */
  readonly noteRecords: (peer: Peer, came: readonly Came[]) => Promise<void>
  /** The verified ones of the checkpoints that a peer said to be the newest that it has. */
  readonly noteLogs: (
    peer: Peer,
    checkpoints: readonly Pick<Checkpoint, 'origin' | 'size'>[],
  ) => Promise<void>
  readonly withheld: () => Promise<ReadonlyMap<NodeId, readonly Withheld[]>>
  /** Puts away what needs no comparing any more. */
  readonly tidy: () => Promise<void>
}

export type Came = { readonly record: MosaicRecord; readonly arrival: Pick<Arrival, 'proof'> }

export type RelayedParts = {
  readonly sql: Sql
  readonly node: NodeId
  readonly clock: Clock
  /** After how long what another peer brought is missed. */
  readonly afterMs: number
}

const keepMs = 7 * 86_400_000

export function createRelayed({ sql, node, clock, afterMs }: RelayedParts): Relayed {
  /** Ours, and those that we take from their origin itself. */
  const direct = async (): Promise<ReadonlySet<string>> => {
    const rows = await sql<
      { log: string }[]
    >`select peer ->> 'logOrigin' as log from peer where state = 'active'`
    return new Set([originOf(node), ...rows.map(({ log }) => log)])
  }
  const noteLogs: Relayed['noteLogs'] = async (peer, checkpoints) => {
    const skipped = await direct()
    const sizes = new Map<string, number>()
    for (const { origin, size } of checkpoints)
      if (!skipped.has(origin) && origin !== peer.logOrigin)
        sizes.set(origin, Math.max(size, sizes.get(origin) ?? 0))
    if (sizes.size > 0) await keepSizes(sql, { peer: peer.node, sizes, at: clock.now() })
    await sql`update peer_progress set said_logs_at = ${clock.now()} where node = ${peer.node}`
  }
  return {
    noteLogs,
    async noteRecords(peer, came) {
      const skipped = await direct()
      const rows = came.flatMap(({ record, arrival: { proof } }) => {
        const log = proof.checkpoint.split('\n', 1)[0] ?? ''
        if (skipped.has(log) || log === peer.logOrigin || isGivenOtherwise(record)) return []
        const { id, version } = record
        return [{ log, index: proof.index, id, version, class: classOf(record) }]
      })
      if (rows.length > 0) await keepRecords(sql, { peer: peer.node, rows, at: clock.now() })
    },
    async withheld() {
      const now = clock.now()
      const [behind, missing, skipped] = await Promise.all([
        behindOf(sql, afterMs, now),
        missingOf(sql, afterMs, now),
        direct(),
      ])
      const found = [...behind, ...missing].flatMap(({ peer, log, kind, since, count }) => {
        const origin = nodeOfLog(log)
        if (origin === undefined || skipped.has(log)) return []
        return [{ peer, said: { origin, kind, since: instant(since), count } }]
      })
      const byPeer = Map.groupBy(found, ({ peer }) => peer)
      return new Map([...byPeer].map(([peer, all]) => [peer, all.map(({ said }) => said)]))
    },
    async tidy() {
      await sql`delete from relayed_record where at < ${plusMs(clock.now(), -keepMs)}::timestamptz`
      await settle(sql, plusMs(clock.now(), -afterMs))
    },
  }
}

/**
 * Whether a peer passes it on depends on more than rules that hold for all of its class: on a consent, or, of recalls and
 * what belongs to them, on what it gave before.
 */
const isGivenOtherwise = ({ type, handling: { originatorControl, police } }: MosaicRecord): boolean =>
  originatorControl === true || police?.includes('H2') === true || type.startsWith('exchange.')

function classOf({ type, realm, handling, place }: MosaicRecord): string {
  const { embargoUntil: _, retainUntil: __, ...who } = handling
  const areas = (place?.areas ?? []).map(({ scheme, code }) => `${scheme}:${code}`).sort()
  return hash('sha256', canonical([type, realm, who, areas])).slice(0, 16)
}

type Sizes = { readonly peer: NodeId; readonly sizes: ReadonlyMap<string, number>; readonly at: Instant }

/** A peer that reaches what another had shown is behind no more, or since now, where that one has gone on. */
async function keepSizes(sql: Sql, { peer, sizes, at }: Sizes): Promise<void> {
  const logs = [...sizes.keys()].sort()
  await sql.begin(async (tx) => {
    await tx`
      insert into relayed_log as r (peer, log, size)
      select ${peer}, n.log, n.size
      from unnest(${logs}::text[], ${logs.map((log) => sizes.get(log) ?? 0)}::bigint[]) as n (log, size)
      on conflict (peer, log) do update set size = excluded.size where r.size < excluded.size`
    await tx`
      with top as (select log, max(size) as size from relayed_log where log = any (${logs}::text[]) group by log)
      update relayed_log as r
      set
        behind_size = case when r.size < top.size then top.size end,
        behind_since = case when r.size < top.size then ${at}::timestamptz end
      from top
      where top.log = r.log
      and (
        r.behind_size is null and r.size < top.size
        or r.behind_size is not null and r.size >= r.behind_size
      )`
  })
}

type Rows = {
  readonly peer: NodeId
  readonly at: Instant
  readonly rows: readonly {
    readonly log: string
    readonly index: number
    readonly id: string
    readonly version: number
    readonly class: string
  }[]
}

async function keepRecords(sql: Sql, { peer, rows, at }: Rows): Promise<void> {
  const given = sql`
    unnest(
      ${rows.map(({ log }) => log)}::text[], ${rows.map(({ index }) => index)}::bigint[],
      ${rows.map(({ id }) => id)}::text[], ${rows.map(({ version }) => version)}::int[],
      ${rows.map((row) => row.class)}::text[]
    ) as n (log, index, id, version, class)`
  await sql`
    insert into relayed_record (log, index, peer, bucket, id, version, class, at, is_settled)
    select
      n.log, n.index, ${peer}, ('x' || left(n.id, 2))::bit(8)::int % 64, n.id, n.version, n.class, ${at}::timestamptz,
      exists (select from relayed_record as y where y.log = n.log and y.index = n.index and y.is_settled)
    from ${given}
    on conflict do nothing`
  await sql`
    insert into relayed_class as c (peer, log, class, first_index)
    select ${peer}, n.log, n.class, min(n.index)
    from ${given}
    group by n.log, n.class
    on conflict (log, class, peer) do update
    set first_index = excluded.first_index
    where c.first_index > excluded.first_index`
}

type Found = {
  readonly peer: NodeId
  readonly log: string
  readonly kind: Withheld['kind']
  readonly since: Date
  readonly count: number
}

/** Which peers still say to be less far with a log than another was so long ago? */
const behindOf = (sql: Sql, afterMs: number, now: Instant) => sql<Found[]>`
  select
    r.peer, r.log, 'older-log' as kind, r.behind_since as since, (r.behind_size - r.size)::integer as count
  from relayed_log as r
  join peer as p on p.node = r.peer and p.state = 'active'
  join peer_progress as g on g.node = r.peer
  where r.behind_since <= ${plusMs(now, -afterMs)}::timestamptz
  and g.said_logs_at >= r.behind_since + ${afterMs} * interval '1 millisecond'
  order by r.peer, r.log`

/** Entries that are not settled: all who gave one of them, and who gives its class and did not. */
const openEntries = (sql: Sql) => sql`
  given as materialized (
    select
      log, index, min(class) as class, min(at) as at, max(at) as last_at, array_agg(peer) as peers,
      min(bucket) as bucket, min(id) as id, min(version) as version
    from relayed_record
    where not is_settled
    group by log, index
  ),
  missing as materialized (
    select c.peer, g.log, g.index, g.at, g.bucket, g.id, g.version
    from given as g
    join relayed_class as c on c.log = g.log and c.class = g.class
    where c.first_index < g.index and c.peer <> all (g.peers)
  )`

/**
 * What did a peer pass over that another gave so long ago? Only of records that came here within the time for which it is
 * known who gave them.
 */
const missingOf = (sql: Sql, afterMs: number, now: Instant) => sql<Found[]>`
  with ${openEntries(sql)}
  select m.peer, m.log, 'missing-records' as kind, min(m.at) as since, count(*)::integer as count
  from missing as m
  join record as r on r.bucket = m.bucket and r.id = m.id and r.version = m.version
  join peer as p on p.node = m.peer and p.state = 'active'
  join peer_progress as g on g.node = m.peer
  where m.at <= ${plusMs(now, -afterMs)}::timestamptz
  and r.received_at > ${plusMs(now, -keepMs)}::timestamptz
  and r.erased_at is null
  and r.effective is null
  and (r.retain_until is null or r.retain_until > ${now}::timestamptz)
  and (r.embargo_until is null or r.embargo_until <= ${plusMs(now, -afterMs)}::timestamptz)
  and g.caught_up_at >= m.at + ${afterMs} * interval '1 millisecond'
  group by m.peer, m.log
  order by m.peer, m.log`

/** Of most records nothing is missing: they are not looked at again, nor is what comes of them still later. */
const settle = (sql: Sql, before: Instant) => sql`
  with ${openEntries(sql)},
  done as materialized (
    select g.log, g.index
    from given as g
    left join missing as m on m.log = g.log and m.index = g.index
    where m.peer is null and g.last_at <= ${before}::timestamptz
  )
  update relayed_record as x
  set is_settled = true
  from done
  where done.log = x.log and done.index = x.index and not x.is_settled`
