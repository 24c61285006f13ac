/**
 * A later version binds the earlier ones: whom its origin keeps from the newest does not get the one before instead. So
 * every version is at least as strict as those after it, whatever the order in which they came.
 *
 * Save for the embargo: a correction that is not out yet leaves what it will correct in the open until then. What is
 * derived from the earlier versions is bound when it is derived anew, or by `tighten`.
 */
import { clear, type Handling, leq, type RecordId } from '../record/index.ts'
import type { Transaction } from './connect.ts'
import { type EffectiveRow, stricter, writeEffective } from './effective.ts'
import { bucketOf, type RecordRow } from './rows.ts'

/** After these rows are written, in their transaction, which has the lock of their ids. `home`: this node's own names. */
export async function bindEarlier(
  tx: Transaction,
  rows: readonly RecordRow[],
  home: readonly string[],
): Promise<void> {
  const ids = [...new Set(rows.filter(mayBind).map(({ record }) => record.id))]
  if (ids.length === 0) return
  const bound = new Map<RecordId, Handling>()
  const changed: EffectiveRow[] = []
  for (const row of await versionsFromNewest(tx, ids)) {
    const after = bound.get(row.id)
    const now = after && stricter(row, after, home)
    if (now) changed.push(now)
    bound.set(row.id, binding((now ?? row).handling))
  }
  if (changed.length > 0) await writeEffective(tx, changed)
}

/** Own versions come in their order, so the first binds nothing; a peer's may come late, and then is bound itself. */
const mayBind = ({ record, effective, salt }: RecordRow): boolean =>
  salt === undefined || (record.version > 1 && !leq(binding(effective ?? record.handling), clear))

const binding = ({ embargoUntil: _, ...rest }: Handling): Handling => rest

/**
 * Of these records, those of which more than one version is held, newest first: what holds for each version? Looked up by
 * key one by one: a join would read a young table whole.
 */
const versionsFromNewest = (tx: Transaction, ids: readonly RecordId[]) => tx<EffectiveRow[]>`
  select r.id, r.version, r.origin, coalesce(r.effective, r.record -> 'handling') as handling
  from unnest(${ids.map(bucketOf)}::smallint[], ${ids}::text[]) as w (bucket, id)
  cross join lateral (
    select *, count(*) over () as versions
    from record
    where bucket = w.bucket and id = w.id
    offset 0
  ) as r
  where r.versions > 1
  order by r.id, r.version desc`
