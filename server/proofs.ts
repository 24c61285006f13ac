/**
 * The proof that goes with a record: the parcel of what the asker may have of it (salts and values of its fields, digests
 * of those withheld), from which he computes the leaf himself, and the leaf's inclusion under a checkpoint that its origin
 * signed (RFC 9162 §2.1.3; C2SP tlog-checkpoint). A peer's record brings its origin's proof along; for this node's own it
 * is made here, of the transparency log.
 *
 * A proof tells the place of one leaf and the size of the log under one signed checkpoint. That is what a transparency log
 * publishes to everybody: how many leaves there are, and never what any of them says.
 */
import { nodeOfLog } from '../engines/exchange/index.ts'
import { type Held, type NodeId, narrow, unmarkedOf } from '../engines/record/index.ts'
import type { OriginProof, Store } from '../engines/store/index.ts'
import { formatVkey, logVerifier, type PublicKey, type TransparencyLog } from '../engines/tlog/index.ts'
import type { Proofs } from './context.ts'

export type ProofParts = {
  readonly store: Pick<Store, 'provenance'>
  readonly log: Pick<TransparencyLog, 'checkpoint' | 'inclusion'>
  /** Keys of a node as this one knows them; none of a stranger's. */
  readonly keysOf: (node: NodeId) => Promise<readonly KnownKey[]>
}
type KnownKey = Pick<PublicKey, 'node' | 'key' | 'revokedAt'>

export const proofsOf = ({ store, log, keysOf }: ProofParts): Proofs => ({
  async proofOf(held) {
    const { record, withheld = [] } = held
    const [provenance] = await store.provenance([{ id: record.id, version: record.version }])
    if (!provenance) return undefined
    if (unmarkedOf(record, withheld).length > 0) return undefined // marked later: this version cannot travel without them
    const proof = provenance.proof ?? (await ownProof(log, held))
    if (!proof) return undefined
    const { disclosed, withheld: digests } = narrow(provenance.parcel, withheld)
    return {
      leaf: provenance.leaf,
      parcel: { disclosed: disclosed.map((field) => ({ ...field })), withheld: [...digests] },
      proof: { ...proof, hashes: [...proof.hashes] },
      keys: await vkeysOf(proof.checkpoint, keysOf),
    }
  },
})

async function ownProof(log: ProofParts['log'], { index }: Held): Promise<OriginProof | undefined> {
  const checkpoint = await log.checkpoint()
  if (!checkpoint || index >= checkpoint.size) return undefined
  const [hashes] = await log.inclusion([index], checkpoint.size)
  if (!hashes) return undefined
  return {
    index,
    treeSize: checkpoint.size,
    hashes: hashes.map((hash) => Buffer.from(hash).toString('base64')),
    checkpoint: checkpoint.note,
  }
}

/** Of the log that the checkpoint names: whoever checks must not take the keys of one log for another's. */
async function vkeysOf(note: string, keysOf: ProofParts['keysOf']): Promise<string[]> {
  const node = nodeOfLog(note.slice(0, Math.max(0, note.indexOf('\n'))))
  const known = node === undefined ? [] : await keysOf(node)
  return known
    .filter(({ revokedAt }) => revokedAt === undefined)
    .map((key) => formatVkey(logVerifier({ node: key.node, key: key.key })))
}
