/**
 * What inputs contribute to the handling of a draft: each its own handling, save where the draft names releases
 * (`engines/record/release.ts`, where the rule is told). Then the restricted roots of each input count instead, each as
 * its own origin released it; where one did not, and is stricter than the releases say, the draft is refused.
 *
 * The roots of an input are those of its ancestors, and of itself, whose handling the join of their inputs does not
 * explain. Also those that were themselves derived under a release, because what they added cannot be told from what they
 * were let off; and those that stand in or behind a circle, where each would explain the other. An input that is not
 * held here, or that is withheld, explains nothing.
 */
import {
  asRelease,
  type Draft,
  type Handling,
  type Instant,
  isInForce,
  isRestricted,
  joinAll,
  joinHeld,
  type Link,
  leq,
  type NodeId,
  type RecordId,
  type Release,
  releasedFloor,
  releasedHandling,
} from '../record/index.ts'
import { type Ancestor, type Ancestry, type HeldInput, inputName, maxAncestors } from './ancestry.ts'
import type { Refusal } from './contract.ts'

export type ReleaseView = {
  readonly find: (link: Link) => HeldInput | undefined
  /** What earlier drafts of the batch became, by id and version. */
  readonly written: ReadonlyMap<string, HeldInput>
  readonly recordedAt: Instant
  readonly ancestry?: Ancestry
}

export const releasesOf = (draft: Draft): readonly Link[] =>
  draft.links?.filter(({ type }) => type === 'releasedBy') ?? []

export function contributions(
  draft: Draft,
  inputs: readonly HeldInput[],
  view: ReleaseView,
): { readonly handlings: readonly Handling[] } | Refusal {
  const named = releasesOf(draft)
  const isAsIs = named.length === 0 || inputs.every(({ handling }) => !isRestricted(handling))
  if (isAsIs) return { handlings: inputs.map(({ handling }) => handling) }
  if (view.ancestry?.isCut) return tooMany

  const releases = named.flatMap(({ id }) => releaseInForce(id, draft, view))
  const counted = inputs.map((input) => contribution(input, releases, view))
  const refused = counted.filter((one) => 'blocking' in one)
  if (refused.length === 0)
    return { handlings: counted.flatMap((one) => ('handling' in one ? [one.handling] : [])) }
  return {
    code: 'handling/not-released',
    origins: [...new Set(refused.flatMap(({ blocking }) => blocking))].sort(),
    inputs: refused.map(({ input }) => input),
  }
}

/** The newest version of a named release, as long as it stands. Named in whatever version: the newest is what holds. */
function releaseInForce(
  id: RecordId,
  draft: Draft,
  { find, ancestry, recordedAt }: ReleaseView,
): readonly Release[] {
  const link: Link = { type: 'releasedBy', id }
  const inBatch = find(link)
  const held = inBatch ?? ancestry?.releases.get(id)
  const release = held && !held.isErased ? asRelease(held.record) : undefined
  if (release === undefined || release.realm !== draft.realm || !isInForce(release, recordedAt)) return []
  return ancestry?.recalls.get(id)?.includes(release.origin) ? [] : [release]
}

type Contribution =
  | { readonly handling: Handling }
  | { readonly input: RecordId; readonly blocking: readonly NodeId[] }

function contribution(input: HeldInput, releases: readonly Release[], view: ReleaseView): Contribution {
  const { record, handling } = input
  if (!isRestricted(handling)) return { handling }
  const self: Ancestor = { ...record, handling }
  const floor = releasedFloor(releases)
  const parts: Handling[] = []
  const blocking: NodeId[] = []
  let isReleased = true
  for (const root of rootsOf(self, view)) {
    const released = releasedHandling(root, self, releases)
    parts.push(released ?? root.handling)
    if (released !== undefined) continue
    isReleased = false
    if (!leq(root.handling, floor)) blocking.push(root.origin)
  }
  if (!isReleased && leq(handling, floor)) return { handling }
  if (blocking.length > 0) return { input: record.id, blocking }
  const joined = joinHeld(parts, [])
  return { handling: leq(handling, joined) ? handling : joined }
}

/** The restricted ones among the ancestors of a record, and itself, whose handling comes from nowhere else. */
export function rootsOf(
  self: Ancestor,
  view: Pick<ReleaseView, 'written' | 'ancestry'>,
): readonly Ancestor[] {
  const nodes = lineage(self, view)
  const isExplainable = withoutCircles(nodes)
  return [...nodes.values()]
    .filter(({ ancestor, inputs }) => {
      if (!isRestricted(ancestor.handling)) return false
      if (!isExplainable.has(ancestor) || ancestor.links.some(({ type }) => type === 'releasedBy'))
        return true
      return !leq(ancestor.handling, joinAll(inputs.map(({ handling }) => handling)))
    })
    .map(({ ancestor }) => ancestor)
}

type Line = { readonly ancestor: Ancestor; readonly inputs: readonly Ancestor[] }

/** The record and all that it is derived from, each with its inputs. */
function lineage(
  self: Ancestor,
  view: Pick<ReleaseView, 'written' | 'ancestry'>,
): ReadonlyMap<Ancestor, Line> {
  const lookup = finder(self, view)
  const lines = new Map<Ancestor, Line>()
  const next = [self]
  for (let ancestor = next.pop(); ancestor; ancestor = next.pop()) {
    if (lines.has(ancestor)) continue
    const inputs = ancestor.links.flatMap((link) => (link.type === 'derivedFrom' ? (lookup(link) ?? []) : []))
    lines.set(ancestor, { ancestor, inputs })
    next.push(...inputs)
  }
  return lines
}

/** By version, or the newest of a record; every version is one and the same object. */
function finder(self: Ancestor, { written, ancestry }: Pick<ReleaseView, 'written' | 'ancestry'>) {
  const byName = new Map<string, Ancestor>(ancestry?.ancestors)
  for (const [name, { record, handling }] of written) byName.set(name, { ...record, handling })
  byName.set(inputName(self.id, self.version), self)
  const newest = new Map<RecordId, Ancestor>()
  for (const one of byName.values())
    if (one.version > (newest.get(one.id)?.version ?? 0)) newest.set(one.id, one)
  return ({ id, version }: Link): Ancestor | undefined =>
    version === undefined ? newest.get(id) : byName.get(inputName(id, version))
}

/** Those that can be put in an order in which every input comes before what is derived from it (Kahn 1962). */
function withoutCircles(lines: ReadonlyMap<Ancestor, Line>): ReadonlySet<Ancestor> {
  const waiting = new Map([...lines.values()].map(({ ancestor, inputs }) => [ancestor, new Set(inputs).size]))
  const derived = new Map<Ancestor, Ancestor[]>()
  for (const { ancestor, inputs } of lines.values())
    for (const input of new Set(inputs)) derived.set(input, [...(derived.get(input) ?? []), ancestor])
  const sorted = new Set<Ancestor>()
  const ready = [...waiting].flatMap(([ancestor, count]) => (count === 0 ? [ancestor] : []))
  for (let one = ready.pop(); one; one = ready.pop()) {
    sorted.add(one)
    for (const later of derived.get(one) ?? []) {
      const left = (waiting.get(later) ?? 0) - 1
      waiting.set(later, left)
      if (left === 0) ready.push(later)
    }
  }
  return sorted
}

const tooMany: Refusal = {
  code: 'record/invalid',
  issues: [
    {
      rule: 'release/too-many-ancestors',
      place: '/links',
      message: `The inputs are derived from more than ${maxAncestors} records; derive from fewer, or without a release.`,
    },
  ],
}
