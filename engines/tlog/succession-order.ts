/**
 * Which of several successions of one node holds, and whose log says what about its records.
 *
 * States of a node: `own` (no succession is known) → `succeeded` (one holds). The way back is that the key which signed
 * the succession is revoked by its own heir: then it counts no more, and a thief who named an heir for a living node has
 * lost. Otherwise another heir takes the place of the first in one case only: its succession stands earlier in the old
 * node's own log, whose order nobody can change. So, of two:
 *
 *     both in the old log            the one with the lower index
 *     one in the old log, one a      the one in the log, if it stands before the end that the recovery names: whoever
 *     recovery by two people         recovered had it in hand; else the one that was known here first
 *     both recoveries                the one that was known here first
 *
 * The others are refused and shown. Between two recoveries no log decides, so two nodes may believe different ones until
 * their operators have talked.
 *
 * The line of a node (`lineOf`) is a list of logs that speak for its records, one after the other. A log that ended at
 * size n holds at most n versions of a record; so the heir numbers its versions above n, and no version of the one can
 * stand under the number of one of the other.
 */
import type { NodeId } from '../record/index.ts'
import type { Checkpoint } from './contract.ts'
import type { Succession } from './succession.ts'

export type Claim = Omit<Extract<Succession, { readonly kind: 'succeeds' }>, 'kind' | 'isInOldLog'> & {
  /** In the old node's own log; absent: a recovery, in the heir's. */
  readonly index?: number
}

export type Decided<Said extends Claim> = {
  readonly stands: Said | undefined
  readonly second: readonly Said[]
}

/** Claims about one node, in the order in which they became known here. What says the same again is no second. */
export function decideSuccession<Said extends Claim>(claims: readonly Said[]): Decided<Said> {
  let stands: Said | undefined
  for (const claim of claims) if (stands === undefined || precedes(claim, stands)) stands = claim
  const holds = stands
  return { stands, second: claims.filter((claim) => holds !== undefined && !isSame(claim, holds)) }
}

function precedes(claim: Claim, stands: Claim): boolean {
  if (claim.index === undefined) return false
  return claim.index < (stands.index ?? stands.end.size)
}

const isSame = (a: Claim, b: Claim): boolean =>
  a.to === b.to && a.end.size === b.end.size && a.end.root.every((byte, at) => byte === b.end.root[at])

/** One log that speaks, or spoke, for the records of a node. */
export type Stretch = {
  readonly node: NodeId
  /** Its versions have higher numbers than this. */
  readonly above: number
  /** Where it ended; absent: it has not. */
  readonly end?: Checkpoint
}

/** Its own log first, then those of its heirs in turn. A circle ends where it closes. */
export function lineOf(node: NodeId, claims: ReadonlyMap<NodeId, Claim>): readonly Stretch[] {
  const line: Stretch[] = []
  const seen = new Set<NodeId>()
  let above = 0
  for (let at: NodeId | undefined = node; at !== undefined && !seen.has(at); ) {
    seen.add(at)
    const claim = claims.get(at)
    line.push({ node: at, above, ...(claim && { end: claim.end }) })
    above += claim?.end.size ?? 0
    at = claim?.to
  }
  return line
}
