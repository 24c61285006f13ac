/**
 * The key that a signature brings along (XML Signature 1.1 §4.5): the first X.509 certificate, or a bare
 * RSA or elliptic-curve key value.
 * Nothing is fetched and no chain is built: this says which key signed, never whether to believe it.
 */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { XmlElement } from './read.ts'
import { descendant } from './tree.ts'

export type SigningKey = {
  readonly key: KeyObject
  /** SHA-256 of the certificate (DER), or of the bare key (SPKI, DER); lower-case hex. */
  readonly fingerprint: string
  readonly certificate?: { readonly subject: string; readonly validFrom: string; readonly validTo: string }
}

export function signingKey(keyInfo: XmlElement | undefined): SigningKey | undefined {
  try {
    const certificate = keyInfo && descendant(keyInfo, 'X509Certificate')
    if (certificate !== undefined) return fromCertificate(Buffer.from(certificate.text, 'base64'))
    const rsa = keyInfo && descendant(keyInfo, 'RSAKeyValue')
    if (rsa !== undefined) return fromRsa(rsa)
    const curve = keyInfo && descendant(keyInfo, 'ECKeyValue')
    return curve === undefined ? undefined : fromCurve(curve)
  } catch {
    return undefined // a key that OpenSSL cannot read is reported by the caller as no usable key
  }
}

function fromCertificate(der: Buffer): SigningKey {
  const { publicKey, subject, validFromDate, validToDate } = new X509Certificate(der)
  const certificate = { subject, validFrom: validFromDate.toISOString(), validTo: validToDate.toISOString() }
  return { key: publicKey, fingerprint: sha256(der), certificate }
}

function fromRsa(value: XmlElement): SigningKey {
  const part = (name: string): string =>
    Buffer.from(descendant(value, name)?.text ?? '', 'base64').toString('base64url')
  return fromJwk({ kty: 'RSA', n: part('Modulus'), e: part('Exponent') })
}

/** The point is written uncompressed: 04, then x and y of equal length (SEC 1 §2.3.3). */
function fromCurve(value: XmlElement): SigningKey | undefined {
  const oid = descendant(value, 'NamedCurve')?.attributes.get('URI') ?? ''
  const crv = curves.get(oid.replace(/^urn:oid:/, ''))
  const point = Buffer.from(descendant(value, 'PublicKey')?.text ?? '', 'base64')
  if (crv === undefined || point[0] !== 4) return undefined
  const half = (point.length - 1) / 2
  const x = point.subarray(1, 1 + half).toString('base64url')
  return fromJwk({ kty: 'EC', crv, x, y: point.subarray(1 + half).toString('base64url') })
}

function fromJwk(jwk: JsonWebKey): SigningKey {
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return { key, fingerprint: sha256(key.export({ type: 'spki', format: 'der' })) }
}

const curves: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.3.1.7', 'P-256'],
  ['1.3.132.0.34', 'P-384'],
  ['1.3.132.0.35', 'P-521'],
])

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
