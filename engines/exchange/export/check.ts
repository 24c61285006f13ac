/**
 * Checking an export from the file alone, line by line; the first thing that is wrong is said with its line:
 *
 *     end          the digest is that of the lines before; the node's key signed it
 *     checkpoint   a key of that log signed it
 *     record       its parcel opens to just this record, and the leaf stands at its place under its checkpoint
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { openParcel, unreachable } from '../../record/index.ts'
import {
  type Checkpoint,
  formatVkey,
  leafHash,
  maxProofHashes,
  openCheckpoint,
  originOf,
  parseVkey,
  type Verifier,
  verifyEd25519,
  verifyInclusion,
} from '../../tlog/index.ts'
import {
  type ExportEnd,
  type ExportHeader,
  type ExportLine,
  type ExportRecord,
  exportFormat,
  signedText,
} from './contract.ts'

export type CheckedExport =
  | {
      readonly kind: 'sound'
      readonly header: ExportHeader
      readonly records: number
      /** Those with a proof: the others are as the node signed them, and nobody else. */
      readonly proven: number
      /** Vkeys' names and ids of the keys that signed the file and its checkpoints. */
      readonly signedBy: readonly string[]
      readonly keysFrom: 'given' | 'served'
    }
  | { readonly kind: 'wrong'; readonly line: number; readonly says: string }

const text = Type.String()
const count = Type.Integer({ minimum: 0 })
/** What a line must have before anything is made of it; the parcel is opened as one from a peer is. */
const lineSchema = Type.Union([
  Type.Object({ kind: Type.Literal('header'), format: count, node: text, at: text, for: text }),
  Type.Object({ kind: Type.Literal('key'), vkey: text }),
  Type.Object({ kind: Type.Literal('checkpoint'), note: text }),
  Type.Object({
    kind: Type.Literal('record'),
    record: Type.Object({ origin: text }),
    withheld: Type.Array(text, { maxItems: 1000 }),
    parcel: Type.Optional(Type.Unknown()),
    under: Type.Optional(count),
    proof: Type.Optional(
      Type.Object({ index: count, treeSize: count, hashes: Type.Array(text, { maxItems: maxProofHashes }) }),
    ),
  }),
  Type.Object({ kind: Type.Literal('end'), records: count, sha256: text, by: text, signature: text }),
])
const lines = Compile(lineSchema)

class Wrong extends Error {}

const maxLine = 4_000_000

/** Does the file begin as an export? */
export async function isExport(file: string): Promise<boolean> {
  const start = createReadStream(file, { start: 0, end: 63, encoding: 'utf8' })
  for await (const text of start) return String(text).startsWith('{"kind":"header","format":')
  return false
}

/** `vkeys`: keys known from elsewhere; absent: those in the file. */
export async function checkExport(file: string, vkeys?: readonly string[]): Promise<CheckedExport> {
  let line = 0
  try {
    const check = checker(vkeys)
    for await (const text of linesOf(file)) {
      line += 1
      check.take(text)
    }
    return check.done()
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    return { kind: 'wrong', line, says: error.message }
  }
}

/** By line feeds alone; other line ends stand in texts. Every line has one, the last too. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    rest = Buffer.concat([rest, chunk as Buffer])
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield textOf(rest.subarray(0, end))
      rest = rest.subarray(end + 1)
    }
    if (rest.length > maxLine) throw new Wrong(`a line is longer than ${maxLine} bytes`)
  }
  if (rest.length > 0) throw new Wrong('it is cut short')
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Wrong('the line is no UTF-8')
  }
}

function checker(given: readonly string[] | undefined) {
  const keys: Verifier[] = (given ?? []).map(keyOf)
  const notes: Checkpoint[] = []
  const signers = new Set<string>()
  const digest = createHash('sha256')
  let header: ExportHeader | undefined
  let end: ExportEnd | undefined
  let records = 0
  let proven = 0
  const take = (text: string): void => {
    if (end !== undefined) throw new Wrong('something follows the end')
    const line = parsed(text)
    if ((line.kind === 'header') !== (header === undefined))
      throw new Wrong('an export begins with its header, and has one')
    if (line.kind !== 'end') digest.update(`${text}\n`)
    switch (line.kind) {
      case 'header':
        if (line.format !== exportFormat) throw new Wrong(`its format is not ${exportFormat}`)
        header = line
        break
      case 'key':
        if (given === undefined) keys.push(keyOf(line.vkey))
        break
      case 'checkpoint':
        notes.push(checkpointOf(line.note))
        break
      case 'record':
        records += 1
        if (line.parcel !== undefined) checkRecord(line)
        break
      case 'end':
        checkEnd(line, text)
        end = line
        break
      default:
        unreachable(line)
    }
  }
  const checkpointOf = (note: string): Checkpoint => {
    const opened = openCheckpoint(note, keys)
    if (opened.kind !== 'verified') throw new Wrong(`no known key signed this checkpoint (${opened.kind})`)
    for (const { name, keyId } of opened.by) signers.add(`${name}+${keyId}`)
    return opened.checkpoint
  }
  const checkRecord = ({ record, withheld, parcel, under = -1, proof }: ExportRecord): void => {
    const opened = openParcel(parcel)
    if (opened.kind === 'refused') throw new Wrong(opened.issues[0]?.message ?? 'its parcel does not open')
    const isSame = isDeepStrictEqual([record, withheld], [opened.record, opened.withheld])
    if (!isSame) throw new Wrong('the record is not the one in its parcel')
    const checkpoint = notes[under]
    if (checkpoint === undefined || proof === undefined) throw new Wrong('its checkpoint or proof is missing')
    if (checkpoint.origin !== originOf(record.origin))
      throw new Wrong('its checkpoint is of the log of another origin')
    const isIncluded =
      proof.treeSize === checkpoint.size &&
      verifyInclusion({
        index: proof.index,
        size: checkpoint.size,
        leafHash: leafHash(new Uint8Array(Buffer.from(opened.leaf, 'hex'))),
        proof: proof.hashes.map((one) => new Uint8Array(Buffer.from(one, 'base64'))),
        root: checkpoint.root,
      })
    if (!isIncluded) throw new Wrong('its proof does not lead to its checkpoint')
    proven += 1
  }
  const checkEnd = ({ sha256, by, signature, records: said }: ExportEnd, text: string): void => {
    if (digest.digest('hex') !== sha256) throw new Wrong('a line was changed, added or taken out')
    if (said !== records) throw new Wrong(`it says ${said} records and has ${records}`)
    const signer = keyOf(by)
    const bytes = Buffer.from(String(signature), 'base64')
    const written = {
      kind: 'end',
      records,
      sha256,
      by: formatVkey(signer),
      signature: bytes.toString('base64'),
    }
    if (JSON.stringify(written) !== text) throw new Wrong('its end is not as a node writes it')
    const name = header && originOf(header.node)
    const isKnown = keys.some(({ keyId, name: other }) => keyId === signer.keyId && other === signer.name)
    if (signer.name !== name || (given !== undefined && !isKnown))
      throw new Wrong('it is not signed by a known key of its node')
    if (!verifyEd25519(signer.publicKey, signedText(sha256), new Uint8Array(bytes)))
      throw new Wrong('the signature of its node does not verify')
    signers.add(`${signer.name}+${signer.keyId}`)
  }
  const done = (): CheckedExport => {
    if (header === undefined || end === undefined) throw new Wrong('it is cut short')
    const keysFrom = given === undefined ? 'served' : 'given'
    return { kind: 'sound', header, records, proven, signedBy: [...signers].sort(), keysFrom }
  }
  return { take, done }
}

function parsed(text: string): ExportLine {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    throw new Wrong('the line is no JSON')
  }
  if (!lines.Check(line)) throw new Wrong('the line is none of an export')
  return line as unknown as ExportLine
}

function keyOf(vkey: string): Verifier {
  const key = parseVkey(vkey)
  if (key === undefined) throw new Wrong('a key is no vkey (name+id+base64)')
  return key
}
