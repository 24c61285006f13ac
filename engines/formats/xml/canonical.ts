/**
 * The two byte strings an enveloped signature is about: the document without that signature, and its SignedInfo, both
 * in canonical form (Canonical XML 1.0 and 1.1, Exclusive XML Canonicalization 1.0), computed by libxml2.
 *
 * `reflowed` leaves out white space between elements and what stands outside the root element. Some services sign a
 * message in one line and indent it, or add a style sheet instruction, afterwards; the open validators drop such white
 * space when parsing and therefore call these valid. White space between elements carries no meaning in CAP, so we
 * verify that form too, when the form as received fails, and say that it was changed after signing.
 */
import { XmlElement as Node, type XmlDocument, XmlText } from 'libxml2-wasm'
import type { Canonical } from './algorithms.ts'
import { openXml } from './open.ts'

export type SignedForm = 'received' | 'reflowed'

export type CanonicalRequest = {
  readonly source: Uint8Array | string
  /** Which of the root's Signature children, from 0. */
  readonly signature: number
  readonly form: SignedForm
  readonly document: Canonical
  readonly signedInfo: Canonical
  readonly prefixes: readonly string[]
}

export const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#'

export function canonicalParts(
  request: CanonicalRequest,
): { document: string; signedInfo: string } | undefined {
  const opened = openXml(request.source, {}, (document) => partsOf(document, request))
  return opened.ok ? opened.value : undefined
}

function partsOf(
  document: XmlDocument,
  request: CanonicalRequest,
): { document: string; signedInfo: string } | undefined {
  const { root } = document
  const signature = childElements(root).filter(isSignature)[request.signature]
  const info = signature && childElements(signature).find(({ name }) => name === 'SignedInfo')
  if (signature === undefined || info === undefined) return undefined
  if (request.form === 'reflowed') dropBlanks(root)

  const inclusiveNamespacePrefixes = [...request.prefixes]
  const signedInfo = info.canonicalizeToString({ ...request.signedInfo, inclusiveNamespacePrefixes })
  signature.remove()
  if (request.form === 'reflowed') dropBlanks(root)
  const whole = request.form === 'received' ? document : root
  // A reference with URI="" never selects comments (XML Signature 1.1 §4.4.3.3), whatever its transforms say.
  return { document: whole.canonicalizeToString({ ...request.document, withComments: false }), signedInfo }
}

const isSignature = (node: Node): boolean =>
  node.name === 'Signature' && node.namespaceUri === signatureNamespace

function childElements(parent: Node): Node[] {
  const found: Node[] = []
  for (let each = parent.firstChild; each !== null; each = each.next)
    if (each instanceof Node) found.push(each)
  return found
}

/** Removes white space beside elements; the text of an element that holds only text stays as it is. */
function dropBlanks(element: Node): void {
  const below = childElements(element)
  if (below.length === 0) return
  const blanks: XmlText[] = []
  for (let each = element.firstChild; each !== null; each = each.next) {
    if (each instanceof XmlText && each.content.trim() === '') blanks.push(each)
  }
  for (const blank of blanks) blank.remove()
  for (const each of below) dropBlanks(each)
}
