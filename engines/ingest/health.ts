/**
 * A source's health as data: when it was last asked, last answered, last brought something new, how far behind it is,
 * how often in a row it failed and why. Written by the one loop that works the source, so read-change-write is safe.
 *
 * The state belongs to a source in a realm: what an exercise plays through a source must not pass for the health of the
 * live one. Outside the realm `actual` its name is therefore `source@realm`.
 */
import { type Instant, type Issue, millis, type Realm } from '../record/index.ts'
import type { SourceState, Store } from '../store/index.ts'
import type { IngestOutcome, SourceDeclaration } from './contract.ts'
import type { ListingState } from './listing-state.ts'

/** What the store keeps of a source, and what only this engine reads. Kept in the same row. */
export type SourceHealth = SourceState & {
  /**
   * Since when its answers list nothing at all. It may be quiet, or it may have failed: silence ends nothing, so a person
   * looks.
   */
  readonly emptySince?: Instant
  /** Of an index: what of the messages it names has been fetched, by a hash of the address. */
  readonly fetched?: Readonly<Record<string, FetchedMark>>
  /** Of a source whose answers list all that holds: what stands there, and what does not any more. */
  readonly listing?: ListingState
  /** Rule → how often it was broken in what came last: what its sender should be told. */
  readonly defects?: Readonly<Record<string, number>>
}
/** What the index said of its change then, and what the message's own answer said for a conditional request. */
export type FetchedMark = {
  readonly updated?: string
  readonly etag?: string
  readonly lastModified?: string
  /** How often in a row it could not be had, or not be read; absent once it was. */
  readonly tries?: number
  readonly isUnreadable?: boolean
}

export const stateNameOf = (source: string, realm: Realm): string =>
  realm === 'actual' ? source : `${source}@${realm}`

export async function stateOf(store: Store, name: string): Promise<SourceHealth> {
  return (
    (await store.sources.get(name)) ?? {
      source: name,
      errorsInARow: 0,
      received: 0,
      accepted: 0,
      quarantined: 0,
    }
  )
}

export async function changeState(
  store: Store,
  name: string,
  change: (state: SourceHealth) => SourceHealth,
): Promise<SourceHealth> {
  const changed = change(await stateOf(store, name))
  await store.sources.put(changed)
  return changed
}

export const attempted = (state: SourceHealth, at: Instant): SourceHealth => ({ ...state, lastAttemptAt: at })

/** It answered, and the answer could be read. */
export function succeeded(state: SourceHealth, at: Instant): SourceHealth {
  const { lastError: _, ...rest } = state
  return { ...rest, lastSuccessAt: at, errorsInARow: 0 }
}

export const failed = (state: SourceHealth, error: string): SourceHealth => ({
  ...state,
  errorsInARow: state.errorsInARow + 1,
  lastError: error.slice(0, 500),
})

/** It answered, but not all that it names could be had: said, and no reason to ask it less often. */
export const troubled = (state: SourceHealth, trouble: string): SourceHealth => ({
  ...state,
  lastError: trouble.slice(0, 500),
})

/** The validators of the newest answer that could be read: a bad answer must not be the one that "has not changed". */
export function validatedBy(
  state: SourceHealth,
  validators: { readonly etag?: string; readonly lastModified?: string },
): SourceHealth {
  const { etag: _, lastModified: __, ...rest } = state
  return { ...rest, ...validators }
}

export async function noteIngested(
  store: Store,
  facts: {
    readonly source: SourceDeclaration
    readonly realm: Realm
    readonly at: Instant
    readonly receivedAt: Instant
    /** Instant of the newest content. */
    readonly newest?: Instant
    readonly outcome: IngestOutcome
  },
): Promise<void> {
  const { at, receivedAt, newest, outcome } = facts
  await changeState(store, stateNameOf(facts.source.id, facts.realm), (state) => {
    const counted: SourceHealth = {
      ...emptiness(state, outcome, at),
      lastAttemptAt: state.lastAttemptAt ?? at,
      received: state.received + outcome.read,
      accepted: state.accepted + outcome.accepted,
      quarantined: state.quarantined + outcome.quarantined,
      ...(outcome.accepted > 0 ? { lastChangeAt: at, ...lagOf(newest, receivedAt) } : {}),
      ...(outcome.read > 0 ? { defects: countsOf(outcome.issues) } : {}),
    }
    return isUnreadable(outcome) ? failed(counted, describeIssue(outcome.issues)) : succeeded(counted, at)
  })
}

/** An index that names messages is not empty, though nothing stands in it: `listed` counts what it names. */
function emptiness(state: SourceHealth, { read, listed = 0 }: IngestOutcome, at: Instant): SourceHealth {
  const { emptySince, ...rest } = state
  return read + listed > 0 ? rest : { ...rest, emptySince: emptySince ?? at }
}

const mostRules = 50

function countsOf(issues: readonly Issue[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { rule } of issues)
    if (rule in counts || Object.keys(counts).length < mostRules) counts[rule] = (counts[rule] ?? 0) + 1
  return counts
}

/** Only what is new tells how far behind a source is; the same old answer again says nothing. */
const lagOf = (newest: Instant | undefined, receivedAt: Instant): { readonly lagMs?: number } =>
  newest === undefined ? {} : { lagMs: Math.max(0, millis(receivedAt) - millis(newest)) }

/** Nothing in it could be taken, and something was there. An answer that lists nothing is a success. */
export const isUnreadable = (outcome: IngestOutcome): boolean =>
  outcome.accepted + outcome.unchanged + (outcome.listed ?? 0) === 0 && outcome.quarantined > 0

/** Rule and place only: what a source sent stays in the quarantine. */
function describeIssue(issues: readonly Issue[]): string {
  const [first] = issues
  if (first === undefined) return 'Nothing in the answer could be read.'
  return `Nothing in the answer could be read: ${first.rule}${first.place === '' ? '' : ` at ${first.place}`}.`
}
