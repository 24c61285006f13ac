/**
 * What a node says of its keys, as records: `tlog.key` (this key is mine, from, until; vouched for by that key of mine)
 * and `tlog.key-revocation` (do not trust this one any more). Each statement carries its own signature besides the log's,
 * over a text that begins with what it is, so that it can be passed for nothing else.
 *
 *     mosaic-key-1 \n node \n key id \n public key, base64 \n validFrom \n validUntil or "-" \n endorsedBy \n
 *     mosaic-key-revocation-1 \n node \n key id \n revokedAt \n reason, as JSON \n by \n
 */
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { defineRecord, type Instant, isInstant, type NodeId } from '../record/index.ts'
import { fromBase64, utf8 } from './bytes.ts'
import { originOf } from './checkpoint.ts'
import { keyLength, signatureLength, verifyEd25519 } from './ed25519.ts'
import { ed25519Type, keyIdOf } from './note.ts'

const KeyId = Type.String({ pattern: '^[0-9a-f]{8}$' })
const Signature = Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' })
const At = Type.String({ minLength: 24, maxLength: 24 })

export const tlogKey = defineRecord({
  type: 'tlog.key',
  schemaVersion: 1,
  terms: 'C2SP signed-note; Ed25519 (RFC 8032)',
  body: Type.Object(
    {
      publicKey: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' }),
      keyId: KeyId,
      validFrom: At,
      validUntil: Type.Optional(At),
      endorsedBy: KeyId,
      signature: Signature,
    },
    { additionalProperties: false },
  ),
})

export const tlogKeyRevocation = defineRecord({
  type: 'tlog.key-revocation',
  schemaVersion: 1,
  body: Type.Object(
    {
      keyId: KeyId,
      revokedAt: At,
      reason: Type.String({ minLength: 1, maxLength: 500 }),
      by: KeyId,
      signature: Signature,
    },
    { additionalProperties: false },
  ),
})

export type KeyBody = Static<typeof tlogKey.body>
export type RevocationBody = Static<typeof tlogKeyRevocation.body>

/** A statement about a key, with the node whose key it is. */
export type KeyStatement =
  | { readonly kind: 'key'; readonly node: NodeId; readonly body: KeyBody }
  | { readonly kind: 'revocation'; readonly node: NodeId; readonly body: RevocationBody }

const keyBodies = Compile(tlogKey.body)
const revocationBodies = Compile(tlogKeyRevocation.body)

/** Undefined for a record of another type, or whose body is none of ours. */
export function keyStatementOf(record: {
  readonly type: string
  readonly origin: NodeId
  readonly body: unknown
}): KeyStatement | undefined {
  const { type, origin: node, body } = record
  if (type === tlogKey.type && keyBodies.Check(body)) {
    const areInstants =
      isInstant(body.validFrom) && (body.validUntil === undefined || isInstant(body.validUntil))
    const isItsId =
      keyIdOf(originOf(node), ed25519Type, fromBase64(body.publicKey) ?? new Uint8Array(0)) === body.keyId
    return areInstants && isItsId ? { kind: 'key', node, body } : undefined
  }
  if (type === tlogKeyRevocation.type && revocationBodies.Check(body))
    return isInstant(body.revokedAt) ? { kind: 'revocation', node, body } : undefined
  return undefined
}

export const keyMessage = (node: NodeId, body: Omit<KeyBody, 'signature'>): Uint8Array =>
  utf8(
    `mosaic-key-1\n${node}\n${body.keyId}\n${body.publicKey}\n${body.validFrom}\n${body.validUntil ?? '-'}\n${body.endorsedBy}\n`,
  )

export const revocationMessage = (node: NodeId, body: Omit<RevocationBody, 'signature'>): Uint8Array =>
  utf8(
    `mosaic-key-revocation-1\n${node}\n${body.keyId}\n${body.revokedAt}\n${JSON.stringify(body.reason)}\n${body.by}\n`,
  )

/** Did the key with these 32 bytes, base64, sign this statement? */
export function isSignedBy(statement: KeyStatement, key: string): boolean {
  const { node, body } = statement
  const publicKey = fromBase64(key)
  const signature = fromBase64(body.signature)
  if (publicKey?.length !== keyLength || signature?.length !== signatureLength) return false
  const message =
    statement.kind === 'key' ? keyMessage(node, statement.body) : revocationMessage(node, statement.body)
  return verifyEd25519(publicKey, message, signature)
}

export const asInstant = (text: string): Instant => text as Instant
