/** Bytes as the text formats of the log write them: base64 (RFC 4648 §4, padded, canonical) and lower-case hexadecimal. */

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const toBase64 = (bytes: Uint8Array): string => view(bytes).toString('base64')
export const toHex = (bytes: Uint8Array): string => view(bytes).toString('hex')

/** Undefined for anything but the one spelling that `toBase64` gives: a second spelling would be a second note. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined
}

/** Lower-case hexadecimal of an even length; anything else is undefined. */
export function fromHex(text: string): Uint8Array | undefined {
  return /^(?:[0-9a-f]{2})*$/.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : undefined
}

/** UTF-8, strictly; undefined where it is none. A byte order mark is a character as any other. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined // the one way in which a fatal decoder says no
  }
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
