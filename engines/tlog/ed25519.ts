/** Ed25519 (RFC 8032) over raw keys of 32 bytes, as notes carry them; node:crypto wants them wrapped (RFC 8410). */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { fromHex } from './bytes.ts'

/** DER of SubjectPublicKeyInfo and of PKCS #8 for Ed25519, up to the 32 bytes themselves (RFC 8410 §4, §7). */
const publicPrefix = fromHex('302a300506032b6570032100') as Uint8Array
const privatePrefix = fromHex('302e020100300506032b657004220420') as Uint8Array

export const keyLength = 32
export const signatureLength = 64

const der = (prefix: Uint8Array, raw: Uint8Array): Buffer => Buffer.concat([prefix, raw])

export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== keyLength || signature.length !== signatureLength) return false
  try {
    const key = createPublicKey({ key: der(publicPrefix, publicKey), format: 'der', type: 'spki' })
    return verify(null, message, key, signature)
  } catch {
    return false // 32 bytes that are no point of the curve verify nothing
  }
}

/** A private key is its seed of 32 bytes. */
export type SigningKey = {
  readonly publicKey: Uint8Array
  readonly sign: (message: Uint8Array) => Uint8Array
}

export function signingKey(seed: Uint8Array): SigningKey {
  const key = createPrivateKey({ key: der(privatePrefix, seed), format: 'der', type: 'pkcs8' })
  return { publicKey: rawPublic(key), sign: (message) => new Uint8Array(sign(null, message, key)) }
}

function rawPublic(key: KeyObject): Uint8Array {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return new Uint8Array(spki.subarray(publicPrefix.length))
}
