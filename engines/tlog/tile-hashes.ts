/**
 * Hashes of the tree out of stored tiles, for one call: the tiles that a list of nodes needs come with one query, and
 * what is hashed within a tile is kept, so that hundreds of proofs under one checkpoint share their upper halves.
 */
import type { Hash } from './contract.ts'
import { LogDamaged } from './errors.ts'
import { hashBytes, nodeHash } from './merkle.ts'
import type { HashReader, TreeNode } from './proofs.ts'
import { tileOf, tilePath, tileWidth } from './tiles.ts'

export type TileRef = { readonly level: number; readonly n: number }
export type StoredTile = TileRef & { readonly bytes: Uint8Array }
export type ReadTiles = (refs: readonly TileRef[]) => Promise<readonly StoredTile[]>

export function tileHashes(readTiles: ReadTiles): HashReader {
  const tiles = new Map<string, Uint8Array>()
  const hashed = new Map<string, Hash>()

  const within = (ref: TileRef, start: number, count: number): Hash => {
    const tile = tiles.get(nameOf(ref))
    if (tile === undefined || tile.length < (start + count) * hashBytes)
      throw new LogDamaged(tilePath({ ...ref, width: tileWidth }), 'hashes are missing from the tile')
    if (count === 1) return tile.subarray(start * hashBytes, (start + 1) * hashBytes)
    const key = `${nameOf(ref)}/${start}/${count}`
    const known = hashed.get(key)
    if (known !== undefined) return known
    const half = count / 2
    const made = nodeHash(within(ref, start, half), within(ref, start + half, half))
    hashed.set(key, made)
    return made
  }

  return async (nodes: readonly TreeNode[]) => {
    const wanted = new Map(nodes.map(tileOf).map((ref) => [nameOf(ref), ref]))
    const missing = [...wanted].filter(([name]) => !tiles.has(name)).map(([, { level, n }]) => ({ level, n }))
    if (missing.length > 0) for (const tile of await readTiles(missing)) tiles.set(nameOf(tile), tile.bytes)
    return nodes.map((node) => {
      const { level, n, start, count } = tileOf(node)
      return within({ level, n }, start, count)
    })
  }
}

const nameOf = ({ level, n }: TileRef): string => `${level}/${n}`
