/**
 * Origins: whose keys we know, from whom, and the newest checkpoint of each log that we have verified.
 *
 * A key is known because the operators compared it (a peer's), because a known key vouched for it, or because a peer that
 * may introduce origins gave it; who introduced whom is kept. A revoked key proves nothing any more.
 */
import { type Instant, instant, type NodeId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { type Checkpoint, logVerifier, originOf, type Verifier, verifyEd25519 } from '../tlog/index.ts'
import type { PeerKey } from './contract.ts'
import type { Peers } from './peers.ts'
import type { Verify } from './signing.ts'

export type Origins = {
  /** What verifies the checkpoints of this node's log; empty when it is not known here. */
  readonly verifiers: (node: NodeId) => Promise<readonly Verifier[]>
  readonly keys: (node: NodeId) => Promise<readonly PeerKey[]>
  /**
   * Keys of a node that is no peer, as `by` gave them. Who introduced a node first goes on introducing it, as long as it
   * may: else whoever else may introduce could put a key of its own beside the true ones. The first that came under an id
   * stays.
   */
  readonly introduce: (node: NodeId, keys: readonly PeerKey[], by: NodeId, at: Instant) => Promise<void>
  readonly seen: (origin: string) => Promise<(Checkpoint & { readonly note: string }) | undefined>
  /** A verified checkpoint; kept when it is the largest so far. False: another root of that size was seen, a fork. */
  readonly see: (checkpoint: Checkpoint, note: string, at: Instant) => Promise<boolean>
  /** When this node was last heard of: by contact, or by a new checkpoint that somebody brought. */
  readonly lastHeard: (node: NodeId) => Promise<Instant | undefined>
  readonly keepFork: (origin: string, note: string) => Promise<void>
}

/** The node whose log has this name; undefined for a name that is of another form. */
export const nodeOfLog = (origin: string): NodeId | undefined => {
  const node = origin.slice(0, origin.lastIndexOf('/')) as NodeId
  return originOf(node) === origin ? node : undefined
}

export function createOrigins(sql: Sql, peers: Peers): Origins {
  const keys = async (node: NodeId): Promise<readonly PeerKey[]> => {
    const peer = await peers.get(node)
    if (peer !== undefined) return peer.keys
    const rows = await sql<{ key: PeerKey }[]>`select key from introduced_key where origin = ${node}`
    return rows.map(({ key }) => key)
  }
  return {
    keys,
    verifiers: async (node) =>
      (await keys(node))
        .filter(({ revokedAt }) => revokedAt === undefined)
        .map(({ key }) => logVerifier({ node, key })),
    async introduce(node, introduced, by, at) {
      for (const key of introduced)
        await sql`
          insert into introduced_key (origin, key_id, key, introduced_by, introduced_at)
          select ${node}, ${key.keyId}, ${sql.json(key as never)}, ${by}, ${at}
          where not exists (
            select
            from introduced_key as k
            join peer as p on p.node = k.introduced_by
            where k.origin = ${node} and k.introduced_by <> ${by} and (p.peer ->> 'introduces')::boolean
          )
          on conflict do nothing`
    },
    async seen(origin) {
      const [row] = await sql<{ size: number; root: Buffer; note: string }[]>`
        select size, root, note from origin_checkpoint where origin = ${origin}`
      return row && { origin, size: row.size, root: new Uint8Array(row.root), note: row.note }
    },
    async see({ origin, size, root }, note, at) {
      await sql`
        insert into origin_checkpoint (origin, size, root, note, seen_at)
        values (${origin}, ${size}, ${Buffer.from(root)}, ${note}, ${at})
        on conflict (origin) do update
        set size = excluded.size, root = excluded.root, note = excluded.note, seen_at = excluded.seen_at
        where origin_checkpoint.size < excluded.size`
      const [other] = await sql`
        select from origin_checkpoint where origin = ${origin} and size = ${size} and root <> ${Buffer.from(root)}`
      return other === undefined
    },
    async lastHeard(node) {
      const [row] = await sql<{ at: Date | null }[]>`
        select greatest(
          (select seen_at from origin_checkpoint where origin = ${originOf(node)}),
          (select last_contact_at from peer_progress where node = ${node})
        ) as at`
      return row?.at ? instant(row.at) : undefined
    },
    async keepFork(origin, note) {
      await sql`update origin_checkpoint set forked_note = ${note} where origin = ${origin}`
    },
  }
}

/** Which signatures of messages hold now: keys of peers, within their time. */
export const verifyOf =
  (peers: Pick<Peers, 'get'>, now: () => Instant): Verify =>
  async (node, keyId) => {
    const peer = await peers.get(node)
    const found = peer?.keys.find((key) => key.keyId === keyId && isValidAt(key, now()))
    if (found === undefined) return undefined
    const key = new Uint8Array(Buffer.from(found.key, 'base64'))
    return (message, signature) => verifyEd25519(key, message, signature)
  }

/** `validFrom` is the other node's clock and binds nobody here; the end of the overlap and a revocation do. */
const isValidAt = ({ validUntil, revokedAt }: PeerKey, now: Instant): boolean =>
  revokedAt === undefined && (validUntil === undefined || now <= validUntil)
