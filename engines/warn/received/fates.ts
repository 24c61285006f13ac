/**
 * What became of each warning of each message: replaced by an Update, ended by a Cancel or an all-clear, or neither.
 *
 * One fact told twice shares its fate: what ends or replaces one telling also does so to every other of the same
 * authority, kind, area, times and level that was sent before (a national file and its copy in an exchange of warnings are
 * such a pair). A later telling of the same fact is a new word and stands.
 *
 * What only a peer holds neither ends nor replaces what came to this node itself: a peer can be wrong, or worse. It may
 * add warnings, and end its own.
 */
import type { Message } from './references.ts'
import type { Told, World } from './resolve.ts'

export type Fate = {
  readonly replacedBy: readonly Message[]
  readonly cancelledBy: readonly Message[]
  readonly clearedBy: readonly Message[]
  /** All that the Update names was cancelled before it was sent. */
  readonly startsNothing: boolean
}

type Making = { replacedBy: Set<Message>; cancelledBy: Set<Message>; clearedBy: Set<Message> }

export function fatesOf(world: World): ReadonlyMap<Told, Fate> {
  const making = new Map<Told, Making>(
    world.told.map((told) => [told, { replacedBy: new Set(), cancelledBy: new Set(), clearedBy: new Set() }]),
  )
  const bySlot = groupBy(world.told, ({ slot }) => slot)
  const byFact = groupBy(world.told, ({ fact }) => fact)
  const mark = (told: Told, what: keyof Making, by: Message): void => {
    for (const each of byFact.get(told.fact) ?? []) {
      const isBefore = each === told || (each.message !== by && each.message.sentMs <= by.sentMs)
      const isOwnUnderPeer = each.message.alert.isOwn && !by.alert.isOwn
      if (isBefore && !isOwnUnderPeer) making.get(each)?.[what].add(by)
    }
  }
  const cancelled = new Map<Message, number>()
  for (const message of world.messages) {
    if (message.alert.alert.msgType !== 'Cancel') continue
    for (const target of world.referencesOf(message).held) {
      cancelled.set(target, Math.min(cancelled.get(target) ?? Number.POSITIVE_INFINITY, message.sentMs))
      for (const told of world.toldBy(target)) mark(told, 'cancelledBy', message)
    }
  }
  for (const message of world.messages) {
    if (
      message.alert.alert.msgType !== 'Update' &&
      world.toldBy(message).every(({ segment }) => !segment.ends)
    )
      continue
    for (const target of world.referencesOf(message).held) replace(world, message, target, mark)
    clear(world, message, bySlot, mark)
  }
  const fate = (told: Told): Fate => {
    const { replacedBy, cancelledBy, clearedBy } = making.get(told) as Making // every told has one
    return {
      replacedBy: [...replacedBy],
      cancelledBy: [...cancelledBy],
      clearedBy: [...clearedBy],
      startsNothing: startsNothing(world, told.message, cancelled),
    }
  }
  return new Map(world.told.map((told) => [told, fate(told)]))
}

type Mark = (told: Told, what: keyof Making, by: Message) => void

/**
 * An Update replaces all that its targets said. One that says all-clear and nothing else ends what it speaks of, and lets
 * the rest of its targets stand; does it speak of nothing in a target, it means all of it.
 */
function replace(world: World, message: Message, target: Message, mark: Mark): void {
  const said = world.toldBy(message)
  if (said.length === 0) return
  const before = world.toldBy(target)
  const clears = said.filter(({ segment }) => segment.ends)
  const isAllClear = clears.length === said.length
  const met = new Set(before.filter((told) => clears.some((each) => isSameMatter(each, told))))
  for (const told of met) mark(told, 'clearedBy', message)
  if (isAllClear && met.size === 0) for (const told of before) mark(told, 'clearedBy', message)
  if (!isAllClear) for (const told of before) if (!met.has(told)) mark(told, 'replacedBy', message)
}

/** An all-clear that reaches no message by name ends its kind in its area for the time that it speaks of. */
function clear(
  world: World,
  message: Message,
  bySlot: ReadonlyMap<string, readonly Told[]>,
  mark: Mark,
): void {
  if (world.referencesOf(message).held.length > 0) return
  for (const own of world.toldBy(message)) {
    if (!own.segment.ends) continue
    for (const told of bySlot.get(own.slot) ?? []) {
      const { segment } = told
      const meets = segment.fromMs <= own.segment.expiresMs && segment.expiresMs >= own.segment.fromMs
      const isEarlier = told.message !== message && told.message.sentMs <= message.sentMs
      if (meets && isEarlier && !segment.isAllClear) mark(told, 'clearedBy', message)
    }
  }
}

function startsNothing(world: World, message: Message, cancelled: ReadonlyMap<Message, number>): boolean {
  if (message.alert.alert.msgType !== 'Update') return false
  const { held, dangling } = world.referencesOf(message)
  if (held.length === 0 || dangling.length > 0) return false
  return held.every((target) => (cancelled.get(target) ?? Number.POSITIVE_INFINITY) <= message.sentMs)
}

/** Kind and area are the same. Shapes and names change with each message, so of those the kind must do. */
export const isSameMatter = (a: Told, b: Told): boolean =>
  a.segment.kindKey === b.segment.kindKey &&
  (a.segment.areaKey === b.segment.areaKey || (a.segment.areaBy !== 'code' && b.segment.areaBy !== 'code'))

export function groupBy<Thing>(
  things: readonly Thing[],
  keyOf: (thing: Thing) => string,
): ReadonlyMap<string, readonly Thing[]> {
  const groups = new Map<string, Thing[]>()
  for (const thing of things) {
    const key = keyOf(thing)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [thing])
    else group.push(thing)
  }
  return groups
}
