/**
 * Receipts drawn together: of batches that follow each other in a peer's chain (`received.ts`) the newest signature is
 * kept, and speaks for all. A peer that is sent record by record would else leave a signature, its base and its claim for
 * each. What stays for each record is its name and its leaf, and for each batch when it was given and signed for.
 *
 * Done when so many stand alone, in one transaction; a crash leaves them alone, and the next receipt does it. Where the
 * chain breaks, because the peer lost its place or this node the row before, a new row begins.
 */
import { type Digest, type Instant, instant, type NodeId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { parseClaim } from './received.ts'

/** What is kept of a batch in a row of several: how many records of the row are its own, in their order. */
export type BatchRow = {
  readonly givenAt: Instant
  readonly receivedAt: Instant
  readonly count: number
  readonly refused: readonly number[]
}

type AloneRow = {
  readonly seq: string
  readonly givenAt: Date
  readonly receivedAt: Date
  readonly ids: readonly string[]
  readonly versions: readonly number[]
  readonly leaves: Buffer
  readonly claim: string
  readonly chain: Buffer | null
  readonly chainBefore: Buffer | null
}

export const batchesTogether = 64
const recordsTogether = 2000

export function leavesIn(leaves: Buffer): readonly Digest[] {
  return Array.from(
    { length: leaves.length / 32 },
    (_, at) => leaves.toString('hex', at * 32, at * 32 + 32) as Digest,
  )
}

export async function drawTogether(sql: Sql, node: NodeId): Promise<void> {
  const alone = await sql`
    select from peer_delivery
    where node = ${node} and received_at is not null and batches is null
    limit ${batchesTogether}`
  if (alone.length < batchesTogether) return
  await sql.begin(async (handle) => {
    const tx = handle as unknown as Sql
    const rows = await tx<AloneRow[]>`
      select
        seq::text, given_at as "givenAt", received_at as "receivedAt", ids, versions, leaves, claim, chain,
        chain_before as "chainBefore"
      from peer_delivery
      where node = ${node} and received_at is not null and batches is null
      order by peer_delivery.seq
      for update`
    for (const run of runsOf(rows)) await becomeOne(tx, node, run)
  })
}

/** Stretches in which each row goes on where the one before ended. */
export function runsOf(
  rows: readonly Pick<AloneRow, 'chain' | 'chainBefore' | 'ids'>[],
): readonly (readonly AloneRow[])[] {
  const runs: AloneRow[][] = []
  for (const row of rows as readonly AloneRow[]) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    const size = run?.reduce((sum, { ids }) => sum + ids.length, row.ids.length) ?? 0
    const goesOn = last?.chain != null && row.chainBefore !== null && last.chain.equals(row.chainBefore)
    // What begins a row must know its own beginning, or its first batch could not be led to the end.
    if (run && goesOn && run[0]?.chainBefore !== null && size <= recordsTogether) run.push(row)
    else runs.push([row])
  }
  return runs
}

async function becomeOne(tx: Sql, node: NodeId, run: readonly AloneRow[]): Promise<void> {
  const [first, last] = [run[0], run.at(-1)]
  if (first === undefined || last === undefined) return
  const batches: readonly BatchRow[] = run.map(({ givenAt, receivedAt, ids, claim }) => ({
    givenAt: instant(givenAt),
    receivedAt: instant(receivedAt),
    count: ids.length,
    refused: parseClaim(claim)?.refused ?? [],
  }))
  await tx`
    update peer_delivery
    set
      given_at = ${first.givenAt},
      ids = ${run.flatMap(({ ids }) => ids)}::text[],
      versions = ${run.flatMap(({ versions }) => versions)}::integer[],
      leaves = ${Buffer.concat(run.map(({ leaves }) => leaves))},
      chain_before = ${first.chainBefore},
      batches = ${JSON.stringify(batches)}::text::json
    where node = ${node} and seq = ${last.seq}::bigint`
  const others = run.slice(0, -1).map(({ seq }) => seq)
  await tx`delete from peer_delivery where node = ${node} and seq = any (${others}::text[]::bigint[])`
}
