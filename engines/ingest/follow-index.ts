/**
 * Works one reading of an index: takes in what stands in it, then fetches the messages that it names, politely.
 *
 * - Only addresses that may be asked (`index-links.ts`), redirects included.
 * - Each message once, unless what the index says of its change is new; then with the validators of its last answer.
 * - At most `maxPerPoll` requests, `atOnce` of them at a time. What failed, and what was left, comes at the next poll:
 *   until all is done the index's own validators are not kept, so that it is read again.
 * - A `Retry-After` stops the round; when every request failed the source itself counts as failed, and backs off.
 * - What could not be decoded is asked for again, since a page of error in place of a message is no message; after five
 *   readings it is left until its entry changes. What never had trouble is asked first, so that no number of broken
 *   messages keeps a good one waiting.
 */
import { type Instant, type Issue, millis } from '../record/index.ts'
import type { HttpTransport, IngestOutcome, Payload } from './contract.ts'
import { type Fetched, fetchOnce, type Validators } from './fetch-once.ts'
import {
  changeState,
  type FetchedMark,
  failed,
  isUnreadable,
  noteIngested,
  stateNameOf,
  stateOf,
  troubled,
} from './health.ts'
import { fingerprint, type IndexedSource, isOnAllowedHost, type Wanted, wantedIn } from './index-links.ts'
import { noteListing } from './listing.ts'
import { type TakenIn, takeIn } from './payload.ts'
import type { Running } from './running.ts'

export type Followed = {
  readonly outcome: IngestOutcome
  readonly isComplete: boolean
  readonly retryAfterMs: number
}

type Marks = Record<string, FetchedMark>

export async function followIndex(
  source: IndexedSource,
  payload: Payload,
  running: Running,
): Promise<Followed> {
  const { store, realm, clock } = running
  const inside = await takeIn({ store, source, realm, clock, payloads: [payload] })
  const { wanted, issues } = wantedIn(source, payload)
  const name = stateNameOf(source.id, realm)
  const before = (await stateOf(store, name)).fetched ?? {}
  const round = new Round(source, running, before)
  await round.work(wanted)
  if (source.listing !== undefined) await noteListing({ ...source, listing: source.listing }, inside, running)
  const outcome = merged([inside, ...round.taken], { issues, listed: wanted.length, realm })
  const newest = latest([inside, ...round.taken])
  const at = clock.now()
  await noteIngested(store, { source, realm, at, receivedAt: payload.receivedAt, outcome, ...newest })
  await changeState(store, name, (state) => {
    const fetched = wanted.length === 0 ? before : marksOf(wanted, round.marks)
    const kept = { ...state, fetched }
    if (round.failures.length === 0) return kept
    const message = troubleOf(round, wanted.length)
    return round.answered === 0 ? failed(kept, message) : troubled(kept, message)
  })
  if (round.failures.length > 0)
    running.on({ kind: 'failed', source: source.id, at, message: troubleOf(round, wanted.length) })
  return { outcome, isComplete: round.isComplete && !isUnreadable(outcome), retryAfterMs: round.retryAfterMs }
}

/** One round of requests: what it fetched, and what became of it. */
class Round {
  readonly taken: TakenIn[] = []
  readonly failures: string[] = []
  readonly marks: Marks
  answered = 0
  retryAfterMs = 0
  isComplete = true
  readonly #source: IndexedSource
  readonly #running: Running

  constructor(source: IndexedSource, running: Running, before: Readonly<Record<string, FetchedMark>>) {
    this.#source = source
    this.#running = running
    this.marks = { ...before }
  }

  async work(wanted: readonly Wanted[]): Promise<void> {
    const { maxPerPoll, atOnce } = this.#source.index
    const triesOf = ({ name }: Wanted): number => this.marks[name]?.tries ?? 0
    const due = wanted
      .filter((each) => isDue(each, this.marks[each.name]))
      .sort((a, b) => triesOf(a) - triesOf(b))
    const now = due.slice(0, maxPerPoll)
    if (now.length < due.length) this.isComplete = false
    let next = 0
    let isStopped = false
    const worker = async (): Promise<void> => {
      while (next < now.length && !isStopped && this.retryAfterMs === 0 && !this.#running.signal.aborted) {
        try {
          await this.#one(now[next++] as Wanted) // next is within the list
        } catch (error) {
          isStopped = true // the store is away: the other workers end their request and begin none
          throw error
        }
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: Math.max(1, atOnce) }, worker))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    if (next < now.length || this.failures.length > 0) this.isComplete = false
  }

  async #one(wanted: Wanted): Promise<void> {
    const { store, realm, clock, signal } = this.#running
    const before = this.marks[wanted.name] ?? {}
    const fetched = await this.#fetch(wanted)
    if (signal.aborted) return
    switch (fetched.kind) {
      case 'failed':
        this.failures.push(fetched.message)
        this.#failed(wanted, before, before.isUnreadable === true)
        this.retryAfterMs = Math.max(this.retryAfterMs, fetched.retryAfterMs)
        return
      case 'not-modified':
        this.answered++
        if (before.isUnreadable === true) this.#failed(wanted, before, true)
        else this.marks[wanted.name] = markOf(wanted, before)
        return
      case 'payload': {
        this.answered++
        const { bytes, mediaType } = fetched
        const { about } = wanted
        const payload = { bytes, mediaType, receivedAt: clock.now(), ...(about !== undefined && { about }) }
        const taken = await takeIn({ store, source: this.#source, realm, clock, payloads: [payload] })
        this.taken.push(taken)
        const isRead = taken.outcome.accepted + taken.outcome.unchanged > 0
        if (isRead) this.marks[wanted.name] = markOf(wanted, fetched.validators)
        else this.#failed(wanted, fetched.validators, true)
      }
    }
  }

  /** Not had, or not readable: to be asked again, after all that never had trouble. A change begins the count anew. */
  #failed(wanted: Wanted, validators: Validators, isUnreadable: boolean): void {
    const before = this.marks[wanted.name]
    const tries = before !== undefined && !isChanged(wanted, before) ? (before.tries ?? 0) + 1 : 1
    const mark = { ...markOf(wanted, validators), tries, ...(isUnreadable && { isUnreadable }) }
    this.marks[wanted.name] = mark
    if (isDue(wanted, mark)) this.isComplete = false
  }

  #fetch({ url, name }: Wanted): Promise<Fetched> {
    const { userAgent, fetch, signal, clock } = this.#running
    const { index } = this.#source
    const transport = transportTo(url, this.#source)
    const { etag, lastModified } = this.marks[name] ?? {}
    return fetchOnce({
      transport: { ...transport, url: url.href, accept: index.accept, maxBytes: index.maxBytes },
      validators: {
        ...(etag === undefined ? {} : { etag }),
        ...(lastModified === undefined ? {} : { lastModified }),
      },
      userAgent,
      fetch,
      signal,
      mayAsk: (next) => isOnAllowedHost(next, this.#source),
      now: millis(clock.now()),
    })
  }
}

/** Credentials stay with the index's own origin. */
function transportTo(url: URL, { transport }: IndexedSource): HttpTransport {
  const { credentials, ...open } = transport
  const isHome = url.origin === new URL(transport.url).origin
  return credentials !== undefined && isHome ? { ...open, credentials } : open
}

const markOf = ({ updated }: Wanted, { etag, lastModified }: Validators): FetchedMark => ({
  ...(updated === undefined ? {} : { updated: fingerprint(updated) }),
  ...(etag === undefined ? {} : { etag }),
  ...(lastModified === undefined ? {} : { lastModified }),
})

const mostTries = 5

/** An address once had is asked again when the index says that it changed; one that was not had, until it is. */
function isDue(wanted: Wanted, mark: FetchedMark | undefined): boolean {
  if (mark === undefined || isChanged(wanted, mark)) return true
  const { tries = 0, isUnreadable: isBroken = false } = mark
  return tries > 0 && (!isBroken || tries < mostTries)
}

const isChanged = ({ updated }: Wanted, mark: FetchedMark): boolean =>
  updated !== undefined && mark.updated !== fingerprint(updated)

/** Only what the index still names is remembered. */
const marksOf = (wanted: readonly Wanted[], marks: Marks): Marks =>
  Object.fromEntries(
    wanted.flatMap(({ name }) => {
      const mark = marks[name]
      return mark === undefined ? [] : [[name, mark]]
    }),
  )

function merged(
  taken: readonly TakenIn[],
  rest: Pick<IngestOutcome, 'realm'> & { readonly issues: readonly Issue[]; readonly listed: number },
): IngestOutcome {
  const outcomes = taken.map(({ outcome }) => outcome)
  const sum = (of: (outcome: IngestOutcome) => number): number =>
    outcomes.reduce((total, each) => total + of(each), 0)
  return {
    read: sum(({ read }) => read),
    accepted: sum(({ accepted }) => accepted),
    unchanged: sum(({ unchanged }) => unchanged),
    quarantined: sum(({ quarantined }) => quarantined),
    issues: [...outcomes.flatMap(({ issues }) => issues), ...rest.issues],
    realm: rest.realm,
    listed: rest.listed,
  }
}

function latest(taken: readonly TakenIn[]): { readonly newest?: Instant } {
  const newest = taken
    .flatMap((each) => each.newest ?? [])
    .sort()
    .at(-1)
  return newest === undefined ? {} : { newest }
}

const troubleOf = ({ failures }: Round, listed: number): string =>
  `${failures.length} of ${listed} messages that the index names could not be had. ${failures[0] ?? ''}`
