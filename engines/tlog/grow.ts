/** The tree grows: leaf hashes fill tiles, a full tile's hash goes into the tile above. Pure; the caller stores tiles. */
import type { Hash } from './contract.ts'
import { hashBytes, leafHash } from './merkle.ts'
import type { StoredTile, TileRef } from './tile-hashes.ts'
import { hashesAt, levelsOf, tileHash, tileWidth } from './tiles.ts'

/** The tile of each level that is still growing in a tree of this size. */
export const growingTiles = (size: number): readonly (TileRef & { readonly width: number })[] =>
  levelsOf(size)
    .map((level) => ({
      level,
      n: Math.floor(hashesAt(level, size) / tileWidth),
      width: hashesAt(level, size) % tileWidth,
    }))
    .filter(({ width }) => width > 0)

/** Every tile that these entries touch, as it is afterwards. `growing` are those of `growingTiles(size)`. */
export function grow(
  size: number,
  growing: readonly StoredTile[],
  entries: readonly Uint8Array[],
): readonly StoredTile[] {
  const open = growing.map(({ bytes }) => bytes)
  const tiles = new Map<string, StoredTile>()
  const levels = new Map<number, { n: number; width: number; bytes: Uint8Array }>()

  const levelAt = (level: number) => {
    const known = levels.get(level)
    if (known) return known
    const bytes = new Uint8Array(tileWidth * hashBytes)
    const at = growing.findIndex((tile) => tile.level === level)
    bytes.set(open[at] ?? [])
    const made = {
      n: Math.floor(hashesAt(level, size) / tileWidth),
      width: hashesAt(level, size) % tileWidth,
      bytes,
    }
    levels.set(level, made)
    return made
  }
  const add = (level: number, hash: Hash): void => {
    const row = levelAt(level)
    row.bytes.set(hash, row.width * hashBytes)
    row.width += 1
    if (row.width < tileWidth) return
    tiles.set(`${level}/${row.n}`, { level, n: row.n, bytes: row.bytes })
    add(level + 1, tileHash(row.bytes))
    levels.set(level, { n: row.n + 1, width: 0, bytes: new Uint8Array(tileWidth * hashBytes) })
  }

  for (const entry of entries) add(0, leafHash(entry))
  for (const [level, { n, width, bytes }] of levels)
    if (width > 0) tiles.set(`${level}/${n}`, { level, n, bytes: bytes.subarray(0, width * hashBytes) })
  return [...tiles.values()]
}
