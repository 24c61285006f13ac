/** The node's HTTP face: routes under `/api/v1`, OpenAPI 3.1 made from their schemas, and the built web application. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import fastifySwagger from '@fastify/swagger'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Context } from './context.ts'
import { answerProblems } from './problems.ts'
import { eventRoutes } from './routes/events.ts'
import { feedRoutes } from './routes/feeds.ts'
import { healthRoutes, nodeRoutes, version } from './routes/node.ts'
import { placeRoutes } from './routes/places.ts'
import { replayRoutes } from './routes/replay.ts'
import { sourceRoutes } from './routes/sources.ts'
import { streamRoutes } from './routes/stream.ts'
import { warningRoutes } from './routes/warnings.ts'

const built = fileURLToPath(new URL('../web/dist', import.meta.url))
const prefix = '/api/v1'

export async function buildApp(context: Context): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: 1_000_000,
    trustProxy: 'loopback',
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  })
    .setValidatorCompiler(TypeBoxValidatorCompiler)
    .withTypeProvider<TypeBoxTypeProvider>()
  answerProblems(app as never, context.log)
  app.addHook('onSend', async (_, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'same-origin')
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', contentSecurity)
  })
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Mosaic', version, description: 'See, warn, respond, hold to account.' },
    },
  })
  const routes = [
    nodeRoutes,
    eventRoutes,
    warningRoutes,
    feedRoutes,
    placeRoutes,
    sourceRoutes,
    streamRoutes,
    replayRoutes,
  ]
  for (const route of routes) await app.register(route(context), { prefix })
  await app.register(healthRoutes(context))
  app.get(`${prefix}/openapi.json`, { schema: { hide: true } }, async () => app.swagger())
  await serveWeb(app as never)
  return app as never
}

const contentSecurity = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')

/** The application is one page: an address that is no file and no route of ours is one of its views. */
async function serveWeb(app: FastifyInstance): Promise<void> {
  if (!existsSync(built)) return
  await app.register(fastifyStatic, { root: built, wildcard: false, maxAge: '1h' })
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    if (request.url.startsWith('/api/')) return reply.callNotFound()
    return reply.header('cache-control', 'no-cache').sendFile('index.html', { maxAge: 0 })
  })
}
