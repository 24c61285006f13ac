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

export const stateNameOf = (source: string, realm: Realm): string =>
  realm === 'actual' ? source : `${source}@${realm}`

export async function stateOf(store: Store, name: string): Promise<SourceState> {
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
  change: (state: SourceState) => SourceState,
): Promise<SourceState> {
  const changed = change(await stateOf(store, name))
  await store.sources.put(changed)
  return changed
}

export const attempted = (state: SourceState, at: Instant): SourceState => ({ ...state, lastAttemptAt: at })

/** It answered, and the answer could be read. */
export function succeeded(state: SourceState, at: Instant): SourceState {
  const { lastError: _, ...rest } = state
  return { ...rest, lastSuccessAt: at, errorsInARow: 0 }
}

export const failed = (state: SourceState, error: string): SourceState => ({
  ...state,
  errorsInARow: state.errorsInARow + 1,
  lastError: error.slice(0, 500),
})

/** The validators of the newest answer that could be read: a bad answer must not be the one that "has not changed". */
export function validatedBy(
  state: SourceState,
  validators: { readonly etag?: string; readonly lastModified?: string },
): SourceState {
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
    const counted: SourceState = {
      ...state,
      lastAttemptAt: state.lastAttemptAt ?? at,
      received: state.received + outcome.read,
      accepted: state.accepted + outcome.accepted,
      quarantined: state.quarantined + outcome.quarantined,
      ...(outcome.accepted > 0 ? { lastChangeAt: at, ...lagOf(newest, receivedAt) } : {}),
    }
    return isUnreadable(outcome) ? failed(counted, describeIssue(outcome.issues)) : succeeded(counted, at)
  })
}

/** Only what is new tells how far behind a source is; the same old answer again says nothing. */
const lagOf = (newest: Instant | undefined, receivedAt: Instant): { readonly lagMs?: number } =>
  newest === undefined ? {} : { lagMs: Math.max(0, millis(receivedAt) - millis(newest)) }

/** Nothing in it could be taken, and something was there. An answer that lists nothing is a success. */
export const isUnreadable = (outcome: IngestOutcome): boolean =>
  outcome.accepted + outcome.unchanged === 0 && outcome.quarantined > 0

/** Rule and place only: what a source sent stays in the quarantine. */
function describeIssue(issues: readonly Issue[]): string {
  const [first] = issues
  if (first === undefined) return 'Nothing in the answer could be read.'
  return `Nothing in the answer could be read: ${first.rule}${first.place === '' ? '' : ` at ${first.place}`}.`
}
