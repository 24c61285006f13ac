/** Reading by query: conditions composed from what the query names. Every reader goes by the log, never past it. */
import { type Held, type Instant, instant, type MosaicRecord, type RecordId } from '../record/index.ts'
import { rangesMeeting } from './cells.ts'
import type { Sql } from './connect.ts'
import type { Query } from './contract.ts'
import { bucketOf } from './rows.ts'

type HeldRow = { readonly record: MosaicRecord; readonly receivedAt: Date; readonly index: number }

/** A query with the moment at which what is public is judged. */
export type DatedQuery = Query & { readonly publicAt?: Instant }

const heldOf = ({ record, receivedAt, index }: HeldRow): Held => ({
  record,
  receivedAt: instant(receivedAt),
  index,
})

/** Which records fit? */
export async function read(sql: Sql, query: DatedQuery): Promise<readonly Held[]> {
  const rows = await sql<HeldRow[]>`
    select r.record, r.received_at as "receivedAt", l.index
    from ${held(sql, query)}
    where ${conditions(sql, query)}
    order by ${order(sql, query)}
    ${query.limit === undefined ? sql`` : sql`limit ${query.limit}`}`
  return rows.map(heldOf)
}

/** How many records fit? */
export async function count(sql: Sql, query: DatedQuery): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from (
      select
      from ${held(sql, query)}
      where ${conditions(sql, query)}
      ${query.limit === undefined ? sql`` : sql`limit ${query.limit}`}
    ) as fitting`
  return row?.count ?? 0
}

/** What does this record say, in its newest version or the one asked for? */
export async function get(sql: Sql, id: RecordId, version?: number): Promise<Held | undefined> {
  const [row] = await sql<HeldRow[]>`
    select r.record, r.received_at as "receivedAt", l.index
    from log as l
    join record as r using (bucket, id, version)
    where l.bucket = ${bucketOf(id)} and l.id = ${id}
    ${version === undefined ? sql`` : sql`and l.version = ${version}`}
    order by l.version desc
    limit 1`
  return row && heldOf(row)
}

/**
 * Where a query names records or what they link to, those few are looked up first and the rest asked of them alone.
 * `offset 0` holds PostgreSQL to that order: it would rather walk through all records of a type, which on tables whose
 * statistics are young looks cheap and takes longer with every record.
 */
function held(sql: Sql, { ids, linkedTo, linkType }: Query) {
  if (!ids && !linkedTo) return sql`log as l join record as r using (bucket, id, version)`
  const named = linkedTo
    ? sql`
      select distinct k.bucket, k.id, k.version
      from record_link as k
      where k.target = any (${linkedTo}::text[])
      ${linkType === undefined ? sql`` : sql`and k.type = ${linkType}`}`
    : sql`
      select distinct n.bucket, n.id, null::integer as version
      from unnest(${(ids ?? []).map(bucketOf)}::smallint[], ${ids ?? []}::text[]) as n (bucket, id)`
  return sql`(${named} offset 0) as named
    cross join lateral (
      select *
      from log
      where bucket = named.bucket and id = named.id
      ${linkedTo ? sql`and version = named.version` : sql``}
      offset 0
    ) as l
    cross join lateral (
      select *
      from record
      where bucket = l.bucket and id = l.id and version = l.version
      offset 0
    ) as r`
}

function order(sql: Sql, query: Query) {
  switch (query.order ?? 'index') {
    case 'index':
      return sql`l.index`
    case '-index':
      return sql`l.index desc`
    case '-valid':
      return sql`r.valid_from desc, l.index desc`
  }
}

/**
 * `knownAt` and `upTo` say what the node had; the newest version is chosen among those; every other condition is asked
 * of that version alone, so a record that has moved out of sight is not shown as it was before.
 */
function conditions(sql: Sql, query: DatedQuery) {
  const parts = [sql`true`]
  const { types, realm, ids, key, linkedTo, linkType, cells } = query
  if (types?.length === 1) parts.push(sql`r.type = ${types[0] ?? ''}`)
  else if (types) parts.push(sql`r.type = any (${types}::text[])`)
  if (realm !== undefined) parts.push(sql`r.realm = ${realm}`)
  if (key !== undefined) parts.push(sql`r.key = ${key}`)
  if (ids)
    parts.push(
      sql`l.bucket = any (${[...new Set(ids.map(bucketOf))]}::smallint[]) and l.id = any (${ids}::text[])`,
    )
  if (query.after !== undefined) parts.push(sql`l.index > ${query.after}`)
  if (query.upTo !== undefined) parts.push(sql`l.index <= ${query.upTo}`)
  if (query.knownAt !== undefined) parts.push(sql`r.received_at <= ${query.knownAt}::timestamptz`)
  if (query.since !== undefined) parts.push(sql`r.received_at >= ${query.since}::timestamptz`)
  if (query.validUntil !== undefined) parts.push(sql`r.valid_from <= ${query.validUntil}::timestamptz`)
  if (query.validFrom !== undefined)
    parts.push(sql`coalesce(r.valid_until, 'infinity') >= ${query.validFrom}::timestamptz`)
  if (!linkedTo && linkType !== undefined) parts.push(linked(sql, linkType))
  if (cells) parts.push(meeting(sql, cells))
  if (query.past)
    parts.push(
      sql`(r.valid_from, l.index) < (${query.past.validFrom}::timestamptz, ${query.past.index}::bigint)`,
    )
  if (query.publicAt !== undefined) parts.push(publicAt(sql, query.publicAt))
  if ((query.versions ?? 'newest') === 'newest') parts.push(newest(sql, query.upTo, query.knownAt))
  return parts.reduce((all, part) => sql`${all} and ${part}`)
}

/** May anybody have it at this moment? The same rule as `isPublic` of engines/record, which a test holds together. */
function publicAt(sql: Sql, at: Instant) {
  return sql`exists (
    select
    from json_to_record(r.record -> 'handling') as h (
      tlp text, audience json, purposes json, police json, "originatorControl" boolean,
      "fieldMarks" json, "embargoUntil" timestamptz, "retainUntil" timestamptz
    )
    where h.tlp = 'TLP:CLEAR'
    and coalesce(h.audience, h.purposes, h.police, h."fieldMarks") is null
    and h."originatorControl" is not true
    and coalesce(h."embargoUntil" <= ${at}::timestamptz, true)
    and coalesce(h."retainUntil" >= ${at}::timestamptz, true)
  )`
}

/** Is there no newer version among those that the node had? */
function newest(sql: Sql, upTo?: number, knownAt?: Instant) {
  return sql`not exists (
    select
    from log as newer
    ${knownAt === undefined ? sql`` : sql`join record as nr using (bucket, id, version)`}
    where newer.bucket = l.bucket
    and newer.id = l.id
    and newer.version > l.version
    ${upTo === undefined ? sql`` : sql`and newer.index <= ${upTo}`}
    ${knownAt === undefined ? sql`` : sql`and nr.received_at <= ${knownAt}::timestamptz`}
  )`
}

function linked(sql: Sql, linkType: string) {
  return sql`(l.bucket, l.id, l.version) in (
    select k.bucket, k.id, k.version
    from record_link as k
    where k.type = ${linkType}
  )`
}

function meeting(sql: Sql, cells: readonly string[]) {
  const ranges = rangesMeeting(cells)
  return sql`(l.bucket, l.id, l.version) in (
    select c.bucket, c.id, c.version
    from unnest(
      ${ranges.map(({ low }) => String(low))}::text[]::bigint[],
      ${ranges.map(({ high }) => String(high))}::text[]::bigint[]
    ) as w (low, high)
    join record_cell as c on c.cell between w.low and w.high
  )`
}
