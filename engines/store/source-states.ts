/** How each source fares: one row, replaced whole by the runtime that fetches it. */
import type { Sql } from './connect.ts'
import type { SourceState, SourceStates } from './contract.ts'

export function createSourceStates(sql: Sql): SourceStates {
  return {
    async all() {
      const rows = await sql<{ state: SourceState }[]>`select state from source_state order by source`
      return rows.map(({ state }) => state)
    },
    async get(source) {
      const [row] = await sql<
        { state: SourceState }[]
      >`select state from source_state where source = ${source}`
      return row?.state
    },
    async put(state) {
      await sql`
        insert into source_state (source, state)
        values (${state.source}, ${JSON.stringify(state)}::text::json)
        on conflict (source) do update set state = excluded.state`
    },
  }
}
