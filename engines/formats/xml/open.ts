/**
 * The one place where libxml2 parses something that came from outside. The caller's function gets the wasm document
 * and must take what it needs as plain values: the document is freed when it returns, whatever happens.
 */
import { ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm'
import type { Issue } from '../../record/index.ts'
import { decodeXml } from './decode.ts'
import { xmlIssue } from './issue.ts'
import { defaultXmlLimits, type XmlLimits } from './limits.ts'
import { scanXml } from './scan.ts'

export type Opened<T> =
  | { readonly ok: true; readonly value: T; readonly encoding: string }
  | { readonly ok: false; readonly issue: Issue }

const options =
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_BIG_LINES

/** Decode, scan, parse, use, free. Text given as a string is taken as already decoded. */
export function openXml<T>(
  source: Uint8Array | string,
  limits: Partial<XmlLimits>,
  use: (document: XmlDocument) => T,
): Opened<T> {
  const bounds = { ...defaultXmlLimits, ...limits }
  if (source.length > bounds.bytes) {
    const message = `The document has ${source.length} bytes, more than the ${bounds.bytes} allowed here.`
    return { ok: false, issue: xmlIssue('too-large', message) }
  }
  const decoded =
    typeof source === 'string' ? { ok: true as const, text: source, encoding: 'utf-8' } : decodeXml(source)
  if (!decoded.ok) return decoded
  const text = decoded.text.startsWith('\uFEFF') ? decoded.text.slice(1) : decoded.text
  if (text.trim() === '') return { ok: false, issue: xmlIssue('empty', 'The document is empty.') }
  const hostile = scanXml(text, bounds)
  if (hostile !== undefined) return { ok: false, issue: hostile }

  let document: XmlDocument
  try {
    document = XmlDocument.fromBuffer(Buffer.from(text, 'utf8'), { encoding: 'utf-8', option: options })
  } catch (cause) {
    return { ok: false, issue: parseIssue(cause) }
  }
  try {
    return { ok: true, value: use(document), encoding: decoded.encoding }
  } finally {
    document.dispose()
  }
}

function parseIssue(cause: unknown): Issue {
  const first = cause instanceof XmlParseError ? cause.details[0] : undefined
  if (first === undefined) return xmlIssue('not-well-formed', 'The document is not well-formed XML.')
  return xmlIssue(
    'not-well-formed',
    `Not well-formed XML: ${first.message.trim()}.`,
    `line ${first.line}, column ${first.col}`,
  )
}
