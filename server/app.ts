/** The node's HTTP face: routes under `/api/v1`, OpenAPI 3.1 made from their schemas, and the built web application. */
import { existsSync } from 'node:fs'
import fastifyStatic from '@fastify/static'
import fastifySwagger from '@fastify/swagger'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { auditRequests } from './audit-hook.ts'
import type { AppParts, Context } from './context.ts'
import { guard } from './guard.ts'
import { answerProblems, plainSecurity } from './problems.ts'
import { areaRoutes } from './routes/areas.ts'
import { auditRoutes } from './routes/audit.ts'
import { breakGlassRoutes } from './routes/break-glass.ts'
import { decisionRoutes } from './routes/decisions.ts'
import { deskRoutes } from './routes/desk.ts'
import { eventRoutes } from './routes/events.ts'
import { exchangeRoutes } from './routes/exchange.ts'
import { feedRoutes } from './routes/feeds.ts'
import { logRoutes } from './routes/log.ts'
import { healthRoutes, nodeRoutes, version } from './routes/node.ts'
import { noticeRoutes } from './routes/notices.ts'
import { notificationRoutes } from './routes/notifications.ts'
import { peerRoutes } from './routes/peers.ts'
import { placeRoutes } from './routes/places.ts'
import { recallRoutes } from './routes/recalls.ts'
import { recordRoutes } from './routes/records.ts'
import { replayRoutes } from './routes/replay.ts'
import { reportRoutes } from './routes/reports.ts'
import { scoreRoutes } from './routes/scores.ts'
import { sourceRoutes } from './routes/sources.ts'
import { streamRoutes } from './routes/stream.ts'
import { warningRoutes } from './routes/warnings.ts'
import { signIn, signInRoutes } from './sign-in/index.ts'
import { handOutRecords } from './visible-records.ts'

const prefix = '/api/v1'

/** `onRoute` is told of every route, for whoever checks them. */
export async function buildApp(
  parts: AppParts,
  onRoute: (route: RouteOptions) => void = () => {},
): Promise<FastifyInstance> {
  const {
    recordsFor,
    instants,
    accounts,
    withGlass,
    publicUrl,
    audit,
    looksElsewhere,
    logParts,
    tls,
    recalls,
    decide,
    desk,
    acknowledge,
    ...context
  } = parts
  const app = Fastify({
    bodyLimit: 1_000_000,
    trustProxy: 'loopback',
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    https: tls ? { ...tls, minVersion: 'TLSv1.2' as const } : null,
  })
    .setValidatorCompiler(TypeBoxValidatorCompiler)
    .withTypeProvider<TypeBoxTypeProvider>()
  app.addHook('onRoute', onRoute)
  answerProblems(app as never, context.log)
  guard(app as never, context)
  const asking = { instants, ...(withGlass ? { withGlass } : {}) }
  await app.register(signIn({ ...asking, ...(accounts ? { accounts } : {}) }))
  handOutRecords(app as never, { recordsFor, instants })
  auditRequests(app as never, audit)
  app.addHook('onSend', async (_, reply) => {
    reply.headers(plainSecurity)
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', contentSecurity)
  })
  await app.register(fastifySwagger, {
    transformObject: (document) =>
      withProblems('openapiObject' in document ? document.openapiObject : document.swaggerObject),
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Mosaic', version, description: 'See, warn, respond, hold to account.' },
    },
  })
  const routes = [
    nodeRoutes,
    eventRoutes,
    warningRoutes,
    noticeRoutes,
    recordRoutes,
    reportRoutes,
    feedRoutes,
    peerRoutes,
    placeRoutes,
    areaRoutes,
    sourceRoutes,
    streamRoutes,
    replayRoutes,
    scoreRoutes,
  ]
  for (const route of routes) await app.register(route(context), { prefix })
  if (audit) {
    const withAudit = { ...context, audit, ...(looksElsewhere ? { looksElsewhere } : {}) }
    for (const route of [auditRoutes, breakGlassRoutes]) await app.register(route(withAudit), { prefix })
  }
  if (recalls) await app.register(recallRoutes({ ...context, recalls }), { prefix })
  await app.register(notificationRoutes({ ...context, ...(acknowledge ? { acknowledge } : {}) }), { prefix })
  if (desk) await app.register(deskRoutes({ ...context, ...desk }), { prefix })
  if (decide) await app.register(decisionRoutes({ ...context, decide }), { prefix })
  if (accounts)
    await app.register(signInRoutes({ ...asking, accounts, ...(publicUrl ? { publicUrl } : {}) }), { prefix })
  await app.register(exchangeRoutes(context))
  if (logParts) await app.register(logRoutes(logParts))
  await app.register(healthRoutes(context))
  app.get(`${prefix}/openapi.json`, { schema: { hide: true } }, async () => app.swagger())
  await serveWeb(app as never, context)
  return app as never
}

/** Refusals are `application/problem+json` (RFC 9457), whatever a route answers when all is well. */
function withProblems<Document extends { readonly paths?: unknown }>(document: Document): Document {
  type Answer = { content?: Record<string, unknown> }
  type Operation = { readonly responses?: Record<string, Answer> }
  const paths = (document.paths ?? {}) as Record<string, Record<string, Operation>>
  for (const operation of Object.values(paths).flatMap(Object.values<Operation>))
    for (const [status, answer] of Object.entries(operation.responses ?? {}))
      if (Number(status) >= 400 && answer.content)
        answer.content = { 'application/problem+json': Object.values(answer.content)[0] }
  return document
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
async function serveWeb(app: FastifyInstance, { webFolder }: Context): Promise<void> {
  if (!existsSync(webFolder)) return
  await app.register(fastifyStatic, { root: webFolder, wildcard: false, maxAge: '1h' })
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    if (/^\/(api|assets)(\/|$)/.test(request.url)) return reply.callNotFound()
    return reply.header('cache-control', 'no-cache').sendFile('index.html', { maxAge: 0 })
  })
}
