/**
 * The Merkle tree of RFC 6962 §2.1 and RFC 9162 §2.1, over SHA-256:
 *
 *     leaf hash = SHA-256(0x00 || entry)         node hash = SHA-256(0x01 || left || right)
 *
 * A tree of n leaves splits at the largest power of two below n; the empty tree's root is SHA-256 of nothing. The first
 * bytes keep leaves and nodes apart, so that no node can be passed off as an entry.
 *
 * Verification is §2.1.3.2 (inclusion) and §2.1.4.2 (consistency) of RFC 9162, step by step. Indexes are whole numbers
 * up to 2^53 - 1, so shifts are divisions: JavaScript's own shift cuts at 32 bits.
 */
import { hash } from 'node:crypto'
import { sameBytes } from './bytes.ts'
import type { Hash } from './contract.ts'

export const hashBytes = 32
/** A proof of more hashes than this is none: two for each level of a tree of 2^53 leaves would be too many. */
export const maxProofHashes = 63

const digest = (bytes: Uint8Array): Hash => new Uint8Array(hash('sha256', bytes, 'buffer'))

export const emptyRoot: Hash = digest(new Uint8Array(0))

export function leafHash(entry: Uint8Array): Hash {
  const bytes = new Uint8Array(1 + entry.length)
  bytes.set(entry, 1)
  return digest(bytes)
}

export function nodeHash(left: Hash, right: Hash): Hash {
  const bytes = new Uint8Array(1 + 2 * hashBytes)
  bytes[0] = 1
  bytes.set(left, 1)
  bytes.set(right, 1 + hashBytes)
  return digest(bytes)
}

/** The size of a tree that this program can count. */
export const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

export type Inclusion = {
  readonly index: number
  readonly size: number
  readonly leafHash: Hash
  readonly proof: readonly Hash[]
  readonly root: Hash
}

/** RFC 9162 §2.1.3.2: does the leaf stand at this index of the tree with this root? */
export function verifyInclusion({ index, size, leafHash: leaf, proof, root }: Inclusion): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, root, ...proof])) return false
  let at = index
  let last = size - 1
  let found = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      found = nodeHash(sibling, found)
      while (!isOdd(at) && at !== 0) {
        at = half(at)
        last = half(last)
      }
    } else found = nodeHash(found, sibling)
    at = half(at)
    last = half(last)
  }
  return last === 0 && sameBytes(found, root)
}

export type Consistency = {
  readonly from: number
  readonly to: number
  readonly rootFrom: Hash
  readonly rootTo: Hash
  readonly proof: readonly Hash[]
}

/**
 * RFC 9162 §2.1.4.2: does the tree of size `to` begin with the whole tree of size `from`? Every tree extends the empty
 * one, and each extends itself; both need no proof, and are given none (C2SP tlog-witness).
 */
export function verifyConsistency({ from, to, rootFrom, rootTo, proof }: Consistency): boolean {
  if (!isSize(from) || !isSize(to) || from > to || !areHashes([rootFrom, rootTo, ...proof])) return false
  if (from === to) return proof.length === 0 && sameBytes(rootFrom, rootTo)
  if (from === 0) return proof.length === 0 && sameBytes(rootFrom, emptyRoot)
  if (proof.length === 0) return false

  let at = from - 1
  let last = to - 1
  while (isOdd(at)) {
    at = half(at)
    last = half(last)
  }
  const [first, ...rest] = at === 0 ? [rootFrom, ...proof] : proof // at is 0 where `from` is a power of two
  if (first === undefined) return false
  let foundFrom = first
  let foundTo = first
  for (const sibling of rest) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      foundFrom = nodeHash(sibling, foundFrom)
      foundTo = nodeHash(sibling, foundTo)
      while (!isOdd(at) && at !== 0) {
        at = half(at)
        last = half(last)
      }
    } else foundTo = nodeHash(foundTo, sibling)
    at = half(at)
    last = half(last)
  }
  return last === 0 && sameBytes(foundFrom, rootFrom) && sameBytes(foundTo, rootTo)
}

const areHashes = (hashes: readonly Hash[]): boolean =>
  hashes.length <= maxProofHashes + 2 && hashes.every(({ length }) => length === hashBytes)

const isOdd = (value: number): boolean => value % 2 === 1
const half = (value: number): number => Math.floor(value / 2)
