/** A person who compared fingerprints with an origin's operators says which of the introduced keys is its own. */
import type { NodeId } from '../record/index.ts'
import { logVerifier, openCheckpoint, originOf } from '../tlog/index.ts'
import type { PeerKey } from './contract.ts'
import { fingerprintOf, sameFingerprint } from './fingerprint.ts'
import type { IntroducedKey } from './introduced.ts'
import { type IntroductionParts, renewIntroduced } from './introductions.ts'
import type { RecordRef } from './origins.ts'
import type { Peers } from './peers.ts'

export type Settled =
  /** `unproven`: versions held here that only a key proves which is not the origin's. */
  | { readonly kind: 'settled'; readonly key: PeerKey; readonly unproven: readonly RecordRef[] }
  | { readonly kind: 'no-such-key'; readonly known: readonly IntroducedKey[] }
  | { readonly kind: 'is-peer' }

/**
 * This key is the origin's, and what does not follow from it is not. Its log counts as
 * never seen, and whoever may introduce is asked anew from the beginning: what was refused may be proven now.
 */
export async function settleOrigin(
  parts: Omit<IntroductionParts, 'client' | 'peers'> & { readonly peers: Peers },
  origin: NodeId,
  fingerprint: string,
): Promise<Settled> {
  const { origins, peers } = parts
  if ((await peers.get(origin)) !== undefined) return { kind: 'is-peer' }
  const known = await origins.introduced.all(origin)
  const found = known.find(({ root }) => sameFingerprint(fingerprintOf(root), fingerprint))
  if (found === undefined) return { kind: 'no-such-key', known }
  await origins.introduced.settle(origin, found.key.keyId)
  await renewIntroduced(parts, origin)
  await origins.forget(originOf(origin))
  for (const { node, introduces } of await peers.all()) if (introduces) await peers.beginAnew(node)
  const verifiers = (await origins.introduced.keys(origin)).map(({ key }) =>
    logVerifier({ node: origin, key }),
  )
  const unproven = await origins.provenOtherwise(
    originOf(origin),
    (note) => openCheckpoint(note, verifiers).kind === 'verified',
  )
  return { kind: 'settled', key: found.root, unproven }
}
