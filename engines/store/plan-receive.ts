/**
 * What becomes of a peer's records, decided without I/O from what is held: `receive.ts` says by which rules.
 */
import {
  contentDigestOf,
  type Digest,
  type Handling,
  type Instant,
  type Issue,
  joinHeld,
  leq,
  type MosaicRecord,
  mergeParcels,
  type OpenedParcel,
  openParcel,
  type RecordId,
  wholeHandling,
} from '../record/index.ts'
import { inputName } from './ancestry.ts'
import type { Received, Refusal } from './contract.ts'
import type { Vouched } from './provenance.ts'
import type { VersionRef } from './queries.ts'
import type { RecordRow } from './rows.ts'

/** An arrival that is a sound record, or why it is none. */
export type Sound = Vouched & { readonly opened: OpenedParcel }
export type Checked = Sound | Refusal
export type Decided = Received | { readonly kind: 'other-content'; readonly arrival: Sound }

/** A version as it is held, or as this batch is about to write it. */
export type HeldVersion = {
  readonly leaf: Digest
  readonly withheld: readonly string[]
  readonly receivedAt: Instant
  readonly effective?: Handling
  /** Where something is withheld. */
  readonly arrival?: Pick<Vouched, 'parcel'>
}

export type Known = {
  /** By id and version as `inputName` spells it. */
  readonly held: ReadonlyMap<string, HeldVersion>
  readonly erased: ReadonlySet<string>
  /** Inputs of the records arriving that hold here under a stricter handling than their own. */
  readonly tightened: ReadonlyMap<RecordId, readonly Tightened[]>
}

export type Tightened = VersionRef & { readonly effective: Handling }

type Writing = Vouched & { readonly row: RecordRow }

export type Judging = {
  readonly receivedAt: Instant
  /** By which names audiences mean this node's own people: what counts of AMBER without an audience (`joinHeld`). */
  readonly home: readonly string[]
  /** What the type's schema has against a body that is whole by now. */
  readonly issuesOf: (opened: OpenedParcel) => readonly Issue[]
}

/** Pure: what becomes of each arrival, one after the other, given what is held. */
export function planReceive(checked: readonly Checked[], known: Known, judging: Judging) {
  const { receivedAt, issuesOf } = judging
  const held = new Map(known.held)
  const tightened = new Map(known.tightened)
  const written = new Map<string, Writing>()
  const rewritten = new Map<string, Writing>()

  const write = (arrival: Sound, before: HeldVersion | undefined): void => {
    const { record, leaf, withheld } = arrival.opened
    const name = inputName(record.id, record.version)
    const row = rowOf(arrival.opened, before ?? { receivedAt }, { tightened, home: judging.home })
    const { effective } = row
    if (effective)
      tightened.set(record.id, [
        ...(tightened.get(record.id) ?? []),
        { id: record.id, version: record.version, effective },
      ])
    const isNew = before === undefined || written.has(name)
    ;(isNew ? written : rewritten).set(name, { ...arrival, row })
    held.set(name, { leaf, withheld, receivedAt: row.receivedAt, arrival, ...(effective && { effective }) })
  }

  const outcomes = checked.map((one): Decided => {
    if (!('opened' in one)) return refused(one)
    const { record, leaf } = one.opened
    const name = inputName(record.id, record.version)
    if (known.erased.has(name)) return refused({ code: 'record/erased', inputs: [record.id] })
    const before = held.get(name)
    if (before === undefined) {
      write(one, undefined)
      return { kind: 'accepted', record }
    }
    if (before.leaf !== leaf) return { kind: 'other-content', arrival: one }
    if (before.withheld.length === 0) return { kind: 'unchanged', record }
    const more = completed(one, before)
    if (more === undefined) return { kind: 'other-content', arrival: one }
    if (more.opened.withheld.length === before.withheld.length)
      return { kind: 'unchanged', record: more.opened.record }
    const issues = issuesOf(more.opened)
    if (issues.length > 0) return refused(invalid(issues))
    write(more, before)
    return { kind: 'completed', record: more.opened.record }
  })
  return { outcomes, written: [...written.values()], rewritten: [...rewritten.values()] }
}

/** The arrival with what is held already; undefined where the two say different things under one name. */
function completed(arrival: Sound, before: HeldVersion): Sound | undefined {
  const parcel = before.arrival && mergeParcels(before.arrival.parcel, arrival.parcel)
  if (parcel === undefined) return undefined
  const opened = openParcel(parcel)
  return opened.kind === 'opened' ? { ...arrival, parcel, opened } : undefined
}

type Binding = Pick<Judging, 'home'> & Pick<Known, 'tightened'>

function rowOf(
  { record, text, texts, leaf, withheld }: OpenedParcel,
  before: Pick<HeldVersion, 'receivedAt' | 'effective'>,
  binding: Binding,
): RecordRow {
  const effective = effectiveOf(record, before.effective ?? record.handling, binding)
  return {
    record,
    text,
    contentDigest: contentDigestOf(texts),
    receivedAt: before.receivedAt,
    leaf,
    ...(withheld.length > 0 && { withheld }),
    ...(effective && { effective }),
  }
}

/**
 * Undefined where it is the record's own. What was let out under a release does not carry its inputs' handling anyway;
 * a recall reaches it when the exchange obeys.
 */
function effectiveOf(
  { links, handling }: MosaicRecord,
  from: Handling,
  { tightened, home }: Binding,
): Handling | undefined {
  const isReleased = links.some(({ type }) => type === 'releasedBy')
  const inputs = links.flatMap((link) =>
    link.type === 'derivedFrom' && !isReleased
      ? (tightened.get(link.id) ?? []).filter((one) => (link.version ?? one.version) === one.version)
      : [],
  )
  const all = joinHeld([from, ...inputs.map(({ effective }) => wholeHandling(effective))], home)
  return leq(all, handling) ? undefined : all
}

export const refused = (reason: Refusal): Received => ({ kind: 'refused', reason })
export const invalid = (issues: readonly Issue[]): Refusal => ({ code: 'record/invalid', issues })
