import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { verifySignatures } from './signature.ts'

/**
 * Canonical forms are written out by hand here, so that nothing of the code under test helps to sign. The body is in
 * canonical form already; only SignedInfo differs: the inclusive forms copy the namespaces that are in scope.
 */
const body = '<alert xmlns="urn:x"><sender>duty@hydromet.example</sender><note>č &amp; ž</note></alert>'
const dsig = 'http://www.w3.org/2000/09/xmldsig#'
const forms = {
  inclusive10: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  inclusive11: 'http://www.w3.org/2006/12/xml-c14n11',
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
} as const
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })

type Options = {
  form?: keyof typeof forms
  method?: string
  key?: KeyObject
  uri?: string
  transform?: string
  digest?: string
}

function signed(options: Options = {}): string {
  const {
    form = 'exclusive',
    method = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    key = rsa.privateKey,
  } = options
  const digest = options.digest ?? createHash('sha256').update(body).digest('base64')
  const canonical = forms[form]
  const transform = options.transform ?? canonical
  const scope = form === 'exclusive' ? `xmlns:ds="${dsig}"` : `xmlns="urn:x" xmlns:ds="${dsig}"`
  const info = (attributes: string): string =>
    `<ds:SignedInfo${attributes}><ds:CanonicalizationMethod Algorithm="${canonical}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod><ds:Reference URI="${options.uri ?? ''}"><ds:Transforms>` +
    `<ds:Transform Algorithm="${dsig}enveloped-signature"></ds:Transform><ds:Transform Algorithm="${transform}"></ds:Transform>` +
    `</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>` +
    `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  const hash = method.endsWith('sha1') ? 'sha1' : 'sha256'
  const isCurve = key.asymmetricKeyType === 'ec'
  const value = sign(hash, Buffer.from(info(` ${scope}`)), isCurve ? { key, dsaEncoding: 'ieee-p1363' } : key)
  const signature =
    `<ds:Signature xmlns:ds="${dsig}">${info('')}<ds:SignatureValue>${value.toString('base64')}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:KeyValue>${keyValue(key)}</ds:KeyValue></ds:KeyInfo></ds:Signature>`
  return body.replace('</alert>', `${signature}</alert>`)
}

function keyValue(key: KeyObject): string {
  const jwk = createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' })).export({ format: 'jwk' })
  const bytes = (part: string | undefined): Buffer => Buffer.from(part ?? '', 'base64url')
  if (jwk.kty === 'RSA')
    return `<ds:RSAKeyValue><ds:Modulus>${bytes(jwk.n).toString('base64')}</ds:Modulus><ds:Exponent>${bytes(jwk.e).toString('base64')}</ds:Exponent></ds:RSAKeyValue>`
  const point = Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]).toString('base64')
  return `<ECKeyValue xmlns="http://www.w3.org/2009/xmldsig11#"><NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/><PublicKey>${point}</PublicKey></ECKeyValue>`
}

const kinds = (text: string): string[] => verifySignatures(text).map(({ kind }) => kind)

describe('a signed message', () => {
  test.each(
    Object.keys(forms) as (keyof typeof forms)[],
  )('in canonical form %s verifies as received', (form) => {
    expect(verifySignatures(signed({ form }))).toMatchObject([
      { kind: 'verified', form: 'received', weak: false },
    ])
  })

  test('by an elliptic-curve key verifies', () => {
    const method = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
    expect(kinds(signed({ method, key: curve.privateKey }))).toEqual(['verified'])
  })

  test('over SHA-1 verifies and is called weak', () => {
    expect(verifySignatures(signed({ method: `${dsig}rsa-sha1` }))).toMatchObject([
      { kind: 'verified', weak: true },
    ])
  })

  test('with one letter changed afterwards does not verify', () => {
    expect(kinds(signed().replace('duty@', 'dutz@'))).toEqual(['digest-differs'])
  })

  test('with changed content and a digest to match does not verify, for the digest is signed too', () => {
    const text = signed().replace('duty@', 'dutz@')
    const other = createHash('sha256').update(body.replace('duty@', 'dutz@')).digest('base64')
    const forged = text.replace(/<ds:DigestValue>[^<]*/, `<ds:DigestValue>${other}`)

    expect(kinds(forged)).toEqual(['value-differs'])
  })

  test('whose value is spelled with leftover bits does not verify', () => {
    const method = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
    const text = signed({ method, key: curve.privateKey })
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    const respelled = text.replace(
      /(.)==<\/ds:SignatureValue>/,
      (_, last: string) => `${letters[letters.indexOf(last) + 1]}==</ds:SignatureValue>`,
    )

    expect(respelled).not.toBe(text)
    expect(kinds(respelled)).toEqual(['value-differs'])
  })

  test('that was indented afterwards verifies as reflowed', () => {
    const short = signed().replace(/<(ds:\w+)([^>]*)><\/\1>/g, '<$1$2/>')
    expect(verifySignatures(short.replaceAll('><', '>\n  <'))).toMatchObject([
      { kind: 'verified', form: 'reflowed' },
    ])
  })

  test('that covers only a part, or lets a transform choose what is signed, is not taken as signed', () => {
    expect(kinds(signed({ uri: '#part' }))).toEqual(['unsupported'])
    expect(kinds(signed({ transform: 'http://www.w3.org/TR/1999/REC-xslt-19991116' }))).toEqual([
      'unsupported',
    ])
    expect(kinds(signed({ method: `${dsig}hmac-sha1` }))).toEqual(['unsupported'])
  })

  test('without any signature gives an empty list', () => {
    expect(verifySignatures(body)).toEqual([])
  })
})

describeWithData('signatures of real services', 'hazards/cap', (data) => {
  const of = (file: string) => verifySignatures(readFileSync(data(file)))

  test('of the Seychelles and Togo verify with the certificate they carry', () => {
    expect(of('valid/seychelles-signed.xml')).toMatchObject([
      { kind: 'verified', key: { certificate: { subject: 'CN=www.meteo.sc' } } },
    ])
    expect(of('valid/togo-signed-multipolygon.xml')).toMatchObject([{ kind: 'verified' }])
  })

  test('in ISO-8859-1 with RSA and SHA-1 verify as received', () => {
    expect(of('valid/earthquake-iso-8859-1.xml')).toMatchObject([
      { kind: 'verified', form: 'received', weak: true },
    ])
  })

  test('with an altered digest or value do not', () => {
    expect(of('invalid/signature-bad-digest.xml')).toEqual([{ kind: 'digest-differs' }])
    expect(of('invalid/signature-bad-value.xml')).toEqual([{ kind: 'value-differs' }])
  })
})
