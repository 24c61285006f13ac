/**
 * The cursor: where a peer stands in our log, sealed by us and kept by the peer.
 *
 * What it holds would tell how much we did not give (an index says how many records went by), so it is encrypted and of
 * one length: AES-256-GCM (NIST SP 800-38D) under a key derived from the node's secret (HKDF, RFC 5869), a random nonce
 * each time, bound to the peer's name, so that no peer can use, read or make another's. Two cursors of the same place
 * look different.
 *
 *     version 1 byte ‖ nonce 12 ‖ ciphertext of ten 64-bit words ‖ tag 16, base64url
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { type Instant, instant, millis, type NodeId } from '../record/index.ts'

export type Stage = 'valid' | 'history'

export type Place = {
  /** What it was entitled to; 64 bits of a hash, hexadecimal. */
  readonly epoch: string
  /** Index of the last record of the log that was considered as it came. */
  readonly live: number
  /** Older records still to come: what holds at `since` first, then the rest, up to index `upTo`. */
  readonly backlog?: {
    readonly stage: Stage
    readonly after: number
    readonly upTo: number
    readonly since: Instant
    /** Only what this earlier entitlement did not hold; absent for a newcomer. */
    readonly beyond?: string
  }
  /** Embargoes that ended at or before this instant are served. */
  readonly embargo: Instant
  /** A look for embargoes that ended until `to` stands at this index. */
  readonly ended?: { readonly to: Instant; readonly after: number }
}

export type Cursors = {
  readonly seal: (peer: NodeId, place: Place) => string
  /** Undefined for what we did not seal for this peer. */
  readonly open: (peer: NodeId, cursor: string) => Place | undefined
}

const version = 1
const integers = 10
const length = 1 + 12 + integers * 8 + 16
const none = -2n

export function createCursors(secret: Uint8Array, randomBytes: (count: number) => Uint8Array): Cursors {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'mosaic-exchange-cursor-1', 32))
  return {
    seal(peer, place) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(peer))
      const sealed = Buffer.concat([cipher.update(bytesOf(place)), cipher.final()])
      return Buffer.concat([Buffer.of(version), nonce, sealed, cipher.getAuthTag()]).toString('base64url')
    },
    open(peer, cursor) {
      const bytes = Buffer.from(cursor, 'base64url')
      if (bytes.length !== length || bytes[0] !== version || bytes.toString('base64url') !== cursor)
        return undefined
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13))
        .setAAD(Buffer.from(peer))
        .setAuthTag(bytes.subarray(-16))
      try {
        return placeOf(Buffer.concat([decipher.update(bytes.subarray(13, -16)), decipher.final()]))
      } catch {
        return undefined // not sealed by this node for this peer
      }
    },
  }
}

function bytesOf({ epoch, live, backlog, embargo, ended }: Place): Buffer {
  const bytes = Buffer.alloc(integers * 8)
  const values = [
    backlog === undefined ? none : backlog.stage === 'valid' ? 0n : 1n,
    BigInt(live),
    BigInt(backlog?.after ?? none),
    BigInt(backlog?.upTo ?? none),
    backlog === undefined ? none : BigInt(millis(backlog.since)),
    BigInt(millis(embargo)),
    ended === undefined ? none : BigInt(millis(ended.to)),
    BigInt(ended?.after ?? none),
  ]
  for (const [at, value] of values.entries()) bytes.writeBigInt64BE(value, at * 8)
  bytes.write(epoch, 64, 'hex')
  bytes.write(backlog?.beyond ?? '', 72, 'hex')
  return bytes
}

function placeOf(bytes: Buffer): Place {
  const at = (position: number) => Number(bytes.readBigInt64BE(position * 8))
  const hex = (position: number) => bytes.subarray(position * 8, position * 8 + 8).toString('hex')
  const beyond = hex(9)
  return {
    epoch: hex(8),
    live: at(1),
    ...(at(0) >= 0 && {
      backlog: {
        stage: at(0) === 0 ? 'valid' : 'history',
        after: at(2),
        upTo: at(3),
        since: instant(at(4)),
        ...(beyond !== '0000000000000000' && { beyond }),
      },
    }),
    embargo: instant(at(5)),
    ...(at(7) >= -1 && { ended: { to: instant(at(6)), after: at(7) } }),
  }
}
