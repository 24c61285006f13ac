import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { actual, testRealm } from '../record/index.ts'
import { aRun, aServer, aStore, type TestServer } from './builders.ts'
import type { IndexLink, Payload, SourceDeclaration, SourceIndex } from './contract.ts'
import type { SourceHealth } from './health.ts'

type Listing = { readonly messages: readonly IndexLink[] }

const listing = (...messages: readonly IndexLink[]): string => JSON.stringify({ messages } satisfies Listing)

/** A list of addresses of readings: `{"messages":[{"id","url","updated"}]}`. */
function anIndex(server: TestServer, parts: Partial<SourceIndex> = {}): SourceDeclaration {
  const parsed = (payload: Payload): Partial<Listing> & { readonly key?: string } => {
    try {
      return JSON.parse(new TextDecoder().decode(payload.bytes))
    } catch {
      return {} // told by decode
    }
  }
  return {
    id: 'warnings',
    title: { en: 'Warnings' },
    transport: {
      kind: 'http',
      url: server.url,
      intervalMs: 40,
      timeoutMs: 2_000,
      maxBytes: 10_000,
      accept: 'application/json',
    },
    attribution: { source: 'Gauges', licence: 'CC0-1.0', credit: 'Gauges' },
    decode: (payload) => {
      const { key, messages } = parsed(payload)
      const nothing = { observations: [], rejected: [], defects: [] }
      if (messages !== undefined) return nothing
      if (key !== undefined)
        return {
          ...nothing,
          observations: [
            {
              type: 'gauges.reading',
              key,
              valid: { from: '2026-05-01T00:00:00.000Z' as never },
              body: { key },
              isTest: key === 'test',
            },
          ],
        }
      const issues = [{ rule: 'gauges/unreadable', place: '', message: 'No reading.' }]
      return { ...nothing, rejected: [{ bytes: payload.bytes, mediaType: payload.mediaType, issues }] }
    },
    index: {
      links: (payload) => parsed(payload).messages ?? [],
      hosts: [],
      accept: 'application/json',
      maxBytes: 1_000,
      maxPerPoll: 10,
      atOnce: 2,
      ...parts,
    },
  }
}

const healthOf = async (store: { sources: { get: (id: string) => Promise<unknown> } }) =>
  (await store.sources.get('warnings')) as SourceHealth

const asked = (server: TestServer, path: string): number =>
  server.asked.filter(({ url }) => url === path).length

/** Serves the index at its path and the messages at theirs; `pages` may change between polls. */
const served = (pages: Record<string, string | number | undefined>) =>
  aServer((request, response) => {
    const page = pages[request.url ?? '']
    const etag = `"${createHash('sha256').update(String(page)).digest('hex')}"`
    if (request.url === '/feed.json' && request.headers['if-none-match'] === etag)
      response.writeHead(304).end()
    else if (typeof page === 'string') response.setHeader('etag', etag).end(page)
    else response.writeHead(page ?? 404, page === 429 ? { 'retry-after': '3600' } : {}).end()
  })

describe('an index of messages', () => {
  test('each message that it names is fetched once, asked again only when its entry changed', async () => {
    await using at = await aStore()
    const pages: Record<string, string> = {
      '/feed.json': listing(
        { id: 'a', url: '/a', updated: '1' },
        { id: 'b', url: 'b' },
        { id: 'a2', url: '/a' },
      ),
      '/a': '{"key":"a"}',
      '/b': '{"key":"b"}',
    }
    await using server = await served(pages)
    await using run = aRun(at.store, anIndex(server))
    await run.until('ingested', 2)
    pages['/feed.json'] = listing({ id: 'a', url: '/a', updated: '2' }, { id: 'b', url: 'b' })
    pages['/a'] = '{"key":"a-revised"}'

    await run.until('ingested', 3)

    expect([asked(server, '/a'), asked(server, '/b')]).toEqual([2, 1])
    expect(server.asked.find(({ url, headers }) => url === '/a' && headers['if-none-match'])).toBeDefined()
    expect(await at.store.count({ types: ['gauges.reading'] })).toBe(3)
  })

  test('what failed is asked again at the next poll, and the index with it, though it has not changed', async () => {
    await using at = await aStore()
    const pages: Record<string, string | number> = {
      '/feed.json': listing({ id: 'a', url: '/a' }, { id: 'b', url: '/b' }),
      '/a': '{"key":"a"}',
      '/b': 500,
    }
    await using server = await served(pages)
    await using run = aRun(at.store, anIndex(server))
    await run.until('failed')
    expect(await healthOf(at.store)).toMatchObject({
      errorsInARow: 0,
      lastError: expect.stringContaining('1 of 2'),
    })
    pages['/b'] = '{"key":"b"}'

    await run.until('ingested', 2)

    expect(asked(server, '/a')).toBe(1)
    expect(await at.store.count({ types: ['gauges.reading'] })).toBe(2)
  })

  test('a page of error in place of a message is held, and the message is asked for again', async () => {
    await using at = await aStore()
    const pages: Record<string, string> = {
      '/feed.json': listing({ id: 'a', url: '/a' }),
      '/a': '<html>Sorry</html>',
    }
    await using server = await served(pages)
    await using run = aRun(at.store, anIndex(server))
    await run.until('ingested', 1)
    pages['/a'] = '{"key":"a"}'

    await run.until('ingested', 2)

    expect(await at.store.quarantine.count()).toBe(1)
    expect(await at.store.count({ types: ['gauges.reading'] })).toBe(1)
  })

  test.each([
    ['another host', 'http://elsewhere.example/a'],
    ['a file', 'file:///etc/hostname'],
    ['an address with a password', 'http://me:secret@127.0.0.1/a'],
  ])('%s is never asked, and reported without a secret', async (_, url) => {
    await using at = await aStore()
    await using server = await served({
      '/feed.json': listing({ id: 'x', url }, { id: 'a', url: '/a' }),
      '/a': '{"key":"a"}',
    })
    await using run = aRun(at.store, anIndex(server))

    await run.until('ingested', 1)

    const [happening] = run.happenings.filter(({ kind }) => kind === 'ingested')
    const { issues } = (happening as { outcome: { issues: readonly unknown[] } }).outcome
    expect(issues).toMatchObject([{ rule: 'ingest/link-not-asked', place: 'x' }])
    expect(JSON.stringify(issues)).not.toContain('secret')
    expect(
      server.asked.map(({ url }) => url).every((path) => ['/feed.json', '/a'].includes(path ?? '')),
    ).toBe(true)
  })

  test('a redirect of a message to a host that is not allowed is not followed', async () => {
    await using at = await aStore()
    await using elsewhere = await served({ '/b': '{"key":"stolen"}' })
    await using server = await aServer((request, response) => {
      if (request.url === '/feed.json') response.end(listing({ id: 'a', url: '/a' }))
      else response.writeHead(302, { location: new URL('/b', elsewhere.url).href }).end()
    })
    await using run = aRun(at.store, anIndex(server))

    await run.until('failed')

    expect(elsewhere.asked).toEqual([])
    expect(await healthOf(at.store)).toMatchObject({ errorsInARow: 1 })
  })

  test('no more than its bound is asked after one reading; the rest after the next', async () => {
    await using at = await aStore()
    const names = ['a', 'b', 'c', 'd', 'e']
    const messages = Object.fromEntries(names.map((name) => [`/${name}`, JSON.stringify({ key: name })]))
    await using server = await served({
      '/feed.json': listing(...names.map((name) => ({ id: name, url: `/${name}` }))),
      ...messages,
    })
    await using run = aRun(at.store, anIndex(server, { maxPerPoll: 2 }))

    await run.until('ingested', 5)

    const reads = run.happenings.flatMap((one) => (one.kind === 'ingested' ? [one.outcome.read] : []))
    expect(reads.slice(0, 3)).toEqual([2, 2, 1])
    expect(await at.store.count({ types: ['gauges.reading'] })).toBe(5)
  })

  test('broken messages never keep a good one waiting, and are left after five readings', async () => {
    await using at = await aStore()
    const broken = Array.from({ length: 4 }, (_, n) => ({ id: `x${n}`, url: `/x${n}` }))
    const pages: Record<string, string | number> = {
      '/feed.json': listing(...broken, { id: 'a', url: '/a' }),
      '/a': '{"key":"a"}',
      ...Object.fromEntries(broken.map(({ url }) => [url, '<html>Sorry</html>'])),
    }
    await using server = await served(pages)
    await using run = aRun(at.store, anIndex(server, { maxPerPoll: 2 }))

    await expect.poll(() => asked(server, '/a')).toBe(1)
    await expect.poll(() => asked(server, '/x3'), { timeout: 10_000 }).toBe(5)
    await run.until('not-modified')

    expect(broken.map(({ url }) => asked(server, url))).toEqual([5, 5, 5, 5])
    expect(await at.store.count({ types: ['gauges.reading'] })).toBe(1)
  })

  test('"not now" of one message stops the round, and counts against the source', async () => {
    await using at = await aStore()
    await using server = await served({
      '/feed.json': listing({ id: 'a', url: '/a' }, { id: 'b', url: '/b' }, { id: 'c', url: '/c' }),
      '/a': 429,
      '/b': '{"key":"b"}',
      '/c': '{"key":"c"}',
    })
    await using run = aRun(at.store, anIndex(server, { atOnce: 1 }))

    await run.until('failed')

    expect([asked(server, '/a'), asked(server, '/b'), asked(server, '/c')]).toEqual([1, 0, 0])
    expect(await healthOf(at.store)).toMatchObject({ errorsInARow: 1 })
  })

  test('an empty list, a list cut in half, or a gateway that says 200 to an error ends nothing, and is said', async () => {
    await using at = await aStore()
    const pages: Record<string, string | number> = {
      '/feed.json': listing({ id: 'a', url: '/a' }),
      '/a': '{"key":"a"}',
    }
    await using server = await served(pages)
    await using run = aRun(at.store, anIndex(server))
    await run.until('ingested', 1)
    const before = await at.store.head()

    pages['/feed.json'] = listing()
    const seen = run.happenings.length
    await expect.poll(async () => (await healthOf(at.store)).emptySince).toBeDefined()
    expect((await healthOf(at.store)).errorsInARow).toBe(0)
    pages['/feed.json'] = '{"messages":[{"id":"a","u'
    await expect.poll(async () => (await healthOf(at.store)).errorsInARow).toBeGreaterThan(0)

    expect(run.happenings.length).toBeGreaterThan(seen)
    expect(await at.store.head()).toBe(before)
    expect(asked(server, '/a')).toBe(1)
  })

  test('what the source itself calls a test goes to the realm test, never to actual', async () => {
    await using at = await aStore()
    await using server = await served({
      '/feed.json': listing({ id: 'a', url: '/a' }),
      '/a': '{"key":"test"}',
    })
    await using run = aRun(at.store, anIndex(server))

    await run.until('ingested', 1)

    expect(await at.store.count({ types: ['gauges.reading'], realm: actual })).toBe(0)
    expect(await at.store.count({ types: ['gauges.reading'], realm: testRealm })).toBe(1)
  })
})

describe('an empty answer', () => {
  test('since when it lists nothing stands at the source, until it lists something', async () => {
    await using at = await aStore()
    let page = '[]'
    await using server = await aServer((_, response) => response.end(page))
    const { index: _, ...plain } = anIndex(server)
    const source: SourceDeclaration = {
      ...plain,
      decode: ({ bytes }) => ({
        observations: (JSON.parse(new TextDecoder().decode(bytes)) as string[]).map((key) => ({
          type: 'gauges.reading',
          key,
          valid: { from: '2026-05-01T00:00:00.000Z' as never },
          body: {},
        })),
        rejected: [],
        defects: [],
      }),
    }
    await using _run = aRun(at.store, source)
    await expect.poll(async () => (await healthOf(at.store))?.emptySince).toBeDefined()

    page = '["a"]'

    await expect.poll(async () => (await healthOf(at.store)).emptySince).toBeUndefined()
  })
})
