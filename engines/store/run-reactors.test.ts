import { describe, expect, test } from 'vitest'
import { actual, type Draft, type Held, testRealm } from '../record/index.ts'
import type { Store } from './contract.ts'
import type { Reactor, ReactorFailure } from './reactor.ts'
import { runReactors, settle } from './run-reactors.ts'
import { aReport, aStore } from './store.test-support.ts'

/** One note per report, about it. */
const noted = ({ record }: Held): Draft => ({
  type: 'test.note',
  key: record.key,
  realm: record.realm,
  producer: { kind: 'method', name: 'test', version: '1' },
  valid: record.valid,
  links: [{ type: 'derivedFrom', id: record.id, version: record.version }],
  body: { says: record.key },
})

const noting: Reactor = {
  name: 'test/note',
  version: '1',
  reads: ['hazards.observation'],
  writes: ['test.note'],
  react: async (input) => [noted(input)],
}

const notes = async (store: Store) =>
  (await store.read({ types: ['test.note'] })).map(({ record }) => record.key)

describe('reactors over the log', () => {
  test('a record that cannot be digested is held with its reason; the reactor goes on and the alarm rings', async () => {
    await using open = await aStore()
    await open.store.append(['good-1', 'bad', 'good-2'].map((key) => aReport({ key })))
    const rung: ReactorFailure[] = []
    const failing: Reactor = {
      ...noting,
      react: async (input) => {
        if (input.record.key === 'bad') throw new Error('this one breaks me')
        return [noted(input)]
      },
    }

    await settle({
      store: open.store,
      reactors: [failing],
      realm: actual,
      retryAfterMs: [1],
      onFailure: (failure) => rung.push(failure),
    })

    expect(await notes(open.store)).toEqual(['good-1', 'good-2'])
    expect(rung.map(({ reactor, index }) => [reactor, index])).toEqual([['test/note', 1]])
    const [held] = await open.store.quarantine.list()
    expect(held).toMatchObject({
      kind: 'reactor-failed',
      from: 'test/note',
      issues: [{ message: 'this one breaks me' }],
    })
    expect(new TextDecoder().decode(held?.bytes)).toContain('"bad"')
  })

  test('what the store refuses is held with its reason, and the rest of the turn is appended', async () => {
    await using open = await aStore()
    await open.store.append([
      aReport({ key: 'restricted', handling: { tlp: 'TLP:AMBER', audience: ['a.example'] } }),
    ])
    const twice: Reactor = {
      ...noting,
      react: async (input) => [
        noted(input),
        { ...noted(input), key: 'for-others', handling: { tlp: 'TLP:CLEAR', audience: ['b.example'] } },
      ],
    }

    await settle({ store: open.store, reactors: [twice], realm: actual, retryAfterMs: [] })

    expect(await notes(open.store)).toEqual(['restricted'])
    expect(await open.store.quarantine.list()).toMatchObject([
      { kind: 'refused', issues: [{ message: expect.stringContaining('handling/join-to-nobody') }] },
    ])
    expect(await open.store.checkpoints.get('test/note@actual')).toBe(0)
  })

  test('what follows from a restricted report is restricted, whatever the reactor says', async () => {
    await using open = await aStore()
    await open.store.append([aReport({ handling: { tlp: 'TLP:AMBER' } })])

    await settle({ store: open.store, reactors: [noting], realm: actual })

    const [note] = await open.store.read({ types: ['test.note'] })
    expect(note?.record.handling.tlp).toBe('TLP:AMBER')
  })

  test('a reactor of one realm neither reads nor writes another', async () => {
    await using open = await aStore()
    await open.store.append([aReport({ key: 'real' }), aReport({ key: 'drill', realm: testRealm })])

    await settle({ store: open.store, reactors: [noting], realm: testRealm })

    const written = await open.store.read({ types: ['test.note'] })
    expect(written.map(({ record }) => [record.key, record.realm])).toEqual([['drill', 'test']])
  })

  test('a reactor sees nothing that came after the record in hand, but all of its own', async () => {
    await using open = await aStore()
    await open.store.append([aReport({ key: 'first' }), aReport({ key: 'second' })])
    const seen: number[][] = []
    const looking: Reactor = {
      ...noting,
      react: async (input, view) => {
        const [reports, own] = [
          await view.read({ types: ['hazards.observation'] }),
          await view.read({ types: ['test.note'] }),
        ]
        seen.push([reports.length, own.length])
        return [noted(input)]
      },
    }

    await settle({ store: open.store, reactors: [looking], realm: actual })

    expect(seen).toEqual([
      [1, 0],
      [2, 1],
    ])
  })

  test('stops soon after it is told to', async () => {
    await using open = await aStore()
    const stop = new AbortController()
    const running = runReactors({ store: open.store, reactors: [noting], realm: actual }, stop.signal)
    await open.store.append([aReport()])
    await expect.poll(() => notes(open.store)).toEqual(['us70006d0m'])

    stop.abort()

    await expect(running).resolves.toBeUndefined()
  })
})
