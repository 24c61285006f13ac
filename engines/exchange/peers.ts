/** The peers that this node's operators added, and where it stands with each. */
import type { Instant, NodeId } from '../record/index.ts'
import { instant, millis } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import type { Peer, PeerState, PeerStatus } from './contract.ts'
import { PeerUnfit } from './errors.ts'

/** What of a peer its operators may change. */
export type PeerChange = Partial<
  Pick<
    Peer,
    | 'gives'
    | 'clearances'
    | 'purposes'
    | 'police'
    | 'introduces'
    | 'keys'
    | 'url'
    | 'organisation'
    | 'ca'
    | 'title'
  >
>

export type Progress = {
  readonly cursor?: string
  /** What we hold of the batch before that cursor, until the peer was told (`received.ts`). */
  readonly claim?: string
  /** Where what we signed for stands; stays where it is absent. */
  readonly chain?: Uint8Array
  readonly isCaughtUp: boolean
  /** The place as it lies in the database: empty, not absent, where the peer was begun anew. */
  readonly from?: string
}

export type Peers = {
  readonly all: () => Promise<readonly Peer[]>
  readonly get: (node: NodeId) => Promise<Peer | undefined>
  readonly add: (peer: Omit<Peer, 'state' | 'stateReason'>) => Promise<void>
  readonly change: (node: NodeId, change: PeerChange) => Promise<Peer>
  readonly setState: (node: NodeId, state: PeerState, reason?: string) => Promise<void>
  /** Only where it is active: what a person decided meanwhile stands. */
  readonly pause: (node: NodeId, reason: string) => Promise<void>
  readonly remove: (node: NodeId) => Promise<void>
  /** Its log counts as never seen. */
  readonly forgetLog: (node: NodeId) => Promise<void>
  readonly progress: (node: NodeId) => Promise<Progress>
  /** What a batch brought has been stored: the next pull begins behind it. Begun anew since it was asked, that stands. */
  readonly advance: (
    node: NodeId,
    to: Progress & {
      readonly received: number
      readonly refused: number
    },
  ) => Promise<void>
  /** It answered, and said what time it is there. */
  readonly heard: (node: NodeId, at: { readonly there: Instant; readonly here: Instant }) => Promise<void>
  /** It is taken from the beginning: what was refused may be proven now. */
  readonly beginAnew: (node: NodeId) => Promise<void>
  readonly failed: (node: NodeId, error: PeerStatus['lastError'] & {}) => Promise<number>
  readonly status: () => Promise<readonly PeerStatus[]>
  /** What active peers last said what time it is, with our time at that moment. */
  readonly attestations: () => Promise<
    readonly { readonly node: NodeId; readonly there: Instant; readonly here: Instant }[]
  >
}

type Row = {
  readonly peer: Omit<Peer, 'state' | 'stateReason'>
  readonly state: PeerState
  readonly stateReason: string | null
}

type ProgressRow = {
  readonly cursor: string | null
  readonly claim: string | null
  readonly chain: Buffer | null
  readonly isCaughtUp: boolean
}

export function createPeers(sql: Sql): Peers {
  const rows = (node?: NodeId) => sql<Row[]>`
    select peer, state, state_reason as "stateReason"
    from peer
    where ${node === undefined ? sql`true` : sql`node = ${node}`}
    order by node`
  const get = async (node: NodeId) => {
    const [row] = await rows(node)
    return row && peerOf(row)
  }
  const known = async (node: NodeId) => {
    const peer = await get(node)
    if (peer === undefined)
      throw new PeerUnfit('exchange/no-peer', `${node} is no peer of this node; mosaic peer list shows them.`)
    return peer
  }
  return {
    all: async () => (await rows()).map(peerOf),
    get,
    async add(peer) {
      await sql.begin(async (tx) => {
        await tx`
          insert into peer (node, peer)
          values (${peer.node}, ${tx.json(peer as never)})
          on conflict (node) do update set peer = excluded.peer`
        // Whoever is added anew is taken from the beginning: keys that are known by now may prove what was held back.
        await tx`
          insert into peer_progress (node) values (${peer.node})
          on conflict (node) do update set cursor = '', is_caught_up = false`
      })
    },
    async change(node, change) {
      const { state: _, stateReason: __, ...before } = await known(node)
      await sql`update peer set peer = ${sql.json({ ...before, ...change } as never)} where node = ${node}`
      return known(node)
    },
    async setState(node, state, reason) {
      await known(node)
      await sql`update peer set state = ${state}, state_reason = ${reason ?? null} where node = ${node}`
    },
    async pause(node, reason) {
      await sql`update peer set state = 'paused', state_reason = ${reason} where node = ${node} and state = 'active'`
    },
    async remove(node) {
      await known(node)
      await sql`delete from peer where node = ${node}`
    },
    async forgetLog(node) {
      const { logOrigin } = await known(node)
      await sql`delete from origin_checkpoint where origin = ${logOrigin}`
    },
    async progress(node) {
      const [row] = await sql<ProgressRow[]>`
        select cursor, claim, chain, is_caught_up as "isCaughtUp" from peer_progress where node = ${node}`
      return {
        isCaughtUp: row?.isCaughtUp ?? false,
        ...(row?.cursor && { cursor: row.cursor }),
        ...(typeof row?.cursor === 'string' && { from: row.cursor }),
        ...(row?.claim && { claim: row.claim }),
        ...(row?.chain && { chain: new Uint8Array(row.chain) }),
      }
    },
    async advance(node, { from, cursor, claim, chain, isCaughtUp, received, refused }) {
      await sql`
        update peer_progress
        set
          cursor = case when cursor is not distinct from ${from ?? null} then ${cursor ?? null} else '' end,
          is_caught_up = ${isCaughtUp} and cursor is not distinct from ${from ?? null},
          caught_up_at = case
            when ${isCaughtUp}::boolean and cursor is not distinct from ${from ?? null} then last_contact_at
            else caught_up_at
          end,
          claim = ${claim ?? null},
          chain = coalesce(${chain === undefined ? null : Buffer.from(chain)}::bytea, chain),
          received = received + ${received}, refused = refused + ${refused},
          errors_in_a_row = 0, last_error = null
        where node = ${node}`
    },
    async beginAnew(node) {
      await sql`update peer_progress set cursor = '', is_caught_up = false where node = ${node}`
    },
    async heard(node, { there, here }) {
      await sql`
        update peer_progress
        set
          attested_at = ${there}, attested_here_at = ${here}, last_contact_at = ${here}
        where node = ${node}`
    },
    async failed(node, error) {
      const [row] = await sql<{ errors: number }[]>`
        update peer_progress
        set errors_in_a_row = errors_in_a_row + 1, last_error = ${sql.json(error)}
        where node = ${node}
        returning errors_in_a_row as errors`
      return row?.errors ?? 1
    },
    status: () => statusOf(sql),
    async attestations() {
      const all = await sql<{ node: NodeId; there: Date; here: Date }[]>`
        select node, attested_at as there, attested_here_at as here
        from peer_progress
        join peer using (node)
        where state = 'active' and attested_at is not null`
      return all.map(({ node, there, here }) => ({ node, there: instant(there), here: instant(here) }))
    },
  }
}

const peerOf = ({ peer, state, stateReason }: Row): Peer => ({
  ...peer,
  state,
  ...(stateReason !== null && { stateReason }),
})

type StatusRow = Row & {
  readonly isCaughtUp: boolean
  readonly lastContactAt: Date | null
  readonly lastError: PeerStatus['lastError'] | null
  readonly errorsInARow: number
  readonly received: number
  readonly refused: number
  readonly there: Date | null
  readonly here: Date | null
  readonly logSize: number | null
}

async function statusOf(sql: Sql): Promise<readonly PeerStatus[]> {
  const rows = await sql<StatusRow[]>`
    select
      p.peer, p.state, p.state_reason as "stateReason", g.is_caught_up as "isCaughtUp",
      g.last_contact_at as "lastContactAt", g.last_error as "lastError", g.errors_in_a_row as "errorsInARow",
      g.received, g.refused, g.attested_at as there, g.attested_here_at as here, c.size as "logSize"
    from peer as p
    join peer_progress as g using (node)
    left join origin_checkpoint as c on c.origin = p.peer ->> 'logOrigin'
    order by p.node`
  return rows.map(({ there, here, logSize, lastError, lastContactAt, ...row }) => {
    const { node, title, url, state, stateReason } = peerOf(row)
    return {
      node,
      title,
      url,
      state,
      ...(stateReason !== undefined && { stateReason }),
      ...(lastContactAt && { lastContactAt: instant(lastContactAt) }),
      ...(lastError && { lastError }),
      errorsInARow: row.errorsInARow,
      received: row.received,
      refused: row.refused,
      isCaughtUp: row.isCaughtUp,
      ...(logSize !== null && { logSize }),
      ...(there && here && { clockAheadMs: millis(instant(there)) - millis(instant(here)) }),
    }
  })
}
