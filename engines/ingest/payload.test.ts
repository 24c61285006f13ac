import { describe, expect, test } from 'vitest'
import { actual, exercise, instant, SettableClock } from '../record/index.ts'
import { aReading, aSource, aStore, readings } from './builders.ts'
import type { SourceDeclaration } from './contract.ts'
import { dryRunPayload, ingestPayload } from './payload.ts'

const receivedAt = instant('2025-05-01T10:05:00Z')
const clock = new SettableClock(receivedAt)
const source = aSource({ url: 'http://gauges.example/feed.json' })
const payloadOf = (text: string, at = receivedAt) => ({
  bytes: new TextEncoder().encode(text),
  mediaType: 'application/json',
  receivedAt: at,
})

describe('a payload from a source', () => {
  test('becomes records that name their source, its licence and its credit', async () => {
    await using opened = await aStore()
    const { store } = opened

    const outcome = await ingestPayload({
      store,
      source,
      payload: payloadOf(readings(aReading('g1'))),
      realm: actual,
      clock,
    })

    expect(outcome).toEqual({
      read: 1,
      accepted: 1,
      unchanged: 0,
      quarantined: 0,
      issues: [],
      realm: 'actual',
    })
    const [held] = await store.read({ types: ['gauges.reading'] })
    expect(held).toMatchObject({
      receivedAt,
      record: {
        key: 'g1',
        producer: { kind: 'source', name: 'gauges' },
        attribution: [{ source: 'Gauges', licence: 'CC0-1.0', credit: 'Gauges' }],
      },
    })
  })

  test('twice is one record and one kept payload; a revision is a version; a replayed old report is nothing new', async () => {
    await using opened = await aStore()
    const { store } = opened
    const take = (value: number) =>
      ingestPayload({
        store,
        source,
        payload: payloadOf(readings(aReading('g1', value))),
        realm: actual,
        clock,
      })

    const outcomes = [await take(1), await take(1), await take(2), await take(1)]

    expect(outcomes.map(({ accepted, unchanged }) => [accepted, unchanged])).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
      [0, 1],
    ])
    expect(await store.read({ versions: 'all' })).toMatchObject([
      { record: { version: 1, body: { value: 1 } } },
      { record: { version: 2, body: { value: 2 } } },
    ])
  })

  test('two revisions in one payload are two versions of one record', async () => {
    await using opened = await aStore()
    const { store } = opened
    const payload = payloadOf(readings(aReading('g1', 1), aReading('g2', 5), aReading('g1', 2)))

    const outcome = await ingestPayload({ store, source, payload, realm: actual, clock })

    expect(outcome).toMatchObject({ read: 3, accepted: 3 })
    expect(await store.read({ key: 'g1', versions: 'all' })).toMatchObject([
      { record: { version: 1, body: { value: 1 } } },
      { record: { version: 2, body: { value: 2 } } },
    ])
  })

  test('one unreadable item is held whole with its issues and the others are taken', async () => {
    await using opened = await aStore()
    const { store } = opened
    const payload = payloadOf(readings(aReading('g1'), 'nonsense', aReading('g2')))

    const outcome = await ingestPayload({ store, source, payload, realm: actual, clock })

    expect(outcome).toMatchObject({
      read: 3,
      accepted: 2,
      quarantined: 1,
      issues: [{ rule: 'gauges/unreadable' }],
    })
    const [held] = await store.quarantine.list()
    expect(held).toMatchObject({
      kind: 'undecodable',
      from: 'gauges',
      realm: 'actual',
      receivedAt,
      state: 'held',
    })
    expect(new TextDecoder().decode((await store.quarantine.get(held?.id ?? ''))?.bytes)).toBe('"nonsense"')
    expect(await store.sources.get('gauges')).toMatchObject({
      errorsInARow: 0,
      received: 3,
      accepted: 2,
      quarantined: 1,
    })
  })

  test('the source knows how far behind it is', async () => {
    await using opened = await aStore()
    const { store } = opened

    await ingestPayload({ store, source, payload: payloadOf(readings(aReading('g1'))), realm: actual, clock })

    expect(await store.sources.get('gauges')).toMatchObject({
      lagMs: 300_000,
      lastSuccessAt: receivedAt,
      lastChangeAt: receivedAt,
    })
  })

  test('an exercise leaves the health of the live source alone', async () => {
    await using opened = await aStore()
    const { store } = opened

    await ingestPayload({
      store,
      source,
      payload: payloadOf(readings(aReading('g1'))),
      realm: exercise('flood'),
      clock,
    })

    expect(await store.sources.get('gauges')).toBeUndefined()
    expect(await store.sources.get('gauges@exercise:flood')).toMatchObject({ accepted: 1 })
  })

  test('a decoder that breaks its promise costs its own payload, whole in quarantine, and nothing else', async () => {
    await using opened = await aStore()
    const { store } = opened
    const broken: SourceDeclaration = {
      ...source,
      decode: () => {
        throw new Error('undefined is not a function')
      },
    }

    const outcome = await ingestPayload({
      store,
      source: broken,
      payload: payloadOf('[]'),
      realm: actual,
      clock,
    })

    expect(outcome).toMatchObject({
      accepted: 0,
      quarantined: 1,
      issues: [{ rule: 'ingest/decoder-failed' }],
    })
    expect(await store.sources.get('gauges')).toMatchObject({ errorsInARow: 1 })
  })

  test('what the store refuses is held as refused, beside what it took', async () => {
    await using opened = await aStore()
    const { store } = opened
    const payload = payloadOf(readings(aReading('g1'), aReading('')))

    const outcome = await ingestPayload({ store, source, payload, realm: actual, clock })

    expect(outcome).toMatchObject({ read: 2, accepted: 1, quarantined: 1 })
    expect(await store.quarantine.list()).toMatchObject([{ kind: 'refused', from: 'gauges' }])
  })

  test('a dry run says what would be and needs no store', () => {
    const payload = payloadOf(readings(aReading('g1'), 'nonsense'))

    const { drafts, outcome } = dryRunPayload({ source, payload, realm: actual })

    expect(drafts).toMatchObject([{ type: 'gauges.reading', key: 'g1', realm: 'actual' }])
    expect(outcome).toMatchObject({ read: 2, accepted: 1, quarantined: 1 })
  })
})
