/**
 * Runs reactors over one realm of the log: from each one's checkpoint, in log order, one record at a time per reactor.
 * What follows from a record is appended in one transaction with the step of the checkpoint over it (a turn): a kill at
 * any instant repeats a turn whole or not at all, and where two processes run the same reactors, each turn is taken by
 * one of them. Without that a repeat of several records would write older content over newer, as more versions.
 *
 * A record that a reactor cannot digest is tried again, then put into quarantine with its reason; the reactor goes on
 * and `onFailure` rings. A draft that the store refuses is held the same way, and the others of its turn are appended.
 * A database that is away for a moment is no such failure: the runner waits for it. `settle` runs all reactors until
 * nothing more follows: for replays and tests, where order must be the same on every run.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Held, Realm } from '../record/index.ts'
import { isTransient } from './connect.ts'
import type { Query, Store } from './contract.ts'
import { TurnTaken } from './errors.ts'
import type { Reactor, ReactorFailure, ReactorView } from './reactor.ts'
import { whenBack } from './when-back.ts'

export type ReactorRun = {
  readonly store: Store
  readonly reactors: readonly Reactor[]
  readonly realm: Realm
  readonly onFailure?: (failure: ReactorFailure) => void
  /** Tries after the first, and the wait before each, milliseconds. */
  readonly retryAfterMs?: readonly number[]
}

/** Until the signal aborts. Rejects only when the store itself fails. */
export async function runReactors(run: ReactorRun, signal: AbortSignal): Promise<void> {
  await Promise.all(run.reactors.map((reactor) => follow(run, reactor, signal)))
}

/** Until no reactor has anything left to digest; answers how many records were digested. */
export async function settle(run: ReactorRun): Promise<number> {
  let total = 0
  for (;;) {
    let digested = 0
    for (const reactor of run.reactors) digested += await catchUp(run, reactor)
    if (digested === 0) return total
    total += digested
  }
}

async function follow(run: ReactorRun, reactor: Reactor, signal: AbortSignal): Promise<void> {
  const { store, realm } = run
  const place = await placeOf(run, reactor, signal)
  for await (const batch of store.follow({ after: place.index, types: reactor.reads, realm, signal })) {
    await digestAll(run, reactor, place, batch, signal)
  }
}

async function catchUp(run: ReactorRun, reactor: Reactor): Promise<number> {
  const { store, realm } = run
  const place = await placeOf(run, reactor)
  const batch = await store.read({
    types: reactor.reads,
    realm,
    after: place.index,
    versions: 'all',
    limit: 500,
  })
  await digestAll(run, reactor, place, batch)
  return batch.length
}

/** Where a reactor believes its checkpoint to stand. */
type Place = { readonly checkpoint: string; index: number }

async function placeOf({ store, realm }: ReactorRun, reactor: Reactor, signal?: AbortSignal): Promise<Place> {
  const checkpoint = `${reactor.name}@${realm}`
  return { checkpoint, index: await whenBack(() => store.checkpoints.get(checkpoint), signal) }
}

/** One after the other; at the end the checkpoint also passes what led to nothing. */
async function digestAll(
  run: ReactorRun,
  reactor: Reactor,
  place: Place,
  batch: readonly Held[],
  signal?: AbortSignal,
): Promise<void> {
  for (const input of batch) {
    if (signal?.aborted) return
    if (input.index > place.index) await digest(run, reactor, place, input, signal)
  }
  const last = batch.at(-1)
  if (last && last.index > place.index) await pass(run, place, last.index, signal)
}

/** Moves the checkpoint without an append; where another runner moved it meanwhile, that is where it stands. */
async function pass({ store }: ReactorRun, place: Place, to: number, signal?: AbortSignal): Promise<void> {
  const turn = { reactor: place.checkpoint, from: place.index, to }
  const isMoved = await whenBack(() => store.checkpoints.move(turn), signal)
  place.index = isMoved ? to : await whenBack(() => store.checkpoints.get(place.checkpoint), signal)
}

async function digest(
  run: ReactorRun,
  reactor: Reactor,
  place: Place,
  input: Held,
  signal?: AbortSignal,
): Promise<void> {
  const waits = run.retryAfterMs ?? [50, 500]
  for (let attempt = 0; ; attempt += 1) {
    try {
      await whenBack(() => react(run, reactor, place, input), signal)
      return
    } catch (error) {
      if (error instanceof TurnTaken) {
        place.index = await whenBack(() => run.store.checkpoints.get(place.checkpoint), signal)
        if (place.index >= input.index) return
        continue
      }
      if (isTransient(error) || signal?.aborted) throw error
      const wait = waits[attempt]
      if (wait === undefined) {
        await hold(run, reactor, input, 'reactor-failed', messageOf(error), input.record)
        run.onFailure?.({
          reactor: reactor.name,
          realm: run.realm,
          id: input.record.id,
          index: input.index,
          error,
        })
        return
      }
      await sleep(wait)
    }
  }
}

/**
 * Appends what follows, and moves the checkpoint with it. Where a release no longer counts the reactor is asked once
 * more, for what follows without; what the store refuses else is held, and the rest is appended.
 */
async function react(run: ReactorRun, reactor: Reactor, place: Place, input: Held): Promise<void> {
  const { store, realm } = run
  const view = viewOf(store, realm, reactor, input.index)
  let drafts = await reactor.react(input, view)
  let isAskedAgain = false
  while (drafts.length > 0) {
    const turn = { reactor: place.checkpoint, from: place.index, to: input.index }
    const outcomes = await store.append(drafts, { turn })
    const refused = outcomes.flatMap((outcome, at) =>
      outcome.kind === 'refused' ? [{ draft: drafts[at], reason: outcome.reason }] : [],
    )
    if (refused.length === 0) {
      place.index = input.index
      return
    }
    if (!isAskedAgain && refused.some(({ reason }) => reason.code === 'handling/not-released')) {
      isAskedAgain = true
      drafts = await reactor.react(input, { ...view, withoutReleases: true })
      continue
    }
    for (const { draft, reason } of refused) {
      const message = `${reactor.name} derived what the store refuses: ${reason.code}`
      await hold(run, reactor, input, 'refused', message, { draft, reason })
      const error = new Error(`${message} ${JSON.stringify(reason)}`)
      run.onFailure?.({ reactor: reactor.name, realm, id: input.record.id, index: input.index, error })
    }
    drafts = drafts.filter((draft) => !refused.some((one) => one.draft === draft))
  }
}

/** Up to the record in hand; the reactor's own types to the end. */
function viewOf(store: Store, realm: Realm, reactor: Reactor, index: number): ReactorView {
  const own = new Set(reactor.writes)
  const bounded = (query: Omit<Query, 'realm' | 'upTo'>): Query => {
    const isOwn = query.types?.every((type) => own.has(type)) ?? false
    return isOwn ? { ...query, realm } : { ...query, realm, upTo: index }
  }
  return {
    read: (query) => store.read(bounded(query)),
    get: async (id, version) => {
      const held = await store.get(id, version)
      if (!held || held.record.realm !== realm) return undefined
      if (own.has(held.record.type) || held.index <= index) return held
      const [earlier] = await store.read({ ids: [id], realm, upTo: index })
      return version === undefined ? earlier : undefined
    },
  }
}

async function hold(
  { store }: ReactorRun,
  reactor: Reactor,
  { record, receivedAt }: Held,
  kind: 'reactor-failed' | 'refused',
  message: string,
  content: unknown,
): Promise<void> {
  await store.quarantine.hold({
    kind,
    from: reactor.name,
    realm: record.realm,
    receivedAt,
    mediaType: 'application/json',
    bytes: new TextEncoder().encode(JSON.stringify(content)),
    issues: [{ rule: `store/${kind}`, place: `${record.id}@${record.version}`, message }],
  })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
