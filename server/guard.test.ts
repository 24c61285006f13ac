import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlayedNode, type Json, type PlayedNode } from './builders.ts'

let played: PlayedNode
let folder = ''
let app: FastifyInstance

beforeAll(async () => {
  played = await aPlayedNode({ isPlayed: false })
  folder = await mkdtemp(join(tmpdir(), 'mosaic-page-'))
  await mkdir(join(folder, 'web/assets'), { recursive: true })
  await writeFile(join(folder, 'web/index.html'), '<!doctype html><title>Mosaic</title>')
  await writeFile(join(folder, 'web/assets/app.js'), 'export {}')
  await writeFile(join(folder, 'secret'), 'not for the web')
  app = await played.appWith({ webFolder: join(folder, 'web'), hostNames: ['mosaic.example'] })
})
afterAll(async () => {
  await played[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const statusOf = async (headers: Record<string, string>, method: 'GET' | 'POST' = 'GET') => {
  const { statusCode } = await app.inject({
    method,
    url: method === 'GET' ? '/api/v1/node' : '/api/v1/replay',
    headers: { host: '127.0.0.1:8420', ...headers },
    ...(method === 'POST' ? { payload: { action: 'pause' } } : {}),
  })
  return statusCode
}

describe('a node on loopback', () => {
  test.each([
    '127.0.0.1:8420',
    'localhost',
    '[::1]:8420',
    'node.localhost:80',
    'mosaic.example',
    'LOCALHOST:1',
  ])('answers as %s', async (host) => expect(await statusOf({ host })).toBe(200))

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
  ])('does not answer as "%s", whoever let that name lead here', async (host) => {
    const answer = await app.inject({ url: '/api/v1/node', headers: { host } })

    expect(answer.statusCode).toBe(403)
    expect(answer.json<Json>().code).toBe('server/unknown-host')
  })

  test('lets its own page, and programs, steer the replay', async () => {
    expect(await statusOf({}, 'POST')).toBe(200)
    expect(await statusOf({ 'sec-fetch-site': 'same-origin' }, 'POST')).toBe(200)
    expect(await statusOf({ origin: 'http://127.0.0.1:8420' }, 'POST')).toBe(200)
  })

  test('lets no page elsewhere do so', async () => {
    expect(await statusOf({ 'sec-fetch-site': 'cross-site' }, 'POST')).toBe(403)
    expect(await statusOf({ 'sec-fetch-site': 'same-site' }, 'POST')).toBe(403)
    expect(await statusOf({ origin: 'https://evil.example' }, 'POST')).toBe(403)
    expect(await statusOf({ origin: 'http://127.0.0.1:9999' }, 'POST')).toBe(403)
    expect(await statusOf({ origin: 'null' }, 'POST')).toBe(403)
  })
})

test('a node that others can reach answers to any name', async () => {
  const outside = await played.appWith({ host: '0.0.0.0' })

  const { statusCode } = await outside.inject({ url: '/api/v1/node', headers: { host: 'mosaic.example' } })
  expect(statusCode).toBe(200)
})

describe('every answer', () => {
  test.each([
    '/',
    '/api/v1/node',
    '/api/v1/nothing',
    '/health',
  ])('%s carries its safety headers', async (url) => {
    const { headers } = await app.inject(url)

    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
    })
  })
})

describe('the country shapes', () => {
  test('are asked for once: their tag spares the second answer', async () => {
    const first = await app.inject('/api/v1/map/countries.json')
    const tag = String(first.headers.etag)
    const again = (value: string) =>
      app.inject({ url: '/api/v1/map/countries.json', headers: { 'if-none-match': value } })

    expect(first.json<Json>().features.length).toBeGreaterThan(10)
    expect(await again(tag)).toMatchObject({ statusCode: 304, body: '' })
    expect(await again(`"other", W/${tag}`)).toMatchObject({ statusCode: 304 })
    expect(await again('"other"')).toMatchObject({ statusCode: 200 })
  })

  test('answer HEAD without their bytes', async () => {
    const { statusCode, body, headers } = await app.inject({
      method: 'HEAD',
      url: '/api/v1/map/countries.json',
    })

    expect([statusCode, body]).toEqual([200, ''])
    expect(headers.etag).toBeDefined()
  })
})

describe('the page', () => {
  test('answers every address that is one of its views', async () => {
    for (const url of ['/', '/events/0123', '/sources', '/warnings?country=AL']) {
      const { statusCode, body, headers } = await app.inject(url)
      expect([url, statusCode]).toEqual([url, 200])
      expect(body).toContain('<title>Mosaic</title>')
      expect(headers['content-type']).toContain('text/html')
    }
    expect((await app.inject('/assets/app.js')).body).toBe('export {}')
  })

  test('does not stand in for a missing file or route', async () => {
    for (const url of ['/assets/missing.js', '/api/v2/events', '/api', '/api/v1/'])
      expect((await app.inject(url)).headers['content-type']).toContain('application/problem+json')
  })

  test.each([
    '/../secret',
    '/..%2fsecret',
    '/%2e%2e/secret',
    '/assets/..%2f..%2fsecret',
    '/assets/%2e%2e/%2e%2e/secret',
    '/..%5csecret',
    '/%00',
  ])('%s gives nothing from outside its folder', async (url) => {
    expect((await app.inject(url)).body).not.toContain('not for the web')
  })
})
