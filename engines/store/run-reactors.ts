/**
 * Runs reactors over one realm of the log: from each one's checkpoint, in log order, one record at a time per reactor.
 * What follows is appended first, then the checkpoint moves, so a kill at any instant repeats work and loses none;
 * derived keys make the repeat say the same, and the store writes the same only once.
 *
 * A record that a reactor cannot digest is tried again, then put into quarantine with its reason; the reactor goes on
 * and `onFailure` rings. A database that is away for a moment is no such failure: the runner waits for it. `settle` runs all reactors until nothing more follows: for replays and tests, where order
 * must be the same on every run.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { canonical, type Held, type Realm } from '../record/index.ts'
import { isTransient } from './connect.ts'
import type { Query, Store } from './contract.ts'
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
  const checkpoint = checkpointOf(reactor, realm)
  const after = await whenBack(() => store.checkpoints.get(checkpoint), signal)
  for await (const batch of store.follow({ after, types: reactor.reads, realm, signal })) {
    for (const input of batch) await digest(run, reactor, input)
    const last = batch.at(-1)
    if (last) await whenBack(() => store.checkpoints.set(checkpoint, last.index), signal)
  }
}

async function catchUp(run: ReactorRun, reactor: Reactor): Promise<number> {
  const { store, realm } = run
  const checkpoint = checkpointOf(reactor, realm)
  const after = await store.checkpoints.get(checkpoint)
  const batch = await store.read({ types: reactor.reads, realm, after, versions: 'all', limit: 500 })
  for (const input of batch) await digest(run, reactor, input)
  const last = batch.at(-1)
  if (last) await store.checkpoints.set(checkpoint, last.index)
  return batch.length
}

const checkpointOf = (reactor: Reactor, realm: Realm): string => `${reactor.name}@${realm}`

async function digest(run: ReactorRun, reactor: Reactor, input: Held): Promise<void> {
  const waits = run.retryAfterMs ?? [50, 500]
  for (let attempt = 0; ; attempt += 1) {
    try {
      await whenBack(() => react(run, reactor, input))
      return
    } catch (error) {
      if (isTransient(error)) throw error
      const wait = waits[attempt]
      if (wait === undefined) return hold(run, reactor, input, error)
      await sleep(wait)
    }
  }
}

async function react({ store, realm }: ReactorRun, reactor: Reactor, input: Held): Promise<void> {
  const drafts = await reactor.react(input, viewOf(store, realm, reactor, input.index))
  if (drafts.length === 0) return
  const outcomes = await store.append(drafts)
  const refused = outcomes.flatMap((outcome, at) =>
    outcome.kind === 'refused' ? [{ at, reason: outcome.reason }] : [],
  )
  if (refused.length > 0) {
    throw new Error(`${reactor.name} derived what the store refuses: ${JSON.stringify(refused)}`)
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
  { store, onFailure }: ReactorRun,
  reactor: Reactor,
  input: Held,
  error: unknown,
): Promise<void> {
  const { record, index, receivedAt } = input
  const message = error instanceof Error ? error.message : String(error)
  await store.quarantine.hold({
    kind: 'reactor-failed',
    from: reactor.name,
    realm: record.realm,
    receivedAt,
    mediaType: 'application/json',
    bytes: new TextEncoder().encode(canonical(record)),
    issues: [{ rule: 'store/reactor-failed', place: `${record.id}@${record.version}`, message }],
  })
  onFailure?.({ reactor: reactor.name, realm: record.realm, id: record.id, index, error })
}
