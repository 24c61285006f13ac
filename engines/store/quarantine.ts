/**
 * Quarantine: whatever could not be read or digested, kept whole, with where it came from and why. The same thing from
 * the same sender in the same realm is kept once and counted. What people settled stays settled when it comes again; of
 * what they discarded only name and reason stay, so discarding frees the room.
 *
 * Of one sender so much is held and no more (`limits`), so that nobody fills the disk with it. What comes beyond that is
 * counted by kind and rule, with a digest over all of it, and not kept (`quarantine-dropped.ts`); whoever holds learns it
 * (`isKept`). It is the newest that goes: what came first shows how it began. A peer is then asked no more until a person
 * has looked (engines/exchange/take-from.ts). A source goes on: the bytes of its payloads are kept apart from this, once
 * per content, and what of them can be read must not wait for what cannot. So does a reactor, whose records stand in the log.
 *
 * @NOTE Two that hold at the same instant may both find the last place free.
 */
import { hash } from 'node:crypto'
import { canonical, type Issue, instant, type Realm } from '../record/index.ts'
import type { Sql } from './connect.ts'
import type { Quarantine, Quarantined, QuarantineKind, QuarantineLimits } from './contract.ts'
import { noteDropped, sendersOf } from './quarantine-dropped.ts'

type Row = Omit<Quarantined, 'receivedAt' | 'bytes'> & { readonly receivedAt: Date; readonly bytes: Buffer }

export const quarantineLimits: QuarantineLimits = { items: 5000, bytes: 64 * 1024 * 1024 }

export function createQuarantine(sql: Sql, limits: QuarantineLimits = quarantineLimits): Quarantine {
  const columns = sql`
    id, kind, sender as "from", realm, received_at as "receivedAt", media_type as "mediaType", bytes, issues, state, times`
  return {
    async hold(item) {
      const id = idOf(item.from, item.realm, item.kind, item.bytes)
      const issues = JSON.stringify(item.issues)
      const size = item.bytes.length + Buffer.byteLength(issues)
      const kept = await sql`
        insert into quarantine (id, kind, sender, realm, received_at, media_type, bytes, issues)
        select
          ${id}, ${item.kind}, ${item.from}, ${item.realm}, ${item.receivedAt}::timestamptz, ${item.mediaType},
          ${Buffer.from(item.bytes)}, ${issues}::text::json
        where exists (select from quarantine where id = ${id})
        or (
          select count(*) < ${limits.items} and coalesce(sum(size), 0) + ${size} <= ${limits.bytes}
          from quarantine
          where sender = ${item.from} and state = 'held'
        )
        on conflict (id) do update set times = quarantine.times + 1
        returning 1`
      if (kept.length > 0) return { id, isKept: true }
      await noteDropped(sql, { ...item, id, size })
      return { id, isKept: false }
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
      const bytes = state === 'discarded' ? sql`''::bytea` : sql`bytes`
      await sql`update quarantine set state = ${state}, bytes = ${bytes} where id = ${id}`
    },
    async discardFrom(from, { kind, upTo } = {}) {
      const rows = await sql`
        update quarantine
        set state = 'discarded', bytes = ''
        where sender = ${from} and state = 'held'
        ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
        ${upTo === undefined ? sql`` : sql`and received_at <= ${upTo}::timestamptz`}
        returning 1`
      return rows.length
    },
    senders: () => sendersOf(sql),
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
