/**
 * Writing an enveloped XML signature (XML Signature Syntax and Processing 1.1): the last child of the root, over the whole
 * document, both it and SignedInfo in exclusive canonical form, digest SHA-256, value RSA-SHA256 (PKCS #1 v1.5) or
 * ECDSA-SHA256 on P-256 (as r and s, RFC 4050 §3.3). KeyInfo carries the certificate where there is one, else the bare key.
 *
 * The signature is put right before the end tag of the root and nothing else is touched, so that the document without
 * it is, byte for byte, the document that was handed in.
 */
import { constants, createHash, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { MosaicError } from '../../record/index.ts'
import { canonicalMethod, envelopedSignature } from './algorithms.ts'
import { canonicalParts, signatureNamespace } from './canonical.ts'

export type XmlSigner = {
  readonly key: KeyObject
  /** PEM; of this very key. */
  readonly certificate?: string
}

export class XmlNotSigned extends MosaicError {
  override readonly name = 'XmlNotSigned'
  override readonly code = 'formats/xml-not-signed'
}

const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const methods = {
  rsa: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  ec: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
} as const

export function signXml(text: string, signer: XmlSigner): string {
  const family = familyOf(signer)
  const keyInfo = keyInfoOf(signer)
  const withSignature = (digest: string, value: string): string =>
    put(
      text,
      `<Signature xmlns="${signatureNamespace}"><SignedInfo><CanonicalizationMethod Algorithm="${exclusive}"/><SignatureMethod Algorithm="${methods[family]}"/><Reference URI=""><Transforms><Transform Algorithm="${envelopedSignature}"/><Transform Algorithm="${exclusive}"/></Transforms><DigestMethod Algorithm="${sha256}"/><DigestValue>${digest}</DigestValue></Reference></SignedInfo><SignatureValue>${value}</SignatureValue><KeyInfo>${keyInfo}</KeyInfo></Signature>`,
    )
  const digest = createHash('sha256')
    .update(partsOf(withSignature('', '')).document)
    .digest('base64')
  const bytes = Buffer.from(partsOf(withSignature(digest, '')).signedInfo, 'utf8')
  const value =
    family === 'ec'
      ? sign('sha256', bytes, { key: signer.key, dsaEncoding: 'ieee-p1363' })
      : sign('sha256', bytes, { key: signer.key, padding: constants.RSA_PKCS1_PADDING })
  return withSignature(digest, value.toString('base64'))
}

/** SHA-256 of the certificate (DER), or of the bare key (SPKI, DER): what a verified signature is known by. */
export function signerFingerprint({ key, certificate }: XmlSigner): string {
  const bytes =
    certificate === undefined
      ? createPublicKey(key).export({ type: 'spki', format: 'der' })
      : new X509Certificate(certificate).raw
  return createHash('sha256').update(bytes).digest('hex')
}

function put(text: string, signature: string): string {
  const end = text.lastIndexOf('</')
  if (end < 0) throw new XmlNotSigned('The document has no end tag; only a whole element can be signed.')
  return `${text.slice(0, end)}${signature}${text.slice(end)}`
}

function partsOf(source: string) {
  const method = canonicalMethod(exclusive)
  const parts =
    method &&
    canonicalParts({
      source,
      signature: 0,
      form: 'received',
      document: method,
      signedInfo: method,
      prefixes: [],
    })
  if (parts === undefined) throw new XmlNotSigned('The document cannot be read, so it cannot be signed.')
  return parts
}

function familyOf({ key, certificate }: XmlSigner): keyof typeof methods {
  if (certificate !== undefined && !new X509Certificate(certificate).checkPrivateKey(key))
    throw new XmlNotSigned('The certificate belongs to another key than the one that signs.')
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key
  if (kind === 'rsa' && (details?.modulusLength ?? 0) >= 2048) return 'rsa'
  if (kind === 'ec' && details?.namedCurve === 'prime256v1') return 'ec'
  throw new XmlNotSigned('Signing takes an RSA key of 2048 bits or more, or one on the curve P-256.')
}

function keyInfoOf({ key, certificate }: XmlSigner): string {
  if (certificate !== undefined) {
    const der = new X509Certificate(certificate).raw.toString('base64')
    return `<X509Data><X509Certificate>${der}</X509Certificate></X509Data>`
  }
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  const bytes = (part: string | undefined) => Buffer.from(part ?? '', 'base64url')
  if (jwk.kty === 'RSA')
    return `<KeyValue><RSAKeyValue><Modulus>${bytes(jwk.n).toString('base64')}</Modulus><Exponent>${bytes(jwk.e).toString('base64')}</Exponent></RSAKeyValue></KeyValue>`
  const point = Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]).toString('base64')
  return `<KeyValue><ECKeyValue xmlns="http://www.w3.org/2009/xmldsig11#"><NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/><PublicKey>${point}</PublicKey></ECKeyValue></KeyValue>`
}
