/**
 * An authenticator in software, as WebAuthn level 3 §6 has it: P-256 keys, discoverable credentials, attestation "none",
 * a signature counter. It can be told to misbehave: not to verify its owner, to sign for another origin, to be copied.
 */
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

export type Misbehaviour = {
  readonly origin?: string
  readonly rpId?: string
  readonly verifiesOwner?: boolean
  readonly challenge?: string
}

type Credential = { readonly id: Buffer; readonly key: KeyObject; readonly handle: string; counter: number }

type Creation = {
  readonly challenge: string
  readonly rp: { readonly id?: string }
  readonly user: { readonly id: string }
}
type Request = { readonly challenge: string; readonly rpId?: string }

export class SoftwareAuthenticator {
  readonly #origin: string
  readonly #credentials: Credential[] = []

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Two that hold the same keys from now on. */
  copy(): SoftwareAuthenticator {
    const other = new SoftwareAuthenticator(this.#origin)
    for (const one of this.#credentials) other.#credentials.push({ ...one })
    return other
  }

  create(options: Creation, bad: Misbehaviour = {}) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const credential = { id: randomBytes(32), key: privateKey, handle: options.user.id, counter: 1 }
    this.#credentials.push(credential)
    const { x, y } = publicKey.export({ format: 'jwk' })
    const coseKey = map([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x ?? '', 'base64url')],
      [-3, Buffer.from(y ?? '', 'base64url')],
    ])
    const length = Buffer.alloc(2)
    length.writeUInt16BE(credential.id.length)
    const attested = Buffer.concat([Buffer.alloc(16), length, credential.id, coseKey])
    const authData = Buffer.concat([
      this.#head(bad.rpId ?? options.rp.id, 0x40, credential.counter, bad),
      attested,
    ])
    return {
      ...named(credential),
      response: {
        clientDataJSON: this.#clientData('webauthn.create', options.challenge, bad).toString('base64url'),
        attestationObject: map([
          ['fmt', 'none'],
          ['attStmt', { map: [] }],
          ['authData', authData],
        ]).toString('base64url'),
        transports: ['internal'],
      },
    }
  }

  get(options: Request, bad: Misbehaviour = {}) {
    const credential = this.#credentials.at(-1)
    if (!credential) throw new Error('this authenticator holds no credential')
    credential.counter += 1
    const authData = this.#head(bad.rpId ?? options.rpId, 0, credential.counter, bad)
    const clientData = this.#clientData('webauthn.get', options.challenge, bad)
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()])
    return {
      ...named(credential),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: createSign('sha256').update(signed).sign(credential.key).toString('base64url'),
        userHandle: credential.handle,
      },
    }
  }

  /** §6.1: hash of the relying party, flags (user present 1, user verified 4, attested 64), counter. */
  #head(
    rpId: string | undefined,
    more: number,
    counter: number,
    { verifiesOwner = true }: Misbehaviour,
  ): Buffer {
    const tail = Buffer.alloc(5)
    tail.writeUInt8(0x01 | (verifiesOwner ? 0x04 : 0) | more)
    tail.writeUInt32BE(counter, 1)
    return Buffer.concat([
      createHash('sha256')
        .update(rpId ?? '')
        .digest(),
      tail,
    ])
  }

  #clientData(type: string, challenge: string, bad: Misbehaviour): Buffer {
    return Buffer.from(
      JSON.stringify({
        type,
        challenge: bad.challenge ?? challenge,
        origin: bad.origin ?? this.#origin,
        crossOrigin: false,
      }),
    )
  }
}

const named = ({ id }: Credential) => ({
  id: id.toString('base64url'),
  rawId: id.toString('base64url'),
  type: 'public-key' as const,
  clientExtensionResults: {},
})

/** As much of CBOR (RFC 8949) as an authenticator writes. */
type Item = number | string | Buffer | { readonly map: readonly (readonly [number | string, Item])[] }

const map = (pairs: readonly (readonly [number | string, Item])[]): Buffer => encode({ map: pairs })

function encode(item: Item): Buffer {
  if (typeof item === 'number') return item >= 0 ? head(0, item) : head(1, -1 - item)
  if (typeof item === 'string') return Buffer.concat([head(3, Buffer.byteLength(item)), Buffer.from(item)])
  if (Buffer.isBuffer(item)) return Buffer.concat([head(2, item.length), item])
  return Buffer.concat([
    head(5, item.map.length),
    ...item.map.flatMap(([key, value]) => [encode(key), encode(value)]),
  ])
}

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.of((major << 5) | value)
  if (value < 256) return Buffer.of((major << 5) | 24, value)
  return Buffer.of((major << 5) | 25, value >> 8, value & 0xff)
}
