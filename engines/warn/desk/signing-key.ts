/**
 * The key of the node's warnings: an EC key on P-256, made at the first need and kept sealed under the node's passphrase
 * like the keys of its log (its private part is 32 bytes as theirs are); or a key and certificate that the operator gives
 * as PEM, for an authority that has its own. Receivers compare the fingerprint, which comes to them another way.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { signerFingerprint, signXml, type XmlSigner } from '../../formats/index.ts'
import type { Clock, NodeId } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import { openBox, sealBox } from '../../tlog/index.ts'

export type WarningKeyOptions = {
  readonly database: Sql
  readonly node: NodeId
  readonly clock: Clock
  readonly passphrase?: string
  /** PEM: in place of the node's own. */
  readonly given?: { readonly key: string; readonly certificate?: string }
  /** Of scrypt; lower only for tests. */
  readonly cost?: number
}

export type WarningKey = {
  readonly sign: (xml: string) => string
  readonly algorithm: string
  /** SPKI, PEM. */
  readonly publicKey: string
  readonly fingerprint: string
  readonly certificate?: string
}

export async function openWarningKey(options: WarningKeyOptions): Promise<WarningKey> {
  const { given } = options
  const signer: XmlSigner = given
    ? {
        key: createPrivateKey(given.key),
        ...(given.certificate !== undefined && { certificate: given.certificate }),
      }
    : { key: await ownKey(options) }
  return {
    sign: (xml) => signXml(xml, signer),
    algorithm: signer.key.asymmetricKeyType === 'rsa' ? 'RSA-SHA256' : 'ECDSA-SHA256 on P-256',
    publicKey: createPublicKey(signer.key).export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: signerFingerprint(signer),
    ...(signer.certificate !== undefined && { certificate: signer.certificate }),
  }
}

type Row = { readonly publicKey: Buffer; readonly box: unknown }

/** Several processes of a node may need it first at once: the first row stays. */
async function ownKey(options: WarningKeyOptions): Promise<KeyObject> {
  const { database: sql, clock } = options
  const kept = await rowOf(sql)
  if (kept !== undefined) return opened(kept, options)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const secret = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
  const box = await sealBox(new Uint8Array(secret), boxSetting(options))
  await sql`
    insert into warning_key (public_key, box, made_at)
    values (${publicKey.export({ type: 'spki', format: 'der' })}, ${sql.json(box)}, ${clock.now()})
    on conflict do nothing`
  const row = await rowOf(sql)
  if (row === undefined) throw new Error('the key of the warnings was not kept')
  return opened(row, options)
}

const rowOf = async (sql: Sql): Promise<Row | undefined> => {
  const [row] = await sql<Row[]>`select public_key as "publicKey", box from warning_key`
  return row
}

async function opened({ publicKey, box }: Row, options: WarningKeyOptions): Promise<KeyObject> {
  const secret = await openBox(box, boxSetting(options))
  if (options.passphrase !== undefined && isOpenBox(box)) await sealNow(secret, options)
  const spki = createPublicKey({ key: publicKey, type: 'spki', format: 'der' })
  const jwk = { ...spki.export({ format: 'jwk' }), d: Buffer.from(secret).toString('base64url') }
  return createPrivateKey({ key: jwk, format: 'jwk' })
}

const isOpenBox = (box: unknown): boolean => (box as { readonly kind?: unknown }).kind === 'open'

/** A passphrase that is given seals what was open before. */
async function sealNow(secret: Uint8Array, options: WarningKeyOptions): Promise<void> {
  const { database: sql } = options
  await sql`update warning_key set box = ${sql.json(await sealBox(secret, boxSetting(options)))}`
}

const boxSetting = ({ node, passphrase, cost }: WarningKeyOptions) => ({
  label: `mosaic-warning-key\n${node}`,
  random: randomBytes,
  ...(passphrase !== undefined && { passphrase }),
  ...(cost !== undefined && { cost }),
})
