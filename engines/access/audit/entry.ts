/**
 * One entry of the trail: made of what was noted, cut to its bounds, and chained.
 *
 *     content digest = SHA-256("mosaic-audit-entry-1\n" || salt in hexadecimal || "\n" || canonical(entry))
 *     digest         = SHA-256("mosaic-audit-1\n" || the digest before in hexadecimal || "\n"
 *                              || canonical([seq, at, retainUntil, content digest in hexadecimal]))
 *
 * The first entry stands on 32 zero bytes. When the content of an entry is erased after its time, seq, at, retainUntil,
 * content digest and digest stay: the chain verifies on, and shows that the time was over. The salt goes with the content,
 * or short entries could be found again by trying.
 */
import { hash } from 'node:crypto'
import { canonical, type Instant, parseRecordId, plusMs, type RecordId } from '../../record/index.ts'
import type { AuditEntry, Noted, Subjects } from './contract.ts'

export const subjectsPerEntry = 1000
const textLimit = 500
const queryLimit = 4000
const dayMs = 86_400_000

export type PreparedEntry = {
  readonly entry: AuditEntry
  readonly text: string
  readonly salt: Uint8Array
  readonly contentDigest: string
  readonly records: readonly RecordId[]
}

export type Preparing = {
  readonly at: Instant
  readonly keepDays: number
  readonly random: (size: number) => Uint8Array
}

/** As many entries as its subjects need; one when it has few or none. */
export function entriesOf(noted: Noted, { at, keepDays, random }: Preparing): readonly PreparedEntry[] {
  const base = { at, retainUntil: plusMs(at, keepDays * dayMs), ...saidOf(noted, at) }
  return partsOf(noted.subjects ?? []).map(({ records, subjects }) => {
    const entry = subjects === undefined ? base : { ...base, subjects }
    const text = canonical(entry)
    const salt = random(16)
    return { entry, text, salt, contentDigest: contentDigest(salt, text), records }
  })
}

export const contentDigest = (salt: Uint8Array, text: string): string =>
  hash('sha256', `mosaic-audit-entry-1\n${Buffer.from(salt).toString('hex')}\n${text}`)

export type Chained = {
  readonly seq: number
  readonly at: Instant
  readonly retainUntil: Instant
  readonly contentDigest: string
}

export const genesis = '00'.repeat(32)

export const chainDigest = (before: string, { seq, at, retainUntil, contentDigest }: Chained): string =>
  hash('sha256', `mosaic-audit-1\n${before}\n${canonical([seq, at, retainUntil, contentDigest])}`)

export const subjectsDigest = (records: readonly RecordId[]): string =>
  hash(
    'sha256',
    records
      .toSorted()
      .map((id) => `${id}\n`)
      .join(''),
  )

function partsOf(
  all: readonly RecordId[],
): readonly { readonly records: readonly RecordId[]; readonly subjects?: Subjects }[] {
  const ids = [...new Set(all.map(parseRecordId))] // one that is none would stop the writing of all
  if (ids.length === 0) return [{ records: [] }]
  const parts = Math.ceil(ids.length / subjectsPerEntry)
  return Array.from({ length: parts }, (_, n) => {
    const records = ids.slice(n * subjectsPerEntry, (n + 1) * subjectsPerEntry)
    const place = parts > 1 ? { part: n + 1, parts } : {}
    return { records, subjects: { count: records.length, digest: subjectsDigest(records), ...place } }
  })
}

function saidOf({ asking, act, outcome = 'done', reason, query, results }: Noted, at: Instant) {
  const { principal, purpose, caseNumber } = asking
  const { organisation, roles, kind, breakGlassUntil } = principal
  return {
    principal: plain(principal.id, 300),
    kind,
    ...(organisation === undefined ? {} : { organisation: plain(organisation, 300) }),
    roles: [...roles],
    purpose,
    ...(caseNumber === undefined ? {} : { caseNumber: plain(caseNumber, 100) }),
    act,
    outcome,
    ...(reason === undefined ? {} : { reason: plain(reason, textLimit) }),
    ...(query === undefined ? {} : { query: boundedQuery(query) }),
    ...(results === undefined ? {} : { results }),
    ...(breakGlassUntil !== undefined && breakGlassUntil > at ? { glassBroken: true as const } : {}),
  }
}

/** What people typed may hold what neither JSON nor the database can. */
const plain = (text: string, limit: number): string =>
  text.slice(0, limit).toWellFormed().replaceAll('\0', '\uFFFD')

function boundedQuery(query: unknown): unknown {
  const text = JSON.stringify(query, (_, value) =>
    typeof value === 'string' ? plain(value, queryLimit) : value,
  )
  if (text === undefined) return null
  if (text.length <= queryLimit) return JSON.parse(text) as unknown
  return { tooLarge: text.length, sha256: hash('sha256', text) }
}
