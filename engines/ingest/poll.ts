/**
 * The loop of one polled source: ask, take in, wait. One request at a time; the next wait begins when the last answer is
 * digested. Everything that can go wrong is a failure with a back-off, and none of it erases anything.
 *
 * State survives restarts in the store: a restart neither asks earlier than the interval allows nor forgets a validator.
 */
import { millis } from '../record/index.ts'
import { waited } from '../store/index.ts'
import { backOffCapMs, delayAfterErrors, delayAfterSuccess } from './back-off.ts'
import type { HttpTransport, Payload, SourceDeclaration } from './contract.ts'
import { fetchOnce } from './fetch-once.ts'
import { type Followed, followIndex } from './follow-index.ts'
import {
  attempted,
  changeState,
  failed,
  isUnreadable,
  stateNameOf,
  stateOf,
  succeeded,
  validatedBy,
} from './health.ts'
import { type ListedSource, listedAgain, noteListing } from './listing.ts'
import { takeInAndNote } from './payload.ts'
import type { Running } from './running.ts'

export type PolledSource = SourceDeclaration & { readonly transport: HttpTransport }

export async function poll(source: PolledSource, running: Running): Promise<void> {
  const { store, clock, signal, random } = running
  const { intervalMs } = source.transport
  const backOff = { baseMs: intervalMs, capMs: backOffCapMs, random }
  let ownErrors = 0
  let waitMs = await firstWait(source, running)
  while (await waited(waitMs, signal)) {
    try {
      const { retryAfterMs } = await pollOnce(source, running)
      const { errorsInARow } = await stateOf(store, stateNameOf(source.id, running.realm))
      ownErrors = 0
      waitMs =
        errorsInARow === 0
          ? delayAfterSuccess(intervalMs, random)
          : delayAfterErrors(errorsInARow, backOff, retryAfterMs)
    } catch (error) {
      // Not the source but we failed (the database is away): tell, and try again; the source's health stays as it is.
      if (signal.aborted) return
      ownErrors++
      running.on({ kind: 'broken', source: source.id, at: clock.now(), error })
      waitMs = delayAfterErrors(ownErrors, { ...backOff, baseMs: Math.min(intervalMs, 5_000) })
    }
  }
}

async function pollOnce(source: PolledSource, running: Running): Promise<{ readonly retryAfterMs: number }> {
  const { store, realm, clock, signal, userAgent, fetch, on } = running
  const name = stateNameOf(source.id, realm)
  const { etag, lastModified } = await changeState(store, name, (state) => attempted(state, clock.now()))
  const fetched = await fetchOnce({
    transport: source.transport,
    validators: {
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { lastModified }),
    },
    userAgent,
    fetch,
    signal,
    now: millis(clock.now()),
  })
  if (signal.aborted) return { retryAfterMs: 0 }
  switch (fetched.kind) {
    case 'failed':
      await changeState(store, name, (state) => failed(state, fetched.message))
      on({ kind: 'failed', source: source.id, at: clock.now(), message: fetched.message })
      return fetched
    case 'not-modified':
      await changeState(store, name, (state) => succeeded(state, clock.now()))
      if (isListed(source)) await listedAgain(source, running)
      on({ kind: 'not-modified', source: source.id, at: clock.now() })
      return { retryAfterMs: 0 }
    case 'payload': {
      const { bytes, mediaType } = fetched
      const payload = { bytes, mediaType, receivedAt: clock.now() }
      const { outcome, isComplete, retryAfterMs } = await takenFrom(source, payload, running)
      if (isComplete && !isUnreadable(outcome))
        await changeState(store, name, (state) => validatedBy(state, fetched.validators))
      on({ kind: 'ingested', source: source.id, at: clock.now(), outcome })
      return { retryAfterMs }
    }
  }
}

/** An index that is not worked to its end must not pass for unchanged: its validators are not kept. */
async function takenFrom(source: PolledSource, payload: Payload, running: Running): Promise<Followed> {
  const { index } = source
  if (index !== undefined) return followIndex({ ...source, index }, payload, running)
  const { store, realm, clock } = running
  const taken = await takeInAndNote({ store, source, payloads: [payload], realm, clock })
  if (isListed(source)) await noteListing(source, taken, running)
  return { outcome: taken.outcome, isComplete: true, retryAfterMs: 0 }
}

const isListed = (source: PolledSource): source is PolledSource & ListedSource => source.listing !== undefined

/** After a restart: what is left of the interval, never more than one. */
async function firstWait(source: PolledSource, { store, realm, clock, on }: Running): Promise<number> {
  try {
    const { lastAttemptAt } = await stateOf(store, stateNameOf(source.id, realm))
    if (lastAttemptAt === undefined) return 0
    const left = millis(lastAttemptAt) + source.transport.intervalMs - millis(clock.now())
    return Math.min(Math.max(0, left), source.transport.intervalMs)
  } catch (error) {
    on({ kind: 'broken', source: source.id, at: clock.now(), error })
    return 0
  }
}
