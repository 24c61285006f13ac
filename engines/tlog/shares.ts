/**
 * Shares: the recovery secret cut (Shamir, threshold two) among people, each share a line that is printed once and kept
 * on paper. Any two give the secret back; one alone tells nothing of it, not even by trying.
 *
 *     version 1 || set, 4 bytes || share, 33 bytes || checksum, 4 bytes       base32 (RFC 4648 §6) in groups of four
 *
 * The set is the beginning of SHA-256 of the recovery public key, so shares of two nodes, or of two splits, are told
 * apart; the checksum finds a mistyped letter before anything is tried. 0, 1 and 8 are read as O, I and B.
 */
import { hash } from 'node:crypto'
import { combine, split } from 'shamir-secret-sharing'
import { sameBytes } from './bytes.ts'
import { RecoveryRefused } from './errors.ts'
import { recoveryKeyOf } from './escrow.ts'

export const threshold = 2
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const shareBytes = 1 + 4 + 33 + 4

export type Share = { readonly set: Uint8Array; readonly bytes: Uint8Array }

export async function splitSecret(secret: Uint8Array, count: number): Promise<readonly string[]> {
  if (!Number.isInteger(count) || count < threshold || count > 255)
    throw new RecoveryRefused('Shares are made for 2 to 255 people.')
  const set = setOf(secret)
  return (await split(new Uint8Array(secret), count, threshold)).map((bytes) => formatShare({ set, bytes }))
}

/** Throws `RecoveryRefused` unless these are at least two different shares of one set. */
export async function combineShares(texts: readonly string[]): Promise<Uint8Array> {
  const shares = texts.map(parseShare)
  const distinct = shares.filter(
    ({ bytes }, at) => shares.findIndex((other) => other.bytes.at(-1) === bytes.at(-1)) === at,
  )
  if (distinct.length < threshold)
    throw new RecoveryRefused(
      'Recovery needs two people: give the shares of two of them, each on a line of its own.',
    )
  const [{ set } = { set: new Uint8Array(0) }] = distinct
  if (distinct.some((share) => !sameBytes(share.set, set)))
    throw new RecoveryRefused(
      'These shares are not of one split; each set of shares opens its own escrow copy only.',
    )
  const secret = await combine(distinct.map(({ bytes }) => bytes))
  if (!sameBytes(setOf(secret), set))
    throw new RecoveryRefused(
      'These shares do not fit together; one of them was not printed with the others.',
    )
  return secret
}

const setOf = (secret: Uint8Array): Uint8Array =>
  new Uint8Array(hash('sha256', recoveryKeyOf(secret), 'buffer').subarray(0, 4))

const checksumOf = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer').subarray(0, 4)

export function formatShare({ set, bytes }: Share): string {
  const body = Buffer.concat([Uint8Array.of(1), set, bytes])
  return (base32(Buffer.concat([body, checksumOf(body)])).match(/.{1,4}/g) ?? []).join('-')
}

export function parseShare(text: string): Share {
  const letters = text
    .toUpperCase()
    .replaceAll('0', 'O')
    .replaceAll('1', 'I')
    .replaceAll('8', 'B')
    .replace(/[\s-]/g, '')
  const bytes = letters.length <= 100 ? fromBase32(letters) : undefined
  if (
    bytes?.length !== shareBytes ||
    bytes[0] !== 1 ||
    !sameBytes(checksumOf(bytes.subarray(0, -4)), bytes.subarray(-4))
  )
    throw new RecoveryRefused(
      'A share was mistyped: its letters do not fit its checksum. Compare it with the paper.',
    )
  return { set: bytes.slice(1, 5), bytes: bytes.slice(5, -4) }
}

function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text
}

/** Undefined for another letter, or bits left over that are not zero. */
function fromBase32(text: string): Uint8Array | undefined {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const letter of text) {
    const value = alphabet.indexOf(letter)
    if (value < 0) return undefined
    held = (held << 5) | value
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 255)
    held &= (1 << bits) - 1
  }
  return held === 0 ? Uint8Array.from(bytes) : undefined
}
