/** Signatures that were seen: a request counts once, whichever process of the node it reaches. */
import type { Instant, NodeId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'

export type Nonces = {
  /** False when it was taken before. */
  readonly take: (from: NodeId, nonce: string, expires: Instant, now: Instant) => Promise<boolean>
}

/** Those that have expired are forgotten with every so many new ones. */
const sweepEvery = 100

export function createNonces(sql: Sql): Nonces {
  let taken = 0
  return {
    async take(from, nonce, expires, now) {
      const rows = await sql`
        insert into exchange_nonce (node, nonce, expires_at)
        values (${from}, ${nonce}, ${expires})
        on conflict do nothing
        returning 1`
      taken += 1
      // A minute later than it could still be used, should this clock be set back a little.
      if (taken % sweepEvery === 0)
        await sql`delete from exchange_nonce where expires_at < ${now}::timestamptz - interval '1 minute'`
      return rows.length > 0
    },
  }
}
