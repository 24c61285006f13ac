import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actual, instant, plusMs, testRealm } from '../record/index.ts'
import { aStore, atMainShock, type TestStore } from './store.test-support.ts'

let opened: TestStore
beforeAll(async () => {
  opened = await aStore()
})
afterAll(() => opened[Symbol.asyncDispose]())

describe('a checkpoint', () => {
  test('stands before the log until it is set, and moves with its time', async () => {
    const { checkpoints } = opened.store

    expect(await checkpoints.get('fuse/a')).toBe(-1)
    await checkpoints.set('fuse/a', 4)
    opened.clock.set(plusMs(atMainShock, 1000))
    await checkpoints.set('fuse/a', 7)

    expect(await checkpoints.get('fuse/a')).toBe(7)
    expect(await checkpoints.all()).toEqual([
      { reactor: 'fuse/a', index: 7, movedAt: plusMs(atMainShock, 1000) },
    ])
  })
})

describe('quarantine', () => {
  const item = {
    kind: 'undecodable',
    from: 'usgs-earthquakes',
    realm: actual,
    receivedAt: atMainShock,
    mediaType: 'application/json',
    bytes: Uint8Array.from([0, 255, 10, 92]),
    issues: [{ rule: 'usgs/not-json', place: '1:1', value: '\u0000\ud800', message: 'Ask the agency.' }],
  } as const

  test('holds the very bytes with their reason, once, and counts repeats', async () => {
    const { quarantine } = opened.store

    const { id, isKept } = await quarantine.hold(item)
    const again = await quarantine.hold({ ...item, receivedAt: plusMs(atMainShock, 60_000) })

    expect(isKept).toBe(true)
    expect(again).toEqual({ id, isKept })
    expect(await quarantine.get(id)).toEqual({ ...item, id, state: 'held', times: 2 })
    expect(await quarantine.get('none')).toBeUndefined()
  })

  test('keeps the same bytes apart by sender, realm and kind, newest first', async () => {
    const { quarantine } = opened.store
    const kept = [
      await quarantine.hold({ ...item, from: 'emsc' }),
      await quarantine.hold({ ...item, from: 'emsc', realm: testRealm }),
      await quarantine.hold({ ...item, from: 'emsc', kind: 'refused' }),
    ]
    const ids = kept.map(({ id }) => id)

    const listed = await quarantine.list({ from: 'emsc' })

    expect(listed.map(({ id }) => id)).toEqual(ids.toReversed())
    expect((await quarantine.list({ from: 'emsc', before: ids[1] ?? '' })).map(({ id }) => id)).toEqual([
      ids[0],
    ])
    expect(await quarantine.list({ from: 'emsc', limit: 1 })).toHaveLength(1)
  })

  test('forgets nothing that was settled, and counts only what is held', async () => {
    const { quarantine } = opened.store
    const before = await quarantine.count()
    const { id } = await quarantine.hold({ ...item, from: 'meteo' })

    await quarantine.settle(id, 'discarded')
    await quarantine.hold({ ...item, from: 'meteo' })

    expect(await quarantine.count()).toBe(before)
    expect(await quarantine.list({ state: 'discarded' })).toMatchObject([
      { id, times: 2, bytes: new Uint8Array(), issues: item.issues },
    ])
  })
})

describe('a payload', () => {
  const payload = {
    source: 'usgs-earthquakes',
    realm: actual,
    mediaType: 'application/json',
    bytes: new TextEncoder().encode('{"features":[]}'),
    receivedAt: atMainShock,
  }

  test('is new once per source and realm, and kept once', async () => {
    const { payloads } = opened.store

    const kept = [
      await payloads.keep(payload),
      await payloads.keep({ ...payload, receivedAt: instant('2019-11-26T03:00:00Z') }),
      await payloads.keep({ ...payload, source: 'emsc-earthquakes' }),
      await payloads.keep({ ...payload, realm: testRealm }),
    ]

    expect(kept.map(({ isNew }) => isNew)).toEqual([true, false, true, true])
    expect(await payloads.get(kept[0]?.hash ?? '')).toEqual({
      mediaType: payload.mediaType,
      bytes: payload.bytes,
    })
    expect(await payloads.get('0'.repeat(64))).toBeUndefined()
  })

  test('that arrives twice at once is new once', async () => {
    const twice = { ...payload, bytes: new Uint8Array(10) }

    const kept = await Promise.all([opened.store.payloads.keep(twice), opened.store.payloads.keep(twice)])

    expect(kept.map(({ isNew }) => isNew).sort()).toEqual([false, true])
  })
})

describe('the state of a source', () => {
  test('is replaced whole', async () => {
    const { sources } = opened.store
    const state = {
      source: 'usgs-earthquakes',
      errorsInARow: 2,
      lastError: '503',
      received: 1,
      accepted: 1,
      quarantined: 0,
    }

    await sources.put(state)
    const { lastError: _, ...well } = { ...state, errorsInARow: 0, etag: '"a"' }
    await sources.put(well)

    expect(await sources.get('usgs-earthquakes')).toEqual(well)
    expect(await sources.all()).toEqual([well])
    expect(await sources.get('none')).toBeUndefined()
  })
})
