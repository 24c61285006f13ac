/** What the trail asks of its tables. */
import type { TransactionSql } from 'postgres'
import { type Instant, instant, type NodeId, type RecordId } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import type { AuditEntry, Figure, FiguresQuery, LooksQuery, PublicFigure, TrailQuery } from './contract.ts'
import type { PreparedEntry } from './entry.ts'

/** Inside a transaction only its own handle is in scope. */
export type Transaction = TransactionSql<{ bigint: number }>

export type Head = { readonly nextSeq: number; readonly digest: string }
export type ChainedEntry = PreparedEntry & { readonly seq: number; readonly digest: string }

/** Whoever holds this row writes; the others wait. */
export async function headForUpdate(tx: Transaction): Promise<Head> {
  const [head] = await tx<Head[]>`
    select next_seq as "nextSeq", encode(digest, 'hex') as digest from audit_head for update`
  if (head === undefined) throw new Error('audit_head has lost its row; restore it from a backup')
  return head
}

export async function headOfTrail(database: Sql): Promise<Head> {
  const [head] = await database<Head[]>`
    select next_seq as "nextSeq", encode(digest, 'hex') as digest from audit_head`
  return head ?? { nextSeq: 0, digest: '' }
}

export async function knownContents(
  tx: Transaction,
  entries: readonly PreparedEntry[],
): Promise<Set<string>> {
  const digests = entries.map(({ contentDigest }) => contentDigest)
  const rows = await tx<{ digest: string }[]>`
    select encode(content_digest, 'hex') as digest
    from audit_entry
    where content_digest in (select decode(asked, 'hex') from unnest(${digests}::text[]) as asked)`
  return new Set(rows.map(({ digest }) => digest))
}

export async function appendEntries(tx: Transaction, entries: readonly ChainedEntry[]): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map(({ seq, digest, contentDigest, salt, text, entry }) => ({
    ...{ seq, digest, text, content_digest: contentDigest, salt: Buffer.from(salt).toString('hex') },
    ...{ at: entry.at, retain_until: entry.retainUntil, principal: entry.principal, act: entry.act },
    ...{ organisation: entry.organisation, purpose: entry.purpose, outcome: entry.outcome },
    case_number: entry.caseNumber,
  }))
  await tx`
    insert into audit_entry (
      seq, at, retain_until, entry, salt, principal, organisation, purpose, case_number, act, outcome,
      content_digest, digest
    )
    select
      seq, at, retain_until, text, decode(salt, 'hex'), principal, organisation, purpose, case_number, act, outcome,
      decode(content_digest, 'hex'), decode(digest, 'hex')
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (
      seq bigint, at timestamptz, retain_until timestamptz, text text, salt text, principal text, organisation text,
      purpose text, case_number text, act text, outcome text, content_digest text, digest text
    )`
  const subjects = entries.flatMap(({ seq, records }) => records.map((id) => ({ seq, id })))
  if (subjects.length === 0) return
  await tx`
    insert into audit_subject (bucket, record_id, seq)
    select * from unnest(
      ${subjects.map(({ id }) => bucketOf(id))}::smallint[],
      ${subjects.map(({ id }) => id)}::text[],
      ${subjects.map(({ seq }) => seq)}::bigint[]
    )`
}

export async function moveHead(tx: Transaction, nextSeq: number, digest: string): Promise<void> {
  await tx`update audit_head set next_seq = ${nextSeq}, digest = decode(${digest}, 'hex')`
}

export type TrailRow = {
  readonly seq: number
  readonly entry: AuditEntry
  readonly digest: string
  readonly records: readonly RecordId[]
}

// "What was done, newest first?" Erased entries have nothing to show.
export async function trailRows(database: Sql, query: TrailQuery): Promise<readonly TrailRow[]> {
  const { principal, organisation, purpose, caseNumber, act, outcome, record, from, until, before } = query
  const rows = await database<{ seq: number; entry: string; digest: string; records: RecordId[] }[]>`
    select
      e.seq, e.entry, encode(e.digest, 'hex') as digest,
      array(select s.record_id from audit_subject as s where s.seq = e.seq order by s.record_id) as records
    from audit_entry as e
    where e.entry is not null
    ${before === undefined ? database`` : database`and e.seq < ${before}`}
    ${principal === undefined ? database`` : database`and e.principal = ${principal}`}
    ${organisation === undefined ? database`` : database`and e.organisation = ${organisation}`}
    ${purpose === undefined ? database`` : database`and e.purpose = ${purpose}`}
    ${caseNumber === undefined ? database`` : database`and e.case_number = ${caseNumber}`}
    ${act === undefined ? database`` : database`and e.act = ${act}`}
    ${outcome === undefined ? database`` : database`and e.outcome = ${outcome}`}
    ${from === undefined ? database`` : database`and e.at >= ${from}::timestamptz`}
    ${until === undefined ? database`` : database`and e.at < ${until}::timestamptz`}
    ${
      record === undefined
        ? database``
        : database`and e.seq in (
            select seq from audit_subject where bucket = ${bucketOf(record)} and record_id = ${record}
          )`
    }
    order by e.seq desc
    limit ${query.limit}`
  return rows.map((row) => ({ ...row, entry: JSON.parse(row.entry) as AuditEntry }))
}

export type LookRow = { readonly seq: number; readonly record: RecordId; readonly entry: AuditEntry }

// "Who was given the content of these records, newest first?" Own changes and erasures are no looks.
export async function lookRows(
  database: Sql,
  { ids, before, limit = 500 }: LooksQuery,
): Promise<readonly LookRow[]> {
  const rows = await database<{ seq: number; record: RecordId; entry: string }[]>`
    select s.seq, s.record_id as record, e.entry
    from audit_subject as s
    join audit_entry as e on e.seq = s.seq
    where s.bucket in (select * from unnest(${[...new Set(ids.map(bucketOf))]}::smallint[]))
    and s.record_id in (select * from unnest(${[...ids]}::text[]))
    and e.outcome = 'done'
    and e.act in ('read', 'search', 'export', 'disclose', 'subject-access')
    ${before === undefined ? database`` : database`and s.seq < ${before}`}
    order by s.seq desc, s.record_id
    limit ${limit}`
  return rows.map((row) => ({ ...row, entry: JSON.parse(row.entry) as AuditEntry }))
}

// "Which of these records are this node's?" Also those whose content is erased.
export async function ownedOf(
  database: Sql,
  origin: NodeId,
  ids: readonly RecordId[],
): Promise<readonly RecordId[]> {
  const rows = await database<{ id: RecordId }[]>`
    select distinct r.id
    from unnest(${ids.map(bucketOf)}::smallint[], ${[...ids]}::text[]) as w (bucket, id)
    join record as r using (bucket, id)
    where r.origin = ${origin}`
  return rows.map(({ id }) => id)
}

// "How much was done in these days, by whom as organisations, and how much was refused?"
export async function figureRows(database: Sql, { from, until }: FiguresQuery): Promise<readonly Figure[]> {
  const rows = await database<(Omit<Figure, 'organisation'> & { organisation: string | null })[]>`
    select
      to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, organisation, purpose, act, outcome, count(*) as count
    from audit_entry
    where at >= ${from}::timestamptz and at < ${until}::timestamptz and entry is not null
    group by 1, 2, 3, 4, 5
    order by 1, 2, 3, 4, 5`
  return rows.map(({ organisation, ...row }) => (organisation === null ? row : { ...row, organisation }))
}

export async function publicFigureRows(
  database: Sql,
  { from, until }: FiguresQuery,
): Promise<readonly PublicFigure[]> {
  return await database<PublicFigure[]>`
    select to_char(day, 'YYYY-MM-DD') as day, act, what, count
    from audit_public_count
    where day >= ${dayOf(from)}::date and day < ${until}::timestamptz
    order by 1, 2, 3`
}

export async function addPublicCounts(
  database: Sql,
  counts: readonly {
    readonly day: string
    readonly act: string
    readonly what: string
    readonly count: number
  }[],
): Promise<void> {
  await database`
    insert into audit_public_count (day, act, what, count)
    select day, act, what, count
    from json_to_recordset(${JSON.stringify(counts)}::text::json) as r (day date, act text, what text, count bigint)
    order by day, act, what
    on conflict (day, act, what) do update set count = audit_public_count.count + excluded.count`
}

/** As the store has it: first byte of the id, modulo 64. */
const bucketOf = (id: RecordId): number => Number.parseInt(id.slice(0, 2), 16) % 64

export const dayOf = (at: Instant): string => at.slice(0, 10)
export const instantOf = (date: Date): Instant => instant(date)
