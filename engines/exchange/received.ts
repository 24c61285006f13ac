/**
 * `mosaic-received`: with the request for what comes next a taker says what it holds of the batch before, and signs it
 * with the request. The giver keeps that: proof of delivery.
 *
 *     mosaic-received: sha-256=:BASE64:;count=998;refused="3 17";chain=:BASE64:
 *
 * The digest is SHA-256 over the leaves (32 bytes each) of the records that the taker has stored, in the order of the
 * batch; `refused` names the positions of those that it has not. A leaf commits to the record as it stands in its origin's
 * log, withheld fields included, so nobody can later mean another record by it.
 *
 * The chain is SHA-256 of the chain before (at first 32 bytes of zero) and the digest. So one signature speaks for all
 * batches up to its own, and the giver needs not keep a signature for each (`draw-together.ts`). A taker that lost its
 * place begins a new chain; a giver that does not know the one before keeps that receipt for itself.
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
  /** Over this batch and those before it. */
  readonly chain?: Uint8Array
}

/** What is signed for a batch, and where the chain stands then. */
export type MadeClaim = { readonly text: string; readonly chain: Uint8Array }

export const chainBegins: Uint8Array = new Uint8Array(32)

/** `digest`: base64, of the next batch. */
export const chainAfter = (before: Uint8Array, digest: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(before).update(digest, 'base64').digest())

/** Undefined where nothing of the batch was taken: then there is nothing to sign for. */
export function claimOf(
  leaves: readonly (Digest | undefined)[],
  before: Uint8Array = chainBegins,
): MadeClaim | undefined {
  const held = leaves.filter((leaf) => leaf !== undefined)
  if (held.length === 0) return undefined
  const refused = leaves.flatMap((leaf, at) => (leaf === undefined ? [at] : []))
  const rest = refused.length === 0 ? '' : `;refused="${refused.join(' ')}"`
  const digest = digestOf(held)
  const chain = chainAfter(before, digest)
  const chained = `;chain=:${Buffer.from(chain).toString('base64')}:`
  return { text: `sha-256=:${digest}:;count=${held.length}${rest}${chained}`, chain }
}

const shape =
  /^sha-256=:([A-Za-z0-9+/]{43}=):;count=([1-9]\d{0,3})(?:;refused="(\d{1,4}(?: \d{1,4})*)")?(?:;chain=:([A-Za-z0-9+/]{43}=):)?$/

export function parseClaim(text: string): Claim | undefined {
  const found = shape.exec(text)
  if (found === null) return undefined
  const [, digest = '', count, refused = '', chain] = found
  const positions = refused === '' ? [] : refused.split(' ').map(Number)
  if (positions.length >= maxBatchItems) return undefined
  return {
    digest,
    count: Number(count),
    refused: positions,
    ...(chain !== undefined && { chain: new Uint8Array(Buffer.from(chain, 'base64')) }),
  }
}

/** Does the claim speak of this batch? */
export function fitsBatch({ digest, count, refused }: Claim, leaves: readonly Digest[]): boolean {
  const held = heldOf(leaves, refused)
  return held.length === count && leaves.length === count + new Set(refused).size && digestOf(held) === digest
}

/** Of a batch of which those at `refused` were not taken: base64. */
export const digestWithout = (leaves: readonly Digest[], refused: readonly number[]): string =>
  digestOf(heldOf(leaves, refused))

function heldOf(leaves: readonly Digest[], refused: readonly number[]): readonly Digest[] {
  const gone = new Set(refused)
  return leaves.filter((_, at) => !gone.has(at))
}

function digestOf(leaves: readonly Digest[]): string {
  const sum = createHash('sha256')
  for (const leaf of leaves) sum.update(leaf, 'hex')
  return sum.digest('base64')
}
