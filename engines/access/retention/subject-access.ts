/**
 * Subject access (GDPR Art. 15; Directive (EU) 2016/680, Art. 14): all that this node holds about one person, as data for
 * an officer who reviews it before anything is given. It finds and marks; it decides nothing.
 *
 * Every version of every record is read, body and producer. Marked for the officer: places that seem to speak of third
 * persons; records of another origin, whose owner is to be asked; police codes and originator control; an embargo. What
 * was asked and which records were found is on the trail before the answer.
 */
import type { Clock, Handling, Held, Instant, NodeId, RecordId } from '../../record/index.ts'
import type { Store } from '../../store/index.ts'
import type { Auditor } from '../audit/index.ts'
import type { Asking } from '../contract.ts'
import { type Match, matchesIn, type Sought, thirdPartiesIn } from './person-match.ts'

export type SubjectAccess = {
  readonly store: Pick<Store, 'read' | 'head'>
  readonly auditor: Pick<Auditor, 'noteBefore'>
  readonly clock: Clock
  readonly node: NodeId
}

export type SubjectQuestion = {
  readonly asking: Asking
  readonly sought: Sought
  /** The request that this answers, as the institution files it. */
  readonly reason: string
  readonly onProgress?: (read: number) => void
  readonly signal?: AbortSignal
}

/** To be seen to before the record is given to anybody. */
export const cautions = [
  'third-persons',
  'other-origin',
  'police-code',
  'originator-control',
  'embargo',
  'fields-withheld',
] as const
export type Caution = (typeof cautions)[number]

export type FoundRecord = {
  readonly id: RecordId
  readonly version: number
  readonly type: string
  readonly origin: NodeId
  readonly realm: string
  readonly recordedAt: Instant
  readonly receivedAt: Instant
  readonly producer: Held['record']['producer']
  /** The effective one. */
  readonly handling: Handling
  readonly matches: readonly Match[]
  /** JSON pointers of objects that seem to speak of somebody else. */
  readonly thirdPersons: readonly string[]
  readonly cautions: readonly Caution[]
  readonly body: unknown
}

export type SubjectExport = {
  readonly format: 'mosaic-subject-access-1'
  readonly node: NodeId
  readonly madeAt: Instant
  readonly reason: string
  readonly sought: Sought
  readonly status: 'for review: not to be given before an officer has read it'
  readonly recordsRead: number
  readonly records: readonly FoundRecord[]
}

const pageSize = 500

export async function subjectAccess(parts: SubjectAccess, asked: SubjectQuestion): Promise<SubjectExport> {
  const { store, auditor, clock, node } = parts
  const { asking, sought, reason } = asked
  const note = { asking, act: 'subject-access' as const, query: sought, reason }
  const { records, read } = await searchAll(store, asked, { node, now: clock.now() })
  await auditor.noteBefore({ ...note, subjects: records.map(({ id }) => id), results: records.length })
  return {
    format: 'mosaic-subject-access-1',
    node,
    madeAt: clock.now(),
    reason,
    sought,
    status: 'for review: not to be given before an officer has read it',
    recordsRead: read,
    records,
  }
}

type Place = { readonly node: NodeId; readonly now: Instant }

async function searchAll(
  store: SubjectAccess['store'],
  { sought, onProgress, signal }: SubjectQuestion,
  place: Place,
): Promise<{ readonly records: readonly FoundRecord[]; readonly read: number }> {
  const upTo = await store.head()
  const records: FoundRecord[] = []
  let read = 0
  for (let after = -1; ; ) {
    signal?.throwIfAborted()
    const held = await store.read({ versions: 'all', after, upTo, limit: pageSize })
    records.push(...held.flatMap((one) => foundIn(one, sought, place) ?? []))
    read += held.length
    onProgress?.(read)
    const last = held.at(-1)
    if (last === undefined || held.length < pageSize) return { records, read }
    after = last.index
  }
}

function foundIn(held: Held, sought: Sought, place: Place): FoundRecord | undefined {
  const { record, receivedAt, effective } = held
  const { id, version, type, origin, realm, recordedAt, producer, body } = record
  const matches = [...matchesIn(body, sought, '/body'), ...matchesIn(producer, sought, '/producer')]
  if (matches.length === 0) return undefined
  const handling = effective ?? record.handling
  const thirdPersons = thirdPartiesIn(body, matches, '/body')
  return {
    ...{
      id,
      version,
      type,
      origin,
      realm,
      recordedAt,
      receivedAt,
      producer,
      handling,
      matches,
      thirdPersons,
    },
    cautions: cautionsOf(held, { handling, thirdPersons, ...place }),
    body,
  }
}

function cautionsOf(
  { record, withheld = [] }: Held,
  { handling, thirdPersons, node, now }: Pick<FoundRecord, 'handling' | 'thirdPersons'> & Place,
): readonly Caution[] {
  const holds: Record<Caution, boolean> = {
    'third-persons': thirdPersons.length > 0,
    'other-origin': record.origin !== node,
    'police-code': (handling.police ?? []).length > 0,
    'originator-control': handling.originatorControl === true,
    embargo: (handling.embargoUntil ?? '') > now,
    'fields-withheld': withheld.length > 0,
  }
  return cautions.filter((caution) => holds[caution])
}
