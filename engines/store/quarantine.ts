/**
 * Quarantine: whatever could not be read or digested, kept whole, with where it came from and why. The same thing from
 * the same sender in the same realm is kept once and counted. What people settled stays settled when it comes again.
 */
import { hash } from 'node:crypto'
import { canonical, type Issue, instant, type Realm } from '../record/index.ts'
import type { Sql } from './connect.ts'
import type { Quarantine, Quarantined, QuarantineKind } from './contract.ts'

type Row = Omit<Quarantined, 'receivedAt' | 'bytes'> & { readonly receivedAt: Date; readonly bytes: Buffer }

export function createQuarantine(sql: Sql): Quarantine {
  const columns = sql`
    id, kind, sender as "from", realm, received_at as "receivedAt", media_type as "mediaType", bytes, issues, state, times`
  return {
    async hold(item) {
      const id = idOf(item.from, item.realm, item.kind, item.bytes)
      await sql`
        insert into quarantine (id, kind, sender, realm, received_at, media_type, bytes, issues)
        values (
          ${id}, ${item.kind}, ${item.from}, ${item.realm}, ${item.receivedAt}, ${item.mediaType},
          ${Buffer.from(item.bytes)}, ${JSON.stringify(item.issues)}::text::json
        )
        on conflict (id) do update set times = quarantine.times + 1`
      return id
    },
    async list({ from, state, before, limit = 100 } = {}) {
      const rows = await sql<Row[]>`
        select ${columns}
        from quarantine
        where true
        ${from === undefined ? sql`` : sql`and sender = ${from}`}
        ${state === undefined ? sql`` : sql`and state = ${state}`}
        ${before === undefined ? sql`` : sql`and seq < (select seq from quarantine where id = ${before})`}
        order by seq desc
        limit ${limit}`
      return rows.map(quarantinedOf)
    },
    async get(id) {
      const [row] = await sql<Row[]>`select ${columns} from quarantine where id = ${id}`
      return row && quarantinedOf(row)
    },
    async settle(id, state) {
      await sql`update quarantine set state = ${state} where id = ${id}`
    },
    async count() {
      const [row] = await sql<{ count: number }[]>`
        select count(*) as count from quarantine where state = 'held'`
      return row?.count ?? 0
    },
  }
}

function idOf(from: string, realm: Realm, kind: QuarantineKind, bytes: Uint8Array): string {
  return hash('sha256', canonical([from, realm, kind, hash('sha256', bytes)])).slice(0, 40)
}

const quarantinedOf = (row: Row): Quarantined => ({
  ...row,
  receivedAt: instant(row.receivedAt),
  bytes: new Uint8Array(row.bytes),
  issues: row.issues as readonly Issue[],
})
