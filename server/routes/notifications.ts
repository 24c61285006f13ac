/**
 * What states tell each other, in and out, with the clock of every addressee; and the acknowledgement in the name of who
 * has signed in, by the same function as `mosaic notification acknowledge`. Answers too are read through the one door: an
 * answer that the asker may not have stops no clock before his eyes.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Held, unreachable } from '../../engines/record/index.ts'
import {
  type Acknowledged,
  type Acknowledging,
  contactsOf,
  type InboxEntry,
  type InboxKind,
  inboxKinds,
  inboxOf,
  toldTypes,
  typeOfInboxKind,
} from '../../packs/environment/pack.ts'
import { nowIn, type View, viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import type { Context } from '../context.ts'
import { pageByTime, pagesOf } from '../page.ts'
import { notFound, Refused } from '../problems.ts'
import {
  acknowledgementOrderSchema,
  acknowledgementWrittenSchema,
  idParamsSchema,
  notificationDetailSchema,
  notificationPageSchema,
  notificationQuerySchema,
  problemSchema,
  viewQuerySchema,
} from '../schemas/index.ts'
import { notificationDetail, notificationSummary } from '../views/notification.ts'
import { isWhole } from '../views/warning.ts'
import { noting, type VisibleRecords } from '../visible-records.ts'
import { demand } from './audit.ts'
import { idOf } from './events.ts'

/** The one way from the web to an acknowledgement. */
export type WithAcknowledging = {
  readonly acknowledge: (held: Held, answer: Acknowledging) => Promise<Acknowledged>
}

const refusals = { 400: problemSchema, 404: problemSchema }

export const notificationRoutes =
  (context: Context & Partial<WithAcknowledging>): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/notifications',
      {
        schema: {
          tags: ['notifications'],
          summary: 'What states tell each other, latest first, with who has answered and who has not',
          querystring: notificationQuerySchema,
          response: { 200: notificationPageSchema, 400: problemSchema },
        },
      },
      async (request) => {
        const { kind, box, open, cursor, limit = 50 } = request.query
        const view = viewOf(context, request.query)
        const kinds: readonly InboxKind[] = kind === undefined ? inboxKinds : [kind]
        const isAsked = (entry: InboxEntry) =>
          (box === undefined || entry.box === box) &&
          (open !== true || entry.state === 'waiting' || entry.state === 'overdue')
        return pageByTime(
          pagesOf(context, request, view.realm),
          { types: kinds.map(typeOfInboxKind), ...view },
          { cursor, limit },
          async (held) => {
            const entries = await entriesOf(context, { records: request.records, held, view })
            return held.map(({ record }) => {
              const entry = entries.find((one) => one.held.record.id === record.id)
              return entry && isAsked(entry) ? notificationSummary(entry) : undefined
            })
          },
        )
      },
    )

    app.get(
      '/notifications/:id',
      {
        schema: {
          tags: ['notifications'],
          summary: 'One of them, whole, with every answer, also those that do not count',
          params: idParamsSchema,
          querystring: viewQuerySchema,
          response: { 200: notificationDetailSchema, ...refusals },
        },
      },
      async (request) => {
        const view = viewOf(context, request.query)
        const { records, given } = noting(request.records)
        const held = await records.read({ types: toldTypes, ids: [idOf(request.params.id)], ...view })
        const [entry] = await entriesOf(context, { records, held, view })
        if (!entry) throw notFound('notification', request.params.id)
        await audited(request, 'read', given())
        return notificationDetail(entry)
      },
    )

    const { acknowledge } = context
    if (acknowledge === undefined) return
    app.post(
      '/notifications/:id/acknowledgement',
      {
        schema: {
          tags: ['notifications'],
          summary: 'Confirm that it was received, in the name of who has signed in',
          params: idParamsSchema,
          body: acknowledgementOrderSchema,
          response: {
            201: acknowledgementWrittenSchema,
            ...{ ...refusals, 401: problemSchema, 403: problemSchema, 409: problemSchema },
          },
        },
      },
      async (request, reply) => {
        demand(request, 'write-records')
        const { id } = request.params
        const held = await request.records.get(idOf(id))
        if (!held || !toldTypes.includes(held.record.type) || !isWhole(held))
          throw notFound('notification', id)
        const note = request.body.note?.trim()
        await audited(request, 'change', [held], { query: { acknowledges: id, note } })
        const { name, role } = await context.personOf(request.asking.principal, [
          'duty-officer',
          'liaison',
          'analyst',
        ])
        const answered = await acknowledge(held, {
          by: { name, ...(role && { role }) },
          at: context.node.clock.now(),
          ...(note && { note }),
        })
        return reply.code(201).send({ acknowledgement: writtenId(answered) })
      },
    )
  }

type Reading = {
  readonly records: Pick<VisibleRecords, 'read'>
  readonly held: readonly Held[]
  readonly view: View
}

async function entriesOf(context: Context, { records, held, view }: Reading): Promise<readonly InboxEntry[]> {
  const { knownAt, realm } = view
  const { node } = context
  const read = async (query: Parameters<VisibleRecords['read']>[0]) =>
    (await records.read(query)).filter(isWhole)
  const contacts = await contactsOf(read, node.places.region, node.identity.node)
  return inboxOf((query) => read({ ...query, realm }), held.filter(isWhole), {
    ...{ node: node.identity.node, now: nowIn(context, view), contacts },
    ...(knownAt && { knownAt }),
  })
}

function writtenId(answered: Acknowledged): string {
  switch (answered.kind) {
    case 'own':
      throw unfit('This node sent it; those addressed answer.')
    case 'not-addressed':
      throw unfit('It is not addressed to this node; the register of contacts says who speaks for whom.')
    case 'ended':
      throw unfit('Its sender has ended it; nothing waits for an answer.')
    case 'written': {
      const { appended } = answered
      if (appended.kind === 'appended' || appended.kind === 'unchanged') return appended.record.id
      throw unfit('The acknowledgement was not written; look at the notification again.')
    }
    default:
      return unreachable(answered)
  }
}

const unfit = (message: string): Refused => new Refused(409, 'environment/acknowledgement-unfit', message)
