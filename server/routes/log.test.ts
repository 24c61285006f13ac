import Fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { nodeId } from '../../engines/record/index.ts'
import { formatAddCheckpoint, openWitness, urlSource, verifyLog } from '../../engines/tlog/index.ts'
import { aLog } from '../../engines/tlog/tlog.test-support.ts'
import { logRoutes } from './log.ts'

async function aServedLog() {
  const node = await aLog()
  const other = await aLog({ node: nodeId('tirana.example') })
  await node.fill(300)
  await node.log.integrate()
  await other.fill(5)
  await other.log.integrate()
  const { sql: database, clock, keys, log } = node
  const keysOf = async (origin: string) => (origin === other.log.origin ? other.keys.all() : undefined)
  const app = Fastify({ bodyLimit: 1_000_000, routerOptions: { maxParamLength: 200 } })
  await app.register(logRoutes({ log, keys, witness: openWitness({ database, clock, keys, keysOf }) }))
  return {
    app,
    node,
    other,
    get: (url: string) => app.inject({ method: 'GET', url }),
    post: (payload: string | Buffer, type = 'text/plain') =>
      app.inject({ method: 'POST', url: '/log/add-checkpoint', payload, headers: { 'content-type': type } }),
    async [Symbol.asyncDispose]() {
      await app.close()
      await node[Symbol.asyncDispose]()
      await other[Symbol.asyncDispose]()
    },
  }
}

describe('the log as files over HTTP', () => {
  test('a stranger verifies it whole from its address', async () => {
    await using served = await aServedLog()
    const address = await served.app.listen({ port: 0, host: '127.0.0.1' })

    const outcome = await verifyLog(urlSource(`${address}/log`, fetch))

    expect(outcome).toMatchObject({ kind: 'sound', size: 300, origin: 'durres.example/log' })
  })

  test('tiles stay in caches for ever, the checkpoint for seconds, what is missing not at all', async () => {
    await using served = await aServedLog()

    const [tile, partial, checkpoint, missing] = await Promise.all(
      ['/log/tile/0/000', '/log/tile/0/001.p/44', '/log/checkpoint', '/log/tile/0/001'].map(served.get),
    )

    expect(tile?.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '8192',
    })
    expect(tile?.headers['cache-control']).toContain('immutable')
    expect(tile?.headers['content-encoding']).toBeUndefined()
    expect(partial?.headers).toMatchObject({ 'content-length': String(44 * 32) })
    expect(checkpoint?.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8' })
    expect(checkpoint?.headers['cache-control']).not.toContain('immutable')
    expect(missing).toMatchObject({ statusCode: 404 })
    expect(missing?.headers['cache-control']).toBe('no-store')
  })

  test.each([
    '/log/tile/0/0',
    '/log/tile/0/000.p/45000',
    '/log/tile/9/000',
    '/log/tile/entries/x000/000',
    '/log/tile/0/%2e%2e/000',
    '/log/tile/',
    '/log/nothing',
  ])('%s is nothing', async (url) => {
    await using served = await aServedLog()

    expect((await served.get(url)).statusCode).toBe(404)
  })
})

describe('add-checkpoint over HTTP', () => {
  test('cosigns, then tells who asks again from the start where it stands', async () => {
    await using served = await aServedLog()
    const note = (await served.other.log.checkpoint())?.note ?? ''
    const body = formatAddCheckpoint({ old: 0, proof: [], note })

    const [first, again] = [await served.post(body), await served.post(body, 'application/octet-stream')]

    expect(first).toMatchObject({ statusCode: 200 })
    expect(first.body).toMatch(/^— durres\.example\/witness [A-Za-z0-9+/]+=*\n$/)
    expect(again).toMatchObject({ statusCode: 409, body: '5\n' })
    expect(again.headers['content-type']).toBe('text/x.tlog.size')
  })

  test('refuses what is no request, and what is too large, in few words', async () => {
    await using served = await aServedLog()

    expect((await served.post('{"old":0}', 'application/json')).statusCode).toBe(400)
    expect((await served.post('')).statusCode).toBe(400)
    expect((await served.post(Buffer.alloc(500_000, 'x'))).statusCode).toBe(413)
  })

  test('is not there on a node that witnesses nobody', async () => {
    await using served = await aServedLog()
    const app = Fastify()
    await app.register(logRoutes({ log: served.node.log, keys: served.node.keys }))

    expect((await app.inject({ method: 'POST', url: '/log/add-checkpoint', payload: 'x' })).statusCode).toBe(
      404,
    )
    await app.close()
  })
})
