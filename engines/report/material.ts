/**
 * What this node held about a subject at an instant: the subject, what it was derived from, what refers to it.
 *
 * Only what is handled no more strictly than the subject: one restricted sighting would otherwise darken the report of
 * what is public. Who drafts is told how much was left out; the report does not tell that there is more.
 */
import type { EventBody } from '../fuse/index.ts'
import { type Handling, type Held, type Instant, leq, type Realm, type RecordId } from '../record/index.ts'
import type { Store } from '../store/index.ts'
import { reportRecord } from './records.ts'

export type Gathered = {
  readonly subject: Held
  readonly inputs: readonly Held[]
  readonly related: readonly Held[]
  /** Handled more strictly than the subject. */
  readonly restricted: number
  /** More than a report takes in, the oldest. */
  readonly beyond: number
}

/** Records on each side that a report takes in at most; a record has at most so many links. */
const most = 400
/** Versions of inputs that are looked at. */
const mostVersions = 4000

export type Asked = { readonly id: RecordId; readonly realm: Realm; readonly knownAt: Instant }

export async function gather(
  store: Pick<Store, 'read'>,
  { id, realm, knownAt }: Asked,
): Promise<Gathered | undefined> {
  const subject = await subjectOf(store, { id, realm, knownAt })
  if (!subject) return undefined
  const inputIds = [
    ...new Set(subject.record.links.flatMap((link) => (link.type === 'derivedFrom' ? [link.id] : []))),
  ]
  const [inputs, related] = await Promise.all([
    inputIds.length === 0
      ? []
      : store.read({ ids: inputIds, realm, knownAt, versions: 'all', limit: mostVersions }),
    store.read({ linkedTo: [subject.record.id], realm, knownAt, order: '-index', limit: most * 4 }),
  ])
  const others = related.filter(
    ({ record }) => record.type !== reportRecord.type && !inputIds.includes(record.id),
  )
  const isAsFree = (held: Held) => leq(handlingOf(held), handlingOf(subject)) && !held.withheld?.length
  const free = others.filter(isAsFree)
  const freeInputs = newestOf(inputs.filter(isAsFree), most)
  return {
    subject,
    inputs: freeInputs.kept,
    related: free.slice(0, most).toReversed(),
    restricted: others.length - free.length,
    beyond: Math.max(0, free.length - most) + freeInputs.beyond,
  }
}

const handlingOf = ({ record, effective }: Held): Handling => effective ?? record.handling

/** Of an event that became part of another, the other. */
async function subjectOf(
  store: Pick<Store, 'read'>,
  { id, realm, knownAt }: Asked,
  turns = 8,
): Promise<Held | undefined> {
  const [held] = await store.read({ ids: [id], realm, knownAt })
  const into = (held?.record.body as Partial<EventBody> | undefined)?.mergedInto
  return held && into !== undefined && turns > 0
    ? subjectOf(store, { id: into, realm, knownAt }, turns - 1)
    : held
}

/** Every version of the records that came last, in the order in which they came. */
function newestOf(held: readonly Held[], count: number) {
  const ids = [...new Set(held.toReversed().map(({ record }) => record.id))]
  const kept = new Set(ids.slice(0, count))
  return { kept: held.filter(({ record }) => kept.has(record.id)), beyond: ids.length - kept.size }
}
