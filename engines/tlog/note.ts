/**
 * Signed notes (C2SP signed-note): a text, a blank line, and signature lines of whoever signed it.
 *
 *     durres.example/log
 *     20852163
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *
 *     — durres.example/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
 *
 * UTF-8, no control character but newline; the text ends in a newline and is parted from the signatures by the last
 * blank line. A signature line is an em dash (U+2014), a space, the key's name, a space, and base64 of the key id
 * (4 bytes) and the signature. Name and id together say which key signed. Signatures of unknown keys are kept and
 * ignored; one of a known key that does not verify spoils the note.
 *
 *     key id = first 4 bytes of SHA-256(name || "\n" || type || public key)         type 0x01: Ed25519 over the text
 *     vkey   = name+<key id, hexadecimal>+base64(type || public key)                 how a public key is told to others
 */
import { hash } from 'node:crypto'
import { fromBase64, fromUtf8, toBase64, toHex, utf8 } from './bytes.ts'
import { keyLength, verifyEd25519 } from './ed25519.ts'

export const ed25519Type = 0x01
export const cosignatureType = 0x04
export type KeyType = typeof ed25519Type | typeof cosignatureType

/** Sixteen signatures of 5 kB must fit (C2SP signed-note); beyond this it is no note of ours to read. */
export const maxNoteBytes = 128 * 1024
const maxSignatures = 100

export type NoteSignature = {
  readonly name: string
  /** 8 hexadecimal digits. */
  readonly keyId: string
  readonly signature: Uint8Array
}
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] }
export type ParsedNote =
  | ({ readonly kind: 'note' } & Note)
  | { readonly kind: 'malformed'; readonly says: string; readonly offset: number }

/** What a note's signature is checked with. */
export type Verifier = {
  readonly name: string
  readonly keyId: string
  readonly type: KeyType
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

export type NoteVerdict =
  | { readonly kind: 'verified'; readonly by: readonly Verifier[] }
  /** No signature is of a key that we know. */
  | { readonly kind: 'unknown-signer'; readonly found: readonly string[] }
  /** A key that we know did not sign this. */
  | { readonly kind: 'forged'; readonly name: string; readonly keyId: string }

/** Strictly: what is not spelled as `formatNote` spells it is malformed. `offset` counts characters. */
export function parseNote(bytes: Uint8Array | string): ParsedNote {
  const size = typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length
  if (size > maxNoteBytes) return malformed(`the note is longer than ${maxNoteBytes} bytes`)
  const whole = typeof bytes === 'string' ? bytes : fromUtf8(bytes)
  if (whole === undefined || !whole.isWellFormed()) return malformed('the note is not UTF-8')
  const control = [...whole].findIndex((character) => character < ' ' && character !== '\n')
  if (control >= 0) return malformed('a control character stands in the note', control)
  const split = whole.lastIndexOf('\n\n')
  if (split < 0) return malformed('no blank line parts text and signatures')
  const lines = whole.slice(split + 2).split('\n')
  if (lines.pop() !== '' || lines.length === 0)
    return malformed('the last signature line does not end', split)
  if (lines.length > maxSignatures) return malformed(`more than ${maxSignatures} signatures`, split)
  const signatures = lines.map(parseSignatureLine)
  const bad = signatures.indexOf(undefined)
  if (bad >= 0) return malformed(`signature line ${bad + 1} is not “— name base64”`, split + 2)
  return { kind: 'note', text: whole.slice(0, split + 1), signatures: signatures as NoteSignature[] }
}

const malformed = (says: string, offset = 0): ParsedNote => ({ kind: 'malformed', says, offset })

/** One line without its newline; undefined when it is none. */
export function parseSignatureLine(line: string): NoteSignature | undefined {
  const [dash, name, encoded, ...rest] = line.split(' ')
  if (dash !== '—' || rest.length > 0 || !name || !encoded || !isKeyName(name)) return undefined
  const bytes = fromBase64(encoded)
  if (bytes === undefined || bytes.length < 5) return undefined
  return { name, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) }
}

export const signatureLine = ({ name, keyId, signature }: NoteSignature): string =>
  `— ${name} ${toBase64(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}`

export const formatNote = ({ text, signatures }: Note): string =>
  `${text}\n${signatures.map((one) => `${signatureLine(one)}\n`).join('')}`

/** Not empty, no Unicode space, no plus, nothing that ends a line. */
export const isKeyName = (name: string): boolean =>
  name.length > 0 && name.length <= 255 && !/[\s+\p{White_Space}\p{Cc}]/u.test(name) && name.isWellFormed()

export const keyIdOf = (name: string, type: number, publicKey: Uint8Array): string =>
  hash('sha256', Buffer.concat([utf8(`${name}\n`), Uint8Array.of(type), publicKey]), 'hex').slice(0, 8)

export const verifierOf = (name: string, type: KeyType, publicKey: Uint8Array): Verifier => ({
  name,
  keyId: keyIdOf(name, type, publicKey),
  type,
  publicKey,
})

export const formatVkey = ({ name, keyId, type, publicKey }: Verifier): string =>
  `${name}+${keyId}+${toBase64(Buffer.concat([Uint8Array.of(type), publicKey]))}`

/** Undefined unless the name, the id and the key belong together and the key is Ed25519. */
export function parseVkey(vkey: string): Verifier | undefined {
  const found = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey)
  const [, name = '', keyId, encoded = ''] = found ?? []
  const bytes = fromBase64(encoded)
  const type = bytes?.[0]
  if (bytes === undefined || bytes.length !== 1 + keyLength || !isKeyName(name)) return undefined
  if (type !== ed25519Type && type !== cosignatureType) return undefined
  const verifier = verifierOf(name, type, bytes.slice(1))
  return verifier.keyId === keyId ? verifier : undefined
}

/** The message that a signature stands for, or undefined where its bytes cannot be one of this type. */
export type Statement = (
  note: Note,
  one: NoteSignature,
) => { readonly message: Uint8Array; readonly signature: Uint8Array } | undefined

const plain: Statement = ({ text }, { signature }) => ({ message: utf8(text), signature })

/** Only keys of one type at a time: which statement a signature makes depends on it. */
export function verifyNote(
  note: Note,
  known: readonly Verifier[],
  statement: Statement = plain,
): NoteVerdict {
  const by: Verifier[] = []
  for (const one of note.signatures) {
    const verifier = known.find(({ name, keyId }) => name === one.name && keyId === one.keyId)
    if (verifier === undefined) continue
    const signed = statement(note, one)
    if (!signed || !verifyEd25519(verifier.publicKey, signed.message, signed.signature))
      return { kind: 'forged', name: one.name, keyId: one.keyId }
    if (!by.includes(verifier)) by.push(verifier)
  }
  if (by.length > 0) return { kind: 'verified', by }
  return { kind: 'unknown-signer', found: note.signatures.map(({ name, keyId }) => `${name}+${keyId}`) }
}
