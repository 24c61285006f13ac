import Fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { addPeer, aNode, heldBy, until } from '../engines/exchange/exchange.test-support.ts'
import type { Context } from './context.ts'
import { exchangeRoutes } from './routes/exchange.ts'

describe('the exchange over the node’s own web server', () => {
  test('carries signed requests and answers unchanged, bodies and compression included', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    const app = Fastify()
    const context = {
      exchange: durres.exchange,
      stopping: new AbortController().signal,
    } as unknown as Context
    await app.register(exchangeRoutes(context))
    app.post('/api/other', async (request) => request.body)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    try {
      await addPeer(durres, tirana, { purposes: ['health'] })
      await addPeer(tirana, { url })
      await durres.append(...Array.from({ length: 20 }, (_, n) => ({ key: `record ${n}` })))
      tirana.live()

      await until(async () => (await heldBy(tirana)).length === 20)
      const { nodes } = await tirana.exchange.ask({ purpose: 'health' }, { timeoutMs: 5000 })

      expect(nodes).toMatchObject([{ kind: 'answered', isAll: true }])
      expect(
        (await app.inject({ method: 'POST', url: '/api/other', payload: { still: 'json' } })).json(),
      ).toEqual({
        still: 'json',
      })
      expect((await app.inject('/exchange/v1/records')).json()).toMatchObject({
        code: 'exchange/request-unsigned',
      })
    } finally {
      await app.close()
    }
  })
})
