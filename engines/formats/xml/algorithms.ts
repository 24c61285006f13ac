/**
 * The algorithms of XML Signature that we verify (XML Signature 1.1 §6, RFC 9231), by their identifiers. SHA-1 is
 * verified, because services still send it, and reported as weak. HMAC is left out on purpose: its key is shared, so
 * it proves no author. XSLT and XPath transforms are left out: they let a message decide what of it is signed.
 */
import { XmlC14NMode } from 'libxml2-wasm'

export type Canonical = {
  readonly mode: (typeof XmlC14NMode)[keyof typeof XmlC14NMode]
  readonly withComments: boolean
}

const { XML_C14N_1_0, XML_C14N_1_1, XML_C14N_EXCLUSIVE_1_0 } = XmlC14NMode
const canonical: ReadonlyMap<string, Canonical['mode']> = new Map([
  ['http://www.w3.org/TR/2001/REC-xml-c14n-20010315', XML_C14N_1_0],
  ['http://www.w3.org/2006/12/xml-c14n11', XML_C14N_1_1],
  ['http://www.w3.org/2001/10/xml-exc-c14n#', XML_C14N_EXCLUSIVE_1_0],
])

export function canonicalMethod(algorithm: string): Canonical | undefined {
  const withComments = /#?WithComments$/.test(algorithm)
  const bare = algorithm.replace(/#WithComments$/, '').replace(/WithComments$/, '')
  const mode = canonical.get(bare)
  return mode === undefined ? undefined : { mode, withComments }
}

export const envelopedSignature = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

export const digestHashes: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/2000/09/xmldsig#sha1', 'sha1'],
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
])

export type SignatureMethod = { readonly family: 'rsa' | 'ec'; readonly hash: string }

export function signatureMethod(algorithm: string): SignatureMethod | undefined {
  if (algorithm === 'http://www.w3.org/2000/09/xmldsig#rsa-sha1') return { family: 'rsa', hash: 'sha1' }
  const named =
    /^http:\/\/www\.w3\.org\/2001\/04\/xmldsig-more#(rsa|ecdsa)-(sha1|sha256|sha384|sha512)$/.exec(algorithm)
  if (named === null) return undefined
  return { family: named[1] === 'rsa' ? 'rsa' : 'ec', hash: named[2] ?? '' }
}
