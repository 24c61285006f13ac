/** The questions that the log asks of the database. */
import type { Sql } from '../store/index.ts'
import type { Hash } from './contract.ts'
import type { ReadTiles, StoredTile } from './tile-hashes.ts'

/** Inside a transaction, its handle; outside, the pool. */
export type Handle = Pick<Sql, never> & Parameters<Parameters<Sql['begin']>[1]>[0]

export type Tree = { readonly size: number; readonly root: Hash; readonly audited: number }
export type Leaf = { readonly index: number; readonly leaf: Uint8Array }

/** How far does the tree reach? */
export async function treeOf(sql: Sql): Promise<Tree> {
  const [tree] = await sql<Tree[]>`select size, root, audited from tlog_tree`
  if (tree === undefined) throw new Error('tlog_tree has no row; the database was not migrated.')
  return tree
}

/** The same, and nobody else integrates until the transaction ends. */
export async function lockTree(tx: Handle): Promise<Tree> {
  const [tree] = await tx<Tree[]>`select size, root, audited from tlog_tree for update`
  if (tree === undefined) throw new Error('tlog_tree has no row; the database was not migrated.')
  return tree
}

/** Which leaves stand in the store's log from this index on? */
export const leavesFrom = (sql: Sql | Handle, first: number, limit: number): Promise<readonly Leaf[]> =>
  sql<Leaf[]>`select index, leaf from log where index >= ${first} order by index limit ${limit}`

/** How many records has the store put in order? */
export async function logLength(sql: Sql | Handle): Promise<number> {
  const [row] = await sql<{ next: number }[]>`select next_index as next from log_head`
  return row?.next ?? 0
}

/** Tiles by level and number, as wide as they are now; those that are not there are left out. */
export const readTilesFrom =
  (sql: Sql | Handle): ReadTiles =>
  async (refs) => {
    const tiles = await sql<StoredTile[]>`
      select t.level, t.n, t.bytes
      from unnest(${refs.map(({ level }) => level)}::smallint[], ${refs.map(({ n }) => n)}::bigint[]) as r (level, n)
      join tlog_tile as t on t.level = r.level and t.n = r.n`
    return tiles.map(({ level, n, bytes }) => ({ level, n, bytes: plain(bytes) }))
  }

/** The driver gives buffers; a hash is the same bytes whoever made it. */
const plain = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export async function writeTiles(tx: Handle, tiles: readonly StoredTile[]): Promise<void> {
  const hexes = tiles.map(({ bytes }) => Buffer.from(bytes).toString('hex'))
  await tx`
    insert into tlog_tile (level, n, bytes)
    select t.level, t.n, decode(t.hex, 'hex')
    from unnest(
      ${tiles.map(({ level }) => level)}::smallint[],
      ${tiles.map(({ n }) => n)}::bigint[],
      ${hexes}::text[]
    ) as t (level, n, hex)
    on conflict (level, n) do update set bytes = excluded.bytes`
}

export type CheckpointRow = {
  readonly size: number
  readonly root: Hash
  readonly note: string
  readonly signedAt: Date
  readonly signers: readonly string[]
}

/** The newest checkpoint that was signed. */
export async function newestCheckpoint(sql: Sql | Handle): Promise<CheckpointRow | undefined> {
  const [row] = await sql<CheckpointRow[]>`
    select size, root, note, signed_at as "signedAt", signers
    from tlog_checkpoint
    order by size desc
    limit 1`
  return row
}

/** False where this size was signed with another root. */
export async function keepCheckpoint(tx: Handle, row: CheckpointRow): Promise<boolean> {
  const kept = await tx`
    insert into tlog_checkpoint (size, root, note, signed_at, signers)
    values (${row.size}, ${Buffer.from(row.root)}, ${row.note}, ${row.signedAt}, ${[...row.signers]}::text[])
    on conflict (size) do update
      set note = excluded.note, signed_at = excluded.signed_at, signers = excluded.signers
      where tlog_checkpoint.root = excluded.root`
  return kept.count === 1
}
