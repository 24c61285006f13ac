/**
 * The trail's own retention: an entry's content and list of records go when the time it was written with is over; its
 * digest stays and the chain verifies on. Days of used quotas older than that go too, and counts of the public stay.
 */
import type { TransactionSql } from 'postgres'
import { type Clock, plusMs } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'

export type TrailErasing = {
  readonly database: Sql
  readonly clock: Clock
  readonly signal?: AbortSignal
  readonly batch?: number
}

const quotaDays = 400

/** Answers how many entries lost their content. */
export async function eraseTrail(parts: TrailErasing): Promise<number> {
  const { database, clock, signal } = parts
  const past = plusMs(clock.now(), -quotaDays * 86_400_000).slice(0, 10)
  await database`delete from quota_used where day < ${past}::date`
  let erased = 0
  for (;;) {
    if (signal?.aborted) return erased
    const count = await eraseBatch(parts)
    erased += count
    if (count === 0) return erased
  }
}

const eraseBatch = ({ database, clock, batch = 1000 }: TrailErasing) =>
  database.begin(async (handle) => {
    const tx = handle as TransactionSql<{ bigint: number }>
    const rows = await tx<{ seq: number }[]>`
      update audit_entry
      set
        entry = null, salt = null, principal = null, organisation = null, purpose = null, case_number = null,
        act = null, outcome = null
      where seq in (
        select seq
        from audit_entry
        where entry is not null and retain_until <= ${clock.now()}::timestamptz
        order by seq
        limit ${batch}
      )
      returning seq`
    await tx`delete from audit_subject where seq = any (${rows.map(({ seq }) => seq)}::bigint[])`
    return rows.length
  })
