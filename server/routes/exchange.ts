/**
 * What other nodes ask of this one, at `/exchange/v1/*`: handed to `engines/exchange` as it came, bytes and all, since the
 * signature covers them. Nothing here knows people: a peer is known by its signature alone.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Exchange } from '../../engines/exchange/index.ts'
import type { Context } from '../context.ts'

/** A node that exchanges with others. */
export type WithExchange = {
  readonly exchange?: Pick<Exchange, 'handlers' | 'status' | 'card' | 'signing'> | undefined
}

const bodyLimit = 1_000_000

export const exchangeRoutes =
  ({ exchange, stopping }: Context & WithExchange) =>
  async (app: FastifyInstance): Promise<void> => {
    if (exchange === undefined) return
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit },
      async (_: FastifyRequest, body: Buffer) => body,
    )
    app.route({
      method: ['GET', 'POST'],
      url: '/exchange/v1/*',
      exposeHeadRoute: false, // a signed answer has a body
      bodyLimit,
      schema: { hide: true },
      async handler(request, reply) {
        const gone = new AbortController()
        reply.raw.on('close', () => gone.abort())
        const answer = await exchange.handlers({
          method: request.method,
          url: request.raw.url ?? '/',
          headers: headersOf(request),
          body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(0),
          signal: AbortSignal.any([gone.signal, stopping]),
        })
        return reply.code(answer.status).headers(answer.headers).send(Buffer.from(answer.body))
      },
    })
  }

const headersOf = ({ headers }: FastifyRequest): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
