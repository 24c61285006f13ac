/**
 * The node's transparency log: a Merkle tree (RFC 6962, RFC 9162) over the leaves of `log`, in the C2SP tlog-tiles layout,
 * under checkpoints that are signed notes (C2SP tlog-checkpoint, signed-note, tlog-cosignature; Ed25519).
 *
 * An entry is the 32 bytes of a record's leaf: salted, so it tells nothing; the content stays outside and can be erased.
 * The index in the tree is the index in the store's log. Whoever holds two checkpoints can ask for a proof that one
 * extends the other; whoever holds a record, that it stands under a checkpoint.
 */
import type { Digest, Instant, NodeId } from '../record/index.ts'

/** SHA-256, 32 bytes. */
export type Hash = Uint8Array

export type Checkpoint = {
  /** `durres.example/log` */
  readonly origin: string
  readonly size: number
  readonly root: Hash
}

export type SignedCheckpoint = Checkpoint & {
  /** The signed note as it is published, cosignatures of witnesses included. */
  readonly note: string
  readonly signedAt: Instant
}

export type TransparencyLog = {
  readonly origin: string
  /**
   * Takes up what the store's log holds beyond the tree, writes tiles, signs. One at a time over all processes. Throws
   * `LogHeld` while signing is held.
   */
  readonly integrate: () => Promise<SignedCheckpoint>
  /** The newest signed; undefined before the first. */
  readonly checkpoint: () => Promise<SignedCheckpoint | undefined>
  /** Adds the cosignature lines of a witness to the checkpoint of that size. */
  readonly cosign: (size: number, lines: readonly string[]) => Promise<void>
  /** Inclusion proofs of these indexes under the tree of that size, in the order asked for. */
  readonly inclusion: (indexes: readonly number[], size: number) => Promise<readonly (readonly Hash[])[]>
  readonly consistency: (from: number, to: number) => Promise<readonly Hash[]>
  /** Bytes of a tile as it is served, or undefined where the tree does not reach: `tile/0/x001/234`, `tile/entries/…`. */
  readonly file: (path: string) => Promise<Uint8Array | undefined>
}

/** A public key as the region knows it. */
export type PublicKey = {
  readonly node: NodeId
  /** First 4 bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ key), hexadecimal: the key id of signed notes. */
  readonly keyId: string
  /** 32 bytes Ed25519, base64. */
  readonly key: string
  readonly validFrom: Instant
  /** The end of the overlap after a rotation. */
  readonly validUntil?: Instant
  readonly revokedAt?: Instant
}

export type NodeKeys = {
  readonly node: NodeId
  /** The one that signs now. */
  readonly current: () => PublicKey
  /** All of this node, newest first. */
  readonly all: () => Promise<readonly PublicKey[]>
  /** 64 bytes, Ed25519 with the current key. */
  readonly sign: (message: Uint8Array) => Uint8Array
  /** A new key signs from now on; the old one stays valid for the overlap. Answers the new one. */
  readonly rotate: (overlapMs: number) => Promise<PublicKey>
  readonly revoke: (keyId: string, reason: string) => Promise<void>
}

/** Leaves of the store's log from `first` on, in order. */
export type Leaves = (first: number, limit: number) => Promise<readonly Digest[]>
