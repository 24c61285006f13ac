/**
 * Verifying this node's own database: that what it shows is what its log committed to.
 *
 *     the log        checkpoint, tiles and leaves, as `verifyLog` verifies them for anybody
 *     each record    its stored text is the one spelling of what it says; its leaf, made anew from text and salt (a peer's:
 *                    from the parcel as it came), is the leaf in the log; what it is found by is what it says, and what
 *                    it is guarded by is no weaker than what it says
 *     nothing beside no record stands outside the log, but those that wait for the sequencer
 *
 * What was erased leaves its leaf, and its content can no longer be compared: how many those are is said.
 */
import {
  contentDigestOf,
  type Digest,
  type Handling,
  instant,
  leafOfTexts,
  leq,
  type MosaicRecord,
  openParcel,
  type PoliceCode,
  type RecordId,
  recordText,
  recordTexts,
  tlpLabels,
} from '../record/index.ts'
import type { Sql, Store } from '../store/index.ts'
import { toBase64 } from './bytes.ts'
import { logVerifier } from './checkpoint.ts'
import type { PublicKey, TransparencyLog } from './contract.ts'
import { ownSource } from './log-source.ts'
import { formatVkey } from './note.ts'
import { treeOf } from './queries.ts'
import { type VerifiedLog, verifyLog } from './verify-log.ts'

export type VerifyDatabaseOptions = {
  readonly database: Sql
  readonly store: Pick<Store, 'provenance'>
  readonly log: TransparencyLog
  readonly keys: { readonly all: () => Promise<readonly PublicKey[]> }
  readonly onProgress?: (done: { readonly records: number; readonly of: number }) => void
}

export type VerifiedDatabase =
  | {
      readonly kind: 'sound'
      readonly log: Extract<VerifiedLog, { readonly kind: 'sound' }>
      /** Versions whose leaf was made anew. */
      readonly records: number
      /** Versions whose content was taken away: only their leaf stands. */
      readonly erased: number
      /** In the log and not under a checkpoint yet. */
      readonly unsigned: number
    }
  | Extract<VerifiedLog, { readonly kind: 'wrong' }>

type Row = {
  readonly index: number
  readonly bucket: number
  readonly id: RecordId
  readonly version: number
  readonly leaf: Digest
  readonly text: string | null
  readonly salt: Uint8Array | null
  readonly contentDigest: Digest | null
  readonly columns: { readonly [name: string]: unknown } | null
  readonly guard: Guard | null
  readonly isErased: boolean
}

/** The handling that lists and searches ask, as columns. */
type Guard = {
  readonly tlp: number
  readonly audience: readonly string[] | null
  readonly purposes: readonly string[] | null
  readonly police: readonly PoliceCode[] | null
  readonly originatorControl: boolean
  readonly embargoMs: number | null
  readonly retainMs: number | null
  readonly marks: readonly string[] | null
}

const batch = 1000

export async function verifyDatabase(options: VerifyDatabaseOptions): Promise<VerifiedDatabase> {
  const { database: sql, log, keys } = options
  const vkeys = (await keys.all()).map((key) => formatVkey(logVerifier(key)))
  const verified = await verifyLog(ownSource(log), { vkeys })
  if (verified.kind === 'wrong') return verified
  const tree = await treeOf(sql)
  if (
    tree.size < verified.size ||
    (tree.size === verified.size && toBase64(tree.root) !== toBase64(verified.root))
  )
    return wrong(
      'tlog_tree',
      `it stands at ${tree.size}, and ${verified.size} was signed, or with another root`,
    )
  const outside = await outsideLog(sql)
  if (outside !== undefined) return outside

  let records = 0
  let erased = 0
  let next = 0
  for (;;) {
    const rows = await rowsFrom(sql, next)
    const found = await compareRows(options, rows, next)
    if (found !== undefined) return found
    erased += rows.filter(({ isErased }) => isErased).length
    records += rows.filter(({ isErased }) => !isErased).length
    next += rows.length
    options.onProgress?.({ records: next, of: Math.max(next, verified.size) })
    if (rows.length < batch) break
  }
  if (next < verified.size) return wrong('log', `it ends at ${next}, and ${verified.size} was signed`)
  return { kind: 'sound', log: verified, records, erased, unsigned: next - verified.size }
}

const wrong = (path: string, says: string): VerifiedDatabase & { readonly kind: 'wrong' } => ({
  kind: 'wrong',
  path,
  offset: 0,
  says,
})

/** What stands in the log from this index on, with the record that it commits to? */
const rowsFrom = (sql: Sql, first: number): Promise<readonly Row[]> =>
  sql<Row[]>`
    select
      l.index, l.bucket, l.id, l.version, encode(l.leaf, 'hex') as leaf, r.record::text as text, r.salt,
      encode(r.content_digest, 'hex') as "contentDigest", r.erased_at is not null as "isErased",
      json_build_object('type', r.type, 'realm', r.realm, 'origin', r.origin, 'key', r.key) as columns,
      json_build_object(
        'tlp', r.tlp, 'audience', r.audience, 'purposes', r.purposes, 'police', r.police,
        'originatorControl', r.originator_control, 'marks', r.marks,
        'embargoMs', round(extract(epoch from r.embargo_until) * 1000),
        'retainMs', round(extract(epoch from r.retain_until) * 1000)
      ) as guard
    from log as l
    left join record as r on r.bucket = l.bucket and r.id = l.id and r.version = l.version
    where l.index >= ${first}
    order by l.index
    limit ${batch}`

/** Records that are neither in the log nor on their way into it: one statement, so one instant. */
async function outsideLog(sql: Sql): Promise<(VerifiedDatabase & { readonly kind: 'wrong' }) | undefined> {
  const [found] = await sql<{ id: string; version: number }[]>`
    select r.id, r.version
    from record as r
    where not exists (select from log as l where l.bucket = r.bucket and l.id = r.id and l.version = r.version)
    and not exists (
      select
      from pending as p
      cross join lateral unnest(p.ids, p.versions) as w (id, version)
      where w.id = r.id and w.version = r.version
    )
    limit 1`
  return found && wrong(`record ${found.id}@${found.version}`, 'the record stands outside the log')
}

async function compareRows(
  { store }: VerifyDatabaseOptions,
  rows: readonly Row[],
  first: number,
): Promise<(VerifiedDatabase & { readonly kind: 'wrong' }) | undefined> {
  const foreign = rows.filter(({ text, salt, isErased }) => text !== null && salt === null && !isErased)
  const came = new Map(foreign.map((row, n) => [row.index, n]))
  const provenances = foreign.length === 0 ? [] : await store.provenance(foreign)
  for (const [at, row] of rows.entries()) {
    if (row.index !== first + at) return wrong(`log index ${first + at}`, 'the index is missing from the log')
    const parcel = provenances[came.get(row.index) ?? -1]?.parcel
    const says = faultOf(row, () => {
      const opened = parcel && openParcel(parcel)
      return opened?.kind === 'opened' ? opened.leaf : undefined
    })
    if (says !== undefined) return wrong(`record ${row.id}@${row.version} (log index ${row.index})`, says)
  }
  return undefined
}

/** What is wrong with the record under one leaf. */
function faultOf(row: Row, leafAsItCame: () => Digest | undefined): string | undefined {
  const { text, salt, isErased, leaf } = row
  if (text === null) return 'the record is missing'
  const record = recordIn(text)
  if (record === undefined) return 'the stored text is no record'
  if (!isNamedRightly(row, record))
    return 'the columns that the record is found by do not say what the record says'
  try {
    if (!isGuarded(row.guard, record.handling))
      return 'the columns that guard the record are weaker than its handling'
    if (isErased) return undefined
    const texts = recordTexts(record)
    if (recordText(texts) !== text) return 'the stored text is not the spelling that was stored'
    const found = salt === null ? leafAsItCame() : leafOfTexts(texts, record, salt)
    if (found !== leaf) return 'the record, or its salt, is not what the log committed to'
    if (salt !== null && contentDigestOf(texts) !== row.contentDigest)
      return 'the content digest is not that of the content'
    return undefined
  } catch {
    return 'the stored text is no record' // of another shape than any that was ever stored
  }
}

function recordIn(text: string): MosaicRecord | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as MosaicRecord) : undefined
  } catch {
    return undefined
  }
}

/** What tightened a record since may have made the columns stricter, never weaker. */
function isGuarded(guard: Guard | null, { fieldMarks = {}, ...handling }: Handling): boolean {
  const tlp = tlpLabels[guard?.tlp ?? -1]
  if (guard === null || tlp === undefined) return false
  const { audience, purposes, police, originatorControl, embargoMs, retainMs, marks } = guard
  const columns: Handling = {
    tlp,
    originatorControl,
    ...(audience && { audience }),
    ...(purposes && { purposes }),
    ...(police && { police }),
    ...(embargoMs !== null && { embargoUntil: instant(embargoMs) }),
    ...(retainMs !== null && { retainUntil: instant(retainMs) }),
  }
  return leq(handling, columns) && Object.keys(fieldMarks).every((pointer) => marks?.includes(pointer))
}

/** Erased records have lost their key. */
const isNamedRightly = ({ id, version, columns, isErased }: Row, record: MosaicRecord): boolean =>
  record.id === id &&
  record.version === version &&
  (['type', 'realm', 'origin', 'key'] as const).every(
    (name) => record[name] === columns?.[name] || (isErased && record[name] === undefined),
  )
