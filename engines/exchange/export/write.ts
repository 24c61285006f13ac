/**
 * Writing an export: first it is found out what is in it (`planExport`), so that it can stand on the audit trail before
 * anything is written; then just that is written, in log order. What came or was erased in between is not in it.
 */
import { type Reader, reader } from '../../access/index.ts'
import {
  type Held,
  type NodeId,
  narrow,
  type PoliceCode,
  type RecordId,
  unmarkedOf,
} from '../../record/index.ts'
import { type Provenance, type Query, type Store, writeScopeFile } from '../../store/index.ts'
import {
  formatVkey,
  logVerifier,
  type NodeKeys,
  originOf,
  type PublicKey,
  type SignedCheckpoint,
  type TransparencyLog,
} from '../../tlog/index.ts'
import {
  type ExportAsked,
  type ExportEnd,
  type ExportHeader,
  type ExportLine,
  type ExportRecord,
  exportFormat,
  signedText,
} from './contract.ts'

export type ExportParts = {
  readonly store: Pick<Store, 'read' | 'head' | 'provenance'>
  readonly node: NodeId
  readonly log: Pick<TransparencyLog, 'integrate' | 'inclusion'>
  readonly keys: Pick<NodeKeys, 'all' | 'current' | 'sign'>
  /** The keys of another origin that are known here. */
  readonly keysOf: (node: NodeId) => Promise<readonly PublicKey[]>
}

export type ExportPlan = {
  readonly asked: ExportAsked
  readonly reader: Reader
  readonly head?: SignedCheckpoint
  readonly upTo: number
  /** Log index of each version that is in it. */
  readonly indexes: ReadonlySet<number>
  readonly subjects: readonly RecordId[]
  /** Police codes of what is in it: a case number may be asked for. */
  readonly police: readonly PoliceCode[]
}

const pageSize = 500

export async function planExport(parts: ExportParts, asked: ExportAsked): Promise<ExportPlan> {
  const head = asked.withProofs === true ? await parts.log.integrate() : undefined
  const upTo = head === undefined ? await parts.store.head() : head.size - 1
  const bounds = { asked, reader: reader(asked.asking), upTo, ...(head && { head }) }
  const indexes = new Set<number>()
  const subjects = new Set<RecordId>()
  const police = new Set<PoliceCode>()
  for await (const held of pages(parts, bounds))
    for (const { index, record, effective = record.handling } of held) {
      indexes.add(index)
      subjects.add(record.id)
      for (const code of effective.police ?? []) police.add(code)
    }
  return { ...bounds, indexes, subjects: [...subjects].sort(), police: [...police].sort() }
}

export async function writeExport(
  parts: ExportParts,
  plan: ExportPlan,
  file: string,
): Promise<{ readonly records: number; readonly bytes: number }> {
  let records = 0
  async function* lines(): AsyncGenerator<string> {
    for await (const line of linesOf(parts, plan)) {
      if (line.kind === 'record') records += 1
      yield JSON.stringify(line)
    }
  }
  const lastLine = (sha256: string) => JSON.stringify(endOf(parts, records, sha256))
  const { bytes } = await writeScopeFile({ file, lines: lines(), lastLine })
  return { records, bytes }
}

type Bounds = Pick<ExportPlan, 'asked' | 'reader' | 'head' | 'upTo'>

/** What the principal may have, page by page. */
async function* pages({ store }: ExportParts, { asked, reader: { condition }, upTo }: Bounds) {
  const { realm, types, versions = 'newest' } = asked
  const query: Query = {
    ...{ realm, versions, where: condition, upTo, order: 'index', limit: pageSize },
    ...(types && { matching: { kind: 'type-in', types } }),
  }
  for (let after = -1; ; ) {
    const held = await store.read({ ...query, after })
    if (held.length > 0) yield held
    const last = held.at(-1)
    if (last === undefined || held.length < pageSize) return
    after = last.index
  }
}

async function* linesOf(parts: ExportParts, plan: ExportPlan): AsyncGenerator<ExportLine> {
  yield headerOf(parts, plan)
  const proving = prover(parts, plan)
  for await (const page of pages(parts, plan)) {
    const held = page.filter(({ index }) => plan.indexes.has(index))
    const proofs = plan.head === undefined ? [] : await proving(held)
    for (const [at, one] of held.entries()) {
      const seen = plan.reader.view(one)
      if (seen === undefined) continue
      const proof = proofs[at]
      yield* proof?.before ?? []
      const { record, withheld = [], effective } = seen
      yield { kind: 'record', record, withheld, ...(effective && { handling: effective }), ...proof?.parts }
    }
  }
}

function headerOf({ node }: ExportParts, { asked, reader: { condition } }: ExportPlan): ExportHeader {
  const { asking, ...rest } = asked
  const { principal, purpose, caseNumber, now } = asking
  return {
    kind: 'header',
    format: exportFormat,
    node,
    at: now,
    for: principal.id,
    ...(principal.organisation !== undefined && { organisation: principal.organisation }),
    purpose,
    ...(caseNumber !== undefined && { caseNumber }),
    asked: rest,
    policy: condition,
  }
}

type Proven = {
  /** Keys and checkpoints that nothing named before. */
  readonly before: readonly ExportLine[]
  readonly parts: Pick<ExportRecord, 'parcel' | 'under' | 'proof'>
}

/** Undefined for what cannot be proven: neither this node's own nor come with its origin's proof. */
function prover(parts: ExportParts, plan: ExportPlan) {
  const notes = new Map<string, number>()
  const known = new Set<NodeId>()
  const introduce = async (origin: NodeId, note: string): Promise<readonly ExportLine[]> => {
    const lines: ExportLine[] = []
    if (!known.has(origin)) {
      known.add(origin)
      const keys = origin === parts.node ? await parts.keys.all() : await parts.keysOf(origin)
      for (const key of keys) lines.push({ kind: 'key', vkey: formatVkey(logVerifier(key)) })
    }
    if (!notes.has(note)) {
      notes.set(note, notes.size)
      lines.push({ kind: 'checkpoint', note })
    }
    return lines
  }
  return async (held: readonly Held[]): Promise<readonly (Proven | undefined)[]> => {
    const sources = await parts.store.provenance(held.map(({ record: { id, version } }) => ({ id, version })))
    const own = await ownProofs(parts, plan, held)
    const proven: (Proven | undefined)[] = []
    for (const [at, one] of held.entries()) {
      const leaving = leavingOf(plan, one, sources[at], own.get(one.index))
      if (leaving === undefined) proven.push(undefined)
      else {
        const { note, ...rest } = leaving
        const before = await introduce(one.record.origin, note)
        proven.push({ before, parts: { ...rest, under: notes.get(note) ?? 0 } })
      }
    }
    return proven
  }
}

function leavingOf(
  { reader: { withheldFor }, head }: ExportPlan,
  held: Held,
  source: Provenance | undefined,
  hashes: readonly string[] | undefined,
) {
  if (source === undefined) return undefined
  const pointers = withheldFor(held)
  if (unmarkedOf(held.record, pointers).length > 0) return undefined
  const parcel = narrow(source.parcel, pointers)
  if (source.proof !== undefined) {
    const { checkpoint: note, ...proof } = source.proof
    // What another log proves, of an heir or of a player, needs more than this file holds to be checked.
    return note.startsWith(`${originOf(held.record.origin)}\n`) ? { parcel, note, proof } : undefined
  }
  if (hashes === undefined || head === undefined) return undefined
  return { parcel, note: head.note, proof: { index: held.index, treeSize: head.size, hashes } }
}

async function ownProofs(
  { log, node }: ExportParts,
  { head }: ExportPlan,
  held: readonly Held[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const indexes = held.filter(({ record }) => record.origin === node).map(({ index }) => index)
  const proofs = head === undefined || indexes.length === 0 ? [] : await log.inclusion(indexes, head.size)
  return new Map(
    proofs.map((hashes, at) => [indexes[at] ?? -1, hashes.map((one) => Buffer.from(one).toString('base64'))]),
  )
}

const endOf = ({ keys }: ExportParts, records: number, sha256: string): ExportEnd => ({
  kind: 'end',
  records,
  sha256,
  by: formatVkey(logVerifier(keys.current())),
  signature: Buffer.from(keys.sign(signedText(sha256))).toString('base64'),
})
