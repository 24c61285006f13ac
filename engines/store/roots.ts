/**
 * Who would have to release, asked through reads alone: the restricted roots of a record, as `released.ts` finds them
 * when something is appended, and which releases cover them all. A reactor asks it of its view, which ends at the record
 * in hand, so that a replay names the same releases; a command asks it of the store before it orders a release.
 */
import {
  asRelease,
  type Handling,
  type Held,
  type Instant,
  isInForce,
  isRestricted,
  joinAll,
  type Link,
  leq,
  type MosaicRecord,
  type Release,
  recordRelease,
  releasedHandling,
  wholeHandling,
} from '../record/index.ts'
import { type Ancestor, inputName, maxAncestors } from './ancestry.ts'
import type { ReactorView } from './reactor.ts'
import { rootsOf } from './released.ts'

type Reads = Pick<ReactorView, 'read'>

/** The handling by which a record binds what is derived from it. */
export const bindingHandling = ({ record, effective, withheld = [] }: Held): Handling =>
  wholeHandling(effective ?? record.handling, withheld)

/** What restricts this record, itself or what it came from; undefined where that is more than can be looked at. */
export async function restrictedRoots(view: Reads, held: Held): Promise<readonly Ancestor[] | undefined> {
  if (!isRestricted(bindingHandling(held))) return []
  const ancestors = await ancestorsIn(view, held)
  if (ancestors === undefined) return undefined
  const ancestry = { ancestors, isCut: false, releases: new Map(), recalls: new Map() }
  return rootsOf(ancestorOf(held), { written: new Map(), ancestry })
}

export type Reach = { readonly handling: Handling; readonly releases: readonly Release[] }

/**
 * What is derived from this record at this instant may be handled so, when it names these releases; undefined when one
 * of the roots is covered by no release of its own origin, or nothing is gained.
 */
export async function reachOf(view: Reads, held: Held, at: Instant): Promise<Reach | undefined> {
  const own = bindingHandling(held)
  if (!isRestricted(own)) return undefined
  const releases = await releasesIn(view, at)
  const roots = releases.length === 0 ? undefined : await restrictedRoots(view, held)
  if (roots === undefined) return undefined
  const self = ancestorOf(held)
  const chosen = new Set<Release>()
  for (const root of roots) {
    const best = leastStrict(root, self, releases)
    if (best === undefined) return undefined
    chosen.add(best)
  }
  const named = releases.filter((release) => chosen.has(release))
  const handling = joinAll(roots.map((root) => releasedHandling(root, self, named) ?? root.handling))
  return leq(own, handling) ? undefined : { handling, releases: named }
}

function leastStrict(root: Ancestor, self: Ancestor, releases: readonly Release[]): Release | undefined {
  let best: { readonly release: Release; readonly handling: Handling } | undefined
  for (const release of releases) {
    const handling = releasedHandling(root, self, [release])
    const isBetter =
      handling && (best === undefined || (leq(handling, best.handling) && !leq(best.handling, handling)))
    if (isBetter) best = { release, handling }
  }
  return best?.release
}

/** The releases that count at this instant, by id: newest version, in force, not recalled by their origin. */
async function releasesIn(view: Reads, at: Instant): Promise<readonly Release[]> {
  const held = await view.read({ types: [recordRelease.type], validFrom: at, validUntil: at })
  const releases = held.flatMap(({ record }) => asRelease(record) ?? []).filter((one) => isInForce(one, at))
  if (releases.length === 0) return []
  const recalls = await view.read({ linkedTo: releases.map(({ id }) => id), linkType: 'recalls' })
  const isRecalled = ({ id, origin }: Release) =>
    recalls.some(({ record }) => record.origin === origin && record.links.some((link) => recalling(link, id)))
  return releases.filter((one) => !isRecalled(one)).sort((a, b) => (a.id < b.id ? -1 : 1))
}

const recalling = ({ type, id }: Link, release: string): boolean => type === 'recalls' && id === release

const ancestorOf = (held: Held): Ancestor => ({ ...held.record, handling: bindingHandling(held) })

/** Level by level; a link without a version means the newest that the view holds. */
async function ancestorsIn(
  view: Reads,
  { record }: Held,
): Promise<ReadonlyMap<string, Ancestor> | undefined> {
  const found = new Map<string, Ancestor>()
  let links = inputsOf(record)
  while (links.length > 0) {
    const ids = [...new Set(links.map(({ id }) => id))]
    const versions = Map.groupBy(
      await view.read({ ids, versions: 'all', erased: true }),
      (held) => held.record.id,
    )
    const next: Link[] = []
    for (const { id, version } of links) {
      const held = version === undefined ? newest(versions.get(id)) : ofVersion(versions.get(id), version)
      if (held === undefined) continue
      const name = inputName(id, held.record.version)
      if (found.has(name)) continue
      found.set(name, ancestorOf(held))
      next.push(...inputsOf(held.record))
    }
    if (found.size > maxAncestors) return undefined
    links = next
  }
  return found
}

const inputsOf = ({ links }: MosaicRecord): readonly Link[] =>
  links.filter(({ type }) => type === 'derivedFrom')
const ofVersion = (versions: readonly Held[] | undefined, version: number): Held | undefined =>
  versions?.find(({ record }) => record.version === version)
const newest = (versions: readonly Held[] = []): Held | undefined =>
  versions.reduce<Held | undefined>(
    (best, one) => (best === undefined || one.record.version > best.record.version ? one : best),
    undefined,
  )
