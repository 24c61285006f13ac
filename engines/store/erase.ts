/**
 * Erasure: the content of a record goes, its commitment stays. What is left of a version says that it was there: id,
 * version, type, origin, realm, recordedAt, validity, handling and links. The key goes, because it may name a person;
 * the digest of the content and the salts go, because with them a guess could be confirmed. The leaf in the log stays,
 * so the log still proves itself.
 *
 * - What is erased says nothing, so the same content appended again by its own node is the next version.
 * - A version that was erased, or an older one, is not taken again from a peer: `erasedOf`.
 * - Files to which nothing refers any more go too.
 * - What goes because its time is over (`overAt`) is asked again here: the version in force decides, and that is the newest
 *   that is held, whose handling binds those before it (`later-versions.ts`). One that came in the last moment and
 *   prolongs keeps all of them.
 *
 * Nobody appends meanwhile (`lockHandling`), so what is derived cannot grow behind the erasure's back.
 */
import { type Clock, type Instant, instant, type RecordId } from '../record/index.ts'
import { dropUnreferred } from './attachments.ts'
import type { Sql, Transaction } from './connect.ts'
import type { Erasure, Ref } from './contract.ts'
import { everyVersionOf, withDerived } from './derived.ts'
import { dropProvenance } from './provenance.ts'
import { dropCells, lockHandling, type VersionRef } from './queries.ts'
import { bucketOf } from './rows.ts'

const batchSize = 1000

export type EraseOptions = {
  readonly derived: boolean
  readonly reason: string
  /** Only records that are not to be retained any more at this instant. */
  readonly overAt?: Instant
}

/** Answers the versions whose content went now; those that had none already are not among them. */
export async function erase(
  { sql, clock }: { readonly sql: Sql; readonly clock: Clock },
  ids: readonly RecordId[],
  { derived, reason, overAt }: EraseOptions,
): Promise<readonly Ref[]> {
  const refs = await sql.begin(async (handle) => {
    const tx = handle as Transaction
    await lockHandling(tx)
    const over = overAt === undefined ? ids : await overAmong(tx, ids, overAt)
    const all = await (derived ? withDerived(tx, over) : everyVersionOf(tx, over))
    const erased: Ref[] = []
    for (let at = 0; at < all.length; at += batchSize)
      erased.push(...(await eraseBatch(tx, all.slice(at, at + batchSize), { reason, at: clock.now() })))
    return erased
  })
  return refs as readonly Ref[]
}

type Reason = { readonly reason: string; readonly at: Instant }

async function eraseBatch(tx: Transaction, all: readonly Ref[], why: Reason): Promise<readonly Ref[]> {
  const refs = await withContent(tx, all)
  if (refs.length === 0) return []
  await dropCells(tx, refs)
  const files = await dropAttachmentRefs(tx, refs)
  await dropProvenance(tx, refs)
  await leaveSkeletons(tx, refs, why)
  if (files.length > 0) await dropUnreferred(tx, files)
  return refs
}

/** Of which of these records is the time of the newest version over? */
async function overAmong(tx: Transaction, ids: readonly RecordId[], at: Instant) {
  const rows = await tx<{ id: RecordId }[]>`
    select w.id
    from unnest(${ids.map(bucketOf)}::smallint[], ${ids}::text[]) as w (bucket, id)
    cross join lateral (
      select r.retain_until
      from record as r
      where r.bucket = w.bucket and r.id = w.id
      order by r.version desc
      limit 1
    ) as n
    where n.retain_until < ${at}::timestamptz`
  return rows.map(({ id }) => id)
}

const columnsOf = (refs: readonly VersionRef[]) =>
  [refs.map(({ id }) => bucketOf(id)), refs.map(({ id }) => id), refs.map(({ version }) => version)] as const

/** Which of these have their content still? */
function withContent(tx: Transaction, refs: readonly Ref[]) {
  const [buckets, ids, versions] = columnsOf(refs)
  return tx<Ref[]>`
    select r.id, r.version, r.origin
    from unnest(${buckets}::smallint[], ${ids}::text[], ${versions}::int[]) as w (bucket, id, version)
    join record as r using (bucket, id, version)
    where r.erased_at is null`
}

/** Which files did these versions refer to? They do no longer. */
async function dropAttachmentRefs(tx: Transaction, refs: readonly VersionRef[]): Promise<readonly string[]> {
  const [buckets, ids, versions] = columnsOf(refs)
  const rows = await tx<{ sha256: string }[]>`
    delete from record_attachment as a
    using unnest(${buckets}::smallint[], ${ids}::text[], ${versions}::int[]) as w (bucket, id, version)
    where a.bucket = w.bucket and a.id = w.id and a.version = w.version
    returning a.sha256`
  return [...new Set(rows.map(({ sha256 }) => sha256))]
}

/** Whole as an envelope, so that who reads it needs no other shape; what is gone is named as withheld. */
function leaveSkeletons(tx: Transaction, refs: readonly VersionRef[], { reason, at }: Reason) {
  const [buckets, ids, versions] = columnsOf(refs)
  return tx`
    update record as r
    set
      key = '',
      content_digest = '',
      salt = null,
      areas = null,
      withheld = array['/attribution', '/body', '/key', '/place', '/producer'],
      erased_at = ${at}::timestamptz,
      erased_reason = ${reason},
      record = json_build_object(
        'attribution', json_build_array(),
        'body', null,
        'handling', r.record -> 'handling',
        'id', r.id,
        'key', '',
        'links', r.record -> 'links',
        'origin', r.origin,
        'producer', json_build_object('kind', 'source', 'name', ''),
        'realm', r.realm,
        'recordedAt', r.record -> 'recordedAt',
        'schemaVersion', r.record -> 'schemaVersion',
        'type', r.type,
        'valid', r.record -> 'valid',
        'version', r.version
      )
    from unnest(${buckets}::smallint[], ${ids}::text[], ${versions}::int[]) as w (bucket, id, version)
    where r.bucket = w.bucket and r.id = w.id and r.version = w.version`
}

/** Which of these versions may not come back: they were erased here, or a newer version of the same record was. */
export const erasedOf = (tx: Sql | Transaction, refs: readonly VersionRef[]) => {
  const [buckets, ids, versions] = columnsOf(refs)
  return tx<VersionRef[]>`
    select w.id, w.version
    from unnest(${buckets}::smallint[], ${ids}::text[], ${versions}::int[]) as w (bucket, id, version)
    where exists (
      select
      from record as r
      where r.bucket = w.bucket and r.id = w.id and r.version >= w.version and r.erased_at is not null
    )`
}

/** What of these records was erased, when and why? */
export async function erasuresOf(sql: Sql, ids: readonly RecordId[]): Promise<readonly Erasure[]> {
  const rows = await sql<(Ref & { at: Date; reason: string })[]>`
    select r.id, r.version, r.origin, r.erased_at as at, r.erased_reason as reason
    from unnest(${ids.map(bucketOf)}::smallint[], ${ids}::text[]) as w (bucket, id)
    join record as r using (bucket, id)
    where r.erased_at is not null
    order by r.id, r.version`
  return rows.map((row) => ({ ...row, at: instant(row.at) }))
}
