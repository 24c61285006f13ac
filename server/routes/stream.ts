import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Asking } from '../../engines/access/index.ts'
import type { Held } from '../../engines/record/index.ts'
import { boundTo, noCursor, nowIn, type View, viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import type { Context } from '../context.ts'
import { type Line, openLine } from '../line.ts'
import { plainSecurity, Refused } from '../problems.ts'
import { type Hello, problemSchema, type RecordNotice } from '../schemas/index.ts'
import { replayView } from './replay.ts'

/** More listeners than this are told to come back later. */
const atMost = 2000
const beatMs = 15_000

export const streamRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    let listeners = 0
    app.get(
      '/stream',
      {
        exposeHeadRoute: false, // a HEAD that never ends
        schema: {
          tags: ['stream'],
          summary:
            'Server-sent events: hello, record, replay; each event id is an opaque place, so Last-Event-ID resumes',
          querystring: Type.Object({
            realm: Type.Optional(Type.String()),
            after: Type.Optional(
              Type.String({ maxLength: 2000, description: 'an event id, or `start`: all there is' }),
            ),
          }),
          produces: ['text/event-stream'],
          response: {
            200: Type.String({ description: 'events, as long as the line stands' }),
            400: problemSchema,
            503: problemSchema,
          },
        },
      },
      async (request, reply) => {
        if (listeners >= atMost)
          throw new Refused(
            503,
            'server/too-many-streams',
            'Too many listen at this moment; try again in a minute.',
          )
        const view = viewOf(context, request.query)
        const from = await startOf(context, request, view.realm)
        await audited(request, 'read', [], {
          query: { route: 'GET /api/v1/stream', asked: { realm: view.realm } },
        })
        reply.hijack()
        reply.raw.writeHead(200, {
          ...plainSecurity,
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
          connection: 'keep-alive',
        })
        listeners += 1
        try {
          await tell({ context, request, view, from, line: openLine(reply.raw, context.stopping) })
        } finally {
          listeners -= 1
        }
      },
    )
  }

type Start = { readonly after: number; readonly resumed: boolean }

/**
 * Where the asker was, or now. A place given to somebody else, or before a restore, is none: what is new is better than
 * silence, and `resumed` says that there may be a gap.
 */
async function startOf(context: Context, request: FastifyRequest, realm: string): Promise<Start> {
  const { after } = request.query as { readonly after?: string }
  const header = request.headers['last-event-id']
  const bound = boundTo(request, realm)
  const head = await request.records.head()
  if (typeof header === 'string') {
    const place = context.tokens.open(header, bound)?.[0]
    return typeof place === 'number'
      ? { after: Math.min(place, head), resumed: true }
      : { after: head, resumed: false }
  }
  if (after === 'start') return { after: -1, resumed: true }
  if (after === undefined) return { after: head, resumed: false }
  const place = context.tokens.open(after, bound)?.[0]
  if (typeof place !== 'number') throw noCursor()
  return { after: Math.min(place, head), resumed: true }
}

type Telling = {
  readonly context: Context
  readonly request: FastifyRequest
  readonly view: View
  readonly from: Start
  readonly line: Line
}

/** A session that ended, and rights that have changed, hear nothing more: the browser asks anew, as who it is then. */
async function isSameAsker({ asking, asksStill }: FastifyRequest): Promise<boolean> {
  if (asking.principal.kind === 'public') return true
  const now = await asksStill()
  const said = ({ principal, purpose }: Asking) => JSON.stringify([principal, purpose])
  return now !== undefined && said(now) === said(asking)
}

/** Until the listener leaves or the server stops. */
async function tell({ context, request, view, from, line }: Telling): Promise<void> {
  const bound = boundTo(request, view.realm)
  const idOf = (index: number) => context.tokens.seal([index], bound)
  const { after, resumed } = from
  const hello: Hello = {
    node: context.node.settings.name,
    incarnation: context.node.identity.incarnation,
    now: nowIn(context, view),
    place: idOf(after),
    resumed,
  }
  line.remark(`retry: 2000\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n`)
  const beat = setInterval(() => void beatOf(request, line), beatMs)
  const stopTelling = tellReplay(context, view, line)
  try {
    for await (const batch of request.records.follow({ after, realm: view.realm, signal: line.gone })) {
      if (!(await isSameAsker(request))) break
      await line.send(batch.map((held) => eventOf(held, idOf(held.index))).join(''))
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    context.log.error({ reason }, 'a stream broke off; its listener asks again')
  } finally {
    clearInterval(beat)
    stopTelling()
    line.end()
  }
}

async function beatOf(request: FastifyRequest, line: Line): Promise<void> {
  if (await isSameAsker(request).catch(() => true))
    line.remark(': still here\n\n') // an absent database ends no line
  else line.end()
}

function tellReplay(context: Context, view: View, line: Line): () => void {
  const { replay } = context
  if (!replay || replay.scenario.realm !== view.realm) return () => {}
  const tellState = () => line.remark(`event: replay\ndata: ${JSON.stringify(replayView(replay))}\n\n`)
  tellState()
  const stop = replay.player.onChange(tellState)
  const tick = setInterval(() => {
    if (replay.player.state.state === 'playing') tellState()
  }, 1000)
  return () => {
    stop()
    clearInterval(tick)
  }
}

function eventOf({ record, receivedAt, withheld }: Held, id: string): string {
  const about = (record.body as { readonly event?: string } | null)?.event
  const notice: RecordNotice = {
    type: record.type,
    id: record.id,
    version: record.version,
    realm: record.realm,
    receivedAt,
    ...(typeof about === 'string' ? { about } : {}),
    ...(withheld ? { withheld: [...withheld] } : {}),
  }
  return `id: ${id}\nevent: record\ndata: ${JSON.stringify(notice)}\n\n`
}
