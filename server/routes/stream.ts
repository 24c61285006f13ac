import type { ServerResponse } from 'node:http'
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { Held } from '../../engines/record/index.ts'
import { nowIn, type View, viewOf } from '../ask.ts'
import type { Context } from '../context.ts'
import { Refused } from '../problems.ts'
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
        schema: {
          tags: ['stream'],
          summary:
            'Server-sent events: hello, record, replay; each event id is a log index, so Last-Event-ID resumes',
          querystring: Type.Object({
            realm: Type.Optional(Type.String()),
            after: Type.Optional(Type.Integer({ minimum: -1 })),
          }),
          response: { 503: problemSchema },
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
        const after =
          resumeAt(request.headers['last-event-id']) ??
          request.query.after ??
          (await context.node.store.head())
        reply.hijack()
        reply.raw.writeHead(200, {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
          connection: 'keep-alive',
        })
        listeners += 1
        try {
          await tell(context, view, after, reply.raw)
        } finally {
          listeners -= 1
        }
      },
    )
  }

const resumeAt = (header: string | string[] | undefined): number | undefined =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined

/** Until the listener leaves or the server stops. */
async function tell(context: Context, view: View, after: number, raw: ServerResponse): Promise<void> {
  const left = new AbortController()
  raw.once('close', () => left.abort())
  raw.once('error', () => left.abort())
  const signal = AbortSignal.any([left.signal, context.stopping])
  const send = (text: string): Promise<void> => write(raw, text, signal)

  const hello: Hello = {
    node: context.node.settings.name,
    incarnation: context.node.store.identity.incarnation,
    now: nowIn(context, view),
    index: after,
  }
  await send(`retry: 2000\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n`)
  const beat = setInterval(() => void send(': still here\n\n'), beatMs)
  const stopTelling = tellReplay(context, view, send)
  try {
    for await (const batch of context.node.store.follow({ after, realm: view.realm, signal })) {
      await send(batch.map(eventOf).join(''))
    }
  } finally {
    clearInterval(beat)
    stopTelling()
    raw.end()
  }
}

function tellReplay(context: Context, view: View, send: (text: string) => Promise<void>): () => void {
  const { replay } = context
  if (!replay || replay.scenario.realm !== view.realm) return () => {}
  const tellState = () => void send(`event: replay\ndata: ${JSON.stringify(replayView(replay))}\n\n`)
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

/** Waits while the listener is slow, so that one who reads nothing costs no memory. */
async function write(raw: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || raw.writableEnded || raw.write(text)) return
  await new Promise<void>((resolve) => {
    raw.once('drain', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
