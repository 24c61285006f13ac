/**
 * Inclusion of many leaves under one root (RFC 9162 §2.1.3.2), each answer the same as `verifyInclusion` gives: what one
 * proof has shown is not hashed again for the next.
 *
 * A proof that leads to the root shows every node on its way, and every sibling of those. So the next leaf climbs only
 * until it meets a node that is known: its own hash must be that one, and what is left of its proof must be the siblings
 * that are known above. Of a thousand neighbours one hashes all the way up, the others about once each.
 *
 * Nodes are named by level and place, as the algorithm counts them: the last node of a level stands alone where it has no
 * sibling, and is named where it gets one. Hashes are kept as they travel, in base64; two spellings of the same bytes are
 * the same hash.
 */
import { sameBytes, toBase64 } from './bytes.ts'
import type { Checkpoint, Hash } from './contract.ts'
import { hashBytes, isSize, leafHash, maxProofHashes, nodeHash } from './merkle.ts'

export type AskedInclusion = {
  readonly index: number
  /** What stands in the log, not yet hashed. */
  readonly entry: Uint8Array
  /** Base64, from below. */
  readonly proof: readonly string[]
}

type Node = { readonly level: number; readonly at: number; readonly hash: string }

export function inclusionUnder({
  size,
  root,
}: Pick<Checkpoint, 'size' | 'root'>): (asked: AskedInclusion) => boolean {
  const levels: Map<number, string>[] = []
  const known = (level: number, at: number): string | undefined => levels[level]?.get(at)
  const learn = ({ level, at, hash }: Node): void => {
    levels[level] ??= new Map()
    levels[level].set(at, hash)
  }
  return ({ index, entry, proof }) => {
    if (!isSize(size) || !isSize(index) || index >= size || proof.length > maxProofHashes) return false
    const shown: Node[] = []
    let level = 0
    let at = index
    let last = size - 1
    let found = leafHash(entry)
    let isKnown = false
    for (const sibling of proof) {
      if (last === 0) return false
      for (; at === last && at % 2 === 0; level++) {
        at = half(at)
        last = half(last)
      }
      const isRight = at % 2 === 1
      const beside = isRight ? at - 1 : at + 1
      if (!isKnown) {
        const held = known(level, at)
        if (held !== undefined && !sameHash(toBase64(found), held)) return false
        isKnown = held !== undefined
      }
      if (isKnown) {
        if (!sameHash(sibling, known(level, beside))) return false
      } else {
        const other = bytesOf(sibling)
        if (other.length !== hashBytes) return false
        shown.push({ level, at, hash: toBase64(found) }, { level, at: beside, hash: sibling })
        found = isRight ? nodeHash(other, found) : nodeHash(found, other)
      }
      level += 1
      at = half(at)
      last = half(last)
    }
    if (last !== 0) return false
    if (isKnown) return true
    if (!sameBytes(found, root)) return false
    shown.forEach(learn)
    return true
  }
}

const half = (value: number): number => Math.floor(value / 2)

const sameHash = (text: string, held: string | undefined): boolean =>
  held !== undefined && (text === held || sameBytes(bytesOf(text), bytesOf(held)))

function bytesOf(text: string): Hash {
  const bytes = Buffer.from(text, 'base64')
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
