/** Reading by query: conditions composed from what the query names. Every reader goes by the log, never past it. */
import { type Handling, type Held, instant, type MosaicRecord, type RecordId } from '../record/index.ts'
import { rangesMeeting } from './cells.ts'
import type { Condition } from './condition.ts'
import { type Fragment, sqlOf } from './condition-sql.ts'
import type { Sql } from './connect.ts'
import type { Proven, Query } from './contract.ts'
import { unmarkedAt } from './marked.ts'
import { type Kept, keptColumns, keptOf, provenanceOf } from './provenance.ts'
import { bucketOf } from './rows.ts'

type HeldRow = {
  readonly record: MosaicRecord
  readonly receivedAt: Date
  readonly index: number
  readonly effective: Handling | null
  readonly withheld: readonly string[] | null
}

const heldOf = ({ record, receivedAt, index, effective, withheld }: HeldRow): Held => ({
  record,
  receivedAt: instant(receivedAt),
  index,
  ...(effective && { effective }),
  ...(withheld && { withheld }),
})

const heldColumns = (sql: Sql) =>
  sql`r.record, r.received_at as "receivedAt", l.index, r.effective, r.withheld`

/** Which records fit? */
export async function read(sql: Sql, query: Query): Promise<readonly Held[]> {
  const rows = await sql<HeldRow[]>`
    select ${heldColumns(sql)}
    from ${held(sql, query)}
    where ${conditions(sql, query)}
    order by ${order(sql, query)}
    ${query.limit === undefined ? sql`` : sql`limit ${query.limit}`}`
  return rows.map(heldOf)
}

/**
 * Which records fit, and how can each be proven? What is kept beside a record is looked up once the page is cut; `offset
 * 0` holds PostgreSQL to that order, as below.
 */
export async function readProven(sql: Sql, query: Omit<Query, 'order' | 'past'>): Promise<readonly Proven[]> {
  const rows = await sql<(HeldRow & Kept)[]>`
    select f.*, ${keptColumns(sql)}
    from (
      select ${heldColumns(sql)}, r.bucket, r.id, r.version, r.salt, r.erased_at, l.leaf as log_leaf
      from ${held(sql, query)}
      where ${conditions(sql, query)}
      order by l.index
      ${query.limit === undefined ? sql`` : sql`limit ${query.limit}`}
      offset 0
    ) as f
    ${keptOf(sql)}
    order by f.index`
  return rows.map((row) => ({ ...heldOf(row), provenance: provenanceOf(row) }))
}

/** How many records fit? */
export async function count(sql: Sql, query: Query): Promise<number> {
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
    select ${heldColumns(sql)}
    from log as l
    join record as r using (bucket, id, version)
    where l.bucket = ${bucketOf(id)} and l.id = ${id}
    and r.erased_at is null
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
function held(sql: Sql, query: Query) {
  const { ids, linkedTo } = query
  if (!ids && !linkedTo) return isPage(query) ? pageOfLatest(sql) : allHeld(sql)
  const named = linkedTo
    ? linking(sql, query, sql`k.target = any (${linkedTo}::text[])`)
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

const allHeld = (sql: Sql) => sql`log as l join record as r using (bucket, id, version)`

const isPage = ({ order, limit, types, cells, linkType }: Query): boolean =>
  order === '-valid' && limit !== undefined && types?.length === 1 && !cells && linkType === undefined

/**
 * A page is cut from the records of a type as their index has them, latest first. Left to itself PostgreSQL may expect
 * few records behind the page before, and sort all of them: 640 ms in place of 3 for a page in the midst of 100,000.
 */
const pageOfLatest = (sql: Sql) => sql`
  record as r
  cross join lateral (
    select *
    from log
    where bucket = r.bucket and id = r.id and version = r.version
    offset 0
  ) as l`

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
 * `knownAt` and `upTo` say what the node had; the newest version is chosen among those, and with `where` among those of
 * them that pass, so that a version which the asker may not have changes nothing that he finds. Every other condition is
 * asked of that version alone, so a record that has moved out of sight is not shown as it was before.
 */
function conditions(sql: Sql, query: Query) {
  const parts = [sql`true`]
  const { types, realm, ids, key, linkedTo, linkType, cells, where } = query
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
  if (!linkedTo && linkType !== undefined)
    parts.push(sql`(l.bucket, l.id, l.version) in (${linking(sql, query, sql`true`)})`)
  if (cells) parts.push(meeting(sql, cells))
  if (query.past)
    parts.push(
      sql`r.valid_from <= ${query.past.validFrom}::timestamptz
        and (r.valid_from, l.index) < (${query.past.validFrom}::timestamptz, ${query.past.index}::bigint)`,
    )
  if (query.erased !== true) parts.push(sql`r.erased_at is null`)
  if (query.matching) parts.push(sqlOf(sql, query.matching, 'r'))
  if (where) parts.push(sqlOf(sql, where, 'r'))
  if (looksAtMarks(query) && asksOfPlace(query)) parts.push(unmarkedAt(sql, sql`'/place'`, 'r'))
  if ((query.versions ?? 'newest') === 'newest') parts.push(newest(sql, query))
  return parts.reduce((all, part) => sql`${all} and ${part}`)
}

const looksAtMarks = ({ where, byMarked }: Query): boolean => where !== undefined && byMarked !== true

/** Of what can be marked, a query finds records by their place and by their links; the links are looked at one by one. */
const asksOfPlace = ({ cells, matching }: Query): boolean =>
  cells !== undefined || (matching !== undefined && asksOfArea(matching))

function asksOfArea(condition: Condition): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.some(asksOfArea)
    case 'not':
    case 'rule':
      return asksOfArea(condition.of)
    default:
      return condition.kind === 'area-in' || condition.kind === 'area-none'
  }
}

/**
 * Is there no newer version among those that the node had, and that pass? An erased version counts although it is not
 * shown: erasure takes all that came before it.
 */
function newest(sql: Sql, { upTo, knownAt, where }: Query) {
  return sql`not exists (
    select
    from log as newer
    ${knownAt === undefined && !where ? sql`` : sql`join record as nr using (bucket, id, version)`}
    where newer.bucket = l.bucket
    and newer.id = l.id
    and newer.version > l.version
    ${upTo === undefined ? sql`` : sql`and newer.index <= ${upTo}`}
    ${knownAt === undefined ? sql`` : sql`and nr.received_at <= ${knownAt}::timestamptz`}
    ${where ? sql`and ${sqlOf(sql, where, 'nr')}` : sql``}
  )`
}

/** The versions that have a link of which this is true, and which the asker may find by it. */
function linking(sql: Sql, query: Query, isMeant: Fragment) {
  const { linkType } = query
  const looks = looksAtMarks(query)
  return sql`
    select distinct k.bucket, k.id, k.version
    from record_link as k
    ${looks ? sql`join record as kr using (bucket, id, version)` : sql``}
    where ${isMeant}
    ${linkType === undefined ? sql`` : sql`and k.type = ${linkType}`}
    ${looks ? sql`and ${unmarkedAt(sql, sql`'/links/' || k.position`, 'kr')}` : sql``}`
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
