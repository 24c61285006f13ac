/**
 * Provenance: what of a held version can be handed on, and how its origin vouches for it. Of this node's own records the
 * parcel is made anew from the record's salt; of a peer's it is put together from what came: the record, the salts of its
 * fields, the digests of those withheld. Nothing is kept twice, so a relay hands on exactly what it was given.
 */
import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  type Digest,
  discloseWith,
  fieldNames,
  type MosaicRecord,
  type NodeId,
  type OpenedParcel,
  type Parcel,
  parcelOf,
} from '../record/index.ts'
import { type BinaryRows, createBinaryRows } from './binary-copy.ts'
import type { Sql, Transaction } from './connect.ts'
import type { Arrival, OriginProof, Provenance } from './contract.ts'
import type { VersionRef } from './queries.ts'
import { bucketOf, bytea } from './rows.ts'

/** What is kept beside a version; its own record, salt and leaf in the log come from elsewhere. */
export type Kept = {
  readonly record: MosaicRecord
  readonly withheld: readonly string[] | null
  readonly salt: Buffer | null
  readonly leaf: Digest | null
  readonly isErased: boolean
  readonly salts: Buffer | null
  readonly digests: Buffer
  readonly via: NodeId
  readonly originIndex: number
  readonly treeSize: number
  readonly hashes: Buffer
  readonly note: string
}

/** Of versions `f` with `salt`, `erased_at` and `log_leaf`, joined by `keptOf`. */
export const keptColumns = (sql: Sql | Transaction) => sql`
  f.erased_at is not null as "isErased", encode(coalesce(p.leaf, f.log_leaf), 'hex') as leaf,
  p.salts, p.withheld as digests, p.via, p.origin_index as "originIndex", p.tree_size as "treeSize", p.hashes, n.note`

/** Looked up by key one by one: on a table whose statistics are young a join would read all of it. */
export const keptOf = (sql: Sql | Transaction) => sql`
  left join lateral (
    select *
    from provenance
    where bucket = f.bucket and id = f.id and version = f.version
    offset 0
  ) as p on true
  left join origin_note as n on n.seq = p.note`

/** How can each of these versions be proven and handed on? Undefined where it is not in the log, or is erased. */
export async function provenance(
  sql: Sql | Transaction,
  refs: readonly VersionRef[],
): Promise<readonly (Provenance | undefined)[]> {
  if (refs.length === 0) return []
  const rows = await sql<(Kept & { readonly place: number })[]>`
    select f.place::int, f.record, f.withheld, f.salt, ${keptColumns(sql)}
    from (
      select w.place, r.*, l.leaf as log_leaf
      from unnest(
        ${refs.map(({ id }) => bucketOf(id))}::smallint[],
        ${refs.map(({ id }) => id)}::text[],
        ${refs.map(({ version }) => version)}::int[]
      ) with ordinality as w (bucket, id, version, place)
      cross join lateral (
        select *
        from record
        where bucket = w.bucket and id = w.id and version = w.version
        offset 0
      ) as r
      left join lateral (
        select leaf
        from log
        where bucket = w.bucket and id = w.id and version = w.version
        offset 0
      ) as l on true
    ) as f
    ${keptOf(sql)}`
  const found = new Map(rows.map((row) => [row.place, row]))
  return refs.map((_, n) => {
    const row = found.get(n + 1)
    return row && provenanceOf(row)
  })
}

export function provenanceOf(row: Kept): Provenance | undefined {
  const { record, leaf, salt, salts, isErased } = row
  if (isErased || leaf === null) return undefined
  if (salts !== null)
    return {
      leaf,
      parcel: parcelAsItCame({ ...row, salts }),
      via: row.via,
      proof: proofOf(row),
    }
  return salt === null ? undefined : { leaf, parcel: parcelOf(record, salt) }
}

function parcelAsItCame({ record, withheld, salts, digests }: Kept & { readonly salts: Buffer }): Parcel {
  const left = withheld ?? []
  return {
    disclosed: discloseWith(record, cut(salts, 16, 'hex'), left),
    withheld: cut(digests, 32, 'hex') as Digest[],
  }
}

const proofOf = ({ originIndex, treeSize, hashes, note }: Kept): OriginProof => ({
  index: originIndex,
  treeSize,
  hashes: cut(hashes, 32, 'base64'),
  checkpoint: note,
})

function cut(bytes: Buffer, size: number, encoding: BufferEncoding): string[] {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.toString(encoding, at, at + size))
  return parts
}

/** A peer's record as it was opened, to be written. */
export type Vouched = Pick<Arrival, 'parcel' | 'via' | 'proof'> & {
  readonly opened: Pick<OpenedParcel, 'record' | 'leaf' | 'withheld'>
}

export async function writeProvenance(tx: Transaction, all: readonly Vouched[]): Promise<void> {
  if (all.length === 0) return
  const notes = await keepNotes(
    tx,
    all.map(({ proof }) => proof.checkpoint),
  )
  const into = await tx`
    copy provenance (
      bucket, id, version, leaf, salts, withheld, via, origin_index, tree_size, hashes, note
    ) from stdin with (format binary)`.writable()
  await pipeline(Readable.from(rowsOf(all, notes)), into)
}

/** For a version that came anew with more disclosed, or whose content goes. */
export const dropProvenance = (tx: Transaction, refs: readonly VersionRef[]) => tx`
  delete from provenance as p
  using unnest(
    ${refs.map(({ id }) => bucketOf(id))}::smallint[],
    ${refs.map(({ id }) => id)}::text[],
    ${refs.map(({ version }) => version)}::int[]
  ) as w (bucket, id, version)
  where p.bucket = w.bucket and p.id = w.id and p.version = w.version`

/** The number of each note. Inserted in the order of their hashes, so that two batches cannot block each other. */
async function keepNotes(tx: Transaction, notes: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const hashes = new Map([...new Set(notes)].map((note) => [hash('sha256', note, 'hex'), note]))
  const sorted = [...hashes].sort(([a], [b]) => (a < b ? -1 : 1))
  await tx`
    insert into origin_note (hash, note)
    select decode(w.hash, 'hex'), w.note
    from unnest(${sorted.map(([name]) => name)}::text[], ${sorted.map(([, note]) => note)}::text[]) as w (hash, note)
    on conflict (hash) do nothing`
  const rows = await tx<{ hash: string; seq: number }[]>`
    select encode(hash, 'hex') as hash, seq
    from origin_note
    where hash = any (${sorted.map(([name]) => bytea(name))}::text[]::bytea[])`
  return new Map(rows.map((row) => [hashes.get(row.hash) ?? '', row.seq]))
}

const chunkSize = 100

/** Some at a time: a stream's turn costs more than a row. */
function* rowsOf(all: readonly Vouched[], notes: ReadonlyMap<string, number>): Generator<Buffer> {
  const rows = createBinaryRows()
  for (let at = 0; at < all.length; at += chunkSize) {
    for (const one of all.slice(at, at + chunkSize)) writeRow(rows, one, notes)
    yield rows.take(at + chunkSize >= all.length)
  }
}

function writeRow(rows: BinaryRows, one: Vouched, notes: ReadonlyMap<string, number>): void {
  const { parcel, via, proof, opened } = one
  const { record, leaf, withheld } = opened
  const note = notes.get(proof.checkpoint)
  if (note === undefined) throw new Error('The note of a proof was not kept before its record.')
  const salts = new Map(parcel.disclosed.map(({ name, salt }) => [name, salt]))
  rows.row(11)
  rows.int2(bucketOf(record.id))
  rows.text(record.id)
  rows.int4(record.version)
  rows.bytes([leaf], 32, 'hex')
  rows.bytes(
    fieldNames(record, withheld).map((name) => salts.get(name) ?? ''),
    16,
    'hex',
  )
  rows.bytes(parcel.withheld, 32, 'hex')
  rows.text(via)
  rows.int8(proof.index)
  rows.int8(proof.treeSize)
  rows.bytes(proof.hashes, 32, 'base64')
  rows.int4(note)
}
