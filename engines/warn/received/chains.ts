/**
 * Which tellings are one warning: joined by what they name, by one fact told twice, or, held for a person to look at, by
 * being so alike that the sender most likely forgot the reference.
 *
 * - Reference: an Update goes on with what it names, kind by kind and area by area. Two warnings of one kind in one area
 *   (morning and evening) stay two: each goes on with the one whose time it shares most.
 * - One fact: same authority, kind, area, times and level. After an end the same fact is a new warning.
 * - Suspected re-issue (CAP Aggregator, pull request 107): no reference, same kind and area, sent within 60 minutes, times
 *   within 60 minutes, and not the same fact. A name alone is too little to suspect by: some senders call every area
 *   "polygon".
 */
import { groupBy, isSameMatter } from './fates.ts'
import type { Message } from './references.ts'
import type { Told, ToldFates, World } from './resolve.ts'
import { Union } from './union.ts'

export type Chain = {
  /** In the order of sending. */
  readonly told: readonly Told[]
  /** Those that look like a re-issue of another of the chain. */
  readonly suspected: ReadonlySet<Told>
}

const nearMs = 60 * 60_000
/** Beyond this, shapes of two messages are not compared each with each: only one and the same area goes on. */
const mostCompared = 100_000

export function chainsOf(world: World, fates: ToldFates): readonly Chain[] {
  const union = new Union<Told>()
  const suspected = new Set<Told>()
  for (const message of world.messages) joinByReference(world, message, union)
  for (const group of groupBy(world.told, ({ fact }) => fact).values()) joinFact(group, fates, union)
  for (const group of groupBy(world.told, ({ slot }) => slot).values())
    if (group.length > 1) joinInSlot(group, { world, fates, union, suspected })
  return union.groups(world.told).map((told) => ({ told, suspected }))
}

function joinByReference(world: World, message: Message, union: Union<Told>): void {
  const said = world.toldBy(message)
  if (said.length === 0) return
  for (const target of world.referencesOf(message).held)
    for (const [a, b] of pairs(said, world.toldBy(target))) union.join(b, a)
}

/** Best shared time first, each once; what has only one counterpart goes with it whenever it holds. */
function pairs(said: readonly Told[], before: readonly Told[]): readonly (readonly [Told, Told])[] {
  const isMany = said.length * before.length > mostCompared
  const found = said.flatMap((a) =>
    before
      .filter((b) => (isMany ? a.slot === b.slot : isSameMatter(a, b)))
      .map((b) => ({ a, b, shared: sharedMs(a, b) })),
  )
  const counts = new Map<Told, number>()
  for (const { a, b } of found) for (const each of [a, b]) counts.set(each, (counts.get(each) ?? 0) + 1)
  const isLone = (a: Told, b: Told): boolean => counts.get(a) === 1 && counts.get(b) === 1
  const taken = new Set<Told>()
  return found
    .sort((x, y) => y.shared - x.shared)
    .flatMap(({ a, b, shared }) => {
      const fits = a.segment.isAllClear || isLone(a, b) || (shared > 0 && !taken.has(a) && !taken.has(b))
      if (!fits) return []
      taken.add(a)
      taken.add(b)
      return [[a, b] as const]
    })
}

const sharedMs = ({ segment: a }: Told, { segment: b }: Told): number =>
  Math.min(a.expiresMs, b.expiresMs) - Math.max(a.fromMs, b.fromMs)

/** In the order of sending; an end between two parts them. */
function joinFact(group: readonly Told[], fates: ToldFates, union: Union<Told>): void {
  for (const [at, later] of group.entries()) {
    const earlier = group[at - 1]
    if (earlier !== undefined && !isEndedBefore(earlier, later, fates)) union.join(earlier, later)
  }
}

type Slot = {
  readonly world: World
  readonly fates: ToldFates
  readonly union: Union<Told>
  readonly suspected: Set<Told>
}

function joinInSlot(group: readonly Told[], slot: Slot): void {
  for (const [at, later] of group.entries()) {
    for (let back = at - 1; back >= 0; back--) {
      const earlier = group[back] as Told // back is within the group
      if (slot.fates.get(earlier)?.clearedBy.includes(later.message)) slot.union.join(earlier, later)
      const isKnown = slot.suspected.has(earlier) && slot.union.root(earlier) === slot.union.root(later)
      if (isKnown && slot.suspected.has(later)) continue
      if (!isSuspect(earlier, later, slot)) continue
      slot.union.join(earlier, later)
      slot.suspected.add(earlier).add(later)
    }
  }
}

function isSuspect(earlier: Told, later: Told, { fates }: Slot): boolean {
  const [a, b] = [earlier.segment, later.segment]
  if (later.message.sentMs - earlier.message.sentMs > nearMs) return false
  if (a.areaBy === 'name' || earlier.message === later.message || a.isAllClear || b.isAllClear) return false
  if (later.message.alert.alert.references.length > 0 || earlier.fact === later.fact) return false
  if (Math.abs(a.fromMs - b.fromMs) > nearMs || Math.abs(a.expiresMs - b.expiresMs) > nearMs) return false
  return !isEndedBefore(earlier, later, fates)
}

function isEndedBefore(earlier: Told, later: Told, fates: ToldFates): boolean {
  const fate = fates.get(earlier)
  const ends = [...(fate?.cancelledBy ?? []), ...(fate?.clearedBy ?? [])]
  return ends.some((end) => end !== later.message && end.sentMs <= later.message.sentMs)
}
