/**
 * Proof of delivery: what each peer was given, and its signature that it holds it.
 *
 * A batch is kept before it leaves; only the last one of a peer is open, because a peer asks for one after the other. The
 * peer's next request carries its claim (`received.ts`), covered by the request's signature. When the claim speaks of the
 * open batch, the signature base (RFC 9421 §2.5), the signature and the key are kept with it: whoever has these four can
 * check them without us. A batch whose answer was lost is given again and replaces the open one; a claim of anything else
 * is a repeat, and changes nothing. After some batches the newest of their signatures is kept for all (`draw-together.ts`).
 */
import { type Digest, type Instant, instant, type NodeId, type RecordId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { logVerifier, verifyEd25519 } from '../tlog/index.ts'
import { type BatchRow, drawTogether, leavesIn } from './draw-together.ts'
import { type Claim, chainAfter, chainBegins, digestWithout, fitsBatch, parseClaim } from './received.ts'

export type GivenRecord = { readonly id: RecordId; readonly version: number; readonly leaf: Digest }

/** The signature of a request, as it was verified. */
export type SignedClaim = {
  readonly claim: string
  readonly signed: string
  readonly signature: Uint8Array
  readonly keyId: string
  readonly key: Uint8Array
}

/** From a batch to the later one that the signature names: the chain of `received.ts`, base64. */
export type ChainLink = {
  readonly before: string
  /** Positions in this batch that the peer did not take. */
  readonly refused: readonly number[]
  /** The digests of the batches after this one, up to that which the claim speaks of. */
  readonly after: readonly string[]
}

export type Delivery = {
  readonly to: NodeId
  readonly givenAt: Instant
  readonly records: readonly GivenRecord[]
  /** Absent: the peer has not said that it holds it. `link`: where it was signed with later batches. */
  readonly receipt?: SignedClaim & { readonly receivedAt: Instant; readonly link?: ChainLink }
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
  readonly chainBefore: Buffer | null
  readonly batches: readonly BatchRow[] | null
}

export function createDeliveries(sql: Sql): Deliveries {
  const columns = sql`
    seq::text, given_at as "givenAt", ids, versions, leaves, received_at as "receivedAt", claim, signed, signature,
    key_id as "keyId", key, chain_before as "chainBefore", batches`
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
      if (said === undefined || open === undefined || !fitsBatch(said, leavesIn(open.leaves))) return
      const before = await chainBefore(sql, node, said)
      const closed = await sql`
        update peer_delivery
        set
          received_at = ${at}, claim = ${claim}, signed = ${signed}, signature = ${Buffer.from(signature)},
          key_id = ${keyId}, key = ${Buffer.from(key)}, chain = ${bytea(said.chain)}, chain_before = ${bytea(before)}
        where node = ${node} and seq = ${open.seq}::bigint and received_at is null
        returning 1`
      if (closed.length > 0) await drawTogether(sql, node)
    },
    async list(node, { record, limit = 100 } = {}) {
      const rows = await sql<Row[]>`
        select ${columns}
        from peer_delivery
        where node = ${node} and ${record === undefined ? sql`true` : sql`ids @> array[${record}]::text[]`}
        order by peer_delivery.seq desc
        limit ${limit}`
      return rows
        .flatMap((row) => deliveriesOf(node, row))
        .filter(({ records }) => record === undefined || records.some(({ id }) => id === record))
        .slice(0, limit)
    },
  }
}

const bytea = (bytes: Uint8Array | undefined) => (bytes === undefined ? null : Buffer.from(bytes))

/** Where the peer's chain stood before this batch, as far as it is known here. */
async function chainBefore(sql: Sql, node: NodeId, said: Claim): Promise<Uint8Array | undefined> {
  if (said.chain === undefined) return undefined
  const [last] = await sql<{ chain: Buffer | null }[]>`
    select chain from peer_delivery where node = ${node} and received_at is not null order by seq desc limit 1`
  const { chain } = said
  return [last?.chain, chainBegins].find(
    (before): before is Uint8Array => before != null && isSame(chainAfter(before, said.digest), chain),
  )
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** Newest first. */
function deliveriesOf(to: NodeId, row: Row): readonly Delivery[] {
  const { ids, versions, givenAt, receivedAt, claim, signed, signature, keyId, key, batches } = row
  const records = leavesIn(row.leaves).map((leaf, at) => ({
    id: ids[at] ?? ('' as RecordId),
    version: versions[at] ?? 0,
    leaf,
  }))
  if (receivedAt === null) return [{ to, givenAt: instant(givenAt), records }]
  const receipt = { claim, signed, signature, keyId, key }
  if (batches === null)
    return [
      { to, givenAt: instant(givenAt), records, receipt: { ...receipt, receivedAt: instant(receivedAt) } },
    ]
  const links = linksOf(row.chainBefore ?? chainBegins, records, batches)
  return links
    .map(({ batch, part, link }) => ({
      to,
      givenAt: batch.givenAt,
      records: part,
      receipt: { ...receipt, receivedAt: batch.receivedAt, ...(link && { link }) },
    }))
    .reverse()
}

/** Each batch of a row with what leads from it to the last, which the claim names itself. */
function linksOf(begins: Uint8Array, records: readonly GivenRecord[], batches: readonly BatchRow[]) {
  let at = 0
  const parts = batches.map(({ count }) => {
    at += count
    return records.slice(at - count, at)
  })
  const digests = parts.map((part, n) =>
    digestWithout(
      part.map(({ leaf }) => leaf),
      batches[n]?.refused ?? [],
    ),
  )
  let chain = begins
  return batches.map((batch, n) => {
    const before = Buffer.from(chain).toString('base64')
    chain = chainAfter(chain, digests[n] ?? '')
    const link = { before, refused: batch.refused, after: digests.slice(n + 1) }
    return { batch, part: parts[n] ?? [], link: n === batches.length - 1 ? undefined : link }
  })
}

/**
 * Which of these records the peer has signed for; none when the receipt is missing or does not hold: when it is of another
 * batch, of another node, for another giver than `me`, or not signed by that key.
 */
export function provenOf({ to, records, receipt }: Delivery, me: NodeId): readonly GivenRecord[] {
  if (receipt === undefined) return []
  const { claim, signed, signature, keyId, key, link } = receipt
  const said = parseClaim(claim)
  const leaves = records.map(({ leaf }) => leaf)
  const lines = signed.split('\n')
  const isSound =
    said !== undefined &&
    (link === undefined ? fitsBatch(said, leaves) : leadsTo(said, leaves, link)) &&
    lines.includes(`"mosaic-received": ${claim}`) &&
    lines.includes(`"mosaic-to": ${me}`) &&
    lines.at(-1)?.includes(`;keyid="${to}+${keyId}";`) === true &&
    logVerifier({ node: to, key: Buffer.from(key).toString('base64') }).keyId === keyId &&
    verifyEd25519(new Uint8Array(key), new Uint8Array(Buffer.from(signed)), new Uint8Array(signature))
  if (!isSound) return []
  const refused = new Set((link ?? said).refused)
  return records.filter((_, at) => !refused.has(at))
}

/** Who signed the end of the chain, signed for every batch in it: nobody finds another with the same end. */
function leadsTo(
  { chain }: Claim,
  leaves: readonly Digest[],
  { before, refused, after }: ChainLink,
): boolean {
  const own = chainAfter(new Uint8Array(Buffer.from(before, 'base64')), digestWithout(leaves, refused))
  return chain !== undefined && isSame(after.reduce(chainAfter, own), chain)
}
