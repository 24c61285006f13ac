/**
 * Bytes to text, strictly UTF-8 (RFC 3629): a wrong encoding is found and named, never papered over with U+FFFD, because
 * a name that was silently broken at the door is broken in every warning that follows.
 *
 * A UTF-8 byte order mark is readable and only noted (RFC 8259 §8.1 lets a JSON parser ignore it). UTF-16 and UTF-32 are
 * told by their mark, or by the zero bytes that every text beginning with an ASCII character has in them.
 */
import type { Issue } from '../record/index.ts'

export type DecodedText =
  | { readonly ok: true; readonly text: string; readonly defects: readonly Issue[] }
  | { readonly ok: false; readonly issue: Issue }

export function readUtf8(bytes: Uint8Array, maxBytes = Number.POSITIVE_INFINITY): DecodedText {
  if (bytes.length > maxBytes) {
    return refused('text/too-large', '', `This is ${bytes.length} bytes; at most ${maxBytes} are read.`)
  }
  const wide = wideEncoding(bytes)
  if (wide !== undefined) {
    return refused('text/wrong-encoding', 'byte 0', `This is ${wide}; send UTF-8.`)
  }
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { ok: true, text, defects: hasMark ? [mark] : [] }
  } catch {
    // The decoder says only that it failed; where it failed is what a person needs to see.
    const at = firstBadByte(bytes)
    return refused('text/wrong-encoding', `byte ${at}`, `Byte ${at} is not valid UTF-8; send UTF-8.`)
  }
}

const mark: Issue = {
  rule: 'text/byte-order-mark',
  place: 'byte 0',
  message: 'The text begins with a byte order mark; it was skipped. Send UTF-8 without one.',
}

const refused = (rule: string, place: string, message: string): DecodedText => ({
  ok: false,
  issue: { rule, place, message },
})

function wideEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe)
    return c === 0 && d === 0 ? 'UTF-32 (little-endian)' : 'UTF-16 (little-endian)'
  if (a === 0xfe && b === 0xff) return 'UTF-16 (big-endian)'
  if (bytes.length < 2) return undefined
  if (a === 0 && b === 0) return 'UTF-32 (big-endian)'
  if (a === 0) return 'UTF-16 (big-endian)'
  if (b === 0) return c === 0 && d === 0 ? 'UTF-32 (little-endian)' : 'UTF-16 (little-endian)'
  return undefined
}

/** The longest prefix that decodes, by halving: a fatal stream decoder accepts an unfinished character at its end. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isPrefix(bytes.subarray(0, middle))) good = middle
    else bad = middle
  }
  return isPrefix(bytes.subarray(0, bad)) ? bad : good
}

function isPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false // the answer itself: these bytes hold a character that can never be finished
  }
}
