/**
 * Receive: a peer's records, with the ids and versions that their origin gave them. A record is frozen under its
 * (id, version): the same text again changes nothing; another text is equivocation, held whole in quarantine for people
 * to look at, and never written. Versions may come in any order.
 */
import {
  checkRecord,
  type Instant,
  type Issue,
  type MosaicRecord,
  maxRecordBytes,
  recordId,
  shown,
} from '../record/index.ts'
import type { AppendParts } from './append.ts'
import type { Transaction } from './connect.ts'
import type { AppendOptions, Quarantine, Received, Refusal } from './contract.ts'
import { inputName } from './plan-append.ts'
import { lockIds, versionsOf, writeRows } from './queries.ts'
import { type RecordRow, recordRow } from './rows.ts'

export type ReceiveParts = AppendParts & { readonly quarantine: Quarantine }

const batchSize = 1000

export async function receive(
  parts: ReceiveParts,
  records: readonly MosaicRecord[],
  options: AppendOptions = {},
): Promise<readonly Received[]> {
  const receivedAt = options.receivedAt ?? parts.clock.now()
  const received: Received[] = []
  for (let at = 0; at < records.length; at += batchSize)
    received.push(...(await receiveBatch(parts, records.slice(at, at + batchSize), receivedAt)))
  if (received.some(({ kind }) => kind === 'accepted')) await parts.sequencer.run()
  return received
}

type Decided = Received | { readonly kind: 'other-content'; readonly row: RecordRow }

async function receiveBatch(
  parts: ReceiveParts,
  records: readonly MosaicRecord[],
  receivedAt: Instant,
): Promise<readonly Received[]> {
  const rows = records.map((record) => rowOf(parts, record, receivedAt))
  const sound = rows.filter((row) => 'record' in row)
  const decided = await decide(parts, rows, sound)
  const outcomes: Received[] = []
  for (const outcome of decided)
    outcomes.push(outcome.kind === 'other-content' ? await hold(parts.quarantine, outcome.row) : outcome)
  return outcomes
}

async function decide(
  parts: ReceiveParts,
  rows: readonly (RecordRow | Refusal)[],
  sound: readonly RecordRow[],
): Promise<readonly Decided[]> {
  if (sound.length === 0) return planReceive(rows, new Map()).outcomes
  return parts.sql.begin(async (handle) => {
    const tx = handle as Transaction
    const [, held] = await Promise.all([
      lockIds(
        tx,
        sound.map(({ record }) => record.id),
      ),
      versionsOf(
        tx,
        sound.map(({ record: { id, version } }) => ({ id, version })),
      ),
    ])
    const texts = new Map(held.map(({ record, text }) => [inputName(record.id, record.version), text]))
    const { outcomes, accepted } = planReceive(rows, texts)
    await writeRows(tx, [accepted])
    return outcomes
  }) as Promise<readonly Decided[]>
}

/** Pure: what becomes of each row, given the texts held under their (id, version). */
function planReceive(rows: readonly (RecordRow | Refusal)[], held: ReadonlyMap<string, string>) {
  const texts = new Map(held)
  const accepted: RecordRow[] = []
  const outcomes = rows.map((row): Decided => {
    if (!('record' in row)) return { kind: 'refused', reason: row }
    const name = inputName(row.record.id, row.record.version)
    const before = texts.get(name)
    if (before === row.text) return { kind: 'unchanged', record: row.record }
    if (before !== undefined) return { kind: 'other-content', row }
    texts.set(name, row.text)
    accepted.push(row)
    return { kind: 'accepted', record: row.record }
  })
  return { outcomes, accepted }
}

function rowOf(parts: ReceiveParts, record: MosaicRecord, receivedAt: Instant): RecordRow | Refusal {
  const issues = peerIssues(parts, record)
  if (issues.length > 0) return { code: 'record/invalid', issues }
  const row = recordRow(record, receivedAt, parts.salts)
  if (Buffer.byteLength(row.text) <= maxRecordBytes) return row
  const message = `A record has at most ${maxRecordBytes} bytes; its origin keeps the rest as a payload.`
  return { code: 'record/invalid', issues: [{ rule: 'record/too-large', place: '', message }] }
}

function peerIssues({ registry, node }: ReceiveParts, record: MosaicRecord): readonly Issue[] {
  const issues = checkRecord(record)
  if (issues.length > 0) return issues
  const { id, origin, type, key, realm, body, schemaVersion } = record
  if (origin === node)
    return [issue('record/origin-is-here', '/origin', origin, 'Only this node writes its own records.')]
  // The id of a confidential type, or of one that is unknown here and may be, can be computed by its origin alone.
  const isOpen = registry.definition(type) !== undefined && !registry.isConfidential(type)
  if (isOpen && id !== recordId(origin, type, key, realm))
    return [issue('record/id', '/id', id, 'It is not the hash of origin, type, key and realm.')]
  return registry.check(type, body, schemaVersion)
}

const issue = (rule: string, place: string, value: string, message: string): Issue => ({
  rule,
  place,
  value: shown(value),
  message,
})

async function hold(quarantine: Quarantine, { record, text, receivedAt }: RecordRow): Promise<Received> {
  const quarantined = await quarantine.hold({
    kind: 'equivocation',
    from: record.origin,
    realm: record.realm,
    receivedAt,
    mediaType: 'application/json',
    bytes: Buffer.from(text),
    issues: [
      issue(
        'record/equivocation',
        '',
        inputName(record.id, record.version),
        'Its origin gave other content under this number before; ask the origin which one stands.',
      ),
    ],
  })
  return { kind: 'equivocation', quarantined }
}
