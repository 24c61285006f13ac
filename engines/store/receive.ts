/**
 * Receive: a peer's records, as parcels, with the ids and versions that their origin gave them. A version is frozen under
 * its leaf:
 *
 * - the same leaf again changes nothing, unless it brings fields that were withheld before: those are filled in
 *   (`completed`), under the same version and the same place in the log;
 * - another leaf, or the same with other content under one field's name, is equivocation: held whole in quarantine for
 *   people to look at, and never written;
 * - what was erased here stays erased.
 *
 * The leaf that goes into this node's log is the origin's own. Versions may come in any order. What an input's handling
 * was tightened to here binds a peer's derived record from the start: it may have left before the news reached its origin.
 */
import {
  type Digest,
  type Handling,
  type Instant,
  instant,
  leafOf,
  type MosaicRecord,
  type RecordId,
} from '../record/index.ts'
import { inputName } from './ancestry.ts'
import type { AppendParts } from './append.ts'
import { bodyIssues, checkArrival, issue } from './check-arrival.ts'
import type { Transaction } from './connect.ts'
import type { AppendOptions, Arrival, Quarantine, Received, Refusal } from './contract.ts'
import { erasedOf } from './erase.ts'
import {
  type Checked,
  type Decided,
  type HeldVersion,
  type Known,
  planReceive,
  refused,
  type Sound,
  type Tightened,
} from './plan-receive.ts'
import { dropProvenance, provenance, type Vouched, writeProvenance } from './provenance.ts'
import { lockIds, rewriteRows, type VersionRef, writeRows } from './queries.ts'
import { bucketOf, type RecordRow } from './rows.ts'

export type ReceiveParts = AppendParts & { readonly quarantine: Quarantine }

const batchSize = 1000
const chunkSize = 50

export async function receive(
  parts: ReceiveParts,
  arrivals: readonly Arrival[],
  options: AppendOptions = {},
): Promise<readonly Received[]> {
  const receivedAt = options.receivedAt ?? parts.clock.now()
  const received: Received[] = []
  for (let at = 0; at < arrivals.length; at += batchSize)
    received.push(...(await receiveBatch(parts, arrivals.slice(at, at + batchSize), receivedAt)))
  if (received.some(({ kind }) => kind === 'accepted')) await parts.sequencer.run()
  return received
}

async function receiveBatch(
  parts: ReceiveParts,
  arrivals: readonly Arrival[],
  receivedAt: Instant,
): Promise<readonly Received[]> {
  const checked = arrivals.map((arrival) => checkArrival(parts, arrival))
  const sound = checked.filter((one) => 'opened' in one)
  const decided =
    sound.length === 0
      ? (checked as readonly Refusal[]).map(refused)
      : await decide(parts, checked, receivedAt)
  const outcomes: Received[] = []
  for (const outcome of decided)
    outcomes.push(
      outcome.kind === 'other-content' ? await hold(parts.quarantine, outcome.arrival, receivedAt) : outcome,
    )
  return outcomes
}

function decide(
  parts: ReceiveParts,
  checked: readonly Checked[],
  receivedAt: Instant,
): Promise<readonly Decided[]> {
  return parts.sql.begin(async (handle) => {
    const tx = handle as Transaction
    const known = await ask(
      tx,
      checked.filter((one) => 'opened' in one),
    )
    const { outcomes, written, rewritten } = planReceive(checked, known, {
      receivedAt,
      home: parts.home,
      issuesOf: (opened) => bodyIssues(parts.registry, opened),
    })
    await writeRows(tx, inChunks(written.map(({ row }) => row)), parts.home)
    if (rewritten.length > 0) {
      await rewriteRows(
        tx,
        rewritten.map(({ row }) => row),
        parts.home,
      )
      await dropProvenance(
        tx,
        rewritten.map(({ row }) => row.record),
      )
    }
    await writeProvenance(tx, [...written, ...rewritten])
    return outcomes
  }) as Promise<readonly Decided[]>
}

/** All questions are sent at once; each sees what was committed before its lock was granted. */
async function ask(tx: Transaction, sound: readonly Sound[]): Promise<Known> {
  const records = sound.map(({ opened }) => opened.record)
  const refs = records.map(({ id, version }) => ({ id, version }))
  const ids = [...new Set(refs.map(({ id }) => id))]
  const inputs = [...new Set(records.flatMap(inputIds))]
  const [, held, erased, tightened] = await Promise.all([
    lockIds(tx, ids),
    heldOf(tx, refs),
    erasedOf(tx, refs),
    inputs.length > 0 ? tightenedOf(tx, inputs) : [],
  ])
  const partial = held.filter(({ withheld, erasedAt }) => withheld !== null && erasedAt === null)
  const came = await provenance(tx, partial)
  const parcels = new Map(partial.map((row, n) => [inputName(row.id, row.version), came[n]]))
  return {
    held: new Map(held.map((row) => [inputName(row.id, row.version), heldVersion(row, parcels)])),
    erased: new Set(erased.map(({ id, version }) => inputName(id, version))),
    tightened: Map.groupBy(tightened, ({ id }) => id),
  }
}

/** So that the server takes in the first rows while the next are spelled. */
function* inChunks(rows: readonly RecordRow[]): Generator<readonly RecordRow[]> {
  for (let at = 0; at < rows.length; at += chunkSize) yield rows.slice(at, at + chunkSize)
}

const inputIds = ({ links }: MosaicRecord): RecordId[] =>
  links.filter(({ type }) => type === 'derivedFrom').map(({ id }) => id)

type HeldRow = VersionRef & {
  readonly record: MosaicRecord
  readonly receivedAt: Date
  readonly effective: Handling | null
  readonly withheld: readonly string[] | null
  readonly erasedAt: Date | null
  readonly salt: Buffer | null
  readonly leaf: Digest | null
}

/** Which of these versions are held, and how? Looked up by key one by one: a join would read a young table whole. */
const heldOf = (tx: Transaction, refs: readonly VersionRef[]) => tx<HeldRow[]>`
  select
    r.id, r.version, r.record, r.received_at as "receivedAt", r.effective, r.withheld,
    r.erased_at as "erasedAt", r.salt, encode(p.leaf, 'hex') as leaf
  from unnest(
    ${refs.map(({ id }) => bucketOf(id))}::smallint[],
    ${refs.map(({ id }) => id)}::text[],
    ${refs.map(({ version }) => version)}::int[]
  ) as w (bucket, id, version)
  cross join lateral (
    select *
    from record
    where bucket = w.bucket and id = w.id and version = w.version
    offset 0
  ) as r
  left join lateral (
    select leaf
    from provenance
    where bucket = w.bucket and id = w.id and version = w.version
    offset 0
  ) as p on true`

/** Which versions of these records hold under a stricter handling than their own? */
const tightenedOf = (tx: Transaction, ids: readonly RecordId[]) => tx<Tightened[]>`
  select r.id, r.version, r.effective
  from unnest(${ids.map(bucketOf)}::smallint[], ${ids}::text[]) as w (bucket, id)
  join record as r using (bucket, id)
  where r.effective is not null`

/** A scenario's own records stand in the same database without provenance: their leaf follows from their salt. */
function heldVersion(
  row: HeldRow,
  parcels: ReadonlyMap<string, Pick<Vouched, 'parcel'> | undefined>,
): HeldVersion {
  const { record, receivedAt, effective, withheld, salt, leaf } = row
  const arrival = parcels.get(inputName(row.id, row.version))
  return {
    leaf: leaf ?? (salt === null ? ('' as Digest) : leafOf(record, salt)),
    withheld: withheld ?? [],
    receivedAt: instant(receivedAt),
    ...(effective && { effective }),
    ...(arrival && { arrival }),
  }
}

/** With its proof, which shows who said both. */
async function hold(
  quarantine: Quarantine,
  { opened: { record }, parcel, via, proof }: Sound,
  receivedAt: Instant,
): Promise<Received> {
  const { id: quarantined, isKept } = await quarantine.hold({
    kind: 'equivocation',
    from: via,
    realm: record.realm,
    receivedAt,
    mediaType: 'application/json',
    bytes: Buffer.from(JSON.stringify({ parcel, proof })),
    issues: [
      issue(
        'record/equivocation',
        '',
        inputName(record.id, record.version),
        'Its origin gave other content under this number before; ask the origin which one stands.',
      ),
    ],
  })
  return { kind: 'equivocation', quarantined, isKept }
}
