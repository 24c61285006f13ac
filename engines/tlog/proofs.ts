/**
 * Proofs made from stored hashes. A proof is a list of hashes of ranges of leaves (RFC 9162 §2.1.3.1, §2.1.4.1); a range
 * that begins at a multiple of its width falls into complete subtrees, largest first, and its hash is folded from theirs
 * from the right. So any store that can give the hash of a complete subtree can give every root and every proof.
 */
import type { Hash } from './contract.ts'
import { emptyRoot, isSize, nodeHash } from './merkle.ts'

/** The complete subtree over the leaves [index · 2^level, (index + 1) · 2^level). */
export type TreeNode = { readonly level: number; readonly index: number }
/** Leaves from `start` to `end`, exclusive. */
export type Range = { readonly start: number; readonly end: number }
export type HashReader = (nodes: readonly TreeNode[]) => Promise<readonly Hash[]>

/** The leaf's siblings on the way to the root, from below. */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  if (!isSize(index) || !isSize(size) || index >= size)
    throw new RangeError(`There is no leaf ${index} in a tree of ${size}.`)
  const ranges: Range[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start)
    if (index < middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
    }
  }
  return ranges.reverse()
}

/** RFC 9162 §2.1.4.1, SUBPROOF; empty for a tree against itself or against the empty one. */
export function consistencyRanges(from: number, to: number): readonly Range[] {
  if (!isSize(from) || !isSize(to) || from > to)
    throw new RangeError(`A tree of ${to} does not extend one of ${from}.`)
  if (from === 0 || from === to) return []
  const ranges: Range[] = []
  let start = 0
  let end = to
  while (end !== from) {
    const middle = start + largestPowerBelow(end - start)
    if (from <= middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
    }
  }
  if (start !== 0) ranges.push({ start, end }) // else it is the old root, which the verifier has
  return ranges.reverse()
}

/** The complete subtrees that a range falls into, from the left. */
export function nodesOf({ start, end }: Range): readonly TreeNode[] {
  const nodes: TreeNode[] = []
  for (let at = start; at < end; ) {
    let level = 0
    let width = 1
    while (at % (2 * width) === 0 && at + 2 * width <= end) {
      width *= 2
      level += 1
    }
    nodes.push({ level, index: at / width })
    at += width
  }
  return nodes
}

/** Folds the hashes of `nodesOf(range)` into the range's own. */
export function foldRange(hashes: readonly Hash[]): Hash {
  return (
    hashes.reduceRight<Hash | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(left, right)),
      undefined,
    ) ?? emptyRoot
  )
}

/**
 * The hashes of these ranges, with one call to the reader. Proofs of neighbours are mostly of the same ranges: each is
 * made once, and is the same value wherever it stands.
 */
export async function hashRanges(ranges: readonly Range[], read: HashReader): Promise<readonly Hash[]> {
  const { distinct, places } = distinctOf(ranges)
  const nodes = distinct.map(nodesOf)
  const hashes = await read(nodes.flat())
  let at = 0
  const made = nodes.map(({ length }) => {
    at += length
    return foldRange(hashes.slice(at - length, at))
  })
  return places.map((place) => made[place] ?? emptyRoot)
}

/** Each range once, and for every one that was asked for its place among them. */
function distinctOf(ranges: readonly Range[]): {
  readonly distinct: readonly Range[]
  readonly places: readonly number[]
} {
  const known = new Map<number, Map<number, number>>()
  const distinct: Range[] = []
  const places = ranges.map((range) => {
    const { start, end } = range
    const byEnd = known.get(start) ?? new Map<number, number>()
    const place = byEnd.get(end)
    if (place !== undefined) return place
    known.set(start, byEnd.set(end, distinct.length))
    return distinct.push(range) - 1
  })
  return { distinct, places }
}

export async function rootOf(size: number, read: HashReader): Promise<Hash> {
  const [root] = await hashRanges([{ start: 0, end: size }], read)
  return root ?? emptyRoot
}

export const inclusionProof = (index: number, size: number, read: HashReader): Promise<readonly Hash[]> =>
  hashRanges(inclusionRanges(index, size), read)

export const consistencyProof = (from: number, to: number, read: HashReader): Promise<readonly Hash[]> =>
  hashRanges(consistencyRanges(from, to), read)

function largestPowerBelow(width: number): number {
  let power = 1
  while (2 * power < width) power *= 2
  return power
}
