/**
 * A record's proof, checked in the browser: the field digests and the leaf from what was disclosed (engines/record
 * `digest.ts`), the root from the leaf and its path (RFC 9162 §2.1.3.2), and the root against the checkpoint (C2SP
 * tlog-checkpoint: origin, size, root). The signature under the checkpoint, and that no other history was shown, is what
 * `mosaic verify` and the witnesses check.
 */
import canonicalize from 'canonicalize'
import type { RecordProof } from '../../server/schemas/index.ts'

export type Checked = {
  readonly kind: 'good' | 'leaf-differs' | 'not-in-log' | 'another-record'
  readonly index: number
  readonly size: number
  readonly checkpoint: string
}

export async function checkProof(proof: RecordProof, id: string): Promise<Checked> {
  const { index, treeSize: size, checkpoint } = proof.proof
  const facts = { index, size, checkpoint }
  const told = proof.parcel.disclosed.find(({ name }) => name === 'id')?.value
  if (told !== id || proof.id !== id) return { kind: 'another-record', ...facts }
  if ((await leafOf(proof)) !== proof.leaf) return { kind: 'leaf-differs', ...facts }
  const [, saidSize, saidRoot] = checkpoint.split('\n')
  const root = await rootFrom(fromHex(proof.leaf), proof.proof)
  const isThere = root !== undefined && Number(saidSize) === size && toBase64(root) === saidRoot
  return { kind: isThere ? 'good' : 'not-in-log', ...facts }
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
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (one) => one.charCodeAt(0))
