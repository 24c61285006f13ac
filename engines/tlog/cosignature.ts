/**
 * Cosignatures (C2SP tlog-cosignature, Ed25519): a witness says that, at this time, this is the largest tree it has seen
 * of this log, and that it extends all it had seen before.
 *
 *     message   = "cosignature/v1\n" || "time <seconds>\n" || text of the checkpoint
 *     signature = seconds as big-endian uint64 || 64 bytes Ed25519         key id: type 0x04
 *
 * A node cosigns as `<name>/witness`, with the key that signs its log: the first line keeps the two statements apart,
 * and no log's origin is `cosignature/v1`. The ML-DSA-44 form that C2SP now recommends beside it is kept unread.
 */
import type { NodeId } from '../record/index.ts'
import { fromBase64, utf8 } from './bytes.ts'
import type { PublicKey } from './contract.ts'
import { signatureLength } from './ed25519.ts'
import {
  cosignatureType,
  type Note,
  type NoteSignature,
  type NoteVerdict,
  type Statement,
  signatureLine,
  type Verifier,
  verifierOf,
  verifyNote,
} from './note.ts'

export const witnessName = (node: NodeId): string => `${node}/witness`

const cosigned = (text: string, seconds: number | bigint): Uint8Array =>
  utf8(`cosignature/v1\ntime ${seconds}\n${text}`)

export type Cosigner = {
  readonly node: NodeId
  readonly publicKey: Uint8Array
  readonly sign: (message: Uint8Array) => Uint8Array
}

/** The line that a witness answers with, without its newline. */
export function cosignatureLine(text: string, atSeconds: number, cosigner: Cosigner): string {
  const name = witnessName(cosigner.node)
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(atSeconds))
  return signatureLine({
    name,
    keyId: verifierOf(name, cosignatureType, cosigner.publicKey).keyId,
    signature: Buffer.concat([time, cosigner.sign(cosigned(text, atSeconds))]),
  })
}

/** Undefined where the bytes are no time and signature. */
export function cosignedAt({ signature }: NoteSignature): bigint | undefined {
  if (signature.length !== 8 + signatureLength) return undefined
  const time = Buffer.from(signature).readBigUInt64BE()
  return time < 2n ** 63n ? time : undefined
}

const statement: Statement = ({ text }, one) => {
  const time = cosignedAt(one)
  return time === undefined
    ? undefined
    : { message: cosigned(text, time), signature: one.signature.subarray(8) }
}

/** Which of these witnesses cosigned the note. */
export const verifyCosignatures = (note: Note, witnesses: readonly Verifier[]): NoteVerdict =>
  verifyNote(note, witnesses, statement)

/** What checks the cosignatures of this key's node. */
export const witnessVerifier = ({ node, key }: Pick<PublicKey, 'node' | 'key'>): Verifier =>
  verifierOf(witnessName(node), cosignatureType, fromBase64(key) ?? new Uint8Array(0))
