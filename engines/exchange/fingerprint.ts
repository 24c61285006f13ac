/**
 * The fingerprint of a node's key, for two people to compare over a telephone: the SHA-256 of the 32 bytes, of which the
 * first 160 bits are read in ten groups of four hexadecimal digits. To find another key with the same takes 2^160 tries.
 */
import { hash } from 'node:crypto'
import type { PeerKey } from './contract.ts'

export function fingerprintOf({ key }: Pick<PeerKey, 'key'>): string {
  const digits = hash('sha256', Buffer.from(key, 'base64'), 'hex').slice(0, 40)
  return digits.replace(/(.{4})(?=.)/g, '$1 ')
}

/** However it was typed: spaces, dashes and capitals do not count. */
export const sameFingerprint = (a: string, b: string): boolean =>
  plain(a) === plain(b) && plain(a).length === 40

const plain = (text: string): string => text.toLowerCase().replace(/[^0-9a-f]/g, '')
