/**
 * A certificate for `localhost`, signed by its own key: DER (X.690) written by hand, as far as RFC 5280 asks for it.
 *
 *     Certificate    = { TBSCertificate, ecdsa-with-SHA256, signature }
 *     TBSCertificate = { version 3, serial, algorithm, issuer, validity, subject, key, extensions }
 */
import { generateKeyPairSync, sign } from 'node:crypto'

export type SelfSigned = { readonly cert: string; readonly key: string }

export function aCertificate(): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(Buffer.from('06082a8648ce3d040302', 'hex'))
  const commonName = sequence(Buffer.from('0603550403', 'hex'), node(0x0c, Buffer.from('localhost')))
  const name = sequence(node(0x31, commonName))
  const validity = sequence(
    ...['20000101000000Z', '20991231235959Z'].map((at) => node(0x18, Buffer.from(at))),
  )
  const altNames = sequence(node(0x82, Buffer.from('localhost')), node(0x87, Buffer.from([127, 0, 0, 1])))
  const isCa = sequence(Buffer.from('0101ff', 'hex'))
  const extensions = sequence(
    sequence(Buffer.from('0603551d11', 'hex'), node(0x04, altNames)),
    sequence(Buffer.from('0603551d13', 'hex'), Buffer.from('0101ff', 'hex'), node(0x04, isCa)),
  )
  const tbs = sequence(
    node(0xa0, Buffer.from('020102', 'hex')),
    Buffer.from('020101', 'hex'),
    ...[algorithm, name, validity, name],
    publicKey.export({ type: 'spki', format: 'der' }),
    node(0xa3, extensions),
  )
  const signature = node(0x03, Buffer.concat([Buffer.of(0), sign('sha256', tbs, privateKey)]))
  return {
    cert: pem(sequence(tbs, algorithm, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => node(0x30, Buffer.concat(parts))

function node(tag: number, content: Uint8Array): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
