/**
 * Proof of delivery: what each peer was given, and its signature that it holds it.
 *
 * A batch is kept before it leaves; only the last one of a peer is open, because a peer asks for one after the other. The
 * peer's next request carries its claim (`received.ts`), covered by the request's signature. When the claim speaks of the
 * open batch, the signature base (RFC 9421 §2.5), the signature and the key are kept with it: whoever has these four can
 * check them without us. A batch whose answer was lost is given again and replaces the open one; a claim of anything else
 * is a repeat, and changes nothing.
 */
import { type Digest, type Instant, instant, type NodeId, type RecordId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { logVerifier, verifyEd25519 } from '../tlog/index.ts'
import { fitsBatch, parseClaim } from './received.ts'

export type GivenRecord = { readonly id: RecordId; readonly version: number; readonly leaf: Digest }

/** The signature of a request, as it was verified. */
export type SignedClaim = {
  readonly claim: string
  readonly signed: string
  readonly signature: Uint8Array
  readonly keyId: string
  readonly key: Uint8Array
}

export type Delivery = {
  readonly to: NodeId
  readonly givenAt: Instant
  readonly records: readonly GivenRecord[]
  /** Absent: the peer has not said that it holds it. */
  readonly receipt?: SignedClaim & { readonly receivedAt: Instant }
}

export type DeliveryQuery = { readonly record?: RecordId; readonly limit?: number }

export type Deliveries = {
  /** Before the batch leaves. */
  readonly given: (node: NodeId, records: readonly GivenRecord[], at: Instant) => Promise<void>
  readonly received: (node: NodeId, claim: SignedClaim, at: Instant) => Promise<void>
  /** Newest first. */
  readonly list: (node: NodeId, query?: DeliveryQuery) => Promise<readonly Delivery[]>
}

type Row = {
  readonly seq: string
  readonly givenAt: Date
  readonly ids: readonly RecordId[]
  readonly versions: readonly number[]
  readonly leaves: Buffer
  readonly receivedAt: Date | null
  readonly claim: string
  readonly signed: string
  readonly signature: Buffer
  readonly keyId: string
  readonly key: Buffer
}

export function createDeliveries(sql: Sql): Deliveries {
  const columns = sql`
    seq::text, given_at as "givenAt", ids, versions, leaves, received_at as "receivedAt", claim, signed, signature,
    key_id as "keyId", key`
  return {
    async given(node, records, at) {
      const leaves = Buffer.from(records.map(({ leaf }) => leaf).join(''), 'hex')
      await sql`
        insert into peer_delivery (node, given_at, ids, versions, leaves)
        values (
          ${node}, ${at}, ${records.map(({ id }) => id)}::text[],
          ${records.map(({ version }) => version)}::integer[], ${leaves}
        )
        on conflict (node) where received_at is null do update
        set given_at = excluded.given_at, ids = excluded.ids, versions = excluded.versions, leaves = excluded.leaves`
    },
    async received(node, { claim, signed, signature, keyId, key }, at) {
      const said = parseClaim(claim)
      const [open] = await sql<
        Row[]
      >`select ${columns} from peer_delivery where node = ${node} and received_at is null`
      if (
        said === undefined ||
        open === undefined ||
        !fitsBatch(
          said,
          recordsOf(open).map(({ leaf }) => leaf),
        )
      )
        return
      await sql`
        update peer_delivery
        set
          received_at = ${at}, claim = ${claim}, signed = ${signed}, signature = ${Buffer.from(signature)},
          key_id = ${keyId}, key = ${Buffer.from(key)}
        where node = ${node} and seq = ${open.seq}::bigint and received_at is null`
    },
    async list(node, { record, limit = 100 } = {}) {
      const rows = await sql<Row[]>`
        select ${columns}
        from peer_delivery
        where node = ${node} and ${record === undefined ? sql`true` : sql`ids @> array[${record}]::text[]`}
        order by seq desc
        limit ${limit}`
      return rows.map((row) => deliveryOf(node, row))
    },
  }
}

const recordsOf = ({ ids, versions, leaves }: Row): readonly GivenRecord[] =>
  ids.map((id, at) => ({
    id,
    version: versions[at] ?? 0,
    leaf: leaves.toString('hex', at * 32, at * 32 + 32) as Digest,
  }))

function deliveryOf(to: NodeId, row: Row): Delivery {
  const { claim, signed, signature, keyId, key, receivedAt } = row
  return {
    to,
    givenAt: instant(row.givenAt),
    records: recordsOf(row),
    ...(receivedAt && { receipt: { claim, signed, signature, keyId, key, receivedAt: instant(receivedAt) } }),
  }
}

/**
 * Which of these records the peer has signed for; none when the receipt is missing or does not hold: when it is of another
 * batch, of another node, for another giver than `me`, or not signed by that key.
 */
export function provenOf({ to, records, receipt }: Delivery, me: NodeId): readonly GivenRecord[] {
  if (receipt === undefined) return []
  const { claim, signed, signature, keyId, key } = receipt
  const said = parseClaim(claim)
  const lines = signed.split('\n')
  const isSound =
    said !== undefined &&
    fitsBatch(
      said,
      records.map(({ leaf }) => leaf),
    ) &&
    lines.includes(`"mosaic-received": ${claim}`) &&
    lines.includes(`"mosaic-to": ${me}`) &&
    lines.at(-1)?.includes(`;keyid="${to}+${keyId}";`) === true &&
    logVerifier({ node: to, key: Buffer.from(key).toString('base64') }).keyId === keyId &&
    verifyEd25519(new Uint8Array(key), new Uint8Array(Buffer.from(signed)), new Uint8Array(signature))
  if (!isSound) return []
  const refused = new Set(said.refused)
  return records.filter((_, at) => !refused.has(at))
}
