/**
 * Tiles (C2SP tlog-tiles): 256 consecutive hashes of the tree at every eighth level, as files that never change.
 *
 *     tile/<L>/<N>[.p/<W>]         hashes of level 8·L, 32 bytes each; 8,192 bytes when full
 *     tile/entries/<N>[.p/<W>]     the entries of tile 0/<N>: big-endian uint16 length, then the bytes
 *
 * N is written in groups of three digits, all but the last led by `x`: 1234067 is `x001/x234/067`. W is the width of a
 * tile that is not full yet, 1 to 255; such a tile is not hashed upwards. The tile at level L of a tree of size s that
 * is partial has floor(s / 256^L) mod 256 hashes.
 */
import type { Hash } from './contract.ts'
import { hashBytes, nodeHash } from './merkle.ts'
import type { TreeNode } from './proofs.ts'

export const tileWidth = 256
/** 256^6 > 2^47: no tree that this program can count has a tile above. */
export const maxTileLevel = 6

export type TileName = {
  readonly level: number | 'entries'
  readonly n: number
  /** 256 when full. */
  readonly width: number
}

export function tilePath({ level, n, width }: TileName): string {
  const groups =
    String(n)
      .padStart(Math.ceil(String(n).length / 3) * 3, '0')
      .match(/\d{3}/g) ?? []
  const path = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/')
  return `tile/${level}/${path}${width === tileWidth ? '' : `.p/${width}`}`
}

const form = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?$/

/** Undefined for anything but the one path that `tilePath` gives. */
export function parseTilePath(path: string): TileName | undefined {
  if (path.length > 64) return undefined
  const found = form.exec(path)
  if (!found) return undefined
  const [, level, groups = '', width] = found
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    n: Number(groups.replace(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  }
  if (name.level !== 'entries' && name.level > maxTileLevel) return undefined
  return Number.isSafeInteger(name.n) && tilePath(name) === path ? name : undefined
}

/** How many hashes there are at this tile level in a tree of this size. */
export const hashesAt = (level: number, size: number): number => Math.floor(size / tileWidth ** level)

/** The width of tile n of a level in a tree of this size; 0 where the tree does not reach. */
export const widthOf = (level: number | 'entries', n: number, size: number): number =>
  Math.max(0, Math.min(tileWidth, hashesAt(level === 'entries' ? 0 : level, size) - n * tileWidth))

/** All tiles of a level of a tree of this size, the partial one last. */
export function* tilesAt(level: number | 'entries', size: number): Generator<TileName> {
  const hashes = hashesAt(level === 'entries' ? 0 : level, size)
  for (let n = 0; n * tileWidth < hashes; n++) yield { level, n, width: widthOf(level, n, size) }
}

/** The levels at which a tree of this size has tiles. */
export function levelsOf(size: number): readonly number[] {
  const levels: number[] = []
  for (let level = 0; hashesAt(level, size) > 0; level++) levels.push(level)
  return levels
}

/** The tile that holds what the hash of a complete subtree is made of: `count` hashes of it, from `start`. */
export function tileOf({ level, index }: TreeNode): {
  readonly level: number
  readonly n: number
  readonly start: number
  readonly count: number
} {
  const tileLevel = Math.floor(level / 8)
  const count = 2 ** (level % 8)
  const first = index * count
  const n = Math.floor(first / tileWidth)
  return { level: tileLevel, n, start: first - n * tileWidth, count }
}

/** The hash over `count` (a power of two) hashes of a tile from `start`. */
export function hashWithin(tile: Uint8Array, start: number, count: number): Hash {
  if (count === 1) return tile.subarray(start * hashBytes, (start + 1) * hashBytes)
  return nodeHash(hashWithin(tile, start, count / 2), hashWithin(tile, start + count / 2, count / 2))
}

/** What a full tile is in the level above. */
export const tileHash = (tile: Uint8Array): Hash => hashWithin(tile, 0, tileWidth)

/** Entries of 32 bytes each, as a bundle. */
export function entryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + 2 + length, 0))
  let at = 0
  for (const entry of entries) {
    bytes[at] = entry.length >> 8
    bytes[at + 1] = entry.length & 0xff
    bytes.set(entry, at + 2)
    at += 2 + entry.length
  }
  return bytes
}

/** The entries of a bundle with the offset of each; or the offset at which it breaks off. */
export function parseBundle(bytes: Uint8Array):
  | {
      readonly kind: 'entries'
      readonly entries: readonly { readonly at: number; readonly bytes: Uint8Array }[]
    }
  | { readonly kind: 'broken'; readonly at: number } {
  const entries: { readonly at: number; readonly bytes: Uint8Array }[] = []
  for (let at = 0; at < bytes.length; ) {
    const high = bytes[at]
    const low = bytes[at + 1]
    if (high === undefined || low === undefined) return { kind: 'broken', at }
    const end = at + 2 + high * 256 + low
    if (end > bytes.length || entries.length === tileWidth) return { kind: 'broken', at }
    entries.push({ at, bytes: bytes.subarray(at + 2, end) })
    at = end
  }
  return { kind: 'entries', entries }
}
