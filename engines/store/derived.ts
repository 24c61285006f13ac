/**
 * What is derived from a record: the versions that name it, in whatever version, in a `derivedFrom` link, and those that
 * name one of these, and so on. From the second step on the named version counts, or none; what was made of a version in
 * which the record had no part is not derived from it. Circles end, because no version is looked at twice.
 *
 * It stops where the record's own origin let something out: what names a release by that origin (`releasedBy`) left its
 * hands for good, and so did what was made of it. A warning in force does not vanish because its evidence is taken back.
 */
import type { RecordId } from '../record/index.ts'
import type { Sql, Transaction } from './connect.ts'
import type { Ref } from './contract.ts'
import { bucketOf } from './rows.ts'

/** Which versions are derived from one of these records, directly or through others? */
export const derivedFrom = (sql: Sql | Transaction, ids: readonly RecordId[]) => sql<Ref[]>`
  with recursive
  let_out (bucket, id, version) as (
    select l.bucket, l.id, l.version
    from record_link as l
    join record as release on release.id = l.target
    where l.type = 'releasedBy'
    and release.origin in (
      select root.origin
      from unnest(${ids.map(bucketOf)}::smallint[], ${ids}::text[]) as w (bucket, id)
      join record as root using (bucket, id)
    )
  ),
  derived (bucket, id, version) as (
    select k.bucket, k.id, k.version
    from record_link as k
    where k.target = any (${ids}::text[])
    and k.type = 'derivedFrom'
    and (k.bucket, k.id, k.version) not in (select bucket, id, version from let_out)
    union
    select k.bucket, k.id, k.version
    from derived as d
    join record_link as k on k.target = d.id and k.type = 'derivedFrom'
    where (k.target_version is null or k.target_version = d.version)
    and (k.bucket, k.id, k.version) not in (select bucket, id, version from let_out)
  )
  select r.id, r.version, r.origin
  from derived
  join record as r using (bucket, id, version)
  order by r.id, r.version`

/** Which versions of these records are held? */
export const everyVersionOf = (sql: Sql | Transaction, ids: readonly RecordId[]) => sql<Ref[]>`
  select r.id, r.version, r.origin
  from unnest(${ids.map(bucketOf)}::smallint[], ${ids}::text[]) as w (bucket, id)
  join record as r using (bucket, id)
  order by r.id, r.version`

/** Both, each version once. */
export async function withDerived(tx: Transaction, ids: readonly RecordId[]): Promise<readonly Ref[]> {
  const refs = [...(await everyVersionOf(tx, ids)), ...(await derivedFrom(tx, ids))]
  return [...new Map(refs.map((ref) => [`${ref.id}@${ref.version}`, ref])).values()]
}
