/**
 * Bytes to text, by the rules of XML 1.0 appendix F: a byte order mark wins, else the encoding that the XML
 * declaration names, else UTF-8. Decoding happens here and not in libxml2, so that the scan for hostile markup and
 * the parser see the very same characters, and so that every encoding of the WHATWG list can be read (ISO-8859-x,
 * windows-125x, KOI8, UTF-16). Wrong bytes are refused, never replaced: a place name must not turn into question marks.
 */
import type { Issue } from '../../record/index.ts'
import { placeOf, xmlIssue } from './issue.ts'

export type Decoded =
  | { readonly ok: true; readonly text: string; readonly encoding: string }
  | { readonly ok: false; readonly issue: Issue }

const declaration = /^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["'][^>]*\?>/

export function decodeXml(bytes: Uint8Array): Decoded {
  const marked = byMark(bytes)
  if (marked !== undefined) return decodeAs(bytes, marked)

  const head = Buffer.from(bytes.subarray(0, 400)).toString('latin1')
  const declared = declaration.exec(head)?.[1]?.toLowerCase()
  if (declared === undefined) return decodeAs(bytes, 'utf-8')
  if (/^(utf-?16|utf-?32|ucs-?[24]|iso-10646)/.test(declared)) {
    return refuse(
      `The XML declaration says ${declared} but the bytes are not. Send it in the encoding it names.`,
    )
  }
  return decodeAs(bytes, declared)
}

function byMark(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe && !(c === 0 && d === 0)) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0x3c && b === 0 && c !== 0 && d === 0) return 'utf-16le'
  if (a === 0 && b === 0x3c && c === 0 && d !== 0) return 'utf-16be'
  return undefined
}

function decodeAs(bytes: Uint8Array, encoding: string): Decoded {
  if (/^(iso-8859-1|iso_8859-1|latin1|us-ascii|ascii)$/.test(encoding)) {
    return { ok: true, text: Buffer.from(bytes).toString('latin1'), encoding }
  }
  let decoder: TextDecoder
  try {
    decoder = new TextDecoder(encoding, { fatal: true })
  } catch {
    return refuse(`The text encoding "${encoding}" is not known here. Send UTF-8.`)
  }
  try {
    return { ok: true, text: decoder.decode(bytes), encoding }
  } catch {
    const lenient = new TextDecoder(encoding).decode(bytes)
    const place = placeOf(lenient, Math.max(0, lenient.indexOf('\uFFFD')))
    return refuse(
      `The bytes are not valid ${encoding}. The sender's encoding and its declaration differ.`,
      place,
    )
  }
}

const refuse = (message: string, place = ''): Decoded => ({
  ok: false,
  issue: xmlIssue('encoding', message, place),
})
