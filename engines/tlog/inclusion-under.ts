/**
 * Inclusion of many leaves under one root (RFC 9162 §2.1.3.2), each answer the same as `verifyInclusion` gives: what one
 * proof has shown is not hashed again for the next.
 *
 * A proof that leads to the root shows every node on its way, and every sibling of those. So the next leaf climbs only
 * until it meets a node that is known: its own hash must be that one, and what is left of its proof must be the siblings
 * that are known above. Of a thousand neighbours one hashes all the way up, the others about once each.
 *
 * Nodes are named by level and place, as the algorithm counts them: the last node of a level stands alone where it has no
 * sibling, and is named where it gets one. Hashes stay as they travel, in base64: a third of the time of bytes. Two spellings
 * of the same bytes are the same hash.
 */
import { hash } from 'node:crypto'
import { sameBytes, toBase64 } from './bytes.ts'
import type { Checkpoint } from './contract.ts'
import { hashBytes, isSize, leafHash, maxProofHashes } from './merkle.ts'

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
  const rootText = toBase64(root)
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
    let found = toBase64(leafHash(entry))
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
        if (held !== undefined && found !== held && !sameHash(found, held)) return false
        isKnown = held !== undefined
      }
      if (isKnown) {
        if (!sameHash(sibling, known(level, beside))) return false
      } else {
        const above = isRight ? nodeText(sibling, found) : nodeText(found, sibling)
        if (above === undefined) return false
        shown.push({ level, at, hash: found }, { level, at: beside, hash: sibling })
        found = above
      }
      level += 1
      at = half(at)
      last = half(last)
    }
    if (last !== 0 || !(isKnown || found === rootText)) return false
    shown.forEach(learn) // they led to the root, or to what leads there
    return true
  }
}

const half = (value: number): number => Math.floor(value / 2)

const sameHash = (text: string, held: string | undefined): boolean =>
  held !== undefined && (text === held || sameBytes(Buffer.from(text, 'base64'), Buffer.from(held, 'base64')))

/** SHA-256(0x01 || left || right), `nodeHash` of merkle.ts; undefined where one of the two is no hash. */
function nodeText(left: string, right: string): string | undefined {
  const isWhole = isHash(left) && isHash(right)
  if (!isWhole) return undefined
  node.write(left, 1, hashBytes, 'base64')
  node.write(right, 1 + hashBytes, hashBytes, 'base64')
  return hash('sha256', node, 'base64')
}

const node = Buffer.alloc(1 + 2 * hashBytes, 1)

/** 32 bytes, however they are spelled. */
const isHash = (text: string): boolean =>
  /^[A-Za-z0-9+/]{43}=$/.test(text) || Buffer.from(text, 'base64').length === hashBytes
