/**
 * Secrets that the node gives out: 256 random bits, of which it keeps the SHA-256 alone. A slow hash would add nothing:
 * nobody tries 2^256 values.
 *
 * A token for programs can be told from other text and from a mistyped one: `mosaic_`, 43 characters of base 62, then
 * the CRC-32 of what stands before in six more, as the scanners of code hosts expect it.
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Random } from './contract.ts'

const secretBytes = 32

export const newSecret = (random: Random): string => Buffer.from(random(secretBytes)).toString('base64url')

/** False for what cannot be one, so that it is never looked up. */
export const isSecret = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text)

export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest()

/** Names a row to its owner; nothing opens by it. */
export const newName = (random: Random): string => Buffer.from(random(9)).toString('base64url')

export function newToken(random: Random): string {
  const body = `mosaic_${inBase62(random(secretBytes), 43)}`
  return body + checksumOf(body)
}

export function isToken(text: string): boolean {
  if (!/^mosaic_[0-9A-Za-z]{49}$/.test(text)) return false
  return checksumOf(text.slice(0, -6)) === text.slice(-6)
}

function checksumOf(body: string): string {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return inBase62(sum, 6)
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function inBase62(bytes: Uint8Array, length: number): string {
  let left = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (let at = 0; at < length; at += 1) {
    text = digits.charAt(Number(left % 62n)) + text
    left /= 62n
  }
  return text
}
