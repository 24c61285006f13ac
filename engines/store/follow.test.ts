import { describe, expect, test } from 'vitest'
import { exercise } from '../record/index.ts'
import { connect } from './connect.ts'
import { createSequencer } from './sequencer.ts'
import { aReport, aStore } from './store.test-support.ts'
import { createWakeups } from './wakeups.ts'

describe('following the log', () => {
  test('gives what is there, then what comes, woken long before the next look', async () => {
    await using opened = await aStore()
    const beside = await opened.beside()
    await opened.store.append([aReport({ key: 'us1' })])
    const stop = new AbortController()
    const keys: string[] = []
    const waits: number[] = []
    let appendedAt = 0

    for await (const batch of opened.store.follow({ after: -1, signal: stop.signal })) {
      keys.push(...batch.map(({ record }) => record.key))
      if (appendedAt > 0) waits.push(performance.now() - appendedAt)
      if (keys.length > 5) stop.abort()
      else
        setTimeout(async () => {
          await beside.append([aReport({ key: `us${keys.length + 1}` })])
          appendedAt = performance.now()
        }, 20)
    }

    expect(keys).toEqual(['us1', 'us2', 'us3', 'us4', 'us5', 'us6'])
    expect(waits.toSorted((a, b) => a - b)[2]).toBeLessThan(500)
  })

  test('passes over other types and realms without losing its place', async () => {
    await using opened = await aStore()
    const { store } = opened
    await store.append([
      aReport({ key: 'us1' }),
      aReport({ key: 'e1', type: 'hazards.event' }),
      aReport({ key: 'e2', type: 'hazards.event', realm: exercise('durres-2019') }),
      aReport({ key: 'e3', type: 'hazards.event' }),
    ])
    const stop = new AbortController()
    const keys: string[] = []

    const options = {
      after: -1,
      types: ['hazards.event'],
      realm: aReport().realm,
      batch: 1,
      signal: stop.signal,
    }
    for await (const batch of store.follow(options)) {
      keys.push(...batch.map(({ record }) => record.key))
      if (keys.length === 2)
        await store.append([aReport({ key: 'us2' }), aReport({ key: 'e4', type: 'hazards.event' })])
      if (keys.length === 3) stop.abort()
    }

    expect(keys).toEqual(['e1', 'e3', 'e4'])
  })

  test('goes on when the database cuts the line', async () => {
    await using opened = await aStore()
    const { store } = opened
    const stop = new AbortController()
    const keys: string[] = []
    const reading = (async () => {
      for await (const batch of store.follow({ after: -1, signal: stop.signal })) {
        keys.push(...batch.map(({ record }) => record.key))
        if (keys.length === 2) stop.abort()
      }
    })()
    await store.append([aReport({ key: 'us1' })])
    const sql = connect(opened.url, { max: 1 })
    await sql`
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
    await sql.end()

    const beside = await opened.beside()
    await beside.append([aReport({ key: 'us2' })])
    await reading

    expect(keys).toEqual(['us1', 'us2'])
  })

  test('ends when the store closes', async () => {
    await using opened = await aStore()
    const reading = (async () => {
      for await (const _ of opened.store.follow({ after: -1, signal: new AbortController().signal }))
        return 'read'
      return 'ended'
    })()

    await opened.store[Symbol.asyncDispose]()

    expect(await reading).toBe('ended')
  })
})

describe('the sequencer', () => {
  test('runs once more for those who ask while it runs, and once for all of them', async () => {
    let runs = 0
    const release: (() => void)[] = []
    const sequencer = createSequencer(() => {
      runs += 1
      return new Promise<void>((resolve) => release.push(resolve))
    })

    const first = sequencer.run()
    await new Promise(setImmediate)
    const others = [sequencer.run(), sequencer.run(), sequencer.run()]
    release[0]?.()
    await first
    await new Promise(setImmediate)
    release[1]?.()
    await Promise.all(others)

    expect(runs).toBe(2)
  })

  test('tells its failure to those who waited, and tries anew for the next', async () => {
    let fails = true
    const sequencer = createSequencer(async () => {
      if (fails) throw new Error('away')
    })

    await expect(sequencer.run()).rejects.toThrow('away')
    fails = false

    await expect(sequencer.run()).resolves.toBeUndefined()
  })
})

describe('a wake-up', () => {
  test('that came between looking and waiting is not slept through', async () => {
    const wakeups = createWakeups()
    const seen = wakeups.count()
    wakeups.wake()

    expect(await wakeups.wait(seen, 60_000, new AbortController().signal)).toBe(true)
  })
})
