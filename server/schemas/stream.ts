/**
 * `GET /api/v1/stream`: server-sent events (HTML Living Standard §9.2). Each event's `id` is an opaque token of its place
 * in the log, so that a browser that lost the line asks again with `Last-Event-ID` and misses nothing. Events: `hello` once per connection,
 * `record` for each new record that the asker may see, `replay` when the replay's state changes and each second while
 * it plays. A comment line every 15 s keeps the line open. Query: `realm`.
 */
import { type Static, Type } from 'typebox'
import { instantSchema, withheldSchema } from './common.ts'
import { type Replay, replaySchema } from './replay.ts'

export const helloSchema = Type.Object({
  node: Type.String(),
  incarnation: Type.String(),
  now: instantSchema,
  place: Type.String({ description: 'token of the place that the stream starts after' }),
  resumed: Type.Boolean({
    description: 'it goes on where the asker was; false: ask anew for all that is shown',
  }),
})
export const recordNoticeSchema = Type.Object({
  type: Type.String(),
  id: Type.String(),
  version: Type.Integer(),
  realm: Type.String(),
  receivedAt: instantSchema,
  /** Event that an impact, warning or proposal is about. */
  about: Type.Optional(Type.String()),
  withheld: Type.Optional(withheldSchema),
})
export type Hello = Static<typeof helloSchema>
export type RecordNotice = Static<typeof recordNoticeSchema>
export { type Replay as ReplayNotice, replaySchema as replayNoticeSchema }
