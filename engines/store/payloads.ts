/** Raw bytes as they came: the bytes once per content hash, a receipt for every arrival. */
import { hash } from 'node:crypto'
import type { Sql, Transaction } from './connect.ts'
import type { Payloads } from './contract.ts'

/** First word of the locks that keep two arrivals of the same bytes apart. */
const payloadLocks = 0x6d6f70

export function createPayloads(sql: Sql): Payloads {
  return {
    async keep({ source, realm, mediaType, bytes, receivedAt }) {
      const digest = hash('sha256', bytes)
      const stripe = Number.parseInt(digest.slice(0, 4), 16)
      const isNew = await sql.begin(async (handle) => {
        const tx = handle as Transaction
        await tx`select pg_advisory_xact_lock(${payloadLocks}::int, ${stripe}::int)`
        await tx`
          insert into payload (hash, media_type, bytes)
          values (${digest}, ${mediaType}, ${Buffer.from(bytes)})
          on conflict do nothing`
        const [row] = await tx<{ isNew: boolean }[]>`
          insert into receipt (hash, source, realm, received_at)
          values (${digest}, ${source}, ${realm}, ${receivedAt})
          returning not exists (
            select
            from receipt as earlier
            where earlier.hash = ${digest} and earlier.source = ${source} and earlier.realm = ${realm}
          ) as "isNew"`
        return row?.isNew === true
      })
      return { hash: digest, isNew }
    },
    async get(digest) {
      const [row] = await sql<{ mediaType: string; bytes: Buffer }[]>`
        select media_type as "mediaType", bytes from payload where hash = ${digest}`
      return row && { mediaType: row.mediaType, bytes: new Uint8Array(row.bytes) }
    },
  }
}
