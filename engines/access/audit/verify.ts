/**
 * Verification of the trail: walks the chain from its first entry and says the first thing that is wrong.
 *
 * Checked of each entry: it stands where its number says; its text has its content digest; its digest follows from the
 * one before; the columns and the list of records beside it say what it says; content that is gone was past its time.
 * Then the head, and every seal: a seal is a record in the node's log, which witnesses have countersigned, so whoever
 * rewrites the whole chain up to a seal is found too. What came after the last seal can be cut off or rewritten by
 * somebody who owns the database; seal often.
 */
import { canonical, type Instant, type RecordId } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import type { AuditEntry } from './contract.ts'
import { chainDigest, contentDigest, genesis, subjectsDigest } from './entry.ts'
import { headOfTrail, instantOf } from './queries.ts'

export type Seal = {
  /** Number of the first and of the last entry that it covers. */
  readonly from: number
  readonly to: number
  readonly count: number
  /** Digest of the last entry, hexadecimal. */
  readonly head: string
}

export type TrailFault = {
  readonly kind:
    | 'missing'
    | 'content-altered'
    | 'chain-broken'
    | 'columns-differ'
    | 'subjects-differ'
    | 'erased-too-early'
    | 'head-differs'
    | 'seal-differs'
  /** The first entry that is wrong. */
  readonly seq: number
  readonly message: string
}

export type TrailVerdict =
  | { readonly kind: 'sound'; readonly entries: number; readonly seals: number; readonly head: string }
  | { readonly kind: 'faulty'; readonly fault: TrailFault }

export type Verifying = {
  readonly now: Instant
  readonly seals?: readonly Seal[]
  readonly onProgress?: (entries: number) => void
}

const pageSize = 1000

export async function verifyAudit(
  database: Sql,
  { now, seals = [], onProgress }: Verifying,
): Promise<TrailVerdict> {
  const head = await headOfTrail(database)
  const sealed = new Map(seals.map((seal) => [seal.to, seal]))
  let before = genesis
  let next = 0
  for (;;) {
    const rows = await rowsFrom(database, next)
    for (const row of rows) {
      if (next >= head.nextSeq) break // written while we read
      const fault = faultOf(row, { next, before, now }) ?? sealFault(row.digest, sealed.get(next))
      if (fault !== undefined) return { kind: 'faulty', fault }
      before = row.digest
      next++
    }
    onProgress?.(next)
    if (rows.length < pageSize || next >= head.nextSeq) break
  }
  const fault = endFault({ next, digest: before }, head, seals)
  if (fault !== undefined) return { kind: 'faulty', fault }
  return { kind: 'sound', entries: next, seals: seals.length, head: before }
}

type Row = {
  readonly seq: number
  readonly at: Date
  readonly retainUntil: Date
  readonly entry: string | null
  readonly salt: Buffer | null
  readonly principal: string | null
  readonly organisation: string | null
  readonly purpose: string | null
  readonly caseNumber: string | null
  readonly act: string | null
  readonly outcome: string | null
  readonly contentDigest: string
  readonly digest: string
  readonly records: readonly RecordId[]
}

const rowsFrom = (database: Sql, seq: number) => database<Row[]>`
  select
    e.seq, e.at, e.retain_until as "retainUntil", e.entry, e.salt, e.principal, e.organisation, e.purpose,
    e.case_number as "caseNumber", e.act, e.outcome, encode(e.content_digest, 'hex') as "contentDigest",
    encode(e.digest, 'hex') as digest,
    array(select s.record_id from audit_subject as s where s.seq = e.seq order by s.record_id) as records
  from audit_entry as e
  where e.seq >= ${seq}
  order by e.seq
  limit ${pageSize}`

type Place = { readonly next: number; readonly before: string; readonly now: Instant }

function faultOf(row: Row, { next, before, now }: Place): TrailFault | undefined {
  const fault = (kind: TrailFault['kind'], message: string) => ({ kind, seq: next, message })
  if (row.seq !== next)
    return fault('missing', `Entry ${next} is gone; the next that is there is ${row.seq}.`)
  const { seq, contentDigest: content } = row
  const [at, retainUntil] = [instantOf(row.at), instantOf(row.retainUntil)]
  if (row.entry !== null && contentDigest(row.salt ?? new Uint8Array(), row.entry) !== content)
    return fault('content-altered', `Entry ${seq} does not say what it said when it was written.`)
  if (chainDigest(before, { seq, at, retainUntil, contentDigest: content }) !== row.digest)
    return fault('chain-broken', `Entry ${seq} does not follow from the one before it.`)
  if (row.entry === null)
    return retainUntil > now
      ? fault(
          'erased-too-early',
          `Entry ${seq} has lost its content, which was to stay until ${retainUntil}.`,
        )
      : undefined
  if (!columnsAgree(row, at, retainUntil))
    return fault('columns-differ', `What entry ${seq} is listed under is not what it says.`)
  if (!subjectsAgree(row))
    return fault('subjects-differ', `The records listed for entry ${seq} are not those it was about.`)
  return undefined
}

function columnsAgree(row: Row, at: Instant, retainUntil: Instant): boolean {
  const entry = JSON.parse(row.entry ?? 'null') as AuditEntry
  const { principal, organisation = null, purpose, caseNumber = null, act, outcome } = entry
  return (
    canonical([entry.at, entry.retainUntil, principal, organisation, purpose, caseNumber, act, outcome]) ===
    canonical([
      at,
      retainUntil,
      row.principal,
      row.organisation,
      row.purpose,
      row.caseNumber,
      row.act,
      row.outcome,
    ])
  )
}

function subjectsAgree({ entry, records }: Row): boolean {
  const { subjects } = JSON.parse(entry ?? 'null') as AuditEntry
  if (subjects === undefined) return records.length === 0
  return subjects.count === records.length && subjects.digest === subjectsDigest(records)
}

function sealFault(digest: string, seal: Seal | undefined): TrailFault | undefined {
  if (seal === undefined || seal.head === digest) return undefined
  return {
    kind: 'seal-differs',
    seq: seal.to,
    message: `The chain up to entry ${seal.to} is not the one that was sealed: it was rewritten at or before it.`,
  }
}

type End = { readonly next: number; readonly digest: string }

function endFault(
  { next, digest }: End,
  head: { readonly nextSeq: number; readonly digest: string },
  seals: readonly Seal[],
): TrailFault | undefined {
  const last = seals.reduce((most, { to }) => Math.max(most, to), -1)
  if (last >= next)
    return {
      kind: 'missing',
      seq: next,
      message: `The trail was sealed up to entry ${last}, and ends before ${next}.`,
    }
  if (head.nextSeq !== next || head.digest !== digest)
    return {
      kind: 'head-differs',
      seq: next,
      message: `The trail ends before entry ${next}, and its head says otherwise.`,
    }
  return undefined
}
