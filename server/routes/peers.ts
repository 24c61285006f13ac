/** How it stands with each peer: for who speaks with peers, runs the node, or oversees it. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { fingerprintOf } from '../../engines/exchange/index.ts'
import type { Context } from '../context.ts'
import { problemSchema } from '../schemas/index.ts'
import { peerListSchema } from '../schemas/peer.ts'
import { demandRole } from '../sign-in/asking.ts'
import type { WithExchange } from './exchange.ts'

export const peerRoutes =
  ({ node, exchange }: Context & WithExchange): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/peers',
      {
        schema: {
          tags: ['peers'],
          summary: 'The peers of this node: state, last contact, last error, how much came and was refused',
          response: { 200: peerListSchema, 401: problemSchema, 403: problemSchema },
        },
      },
      async (request) => {
        demandRole(request, 'liaison', 'administrator', 'oversight')
        if (exchange === undefined) return { node: node.identity.node, items: [] }
        const [card, items] = await Promise.all([exchange.card(), exchange.status()])
        const key = card.keys.find(({ keyId }) => keyId === card.current)
        return {
          node: card.node,
          ...(key && { fingerprint: fingerprintOf(key) }),
          items: items.map(({ title, withheld, ...status }) => ({
            ...status,
            title: { ...title },
            ...(withheld && { withheld: [...withheld] }),
          })),
        }
      },
    )
  }
