/**
 * Jobs: work that several processes share over one table.
 *
 * States of a row: waiting → running → (gone) when done; running → waiting when it threw, later each time; running →
 * failed when it threw for the last time, kept with its error until somebody adds it again.
 *
 * - Claiming takes the earliest due row that nobody else is taking (`for update skip locked`).
 * - A claim is a lease: `claimed_at` is renewed while the work runs, and a row whose lease ran out (its worker died) is
 *   claimed again. Every later write names the `claimed_at` it holds, so a worker that was thought dead and comes back
 *   changes nothing. Work therefore runs at least once, and must bear a repeat.
 * - Adding a key that waits replaces its payload and keeps the earlier time. Adding a key that runs sets its attempts to
 *   0, which means "again": when the run ends the row waits instead of going. Nothing asked for is lost, and one key never
 *   runs twice at a time.
 * - `notify` wakes the workers; a poll is the net under it, and covers rows that become due with time.
 */
import { type Clock, type Instant, millis, plusMs } from '../record/index.ts'
import type { Sql } from './connect.ts'
import type { Job, Jobs } from './contract.ts'
import { DatabaseClosed } from './errors.ts'
import { createWakeups } from './wakeups.ts'

export type JobsOptions = {
  readonly sql: Sql
  readonly clock: Clock
  /** Calls back on every notification of the channel, until the answer is called. Default: a connection of `sql`. */
  readonly listen?: (channel: string, wake: () => void) => Promise<() => Promise<void>>
  readonly pollMs?: number
  readonly leaseMs?: number
  readonly retry?: RetryPolicy
  /** Told of failures of a worker itself, such as a database that is away; it goes on trying. */
  readonly onTrouble?: (error: unknown) => void
}

export type RetryPolicy = { readonly firstMs: number; readonly capMs: number }

/** Wait after the n-th failed attempt (1, 2, …): doubled each time, up to the cap. */
export const retryDelayMs = (attempt: number, { firstMs, capMs }: RetryPolicy): number =>
  Math.min(capMs, firstMs * 2 ** Math.min(attempt - 1, 50))

const channel = 'mosaic_job'
const defaultMaxAttempts = 8

type Claim = { readonly job: Job; claimedAt: Instant }

export function makeJobs(options: JobsOptions): Jobs {
  const {
    sql,
    clock,
    pollMs = 2_000,
    leaseMs = 60_000,
    retry = { firstMs: 1_000, capMs: 3_600_000 },
  } = options
  const listen = options.listen ?? ((name, wake) => listenOn(sql, name, wake))
  const trouble = (error: unknown): undefined => void options.onTrouble?.(error)

  const add: Jobs['add'] = async ({ queue, key, payload, runAt }) => {
    await sql`
      with added as (
        insert into job (queue, key, payload, run_at, attempts, state)
        values (${queue}, ${key}, ${asJson(sql, payload)}, ${runAt ?? clock.now()}, 0, 'waiting')
        on conflict (queue, key) do update set
          payload = excluded.payload,
          run_at = case when job.state = 'waiting' then least(job.run_at, excluded.run_at) else excluded.run_at end,
          attempts = 0,
          state = case when job.state = 'running' then 'running' else 'waiting' end,
          last_error = null
        returning queue
      )
      select pg_notify(${channel}, queue) from added`
  }

  const claim = async (queue: string): Promise<Claim | undefined> => {
    const now = clock.now()
    const [row] = await sql<{ id: string; key: string; payload: unknown; attempts: number }[]>`
      update job
      set state = 'running', attempts = attempts + 1, claimed_at = ${now}
      where id = (
        select id from job
        where queue = ${queue}
          and ((state = 'waiting' and run_at <= ${now}) or (state = 'running' and claimed_at <= ${plusMs(now, -leaseMs)}))
        order by run_at, id
        limit 1
        for update skip locked
      )
      returning id, key, payload, attempts`
    if (row === undefined) return undefined
    const { id, key, payload, attempts } = row
    return { job: { id: String(id), queue, key, payload, attempt: attempts }, claimedAt: now }
  }

  const renew = async (held: Claim): Promise<void> => {
    const now = clock.now()
    const rows = await sql`
      update job set claimed_at = ${now}
      where id = ${held.job.id} and state = 'running' and claimed_at = ${held.claimedAt}
      returning id`
    if (rows.length > 0) held.claimedAt = now
  }

  /** Gone when nobody asked again meanwhile, else waiting anew. */
  const done = async (held: Claim): Promise<void> => {
    const mine = sql`id = ${held.job.id} and state = 'running' and claimed_at = ${held.claimedAt}`
    const gone = await sql`delete from job where ${mine} and attempts > 0 returning id`
    if (gone.length > 0) return
    await sql`update job set state = 'waiting', claimed_at = null where ${mine}`
    await sql`select pg_notify(${channel}, ${held.job.queue})`
  }

  const threw = async (held: Claim, error: unknown, maxAttempts: number): Promise<void> => {
    const { id, attempt } = held.job
    const state = attempt >= maxAttempts ? 'failed' : 'waiting'
    const runAt = plusMs(clock.now(), retryDelayMs(attempt, retry))
    // Asked again while it ran (attempts 0): that request starts anew, at the time it asked for.
    await sql`
      update job set
        state = case when attempts = 0 then 'waiting' else ${state} end,
        run_at = case when attempts = 0 then run_at else ${runAt}::timestamptz end,
        claimed_at = null,
        last_error = ${describe(error)}
      where id = ${id} and state = 'running' and claimed_at = ${held.claimedAt}`
  }

  const perform = async (
    held: Claim,
    run: (job: Job) => Promise<void>,
    maxAttempts: number,
  ): Promise<void> => {
    if (held.job.attempt > maxAttempts)
      return threw(held, new Error('its worker ended before it did'), maxAttempts)
    const heart = setInterval(() => renew(held).catch(trouble), leaseMs / 3)
    try {
      const failure = await run(held.job).then(
        () => undefined,
        (error: unknown) => ({ error }),
      )
      await (failure === undefined ? done(held) : threw(held, failure.error, maxAttempts))
    } finally {
      clearInterval(heart)
    }
  }

  /** Until the next row of the queue is due, at most `pollMs`. */
  const idleMs = async (queue: string): Promise<number> => {
    const [row] = await sql<{ due: Date | null }[]>`
      select min(run_at) as due from job where queue = ${queue} and state = 'waiting'`
    if (!row?.due) return pollMs
    return Math.max(5, Math.min(pollMs, row.due.getTime() - millis(clock.now())))
  }

  const work: Jobs['work'] = async (queue, run, { signal, maxAttempts = defaultMaxAttempts }) => {
    const wakeups = createWakeups()
    const stopListening = await listen(channel, wakeups.wake).catch(trouble) // the poll goes on without it
    try {
      while (!signal.aborted) {
        const seen = wakeups.count()
        try {
          const held = await claim(queue)
          if (held === undefined) await wakeups.wait(seen, await idleMs(queue), signal)
          else await perform(held, run, maxAttempts)
        } catch (error) {
          if (error instanceof DatabaseClosed) return // the store was closed under us
          trouble(error)
          await wakeups.wait(wakeups.count(), pollMs, signal)
        }
      }
    } finally {
      await stopListening?.().catch(trouble)
    }
  }

  const counts: Jobs['counts'] = async () =>
    sql<{ queue: string; state: 'waiting' | 'running' | 'failed'; count: number }[]>`
      select queue, state, count(*)::int as count
      from job
      group by queue, state
      order by queue, state`

  return { add, work, counts }
}

/** Listening anew after a lost connection wakes too: something may have come meanwhile. */
async function listenOn(sql: Sql, name: string, wake: () => void): Promise<() => Promise<void>> {
  const { unlisten } = await sql.listen(name, wake, wake)
  return unlisten
}

const asJson = (sql: Sql, payload: unknown) => sql.json((payload ?? null) as Parameters<Sql['json']>[0])

const describe = (error: unknown): string =>
  (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 4000)
