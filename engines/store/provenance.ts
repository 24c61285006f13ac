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
import type { Sql, Transaction } from './connect.ts'
import type { Arrival, OriginProof, Provenance } from './contract.ts'
import type { VersionRef } from './queries.ts'
import { bucketOf, bytea, copyLine } from './rows.ts'

type Row = {
  readonly place: number
  readonly record: MosaicRecord
  readonly leaf: Digest
  readonly withheld: readonly string[] | null
  readonly salt: Buffer | null
  readonly salts: Buffer | null
  readonly digests: Buffer
  readonly via: NodeId
  readonly index: number
  readonly treeSize: number
  readonly hashes: Buffer
  readonly note: string
}

/** How can each of these versions be proven and handed on? Undefined where it is not in the log, or is erased. */
export async function provenance(
  sql: Sql | Transaction,
  refs: readonly VersionRef[],
): Promise<readonly (Provenance | undefined)[]> {
  if (refs.length === 0) return []
  const rows = await sql<Row[]>`
    select
      w.place::int, r.record, r.withheld, r.salt, encode(coalesce(p.leaf, l.leaf), 'hex') as leaf,
      p.salts, p.withheld as digests, p.via, p.origin_index as index, p.tree_size as "treeSize", p.hashes, n.note
    from unnest(
      ${refs.map(({ id }) => bucketOf(id))}::smallint[],
      ${refs.map(({ id }) => id)}::text[],
      ${refs.map(({ version }) => version)}::int[]
    ) with ordinality as w (bucket, id, version, place)
    join record as r using (bucket, id, version)
    left join log as l using (bucket, id, version)
    left join provenance as p using (bucket, id, version)
    left join origin_note as n on n.seq = p.note
    where r.erased_at is null
    and coalesce(p.leaf, l.leaf) is not null`
  const found = new Map(rows.map((row) => [row.place, row]))
  return refs.map((_, n) => {
    const row = found.get(n + 1)
    return row && provenanceOf(row)
  })
}

function provenanceOf(row: Row): Provenance | undefined {
  const { record, leaf, salt, salts } = row
  if (salts !== null)
    return { leaf, parcel: parcelAsItCame({ ...row, salts }), via: row.via, proof: proofOf(row) }
  return salt === null ? undefined : { leaf, parcel: parcelOf(record, salt) }
}

function parcelAsItCame({ record, withheld, salts, digests }: Row & { readonly salts: Buffer }): Parcel {
  const left = withheld ?? []
  return {
    disclosed: discloseWith(record, cut(salts, 16, 'hex'), left),
    withheld: cut(digests, 32, 'hex') as Digest[],
  }
}

const proofOf = ({ index, treeSize, hashes, note }: Row): OriginProof => ({
  index,
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
    ) from stdin`.writable()
  await pipeline(Readable.from(linesOf(all, notes)), into)
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

/** Some at a time: a stream's turn costs more than a line. */
function* linesOf(all: readonly Vouched[], notes: ReadonlyMap<string, number>): Generator<string> {
  for (let at = 0; at < all.length; at += chunkSize)
    yield all
      .slice(at, at + chunkSize)
      .map((one) => lineOf(one, notes))
      .join('')
}

function lineOf({ parcel, via, proof, opened }: Vouched, notes: ReadonlyMap<string, number>): string {
  const { record, leaf, withheld } = opened
  const salts = new Map(parcel.disclosed.map(({ name, salt }) => [name, salt]))
  let inOrder = ''
  for (const name of fieldNames(record, withheld)) inOrder += salts.get(name)
  return copyLine([
    bucketOf(record.id),
    record.id,
    record.version,
    bytea(leaf),
    bytea(inOrder),
    bytea(parcel.withheld.join('')),
    via,
    proof.index,
    proof.treeSize,
    bytea(hexOfAll(proof.hashes)),
    notes.get(proof.checkpoint),
  ])
}

function hexOfAll(hashes: readonly string[]): string {
  const bytes = Buffer.allocUnsafe(32 * hashes.length)
  for (const [n, one] of hashes.entries()) bytes.write(one, 32 * n, 'base64')
  return bytes.toString('hex')
}
