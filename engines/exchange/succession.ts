/**
 * Who speaks for an origin that is no more: the node that a `tlog.succession` names, signed by a key of the old node
 * (engines/tlog/succession.ts). Where two successions of one node name different heirs, the one that reached this node's
 * log first holds: a stolen key can make a second, and nobody can make it the first.
 */
import { actual, type NodeId } from '../record/index.ts'
import type { Store } from '../store/index.ts'
import { type PublicKey, succeeds, tlogSuccession } from '../tlog/index.ts'

export type SuccessionParts = {
  readonly store: Pick<Store, 'read'>
  /** All keys of a node that were ever vouched for, revoked ones marked. */
  readonly keysOf: (node: NodeId) => Promise<readonly PublicKey[]>
}

/** The node that owns now what this one owned; undefined while it owns it itself. */
export async function successorOf(
  { store, keysOf }: SuccessionParts,
  origin: NodeId,
): Promise<NodeId | undefined> {
  const keys = await keysOf(origin)
  const held = await store.read({ types: [tlogSuccession.type], realm: actual, order: 'index' })
  for (const { record } of held) {
    const found = succeeds(record, keys)
    if (found.kind === 'succeeds' && found.from === origin) return found.to
  }
  return undefined
}
