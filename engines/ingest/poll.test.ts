import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { aReading, aRun, aServer, aSource, aStore, readings } from './builders.ts'

const json = { 'content-type': 'application/json' }

describe('a polled source', () => {
  test('is asked politely: by name, and only for what has changed, also after a restart', async () => {
    await using opened = await aStore()
    await using server = await aServer((request, response) => {
      if (request.headers['if-none-match'] === '"a"') response.writeHead(304).end()
      else
        response
          .writeHead(200, { ...json, etag: '"a"', 'last-modified': 'Thu, 01 May 2025 10:00:00 GMT' })
          .end(readings(aReading('g1')))
    })
    const source = aSource({ url: server.url })

    {
      await using run = aRun(opened.store, source)
      await run.until('not-modified')
    }
    const asked = server.asked.length
    await using again = aRun(opened.store, source)
    await again.until('not-modified')

    expect(server.asked[0]?.headers).toMatchObject({ 'user-agent': 'mosaic-test (duty@durres.example)' })
    expect(server.asked[asked]?.headers).toMatchObject({
      'if-none-match': '"a"',
      'if-modified-since': 'Thu, 01 May 2025 10:00:00 GMT',
    })
    expect(await opened.store.count({})).toBe(1)
    expect(await opened.store.sources.get('gauges')).toMatchObject({
      errorsInARow: 0,
      accepted: 1,
      etag: '"a"',
    })
  })

  test.each([
    ['an error', (r: Answer) => r.writeHead(500).end('no'), /answered 500/],
    ['an empty answer', (r: Answer) => r.writeHead(200, json).end(), /empty/],
    ['a cut answer', cutShort, /could not be read/],
    [
      'an answer without end',
      (r: Answer) => r.writeHead(200, json).end('x'.repeat(20_000)),
      /more than 10000 bytes/,
    ],
    [
      'a bomb',
      (r: Answer) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1e6))),
      /more than/,
    ],
    ['silence', (_: Answer) => undefined, /did not answer within 150 ms/],
    [
      'a page for people',
      (r: Answer) => r.writeHead(200).end('<!doctype html>'),
      /could be read: gauges\/unreadable/,
    ],
    [
      'a circle of redirects',
      (r: Answer) => r.writeHead(302, { location: '/feed.json' }).end(),
      /more than 5 times/,
    ],
    [
      'a redirect to a file',
      (r: Answer) => r.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      /not followed/,
    ],
  ])('%s erases nothing, is counted and told, and the next answer is taken', async (_, bad, message) => {
    await using opened = await aStore()
    const { store } = opened
    let mode: 'first' | 'bad' | 'good' = 'first'
    await using server = await aServer((_request, response) => {
      if (mode === 'bad') bad(response)
      else
        response
          .writeHead(200, json)
          .end(readings(aReading('g1'), ...(mode === 'good' ? [aReading('g2')] : [])))
    })
    await using run = aRun(store, aSource({ url: server.url, timeoutMs: 150 }))
    await run.until('ingested')

    mode = 'bad'
    let state = await store.sources.get('gauges')
    for (let tries = 0; tries < 100 && (state?.errorsInARow ?? 0) < 2; tries++) {
      await sleep(20)
      state = await store.sources.get('gauges')
    }
    const kept = await store.count({})
    mode = 'good'
    for (let tries = 0; tries < 200 && (await store.count({})) < 2; tries++) await sleep(20)

    expect(state?.lastError).toMatch(message)
    expect(state?.errorsInARow).toBeGreaterThanOrEqual(2)
    expect(kept).toBe(1)
    expect(await store.count({})).toBe(2)
  })

  test('a bad answer is held in quarantine and its ETag is not believed', async () => {
    await using opened = await aStore()
    await using server = await aServer((_, response) =>
      response.writeHead(200, { etag: '"bad"' }).end('<html>'),
    )
    await using run = aRun(opened.store, aSource({ url: server.url }))

    await run.until('ingested', 2)

    expect(server.asked[1]?.headers).not.toHaveProperty('if-none-match')
    expect(await opened.store.quarantine.list()).toMatchObject([{ kind: 'undecodable', from: 'gauges' }])
  })

  test('Retry-After is honoured and failures wait longer and longer', async () => {
    await using opened = await aStore()
    const at: number[] = []
    await using server = await aServer((_, response, nth) => {
      at.push(performance.now())
      response.writeHead(503, nth === 1 ? { 'retry-after': '1' } : {}).end()
    })
    await using run = aRun(opened.store, aSource({ url: server.url }))

    await run.until('failed', 4)

    const [first = 0, second = 0, third = 0, fourth = 0] = at
    expect(second - first).toBeGreaterThanOrEqual(990)
    expect(third - second).toBeGreaterThanOrEqual(78)
    expect(fourth - third).toBeGreaterThanOrEqual(156)
  })

  test('no two requests to one source overlap, however slow it is', async () => {
    await using opened = await aStore()
    let open = 0
    let most = 0
    await using server = await aServer(async (_, response) => {
      most = Math.max(most, ++open)
      await sleep(120)
      open--
      response.writeHead(200, json).end(readings(aReading('g1')))
    })
    await using run = aRun(opened.store, aSource({ url: server.url, intervalMs: 10 }))

    await run.until('ingested', 3)

    expect(most).toBe(1)
  })

  test('a redirect to the new address is followed, compressed answers are read', async () => {
    await using opened = await aStore()
    await using server = await aServer((request, response) => {
      if (request.url === '/feed.json') response.writeHead(301, { location: '/moved.json' }).end()
      else
        response
          .writeHead(200, { ...json, 'content-encoding': 'gzip' })
          .end(gzipSync(readings(aReading('g1'))))
    })
    await using run = aRun(opened.store, aSource({ url: server.url }))

    await run.until('ingested')

    expect(await opened.store.count({})).toBe(1)
  })

  test('no message names a key that stands in the address', async () => {
    await using opened = await aStore()
    await using server = await aServer((_, response) => response.writeHead(403).end())
    await using run = aRun(opened.store, aSource({ url: `${server.url}?key=s3cret` }))

    await run.until('failed')

    expect(JSON.stringify([run.happenings, await opened.store.sources.all()])).not.toContain('s3cret')
  })

  test('stopping lets go at once, in the middle of a request and of a long wait', async () => {
    await using opened = await aStore()
    await using server = await aServer((_, response, nth) => {
      if (nth === 1) response.writeHead(200, json).end(readings(aReading('g1')))
    })
    const waiting = aRun(opened.store, aSource({ url: server.url, intervalMs: 600_000 }))
    await waiting.until('ingested')
    const asking = aRun(opened.store, aSource({ url: server.url, timeoutMs: 600_000 }, 'other'))
    while (server.asked.length < 2) await sleep(5)

    const started = performance.now()
    await Promise.all([waiting[Symbol.asyncDispose](), asking[Symbol.asyncDispose]()])

    expect(performance.now() - started).toBeLessThan(500)
    expect(await opened.store.sources.get('other')).toMatchObject({ errorsInARow: 0 })
  })
})

type Answer = Parameters<Parameters<typeof aServer>[0]>[1]

function cutShort(response: Answer): void {
  response.writeHead(200, { ...json, 'content-length': '5000' })
  response.write('[{"key":')
  setTimeout(() => response.destroy(), 10)
}
