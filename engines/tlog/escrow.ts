/**
 * The escrow copy: all private keys of the node, sealed so that only two of the people who hold shares can open it.
 *
 * It is sealed to a public key (X25519, RFC 7748), whose private half exists only as shares. So the node can seal it anew
 * after every rotation, and cannot open it itself:
 *
 *     key  = HKDF-SHA256(X25519(ephemeral, recovery), salt: ephemeral public || recovery public, info: "mosaic-escrow-1")
 *     file = "mosaic-escrow-1\n" node "\n" recovery public "\n" base64(ephemeral public || nonce || AES-256-GCM) "\n"
 *
 * The file tells nobody anything and may lie with every peer; the shares are what must be kept apart.
 */
import { createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { NodeId } from '../record/index.ts'
import { fromBase64, fromHex, fromUtf8, sameBytes, toBase64, utf8 } from './bytes.ts'
import { RecoveryRefused } from './errors.ts'
import { openBytes, sealBytes } from './key-box.ts'

const publicPrefix = fromHex('302a300506032b656e032100') as Uint8Array
const privatePrefix = fromHex('302e020100300506032b656e04220420') as Uint8Array
const first = 'mosaic-escrow-1'
const maxEscrowBytes = 1_000_000

const KeySchema = Type.Object({
  keyId: Type.String(),
  seed: Type.String(),
  validFrom: Type.String(),
  validUntil: Type.Union([Type.String(), Type.Null()]),
  revokedAt: Type.Union([Type.String(), Type.Null()]),
  revokedFor: Type.Union([Type.String(), Type.Null()]),
  endorsedBy: Type.String(),
})
const ContentSchema = Type.Object({
  /** Oldest first. */
  keys: Type.Array(KeySchema, { minItems: 1 }),
  statements: Type.Array(
    Type.Object({
      type: Type.Union([Type.Literal('tlog.key'), Type.Literal('tlog.key-revocation')]),
      keyId: Type.String(),
      body: Type.Unknown(),
    }),
  ),
})
export type EscrowContent = Static<typeof ContentSchema>
const contents = Compile(ContentSchema)

export type Escrow = { readonly node: NodeId; readonly recoveryKey: Uint8Array; readonly sealed: Uint8Array }

const privateKey = (raw: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([privatePrefix, raw]), format: 'der', type: 'pkcs8' })
const publicKey = (raw: Uint8Array) =>
  createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' })

/** The public half of 32 secret bytes. */
export const recoveryKeyOf = (secret: Uint8Array): Uint8Array =>
  new Uint8Array(
    createPublicKey(privateKey(secret)).export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length),
  )

const keyFrom = (mine: Uint8Array, theirs: Uint8Array, salt: Uint8Array): Uint8Array => {
  const shared = diffieHellman({ privateKey: privateKey(mine), publicKey: publicKey(theirs) })
  return new Uint8Array(hkdfSync('sha256', shared, salt, utf8(first), 32))
}

export function sealEscrow(
  to: { readonly node: NodeId; readonly recoveryKey: Uint8Array },
  content: EscrowContent,
  random: (bytes: number) => Uint8Array,
): string {
  const secret = random(32)
  const ephemeral = recoveryKeyOf(secret)
  const nonce = random(12)
  const key = keyFrom(secret, to.recoveryKey, Buffer.concat([ephemeral, to.recoveryKey]))
  const sealed = sealBytes(key, { nonce, label: labelOf(to.node), bytes: utf8(JSON.stringify(content)) })
  const body = toBase64(Buffer.concat([ephemeral, nonce, sealed]))
  return `${first}\n${to.node}\n${toBase64(to.recoveryKey)}\n${body}\n`
}

/** Undefined for a text that is no escrow copy. */
export function parseEscrow(text: string): Escrow | undefined {
  if (text.length > maxEscrowBytes) return undefined
  const [head, node, key = '', body = '', end, ...rest] = text.split('\n')
  const recoveryKey = fromBase64(key)
  const sealed = fromBase64(body)
  if (head !== first || !node || end !== '' || rest.length > 0) return undefined
  if (recoveryKey?.length !== 32 || sealed === undefined || sealed.length < 32 + 12 + 16) return undefined
  return { node: node as NodeId, recoveryKey, sealed }
}

/** Throws `RecoveryRefused` where the secret is not the one it was sealed for, or a byte was changed. */
export function openEscrow({ node, recoveryKey, sealed }: Escrow, secret: Uint8Array): EscrowContent {
  if (!sameBytes(recoveryKeyOf(secret), recoveryKey))
    throw new RecoveryRefused(
      'These shares belong to another escrow copy; take the copy that was written with them.',
    )
  const ephemeral = sealed.subarray(0, 32)
  const key = keyFrom(secret, ephemeral, Buffer.concat([ephemeral, recoveryKey]))
  const bytes = openBytes(key, {
    nonce: sealed.subarray(32, 44),
    label: labelOf(node),
    bytes: sealed.subarray(44),
  })
  const content: unknown = bytes && JSON.parse(fromUtf8(bytes) ?? 'null')
  if (!contents.Check(content))
    throw new RecoveryRefused('The escrow copy was changed; take another copy of it.')
  return content
}

const labelOf = (node: NodeId): string => `${first}\n${node}`
