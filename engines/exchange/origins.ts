/**
 * Origins: whose keys we know, from whom, and the newest checkpoint of each log that we have verified.
 *
 * A key is known because the operators compared it (a peer's), because a known key vouched for it, or because a peer that
 * may introduce origins gave it (introduced.ts). A revoked key proves nothing any more.
 */
import { type Instant, instant, type NodeId, type RecordId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import {
  type Checkpoint,
  logVerifier,
  originOf,
  type PublicKey,
  type Verifier,
  verifyEd25519,
} from '../tlog/index.ts'
import type { PeerKey } from './contract.ts'
import { createIntroduced, type Introduced } from './introduced.ts'
import type { Peers } from './peers.ts'
import { type ProvenBy, provenBy } from './proven-by.ts'
import type { Verify } from './signing.ts'

export type Origins = {
  /** What verifies the checkpoints of this node's log; empty when it is not known here. */
  readonly verifiers: (node: NodeId) => Promise<readonly Verifier[]>
  readonly keys: (node: NodeId) => Promise<readonly PeerKey[]>
  readonly introduced: Introduced
  /** The log that first proved each of these records, and which versions are held, as `version leaf`. */
  readonly provenBy: (ids: readonly RecordId[]) => Promise<ReadonlyMap<RecordId, ProvenBy>>
  readonly seen: (origin: string) => Promise<(Checkpoint & { readonly note: string }) | undefined>
  /** A verified checkpoint; kept when it is the largest so far. False: another root of that size was seen, a fork. */
  readonly see: (checkpoint: Checkpoint, note: string, at: Instant) => Promise<boolean>
  /** When this node was last heard of: by contact, or by a new checkpoint that somebody brought. */
  readonly lastHeard: (node: NodeId) => Promise<Instant | undefined>
  /** This log counts as never seen. */
  readonly forget: (origin: string) => Promise<void>
  /** Which versions are held under a checkpoint of this log for which this does not hold? */
  readonly provenOtherwise: (
    origin: string,
    holds: (note: string) => boolean,
  ) => Promise<readonly RecordRef[]>
  readonly keepFork: (origin: string, note: string) => Promise<void>
}

export type RecordRef = { readonly id: RecordId; readonly version: number }

/** This node, which proves its own records by its own log. */
export type Own = { readonly node: NodeId; readonly keys: () => Promise<readonly PeerKey[]> }

/** The node whose log has this name; undefined for a name that is of another form. */
export const nodeOfLog = (origin: string): NodeId | undefined => {
  const node = origin.slice(0, origin.lastIndexOf('/')) as NodeId
  return originOf(node) === origin ? node : undefined
}

export function createOrigins(sql: Sql, peers: Pick<Peers, 'get'>, own?: Own): Origins {
  const introduced = createIntroduced(sql)
  const keys = async (node: NodeId): Promise<readonly PeerKey[]> => {
    if (node === own?.node) return own.keys()
    return (await peers.get(node))?.keys ?? introduced.keys(node)
  }
  return {
    keys,
    introduced,
    verifiers: async (node) =>
      (await keys(node))
        .filter(({ revokedAt }) => revokedAt === undefined)
        .map(({ key }) => logVerifier({ node, key })),
    provenBy: (ids) => provenBy(sql, ids, own?.node),
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
    async forget(origin) {
      await sql`delete from origin_checkpoint where origin = ${origin}`
    },
    async provenOtherwise(origin, holds) {
      const notes = await sql<{ seq: number; note: string }[]>`
        select seq, note from origin_note where starts_with(note, ${`${origin}\n`})`
      const others = notes.filter(({ note }) => !holds(note)).map(({ seq }) => seq)
      return sql<RecordRef[]>`
        select id, version from provenance where note = any (${others}::bigint[]) order by id, version`
    },
    async keepFork(origin, note) {
      await sql`update origin_checkpoint set forked_note = ${note} where origin = ${origin}`
    },
  }
}

/** All keys of a node that are known here, revoked ones marked. */
export const keysOf =
  ({ keys }: Pick<Origins, 'keys'>) =>
  async (node: NodeId): Promise<readonly PublicKey[]> =>
    (await keys(node)).map((key) => ({ ...key, node }))

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
