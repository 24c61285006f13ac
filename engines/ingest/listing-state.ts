/**
 * What stands in the listing of a source, and since when what does not: a state that only answers move which can be
 * believed.
 *
 * States of a thing: listed → absent (counted, with the instant of the first answer that lacked it) → vanished → listed.
 * Absent goes back to listed as soon as one answer has it. An answer that lacks most of what stood there is taken for a
 * broken one, unless every answer of a whole day says the same: then it is the new listing, and counting starts with it.
 */
import { type Instant, millis } from '../record/index.ts'
import type { CompleteListing } from './contract.ts'

export type ListingState = {
  /** By type and key. */
  readonly things: Readonly<Record<string, ThingState>>
  /** Since when answers lack most of what stood there. */
  readonly shrunkSince?: Instant
}

export type ThingState =
  | { readonly kind: 'listed' }
  | { readonly kind: 'absent'; readonly answers: number; readonly since: Instant }
  | { readonly kind: 'vanished'; readonly since: Instant }

export type Answer = {
  /** Names of all that it lists. */
  readonly names: ReadonlySet<string>
  /** Everything in it could be read. */
  readonly isWhole: boolean
  readonly at: Instant
}

export type Advanced = {
  readonly state: ListingState
  readonly vanished: readonly { readonly name: string; readonly since: Instant }[]
  /** Had vanished, and stand there again. */
  readonly back: readonly string[]
}

export const noListing: ListingState = { things: {} }

const dayMs = 24 * 3_600_000
const shrunkForMs = dayMs
/** Below so many, losing most of them is no sign. */
const fewThings = 4
const mostThings = 5_000
/** What vanished so long ago is forgotten: were it listed again, it would be something new. */
const forgottenAfterMs = 60 * dayMs

export function advance(
  before: ListingState,
  answer: Answer,
  rule: Pick<CompleteListing, 'absences' | 'forMs'>,
): Advanced {
  const { names, at } = answer
  const back = [...names].filter((name) => before.things[name]?.kind === 'vanished')
  const isShrunk = hasShrunk(before, names)
  const shrunkSince = isShrunk ? (before.shrunkSince ?? at) : undefined
  const isBelieved =
    answer.isWhole && names.size > 0 && (!isShrunk || between(shrunkSince ?? at, at) >= shrunkForMs)
  const things = new Map(Object.entries(before.things).filter(([, thing]) => isRemembered(thing, at)))
  for (const name of names) if (things.has(name) || things.size < mostThings) things.set(name, listed)
  const vanished: { readonly name: string; readonly since: Instant }[] = []
  if (isBelieved)
    for (const [name, thing] of things) {
      if (names.has(name) || thing.kind === 'vanished') continue
      const next = missed(thing, at, rule)
      things.set(name, next)
      if (next.kind === 'vanished') vanished.push({ name, since: next.since })
    }
  return {
    state: {
      things: Object.fromEntries(things),
      ...(shrunkSince === undefined || isBelieved ? {} : { shrunkSince }),
    },
    vanished,
    back,
  }
}

/** The source says that nothing changed: the last answer once more. */
export const sameAnswer = ({ things }: ListingState, at: Instant): Answer => ({
  names: new Set(Object.keys(things).filter((name) => things[name]?.kind === 'listed')),
  isWhole: true,
  at,
})

const listed: ThingState = { kind: 'listed' }

function missed(
  thing: ThingState,
  at: Instant,
  { absences, forMs }: Pick<CompleteListing, 'absences' | 'forMs'>,
) {
  const since = thing.kind === 'absent' ? thing.since : at
  const answers = thing.kind === 'absent' ? thing.answers + 1 : 1
  const isGone = answers >= absences && between(since, at) >= forMs
  return isGone ? ({ kind: 'vanished', since } as const) : ({ kind: 'absent', answers, since } as const)
}

function hasShrunk({ things }: ListingState, names: ReadonlySet<string>): boolean {
  const stood = Object.keys(things).filter((name) => things[name]?.kind === 'listed')
  return stood.length >= fewThings && stood.filter((name) => names.has(name)).length < stood.length / 2
}

const isRemembered = (thing: ThingState, at: Instant): boolean =>
  thing.kind !== 'vanished' || between(thing.since, at) < forgottenAfterMs

const between = (from: Instant, to: Instant): number => millis(to) - millis(from)
