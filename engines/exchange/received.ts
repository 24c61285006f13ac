/**
 * `mosaic-received`: with the request for what comes next a taker says what it holds of the batch before, and signs it
 * with the request. The giver keeps that: proof of delivery.
 *
 *     mosaic-received: sha-256=:BASE64:;count=998;refused="3 17"
 *
 * The digest is SHA-256 over the leaves (32 bytes each) of the records that the taker has stored, in the order of the
 * batch; `refused` names the positions of those that it has not. A leaf commits to the record as it stands in its origin's
 * log, withheld fields included, so nobody can later mean another record by it.
 */
import { createHash } from 'node:crypto'
import type { Digest } from '../record/index.ts'
import { maxBatchItems } from './wire.ts'

export type Claim = {
  /** Base64. */
  readonly digest: string
  readonly count: number
  /** Positions in the batch, ascending. */
  readonly refused: readonly number[]
}

/** Undefined where nothing of the batch was taken: then there is nothing to sign for. */
export function claimOf(leaves: readonly (Digest | undefined)[]): string | undefined {
  const held = leaves.filter((leaf) => leaf !== undefined)
  if (held.length === 0) return undefined
  const refused = leaves.flatMap((leaf, at) => (leaf === undefined ? [at] : []))
  const rest = refused.length === 0 ? '' : `;refused="${refused.join(' ')}"`
  return `sha-256=:${digestOf(held)}:;count=${held.length}${rest}`
}

const shape = /^sha-256=:([A-Za-z0-9+/]{43}=):;count=([1-9]\d{0,3})(?:;refused="(\d{1,4}(?: \d{1,4})*)")?$/

export function parseClaim(text: string): Claim | undefined {
  const found = shape.exec(text)
  if (found === null) return undefined
  const [, digest = '', count, refused = ''] = found
  const positions = refused === '' ? [] : refused.split(' ').map(Number)
  return positions.length < maxBatchItems ? { digest, count: Number(count), refused: positions } : undefined
}

/** Does the claim speak of this batch? */
export function fitsBatch({ digest, count, refused }: Claim, leaves: readonly Digest[]): boolean {
  const gone = new Set(refused)
  const held = leaves.filter((_, at) => !gone.has(at))
  return held.length === count && leaves.length === count + gone.size && digestOf(held) === digest
}

function digestOf(leaves: readonly Digest[]): string {
  const sum = createHash('sha256')
  for (const leaf of leaves) sum.update(leaf, 'hex')
  return sum.digest('base64')
}
