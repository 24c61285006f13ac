/** How far each reactor has digested the log. Moved after its appends, so a crash repeats work and loses none. */
import { type Clock, instant } from '../record/index.ts'
import type { Sql } from './connect.ts'
import type { Checkpoints } from './contract.ts'

export function createCheckpoints(sql: Sql, clock: Clock): Checkpoints {
  return {
    async get(reactor) {
      const [row] = await sql<{ index: number }[]>`select index from checkpoint where reactor = ${reactor}`
      return row?.index ?? -1
    },
    async set(reactor, index) {
      await sql`
        insert into checkpoint (reactor, index, moved_at)
        values (${reactor}, ${index}, ${clock.now()})
        on conflict (reactor) do update set index = excluded.index, moved_at = excluded.moved_at`
    },
    async all() {
      const rows = await sql<{ reactor: string; index: number; movedAt: Date }[]>`
        select reactor, index, moved_at as "movedAt"
        from checkpoint
        order by reactor`
      return rows.map((row) => ({ ...row, movedAt: instant(row.movedAt) }))
    },
  }
}
