/**
 * Opaque tokens: where a list or a stream goes on. A place in the log says how much the log holds, what a reader may not
 * see included; so it leaves the node encrypted and authenticated (AES-256-GCM, NIST SP 800-38D, random 96-bit nonce), and
 * padded, so that not even its length grows with the log.
 *
 *     token = base64url( nonce[12] ‖ ciphertext ‖ tag[16] )      plaintext = JSON array, filled up with spaces to 64 bytes
 *     key   = HKDF-SHA-256(secret of the node, salt: its incarnation, info: "mosaic tokens 1")   (RFC 5869)
 *     associated data = JSON of what the token is bound to: principal, realm, route
 *
 * So a token of one asker, realm or route opens for no other, all processes of a node open each other's, and after a
 * restore, which gives a new incarnation, none of the old ones is believed.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export type Place = readonly (string | number)[]
/** What a token is good for: its asker, realm and route. */
export type Bound = { readonly principal: string; readonly realm: string; readonly route: string }

export type Tokens = {
  readonly seal: (place: Place, bound: Bound) => string
  /** Undefined for whatever this node did not give to this asker for this route. */
  readonly open: (token: string, bound: Bound) => Place | undefined
}

const nonceBytes = 12
const tagBytes = 16
const block = 64
const longest = 2000

export function createTokens(secret: Uint8Array, incarnation: string): Tokens {
  const key = Buffer.from(hkdfSync('sha256', secret, incarnation, 'mosaic tokens 1', 32))
  return {
    seal(place, bound) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated(bound))
      const text = cipher.update(padded(JSON.stringify(place)))
      return Buffer.concat([nonce, text, cipher.final(), cipher.getAuthTag()]).toString('base64url')
    },
    open(token, bound) {
      if (token.length > longest || !/^[\w-]+$/.test(token)) return undefined
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length < nonceBytes + tagBytes + block) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
          .setAAD(associated(bound))
          .setAuthTag(bytes.subarray(-tagBytes))
        const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes))
        return JSON.parse(Buffer.concat([text, decipher.final()]).toString('utf8')) as Place
      } catch {
        return undefined // altered, or given to somebody else, or for something else
      }
    },
  }
}

const associated = ({ principal, realm, route }: Bound): Buffer =>
  Buffer.from(JSON.stringify([principal, realm, route]))

function padded(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([bytes, Buffer.alloc((block - (bytes.length % block)) % block, 0x20)])
}
