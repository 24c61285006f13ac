import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'
import { instant, plusMs, SettableClock } from '../record/index.ts'
import { connect, type Sql } from './connect.ts'
import type { Job } from './contract.ts'
import { makeJobs, retryDelayMs } from './jobs.ts'

const start = instant('2026-01-05T08:00:00Z')
const silent = () => Promise.resolve(() => Promise.resolve())

let database: TestDatabase
let sql: Sql
let clock: SettableClock

beforeEach(async () => {
  database = await testDatabase()
  sql = connect(database.url)
  clock = new SettableClock(start)
})
afterEach(async () => {
  await sql.end({ timeout: 1 })
  await database[Symbol.asyncDispose]()
})

/** A worker on `deliver` that notes what it ran; `until` waits for that many runs, then ends it. */
function worker(
  act: (job: Job) => Promise<void> = async () => undefined,
  change: Partial<Parameters<typeof makeJobs>[0]> = {},
  maxAttempts = 3,
) {
  const jobs = makeJobs({ sql, clock, pollMs: 10, ...change })
  const ran: Job[] = []
  const stop = new AbortController()
  const run = async (job: Job) => {
    ran.push(job)
    await act(job)
  }
  const ended = jobs.work('deliver', run, { signal: stop.signal, maxAttempts })
  const end = async () => {
    stop.abort()
    await ended
  }
  return { jobs, ran, end, until: (count: number) => reached(() => ran.length >= count) }
}

async function reached(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 5) {
    if (waited > 10_000) throw new Error('it never happened')
    await sleep(5)
  }
}

const aJob = (key: string) => ({ queue: 'deliver', key, payload: { to: key } })
const settled = (jobs: ReturnType<typeof makeJobs>) => reached(async () => (await jobs.counts()).length === 0)

describe('work that several processes share', () => {
  test('four workers deliver two hundred warnings, each once', async () => {
    const workers = [1, 2, 3, 4].map(() => worker(() => sleep(1)))
    const [first] = workers

    await Promise.all(Array.from({ length: 200 }, (_, n) => first?.jobs.add(aJob(`warning-${n}`))))
    await reached(async () => (await first?.jobs.counts())?.length === 0)
    await Promise.all(workers.map((one) => one.end()))

    const keys = workers.flatMap((one) => one.ran.map((job) => job.key))
    expect(keys).toHaveLength(200)
    expect(new Set(keys).size).toBe(200)
  })

  test('a notification wakes a worker long before its poll', async () => {
    const sleeper = worker(undefined, { pollMs: 60_000 })
    await sleep(100)

    await sleeper.jobs.add(aJob('siren'))
    await sleeper.until(1)
    await sleeper.end()

    expect(sleeper.ran[0]).toMatchObject({ key: 'siren', payload: { to: 'siren' }, attempt: 1 })
  })

  test('without any notification the poll finds the work', async () => {
    const deaf = worker(undefined, { listen: silent })

    await deaf.jobs.add(aJob('siren'))
    await deaf.until(1)
    await deaf.end()

    expect(deaf.ran).toHaveLength(1)
  })

  test('work for tomorrow waits until tomorrow', async () => {
    const one = worker()
    await one.jobs.add({ ...aJob('reminder'), runAt: plusMs(start, 86_400_000) })
    await sleep(60)
    const before = one.ran.length

    clock.set(plusMs(start, 86_400_000))
    await one.until(1)
    await one.end()

    expect(before).toBe(0)
  })
})

describe('one key at a time', () => {
  test('adding a key that waits replaces its payload and keeps the earlier time', async () => {
    const jobs = makeJobs({ sql, clock })
    await jobs.add(aJob('siren'))
    await jobs.add({ queue: 'deliver', key: 'siren', payload: 'newest', runAt: plusMs(start, 5_000) })
    const one = worker()

    await one.until(1)
    await settled(jobs)
    await one.end()

    expect(one.ran).toMatchObject([{ payload: 'newest' }])
  })

  test('a key asked for while it runs runs once more afterwards, never beside itself', async () => {
    let running = 0
    let most = 0
    const act = async (job: Job) => {
      most = Math.max(most, ++running)
      if (job.payload !== 'again') await one.jobs.add({ ...aJob('siren'), payload: 'again' })
      await sleep(50)
      running--
    }
    const one = worker(act)
    const other = worker(act)

    await one.jobs.add(aJob('siren'))
    await reached(() => one.ran.length + other.ran.length >= 2)
    await settled(one.jobs)
    await Promise.all([one.end(), other.end()])

    expect([...one.ran, ...other.ran].map((job) => job.payload)).toContain('again')
    expect(most).toBe(1)
  })
})

describe('work that fails', () => {
  test('is tried again later each time, then kept with its error', async () => {
    const one = worker(() => Promise.reject(new Error('the siren does not answer')))
    await one.jobs.add(aJob('siren'))
    await one.until(1)
    await reached(async () => (await row())?.state === 'waiting')
    const afterFirst = await row()

    clock.set(plusMs(start, 1_000))
    await one.until(2)
    await reached(async () => (await row())?.state === 'waiting')
    const afterSecond = await row()
    clock.set(plusMs(start, 3_000))
    await reached(async () => (await row())?.state === 'failed')
    await one.end()

    expect(afterFirst?.run_at).toEqual(new Date(plusMs(start, 1_000)))
    expect(afterSecond?.run_at).toEqual(new Date(plusMs(start, 3_000)))
    expect((await row())?.last_error).toContain('the siren does not answer')
    expect(await one.jobs.counts()).toEqual([{ queue: 'deliver', state: 'failed', count: 1 }])
  })

  test('starts afresh when somebody adds it again', async () => {
    const one = worker(() => Promise.reject(new Error('no')), {}, 1)
    await one.jobs.add(aJob('siren'))
    await reached(async () => (await row())?.state === 'failed')
    await one.end()

    await one.jobs.add(aJob('siren'))

    expect(await row()).toMatchObject({ state: 'waiting', attempts: 0, last_error: null })
  })

  test('of a worker that died comes back when its lease has run out', async () => {
    const jobs = makeJobs({ sql, clock })
    await jobs.add(aJob('siren'))
    await sql`update job set state = 'running', attempts = 1, claimed_at = ${start}`
    const heir = worker(undefined, { leaseMs: 60_000 })
    await sleep(60)
    const before = heir.ran.length

    clock.set(plusMs(start, 60_000))
    await heir.until(1)
    await heir.end()

    expect(before).toBe(0)
    expect(heir.ran[0]?.attempt).toBe(2)
  })

  test('that ends its worker every time is given up, not claimed for ever', async () => {
    const jobs = makeJobs({ sql, clock })
    await jobs.add(aJob('siren'))
    await sql`update job set state = 'running', attempts = 3, claimed_at = ${plusMs(start, -60_000)}`
    const heir = worker()

    await reached(async () => (await row())?.state === 'failed')
    await heir.end()

    expect(heir.ran).toEqual([])
  })

  test('a worker that was thought dead changes nothing when it comes back', async () => {
    const gate = Promise.withResolvers<void>()
    const slow = worker(() => gate.promise)
    await slow.jobs.add(aJob('siren'))
    await slow.until(1)
    await sql`update job set claimed_at = ${plusMs(start, 1)}, attempts = 2` // another has claimed it since

    gate.resolve()
    await slow.end()

    expect(await row()).toMatchObject({ state: 'running', attempts: 2 })
  })

  test('because the database went away is done when it is back', async () => {
    const trouble: unknown[] = []
    const one = worker(undefined, { onTrouble: (error) => trouble.push(error) })
    await one.jobs.add(aJob('before'))
    await one.until(1)

    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.catch(() => undefined)
    await reached(() =>
      one.jobs.add(aJob('after')).then(
        () => true,
        () => false,
      ),
    )
    await one.until(2)
    await one.end()

    expect(one.ran.map((job) => job.key)).toEqual(['before', 'after'])
  })
})

describe('the wait after a failure', () => {
  test('never shrinks and never passes its cap', () => {
    const policy = { firstMs: 1_000, capMs: 3_600_000 }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (attempt) => {
        const wait = retryDelayMs(attempt, policy)
        expect(wait).toBeLessThanOrEqual(policy.capMs)
        expect(retryDelayMs(attempt + 1, policy)).toBeGreaterThanOrEqual(wait)
      }),
    )
    expect([1, 2, 3, 4].map((attempt) => retryDelayMs(attempt, policy))).toEqual([1_000, 2_000, 4_000, 8_000])
  })
})

async function row() {
  const [found] = await sql<{ state: string; attempts: number; run_at: Date; last_error: string | null }[]>`
    select state, attempts, run_at, last_error from job`
  return found
}
