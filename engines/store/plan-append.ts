/**
 * What an append will write, decided without I/O from the drafts, the newest versions held and the inputs named:
 *
 * - what breaks the envelope or its type's schema is refused with its issues;
 * - handling is the join of the draft's own and that of every input (`derivedFrom`), attribution their union, so no
 *   engine can forget either; a join that leaves nobody, or inputs of another realm, are refused;
 * - what counts of an input is its effective handling, and the highest of its field marks for the whole of it: where
 *   the marked field went nobody can see. Only a release that the draft names makes it less (`released.ts`);
 * - the newest version's content again is no new version; other content is the next.
 *
 * Drafts of one batch apply in order: a later one may supersede or derive from an earlier one.
 */

import {
  type Clock,
  checkDraft,
  contentDigest,
  type Digest,
  type Draft,
  type Instant,
  type Issue,
  isLostInJoin,
  joinAll,
  joinAttributions,
  joinHeld,
  type Link,
  type MosaicRecord,
  maxRecordBytes,
  type NodeId,
  normalise,
  type RecordId,
  type Registry,
  releaseIssues,
} from '../record/index.ts'
import { type Ancestry, type HeldInput, heldInput, inputName } from './ancestry.ts'
import type { Appended, Refusal } from './contract.ts'
import { contributions } from './released.ts'
import { type RecordRow, recordRow, type Salts } from './rows.ts'

/** A draft with its id, or with why it has none. */
export type Identified =
  | { readonly draft: Draft; readonly id: RecordId }
  | { readonly draft: Draft; readonly issues: readonly Issue[] }

export type HeldVersion = HeldInput & { readonly digest: Digest }

/** What the database knows of the ids in a batch. */
export type Known = {
  readonly newest: ReadonlyMap<RecordId, HeldVersion>
  /** By id and version as `inputName` spells it. */
  readonly inputs: ReadonlyMap<string, HeldInput>
  /** Where drafts name releases: what their inputs came from, and the releases. */
  readonly ancestry?: Ancestry
  /** With `unlessEver`: digest → version, of every version of a record. */
  readonly ever?: ReadonlyMap<RecordId, Map<Digest, number>>
}

export type Writer = {
  readonly node: NodeId
  readonly clock: Clock
  readonly registry: Registry
  readonly salts: Salts
  /** The versions that it writes have higher numbers than this; 0 when absent. */
  readonly above?: number
  /** By which names audiences mean this node's own people: the node, its organisation. */
  readonly home: readonly string[]
}

/** What becomes of one draft, and the row to write when it is appended. */
export type Planned = { readonly outcome: Outcome; readonly row?: RecordRow }
/** An outcome; of a version that is not the newest only the number is known until it is read. */
export type Outcome =
  | Appended
  | { readonly kind: 'said-before'; readonly id: RecordId; readonly version: number }

export function identify(
  drafts: readonly Draft[],
  registry: Registry,
  idOf: (draft: Draft) => RecordId,
): readonly Identified[] {
  return drafts.map((draft) => {
    const issues = [...checkDraft(draft)]
    if (issues.length === 0) issues.push(...releaseIssues(draft))
    const all = issues.length > 0 ? issues : registry.check(draft.type, draft.body)
    return all.length > 0 ? { draft, issues: all } : { draft, id: idOf(draft) }
  })
}

export const inputsOf = (draft: Draft): readonly Link[] =>
  draft.links?.filter((link) => link.type === 'derivedFrom') ?? []

/** Decides draft after draft, each knowing of those before it. */
export function createPlanner(
  known: Known,
  writer: Writer,
  receivedAt: Instant,
): (draft: Identified) => Planned {
  const newest = new Map(known.newest)
  const written = new Map<string, HeldInput>()
  const recordedAt = writer.clock.now()
  const find: Find = ({ id, version }) => {
    if (version === undefined) return newest.get(id) ?? known.inputs.get(id)
    return written.get(inputName(id, version)) ?? known.inputs.get(inputName(id, version))
  }
  const turn: Turn = {
    find,
    written,
    recordedAt,
    home: writer.home,
    ...(known.ancestry && { ancestry: known.ancestry }),
  }

  return (one) => {
    if ('issues' in one) return refused({ code: 'record/invalid', issues: one.issues })
    const derived = derive(one.draft, turn)
    if ('code' in derived) return refused(derived)

    const before = newest.get(one.id)
    const version = Math.max(before?.record.version ?? 0, writer.above ?? 0) + 1
    const record = asRecord(one.draft, one.id, version, derived, writer, recordedAt)
    const said = before && saidBefore(record, before, known)
    if (said) return { outcome: said }

    const row = recordRow(record, receivedAt, writer.salts)
    const size = Buffer.byteLength(row.text)
    if (size > maxRecordBytes) return refused({ code: 'record/invalid', issues: [tooLarge(size)] })
    const held = heldInput({ record, effective: null, withheld: null, isErased: false })
    written.set(inputName(record.id, record.version), held)
    newest.set(record.id, { ...held, digest: row.contentDigest })
    known.ever?.get(record.id)?.set(row.contentDigest, record.version)
    return { outcome: { kind: 'appended', record }, row }
  }
}

type Find = (link: Link) => HeldInput | undefined
type Turn = {
  readonly find: Find
  readonly written: ReadonlyMap<string, HeldInput>
  readonly recordedAt: Instant
  readonly home: readonly string[]
  readonly ancestry?: Ancestry
}

function saidBefore(record: MosaicRecord, before: HeldVersion, known: Known): Outcome | undefined {
  const digest = contentDigest(record)
  if (digest === before.digest) return { kind: 'unchanged', record: before.record }
  const version = known.ever?.get(record.id)?.get(digest)
  return version === undefined ? undefined : { kind: 'said-before', id: record.id, version }
}

type Derived = Pick<MosaicRecord, 'handling' | 'attribution'>

function derive(draft: Draft, turn: Turn): Derived | Refusal {
  const links = inputsOf(draft)
  const own = draft.handling ? [draft.handling] : []
  const attribution = draft.attribution ?? []
  if (links.length === 0)
    return { handling: normalise(joinAll(own)), attribution: joinAttributions(attribution) }

  const missing: RecordId[] = []
  const inputs: HeldInput[] = []
  for (const link of links) {
    const input = turn.find(link)
    if (input === undefined || input.isErased) missing.push(link.id)
    else inputs.push(input)
  }
  if (missing.length > 0) return { code: 'record/input-missing', inputs: missing }
  const crossed = inputs.filter(({ record }) => record.realm !== draft.realm).map(({ record }) => record.id)
  if (crossed.length > 0) return { code: 'record/realms-crossed', inputs: crossed }

  const counted = contributions(draft, inputs, turn)
  if ('code' in counted) return counted
  const parts = [...counted.handlings, ...own]
  const handling = joinHeld(parts, turn.home)
  if (isLostInJoin(handling, parts))
    return { code: 'handling/join-to-nobody', inputs: inputs.map(({ record }) => record.id) }
  return {
    handling,
    attribution: joinAttributions(attribution, ...inputs.map(({ record }) => record.attribution)),
  }
}

function asRecord(
  draft: Draft,
  id: RecordId,
  version: number,
  derived: Derived,
  writer: Writer,
  recordedAt: Instant,
): MosaicRecord {
  return {
    id,
    version,
    type: draft.type,
    schemaVersion: writer.registry.schemaVersion(draft.type),
    origin: writer.node,
    key: draft.key,
    realm: draft.realm,
    producer: draft.producer,
    attribution: derived.attribution,
    recordedAt,
    valid: draft.valid,
    ...(draft.place && { place: draft.place }),
    handling: derived.handling,
    links: draft.links ?? [],
    body: draft.body,
  }
}

const refused = (reason: Refusal): Planned => ({ outcome: { kind: 'refused', reason } })

const tooLarge = (size: number): Issue => ({
  rule: 'record/too-large',
  place: '',
  value: `${size} bytes`,
  message: `A record has at most ${maxRecordBytes} bytes; keep the rest as a payload and refer to it.`,
})
