import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type SourceDeclaration, stateNameOf } from '../../engines/ingest/index.ts'
import { type Instant, millis, type Realm } from '../../engines/record/index.ts'
import type { Quarantined } from '../../engines/store/index.ts'
import { type Cursors, cursorsOf, noCursor, nowIn, type View, viewOf } from '../ask.ts'
import type { Context } from '../context.ts'
import type { ShownState, VisibleQuarantine } from '../operation.ts'
import { notFound, Refused } from '../problems.ts'
import {
  idParamsSchema,
  problemSchema,
  quarantinedDetailSchema,
  quarantinePageSchema,
  quarantineQuerySchema,
  type SourceHealth,
  sourcePageSchema,
  viewQuerySchema,
} from '../schemas/index.ts'

export const sourceRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/sources',
      {
        schema: {
          tags: ['sources'],
          summary: 'How the sources do',
          querystring: viewQuerySchema,
          response: { 200: sourcePageSchema, 400: problemSchema },
        },
      },
      async ({ query, asking }) => {
        const view = viewOf(context, query)
        const states = new Map(
          (await context.operation.sources(asking)).map((state) => [state.source, state]),
        )
        const now = nowIn(context, view)
        return {
          items: context.node.sources.map((source) =>
            healthOf(source, states.get(stateNameOf(source.id, view.realm)), now, view),
          ),
        }
      },
    )

    app.get(
      '/quarantine',
      {
        schema: {
          tags: ['sources'],
          summary: 'What could not be read or digested, with its reason',
          querystring: quarantineQuerySchema,
          response: { 200: quarantinePageSchema, 400: problemSchema, 404: problemSchema },
        },
      },
      async (request) => {
        const { query } = request
        const quarantine = await openQuarantine(context, request)
        const limit = query.limit ?? 50
        const cursors = cursorsOf(context, request, '')
        const before = itemIn(cursors, query.cursor)
        const held = await quarantine.list({
          ...(query.from === undefined ? {} : { from: query.from }),
          ...(query.state === undefined ? {} : { state: query.state }),
          ...(before === undefined ? {} : { before }),
          limit: limit + 1,
        })
        const items = held.slice(0, limit)
        const last = items.at(-1)
        return {
          items: items.map(itemOf),
          ...(held.length > limit && last ? { next: cursors.cursorOf([last.id]) } : {}),
        }
      },
    )

    app.get(
      '/quarantine/:id',
      {
        schema: {
          tags: ['sources'],
          summary: 'One item, with the beginning of its bytes',
          params: idParamsSchema,
          response: { 200: quarantinedDetailSchema, 404: problemSchema },
        },
      },
      async (request) => {
        const item = await heldItem(context, request, request.params.id)
        return { ...itemOf(item), preview: previewOf(item.bytes) }
      },
    )

    app.get(
      '/quarantine/:id/bytes',
      {
        schema: {
          tags: ['sources'],
          summary: 'Its bytes, as received',
          params: idParamsSchema,
          produces: ['application/octet-stream'],
          response: {
            200: Type.Unsafe<Buffer>(Type.String({ description: 'the bytes' })),
            404: problemSchema,
          },
        },
      },
      async (request, reply) => {
        const item = await heldItem(context, request, request.params.id)
        return reply
          .header('content-disposition', `attachment; filename="quarantine-${encodeURIComponent(item.id)}"`)
          .header('content-security-policy', 'sandbox')
          .type('application/octet-stream')
          .send(Buffer.from(item.bytes))
      },
    )
  }

function itemIn({ placeOf }: Cursors, cursor: string | undefined): string | undefined {
  const place = placeOf(cursor)
  if (!place) return undefined
  const [before] = place
  if (place.length !== 1 || typeof before !== 'string') throw noCursor()
  return before
}

async function heldItem(context: Context, request: FastifyRequest, id: string): Promise<Quarantined> {
  const quarantine = await openQuarantine(context, request)
  const item = /^\d{1,18}$|^[0-9a-f-]{8,64}$/.test(id) ? await quarantine.get(id) : undefined
  if (!item) throw notFound('quarantined item', id)
  return item
}

/** What is in quarantine has no handling: it is for who runs the node (`operation.ts`). */
async function openQuarantine(
  { operation }: Context,
  { asking }: FastifyRequest,
): Promise<VisibleQuarantine> {
  const quarantine = await operation.quarantine(asking)
  if (quarantine) return quarantine
  throw new Refused(
    404,
    'server/not-shown',
    'What is in quarantine may be restricted, so it is shown to administrators and duty officers of the node, and on loopback as long as the node has no accounts; sign in as one, or use mosaic quarantine.',
  )
}

const itemOf = ({ bytes, issues, ...item }: Quarantined) => ({
  ...item,
  issues: [...issues],
  sizeBytes: bytes.length,
})

/** The first 4 KiB as text, with what a terminal or a page could take for an order replaced. */
const previewOf = (bytes: Uint8Array): string =>
  new TextDecoder().decode(bytes.subarray(0, 4096)).replace(/(?![\t\n\r])\p{Cc}/gu, '\uFFFD')

function healthOf(
  source: SourceDeclaration,
  state: ShownState | undefined,
  now: Instant,
  { realm }: View,
): SourceHealth {
  const { id, title, transport, attribution } = source
  return {
    id,
    title,
    transport: realm === 'actual' ? transport.kind : 'scenario',
    url: transport.url,
    ...(transport.kind === 'http' ? { intervalMs: transport.intervalMs } : {}),
    attribution,
    state: stateWord(source, state, now, realm),
    ...(state?.lastAttemptAt === undefined ? {} : { lastAttemptAt: state.lastAttemptAt }),
    ...(state?.lastSuccessAt === undefined ? {} : { lastSuccessAt: state.lastSuccessAt }),
    errorsInARow: state?.errorsInARow ?? 0,
    ...figuresOf(state),
  }
}

function figuresOf(state: ShownState | undefined) {
  if (!state?.inside) return {}
  const { lastChangeAt, lastError, lagMs, emptySince, defects, received, accepted, quarantined } =
    state.inside
  return {
    ...(lastChangeAt === undefined ? {} : { lastChangeAt }),
    ...(lastError === undefined ? {} : { lastError }),
    ...(lagMs === undefined ? {} : { lagMs }),
    ...(emptySince === undefined ? {} : { emptySince }),
    ...(defects === undefined ? {} : { defects: { ...defects } }),
    received,
    accepted,
    quarantined,
  }
}

function stateWord(
  { transport }: SourceDeclaration,
  state: ShownState | undefined,
  now: Instant,
  realm: Realm,
): SourceHealth['state'] {
  if (!state || (state.lastAttemptAt === undefined && state.lastSuccessAt === undefined)) return 'idle'
  if (state.errorsInARow > 0) return 'failing'
  const patience = transport.kind === 'http' ? 3 * transport.intervalMs : transport.silenceMs
  const since = millis(now) - millis(state.lastSuccessAt ?? now)
  return realm === 'actual' && since > patience ? 'late' : 'ok'
}
