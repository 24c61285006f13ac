/**
 * How far each reactor has digested the log. A reactor's checkpoint moves in the transaction of what it appends, and only
 * from where the reactor believes it to be: so a crash repeats at most what wrote nothing, and of two processes that run
 * the same reactor one has its turn and the other learns that it was too late.
 */
import { type Clock, type Instant, instant } from '../record/index.ts'
import type { Sql, Transaction } from './connect.ts'
import type { Checkpoints, Turn } from './contract.ts'
import type { Sequencer } from './sequencer.ts'

/** Did the checkpoint stand where the turn begins? Then it stands where the turn ends. */
export async function moveCheckpoint(tx: Sql | Transaction, turn: Turn, at: Instant): Promise<boolean> {
  const moved = await tx`
    insert into checkpoint (reactor, index, moved_at)
    select ${turn.reactor}, ${turn.to}, ${at}
    where ${turn.from} = -1
    or exists (select from checkpoint where reactor = ${turn.reactor})
    on conflict (reactor) do update set index = excluded.index, moved_at = excluded.moved_at
    where checkpoint.index = ${turn.from}
    returning reactor`
  return moved.length > 0
}

export function createCheckpoints(sql: Sql, clock: Clock, sequencer: Sequencer): Checkpoints {
  return {
    async get(reactor) {
      const [row] = await sql<{ index: number }[]>`select index from checkpoint where reactor = ${reactor}`
      // What was appended with that step may not stand in the log yet: whoever goes on from here must see it.
      await sequencer.run()
      return row?.index ?? -1
    },
    async set(reactor, index) {
      await sql`
        insert into checkpoint (reactor, index, moved_at)
        values (${reactor}, ${index}, ${clock.now()})
        on conflict (reactor) do update set index = excluded.index, moved_at = excluded.moved_at`
    },
    move: (turn) => moveCheckpoint(sql, turn, clock.now()),
    async all() {
      const rows = await sql<{ reactor: string; index: number; movedAt: Date }[]>`
        select reactor, index, moved_at as "movedAt"
        from checkpoint
        order by reactor`
      return rows.map((row) => ({ ...row, movedAt: instant(row.movedAt) }))
    },
  }
}
