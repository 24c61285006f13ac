/** What we sign is verified by our own reader and by `xml-crypto`, which shares no code with it. */
import { createPublicKey, generateKeyPairSync, type KeyLike, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type SignatureAlgorithm, SignedXml } from 'xml-crypto'
import { readCap } from '../cap/read.ts'
import { writeCap } from '../cap/write.ts'
import { signerFingerprint, signXml, type XmlSigner } from './sign.ts'
import { verifySignatures } from './signature.ts'

const signers: Readonly<Record<'RSA' | 'P-256', XmlSigner>> = {
  RSA: { key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey },
  'P-256': { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
}
const message = writeCap({
  version: '1.2',
  identifier: 'mosaic.durres.example.i1.1',
  sender: 'warnings@durres.example',
  sent: '2026-11-23T10:00:00-00:00',
  status: 'Actual',
  msgType: 'Alert',
  scope: 'Public',
  addresses: [],
  code: [],
  references: [],
  incidents: [],
  info: [
    {
      language: 'sq',
      category: ['Met'],
      event: 'Përmbytje',
      responseType: ['Prepare'],
      urgency: 'Expected',
      severity: 'Severe',
      certainty: 'Likely',
      eventCode: [],
      expires: '2026-11-24T10:00:00-00:00',
      headline: 'Përmbytje në Lezhë & rrethinë',
      description: 'Uji "rritet" < 3 m.',
      parameter: [],
      resource: [],
      area: [
        { areaDesc: 'Lezhë', polygon: [], circle: [], geocode: [{ valueName: 'EMMA_ID', value: 'AL001' }] },
      ],
    },
  ],
  signatures: 0,
})

/** xml-crypto brings RSA; the curve is told to it, as its users do. */
class EcdsaSha256 implements SignatureAlgorithm {
  getAlgorithmName = () => 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
  getSignature = (): never => {
    throw new Error('only verifies')
  }
  verifySignature = (material: string, key: KeyLike, value: string): boolean =>
    verify(
      'sha256',
      Buffer.from(material),
      { key: createPublicKey(key as string), dsaEncoding: 'ieee-p1363' },
      Buffer.from(value, 'base64'),
    )
}

function independently(xml: string, { key }: XmlSigner): boolean {
  const publicCert = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  const check = new SignedXml({ publicCert, getCertFromKeyInfo: () => null })
  check.SignatureAlgorithms['http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'] = EcdsaSha256 as never
  const [, signature = ''] = /(<Signature [\s\S]*<\/Signature>)/.exec(xml) ?? []
  check.loadSignature(signature)
  try {
    return check.checkSignature(xml)
  } catch {
    return false // it throws where a digest or value does not fit
  }
}

describe.each(Object.entries(signers))('a message signed with %s', (_, signer) => {
  const signed = signXml(message, signer)

  test('is verified by us and by an independent tool, and is a clean CAP message', () => {
    expect(verifySignatures(signed)).toMatchObject([
      { kind: 'verified', form: 'received', weak: false, key: { fingerprint: signerFingerprint(signer) } },
    ])
    expect(independently(signed, signer)).toBe(true)
    expect(readCap(signed)).toMatchObject({ verdict: 'clean', alert: { signatures: 1 } })
  })

  test('fails both when a word, a time or the value is changed', () => {
    const changed = [
      signed.replace('<severity>', '<severity><!-- x --> '),
      signed.replace(/<headline>/, '<headline>Not '),
      signed.replace(/<expires>20/, '<expires>21'),
      signed.replace(
        /<SignatureValue>(.)/,
        (_all, first: string) => `<SignatureValue>${first === 'A' ? 'B' : 'A'}`,
      ),
      signed.replace(
        /<DigestValue>(.)/,
        (_all, first: string) => `<DigestValue>${first === 'A' ? 'B' : 'A'}`,
      ),
    ].filter((each) => each !== signed)

    expect(changed.length).toBeGreaterThanOrEqual(4)
    for (const each of changed) {
      expect(verifySignatures(each).map(({ kind }) => kind)).not.toContain('verified')
      expect(independently(each, signer)).toBe(false)
    }
  })

  test('without its signature is the message as it was', () => {
    expect(signed.replace(/<Signature [\s\S]*<\/Signature>/, '')).toBe(message)
  })
})

test('a key too small or of another kind signs nothing', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const other = generateKeyPairSync('ed25519').privateKey

  for (const key of [small, other]) expect(() => signXml(message, { key })).toThrow('2048 bits')
})
