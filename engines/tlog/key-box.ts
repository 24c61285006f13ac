/**
 * A private key at rest. With a passphrase: scrypt (RFC 7914) makes a key of it, AES-256-GCM seals the 32 bytes, bound to
 * the node and the key id, so that no box opens as another. The cost stands beside the box and is bounded when read: a
 * changed database must not make the node compute for ever. Without a passphrase the key stands open, and says so.
 */
import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { NodeId } from '../record/index.ts'
import { fromBase64, toBase64, utf8 } from './bytes.ts'
import { keyLength } from './ed25519.ts'
import { PassphraseMissing, PassphraseWrong } from './errors.ts'

/** Memory is 128 · n · r bytes: 128 MiB by default, 512 MiB at most. */
export const defaultCost = 2 ** 17
const maxCost = 2 ** 19
const blockSize = 8

const Base64 = Type.String({ pattern: '^[A-Za-z0-9+/]+=*$', maxLength: 200 })
const BoxSchema = Type.Union([
  Type.Object({ kind: Type.Literal('open'), key: Base64 }, { additionalProperties: false }),
  Type.Object(
    {
      kind: Type.Literal('scrypt-aes-256-gcm'),
      n: Type.Integer({ minimum: 2, maximum: maxCost }),
      salt: Base64,
      nonce: Base64,
      sealed: Base64,
    },
    { additionalProperties: false },
  ),
])
export type KeyBox = Static<typeof BoxSchema>
const boxes = Compile(BoxSchema)

/** What a box belongs to, so that it opens as no other key. */
export const boxLabel = (node: NodeId, keyId: string): string => `mosaic-key\n${node}\n${keyId}`

export type BoxSetting = {
  /** `boxLabel`. */
  readonly label: string
  readonly passphrase?: string
  readonly cost?: number
  readonly random: (bytes: number) => Uint8Array
}

export async function seal(key: Uint8Array, setting: BoxSetting): Promise<KeyBox> {
  const { passphrase, label, cost = defaultCost, random } = setting
  if (passphrase === undefined) return { kind: 'open', key: toBase64(key) }
  const salt = random(16)
  const nonce = random(12)
  const sealed = sealBytes(await stretch(passphrase, salt, cost), { nonce, label, bytes: key })
  return {
    kind: 'scrypt-aes-256-gcm',
    n: cost,
    salt: toBase64(salt),
    nonce: toBase64(nonce),
    sealed: toBase64(sealed),
  }
}

/** Throws `PassphraseMissing`, or `PassphraseWrong` for a box that does not open. */
export async function open(
  box: unknown,
  setting: Pick<BoxSetting, 'label' | 'passphrase'>,
): Promise<Uint8Array> {
  if (!boxes.Check(box)) throw new PassphraseWrong()
  if (box.kind === 'open') return sound(fromBase64(box.key))
  const { passphrase, label } = setting
  if (passphrase === undefined) throw new PassphraseMissing()
  const [salt, nonce, sealed] = [box.salt, box.nonce, box.sealed].map(fromBase64)
  if (!salt || !nonce || !sealed) throw new PassphraseWrong()
  return sound(openBytes(await stretch(passphrase, salt, box.n), { nonce, label, bytes: sealed }))
}

function sound(key: Uint8Array | undefined): Uint8Array {
  if (key?.length !== keyLength) throw new PassphraseWrong()
  return key
}

const scryptAsync = promisify<string, Uint8Array, number, object, Buffer>(scrypt)

const stretch = (passphrase: string, salt: Uint8Array, n: number): Promise<Uint8Array> =>
  scryptAsync(passphrase.normalize('NFKC'), salt, 32, {
    N: n,
    r: blockSize,
    p: 1,
    maxmem: 256 * n * blockSize,
  })

type Sealing = { readonly nonce: Uint8Array; readonly label: string; readonly bytes: Uint8Array }

/** AES-256-GCM; the tag of 16 bytes stands at the end. */
export function sealBytes(key: Uint8Array, { nonce, label, bytes }: Sealing): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(utf8(label))
  return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

/** Undefined where key, label or a byte is not what it was sealed with. */
export function openBytes(key: Uint8Array, { nonce, label, bytes }: Sealing): Uint8Array | undefined {
  if (bytes.length < 16 || nonce.length !== 12) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce)
      .setAAD(utf8(label))
      .setAuthTag(bytes.subarray(-16))
    return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]))
  } catch {
    return undefined // the tag does not fit: the way in which GCM says no
  }
}
