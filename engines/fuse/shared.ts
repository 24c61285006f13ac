/**
 * Which events of several nodes are the same thing, for lists and pages: those that share an observation. A peer's event
 * says what the peer made of it; it is hearsay, shown once, beside the own event or, where there is none, as that peer's.
 *
 * Two events share an observation when one record is a member, or a copy of a member, of both; or when the one is derived
 * from the record that its node would have of a report in the other: the id of a record follows from origin, type, key
 * and realm, so this can be seen without holding it. (Not for confidential types, whose ids nobody else can compute.)
 */
import { type Held, type MosaicRecord, type NodeId, type RecordId, recordId } from '../record/index.ts'
import type { EventBody } from './contract.ts'

export type SharedEvents = {
  /** Shown beside another event and not on its own. */
  readonly isBeside: (id: RecordId) => boolean
  /** The events of other nodes that tell of the same as this one. */
  readonly beside: (id: RecordId) => readonly Held<EventBody>[]
  /** Those, and the shown ones that this one stands beside. */
  readonly sameAs: (id: RecordId) => readonly Held<EventBody>[]
}

export type SharedParts = {
  readonly node: NodeId
  readonly events: readonly Held<EventBody>[]
  /** Of the members of these events those that are held: their keys say which ids copies have. */
  readonly reports: readonly Held[]
}

/**
 * Own events stand first, then the others by origin and id; each is shown unless it shares an observation with one that
 * is shown and of another origin. Aliases are told under another id and take no part.
 */
export function sharedEvents({ node, events, reports }: SharedParts): SharedEvents {
  const keys = new Map(reports.map(({ record }) => [record.id, record]))
  const inOrder = events
    .filter(({ record }) => record.body?.state !== 'merged')
    .sort((a, b) => rankOf(node, a) - rankOf(node, b) || compare(a.record, b.record))
  const origins = [...new Set(inOrder.map(({ record }) => record.origin))]
  const shownBy = new Map<RecordId, Held<EventBody>[]>()
  const beside = new Map<RecordId, Held<EventBody>[]>()
  const standsBeside = new Map<RecordId, readonly Held<EventBody>[]>()
  for (const event of inOrder) {
    const seen = witnessIds(event, origins, keys)
    const others = new Set(
      seen
        .flatMap((id) => shownBy.get(id) ?? [])
        .filter(({ record }) => record.origin !== event.record.origin),
    )
    for (const { record } of others) beside.set(record.id, [...(beside.get(record.id) ?? []), event])
    if (others.size > 0) standsBeside.set(event.record.id, [...others])
    else for (const id of seen) shownBy.set(id, [...(shownBy.get(id) ?? []), event])
  }
  return {
    isBeside: (id) => standsBeside.has(id),
    beside: (id) => beside.get(id) ?? [],
    sameAs: (id) => beside.get(id) ?? standsBeside.get(id) ?? [],
  }
}

/** What an event rests on, under every id that one of these origins could name it by. */
function witnessIds(
  { record: { body } }: Held<EventBody>,
  origins: readonly NodeId[],
  keys: ReadonlyMap<RecordId, MosaicRecord>,
): readonly RecordId[] {
  const named = (body?.members ?? []).flatMap(({ id, copies = [] }) => [...(id ? [id] : []), ...copies])
  const elsewhere = named.flatMap((id) => {
    const report = keys.get(id)
    return report ? origins.map((origin) => recordId(origin, report.type, report.key, report.realm)) : []
  })
  return [...new Set([...named, ...elsewhere])]
}

const rankOf = (node: NodeId, { record }: Held): number => (record.origin === node ? 0 : 1)

const compare = (a: MosaicRecord, b: MosaicRecord): number =>
  a.origin === b.origin ? (a.id < b.id ? -1 : 1) : a.origin < b.origin ? -1 : 1
