/**
 * `/api/v1/notifications`: what states tell each other (a limit exceeded near a border, an alarm on a river, a report of an
 * accident, a test of the line), with one clock for each addressee. Sender and addressee see the same.
 */
import { type Static, Type } from 'typebox'
import { idSchema, instantSchema, listQuery, pageSchema } from './common.ts'

export const notificationKinds = [
  'limit-exceeded',
  'alarm',
  'early-warning',
  'information-report',
  'assistance-request',
  'communication-test',
] as const

export const notificationQuerySchema = listQuery({
  kind: Type.Optional(Type.Enum([...notificationKinds])),
  box: Type.Optional(Type.Enum(['in', 'out'], { description: 'addressed to this node, or sent by it' })),
  open: Type.Optional(Type.Boolean({ description: 'true: only what waits for an answer' })),
})

const answeredFields = {
  at: instantSchema,
  by: Type.Object({ name: Type.String(), role: Type.Optional(Type.String()) }),
  node: Type.String(),
  note: Type.Optional(Type.String()),
}
const answeredSchema = Type.Object(answeredFields)

export const addresseeClockSchema = Type.Object({
  contact: Type.String(),
  country: Type.String(),
  state: Type.Enum(['waiting', 'overdue', 'acknowledged', 'acknowledged-late', 'closed']),
  dueAt: instantSchema,
  waitingSince: Type.Optional(instantSchema),
  remainingMs: Type.Optional(Type.Integer({ description: 'until it is due; below 0 after it' })),
  acknowledged: Type.Optional(answeredSchema),
  order: Type.Optional(Type.Integer({ description: 'of an alarm: place along the river, from 1' })),
  arrival: Type.Optional(
    Type.Object(
      { from: instantSchema, until: instantSchema },
      { description: 'of an alarm: when the water may be there' },
    ),
  ),
  isAheadOfRiver: Type.Optional(Type.Boolean({ description: 'answered before somebody upstream of it' })),
  escalation: Type.Optional(
    Type.Object({
      contact: Type.String(),
      step: Type.Enum(['remind', 'telephone', 'water-may-be-there']),
      since: instantSchema,
    }),
  ),
})

const summaryFields = {
  id: idSchema,
  realm: Type.String(),
  version: Type.Integer(),
  kind: Type.Enum([...notificationKinds]),
  mode: Type.Enum(['normal', 'exercise', 'communication-test']),
  box: Type.Enum(['in', 'out', 'seen']),
  state: Type.Enum(['waiting', 'overdue', 'answered', 'ended']),
  headline: Type.Optional(Type.String()),
  origin: Type.String({ description: 'the node that sent it' }),
  isSenderKnown: Type.Boolean({
    description: 'this node’s register has the sending node for the contact that it says it is',
  }),
  openedAt: instantSchema,
  receivedAt: instantSchema,
  clocks: Type.Array(addresseeClockSchema),
}
export const notificationSummarySchema = Type.Object(summaryFields)
export type NotificationSummary = Static<typeof notificationSummarySchema>
export const notificationPageSchema = pageSchema(notificationSummarySchema)
export type NotificationPage = Static<typeof notificationPageSchema>

export const notificationDetailSchema = Type.Object({
  ...summaryFields,
  body: Type.Unknown({ description: 'as its record has it' }),
  notCounting: Type.Array(
    Type.Object({
      ...answeredFields,
      because: Type.Enum(['own', 'not-addressed', 'nobody-registered']),
    }),
    { description: 'answers of others than those addressed' },
  ),
  received: Type.Array(answeredSchema, {
    description: 'receipts of a request that waits for its answer',
  }),
  answers: Type.Array(
    Type.Object({
      id: idSchema,
      node: Type.String(),
      help: Type.Enum(['yes', 'partly', 'no']),
      scope: Type.Array(Type.Object({ what: Type.String(), quantity: Type.Optional(Type.String()) })),
      terms: Type.String(),
      at: instantSchema,
    }),
  ),
})
export type NotificationDetail = Static<typeof notificationDetailSchema>

/** Who acknowledges is whoever has signed in; it cannot be said here. */
export const acknowledgementOrderSchema = Type.Object(
  { note: Type.Optional(Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' })) },
  { additionalProperties: false },
)
export const acknowledgementWrittenSchema = Type.Object({ acknowledgement: idSchema })
