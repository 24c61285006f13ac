import { describe, expect, test } from 'vitest'
import { aReading, aRun, aServer, aSource, aStore, readings } from './builders.ts'
import type { SourceDeclaration } from './contract.ts'

const five = ['a', 'b', 'c', 'd', 'e'].map((key) => aReading(key))

/** A source whose answers list all that holds: what vanishes has the value 0. */
const aListing = (url: string): SourceDeclaration => ({
  ...aSource({ url }),
  listing: {
    absences: 3,
    forMs: 0,
    vanished: ({ record: { type, key, valid } }) => ({ type, key, valid, body: { value: 0 } }),
  },
})

describe('a source whose answers list all that holds', () => {
  test('what vanishes is recorded as its pack says, and what comes back as it was', async () => {
    await using opened = await aStore()
    let listed = five
    await using server = await aServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(readings(...listed))
    })
    await using run = aRun(opened.store, aListing(server.url))
    const values = async () => {
      const held = await opened.store.read({ types: ['gauges.reading'], key: 'a' })
      return held.map(({ record }) => [record.version, (record.body as { value: number }).value])
    }

    await run.until('ingested', 5)
    listed = five.slice(1)
    await run.until('ingested', 5 + 4 * 5)
    expect(await values()).toEqual([[2, 0]])

    listed = five
    await run.until('ingested', 5 + 4 * 8)
    expect(await values()).toEqual([[3, 1]])
    expect(await opened.store.count({ types: ['gauges.reading'], key: 'b' })).toBe(1)
  })

  test('the record of another node under the same key is not touched', async () => {
    await using opened = await aStore()
    let listed = five
    await using server = await aServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(readings(...listed))
    })
    await using run = aRun(opened.store, aListing(server.url))
    await run.until('ingested', 5)
    listed = five.slice(1)
    await run.until('ingested', 30)

    const versions = await opened.store.read({ types: ['gauges.reading'], key: 'a', versions: 'all' })
    expect(new Set(versions.map(({ record }) => record.origin)).size).toBe(1)
    expect(versions).toHaveLength(2)
  })
})

describe('credentials', () => {
  test('go to the address that was declared and to no other host, whatever it redirects to', async () => {
    await using opened = await aStore()
    await using other = await aServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(readings(aReading('g1')))
    })
    await using server = await aServer((_, response) => {
      response.writeHead(302, { location: other.url }).end()
    })
    const source = aSource({ url: server.url, credentials: () => ({ authorization: 'Bearer secret' }) })
    await using run = aRun(opened.store, source)

    await run.until('ingested')

    expect(server.asked[0]?.headers.authorization).toBe('Bearer secret')
    expect(other.asked[0]?.headers.authorization).toBeUndefined()
    expect(JSON.stringify(await opened.store.sources.all())).not.toContain('secret')
    expect(JSON.stringify(source)).not.toContain('secret')
  })

  test('stay with the index’s own host when it names messages on another', async () => {
    await using opened = await aStore()
    await using other = await aServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(readings(aReading('g1')))
    })
    const place = new URL(other.url)
    await using server = await aServer((request, response) => {
      const body = request.url === '/feed.json' ? readings('index') : readings(aReading('own'))
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    })
    const source: SourceDeclaration = {
      ...aSource({ url: server.url, credentials: () => ({ 'x-api-key': 'secret' }) }),
      index: {
        links: () => [
          { id: 'own', url: new URL('/own.json', server.url).href, about: 'what the index says' },
          { id: 'other', url: other.url },
        ],
        hosts: [place.host],
        ...{ accept: 'application/json', maxBytes: 10_000, maxPerPoll: 10, atOnce: 1 },
      },
    }
    const abouts: unknown[] = []
    const watched: SourceDeclaration = {
      ...source,
      decode: (payload) => {
        abouts.push(payload.about)
        return source.decode(payload)
      },
    }
    await using run = aRun(opened.store, watched)

    await run.until('ingested', 2)

    expect(server.asked.map(({ headers }) => headers['x-api-key'])).toEqual(server.asked.map(() => 'secret'))
    expect(other.asked[0]?.headers['x-api-key']).toBeUndefined()
    expect(abouts).toContain('what the index says')
  })
})
