/**
 * A record's proof, checked in the browser: the field digests and the leaf from what was disclosed (engines/record
 * `digest.ts`), the root from the leaf and its path (RFC 9162 §2.1.3.2), the root against the checkpoint (C2SP
 * tlog-checkpoint: origin, size, root), and the checkpoint's Ed25519 signature (C2SP signed-note) against the keys of that
 * log that this node tells. Whether these are its keys people compare by telephone; that nobody was shown another history
 * is what witnesses sign for.
 *
 * Browsers lack Web Crypto on a page that came without HTTPS, and older ones lack Ed25519: what could not be checked is
 * said, and never counted as good.
 */
import canonicalize from 'canonicalize'
import type { RecordProof } from '../../server/schemas/index.ts'

export type Checked = {
  readonly kind:
    | 'good'
    | 'unsigned'
    | 'unchecked'
    | 'leaf-differs'
    | 'not-in-log'
    | 'another-record'
    | 'other-log'
    | 'forged'
  /** Of `unsigned`: why the signature was not checked. */
  readonly because?: 'no-key' | 'no-ed25519'
  /** Of `good`: the key that verified it, `name+id`. */
  readonly key?: string
  readonly log: string
  readonly index: number
  readonly size: number
  readonly checkpoint: string
}

export async function checkProof(proof: RecordProof, id: string): Promise<Checked> {
  const { index, treeSize: size, checkpoint } = proof.proof
  const [log = '', saidSize, saidRoot] = checkpoint.split('\n')
  const facts = { log, index, size, checkpoint }
  if (globalThis.crypto?.subtle === undefined) return { kind: 'unchecked', ...facts }
  const told = (name: string) => proof.parcel.disclosed.find((field) => field.name === name)?.value
  if (told('id') !== id || proof.id !== id) return { kind: 'another-record', ...facts }
  if ((await leafOf(proof)) !== proof.leaf) return { kind: 'leaf-differs', ...facts }
  const root = await rootFrom(fromHex(proof.leaf), proof.proof)
  const isThere = root !== undefined && Number(saidSize) === size && toBase64(root) === saidRoot
  if (!isThere) return { kind: 'not-in-log', ...facts }
  // A name that a scenario brings has no log of its own: in an exercise it is whoever plays it who proves.
  const isPlayed = String(told('realm')).startsWith('exercise:')
  if (log !== `${told('origin')}/log` && !isPlayed) return { kind: 'other-log', ...facts }
  return { ...facts, ...(await signedBy(proof)) }
}

const ed25519Type = 0x01

/** Every signature by a key that is known here must hold; one at least must be there. */
async function signedBy({
  proof: { checkpoint },
  keys,
}: RecordProof): Promise<Pick<Checked, 'kind' | 'because' | 'key'>> {
  const end = checkpoint.indexOf('\n\n') + 1
  const [message, log] = [checkpoint.slice(0, end), checkpoint.slice(0, checkpoint.indexOf('\n'))]
  const known = (await Promise.all(keys.map(readVkey))).filter((key) => key?.name === log)
  let by: string | undefined
  for (const line of checkpoint.slice(end + 1).split('\n')) {
    const [, name, encoded = ''] = /^\u2014 (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? []
    const bytes = fromBase64(encoded)
    const key = known.find((one) => one?.name === name && one?.id === toHex(bytes.slice(0, 4)))
    if (key === undefined) continue
    const holds = await verifies(key.publicKey, bytes.slice(4), utf8(message))
    if (holds === undefined) return { kind: 'unsigned', because: 'no-ed25519' }
    if (!holds) return { kind: 'forged' }
    by = `${key.name}+${key.id}`
  }
  return by === undefined ? { kind: 'unsigned', because: 'no-key' } : { kind: 'good', key: by }
}

/** Undefined where this browser has no Ed25519. */
async function verifies(
  publicKey: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean | undefined> {
  let key: CryptoKey
  try {
    key = await crypto.subtle.importKey('raw', publicKey, { name: 'Ed25519' }, false, ['verify'])
  } catch {
    return undefined
  }
  return crypto.subtle.verify({ name: 'Ed25519' }, key, signature, message)
}

/** `name+id+base64(type, key)`; undefined unless the three belong together. */
async function readVkey(vkey: string) {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey) ?? []
  const bytes = fromBase64(encoded)
  if (bytes.length !== 33 || bytes[0] !== ed25519Type) return undefined
  const hash = await sha256(joined(utf8(`${name}\n`), bytes))
  return toHex(hash.slice(0, 4)) === id ? { name, id, publicKey: bytes.slice(1) } : undefined
}

async function leafOf({ parcel }: RecordProof): Promise<string> {
  const digests = await Promise.all(
    parcel.disclosed.map(async (field) => {
      const said = 'value' in field ? [field.name, field.value] : [field.name]
      return toHex(await sha256(utf8(`mosaic-field-1\n${field.salt}\n${canonicalize(said)}`)))
    }),
  )
  const lines = [...digests, ...parcel.withheld].sort().map((digest) => `${digest}\n`)
  return toHex(await sha256(utf8(`mosaic-leaf-1\n${lines.join('')}`)))
}

/** Undefined where the path is too short or too long for that place. */
async function rootFrom(leaf: Uint8Array, proof: RecordProof['proof']): Promise<Uint8Array | undefined> {
  let [at, last] = [proof.index, proof.treeSize - 1]
  if (at > last) return undefined
  let found = await sha256(joined(Uint8Array.of(0), leaf))
  for (const text of proof.hashes) {
    if (last === 0) return undefined
    const hash = fromBase64(text)
    if (at % 2 === 1 || at === last) {
      found = await sha256(joined(Uint8Array.of(1), hash, found))
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else found = await sha256(joined(Uint8Array.of(1), found, hash))
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? found : undefined
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
const joined = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
const toHex = (bytes: Uint8Array): string =>
  [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('')
const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (one) => one.charCodeAt(0))
