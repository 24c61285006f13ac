import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { Held } from '../../engines/record/index.ts'
import { nowIn, type View, viewOf } from '../ask.ts'
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
            'Server-sent events: hello, record, replay; each event id is a log index, so Last-Event-ID resumes',
          querystring: Type.Object({
            realm: Type.Optional(Type.String()),
            after: Type.Optional(Type.Integer({ minimum: -1 })),
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
        const head = await context.records.head()
        const asked = resumeAt(request.headers['last-event-id']) ?? request.query.after ?? head
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
          // A place beyond the log was given before a restore: what is new is better than silence.
          await tell(context, view, Math.min(asked, head), openLine(reply.raw, context.stopping))
        } finally {
          listeners -= 1
        }
      },
    )
  }

const resumeAt = (header: string | string[] | undefined): number | undefined =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined

/** Until the listener leaves or the server stops. */
async function tell(context: Context, view: View, after: number, line: Line): Promise<void> {
  const hello: Hello = {
    node: context.node.settings.name,
    incarnation: context.node.store.identity.incarnation,
    now: nowIn(context, view),
    index: after,
  }
  line.remark(`retry: 2000\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n`)
  const beat = setInterval(() => line.remark(': still here\n\n'), beatMs)
  const stopTelling = tellReplay(context, view, line)
  try {
    for await (const batch of context.records.follow({ after, realm: view.realm, signal: line.gone }))
      await line.send(batch.map(eventOf).join(''))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    context.log.error({ reason }, 'a stream broke off; its listener asks again')
  } finally {
    clearInterval(beat)
    stopTelling()
    line.end()
  }
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

function eventOf({ record, index, receivedAt }: Held): string {
  const about = (record.body as { readonly event?: string }).event
  const notice: RecordNotice = {
    type: record.type,
    id: record.id,
    version: record.version,
    realm: record.realm,
    index,
    receivedAt,
    ...(about === undefined ? {} : { about }),
  }
  return `id: ${index}\nevent: record\ndata: ${JSON.stringify(notice)}\n\n`
}
