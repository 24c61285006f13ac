import { type Static, Type } from '@fastify/type-provider-typebox'

export const peerStatusSchema = Type.Object({
  node: Type.String(),
  title: Type.Record(Type.String(), Type.String()),
  url: Type.String(),
  state: Type.Union([
    Type.Literal('active'),
    Type.Literal('suspended'),
    Type.Literal('forked'),
    Type.Literal('paused'),
  ]),
  stateReason: Type.Optional(Type.String()),
  lastContactAt: Type.Optional(Type.String()),
  lastError: Type.Optional(Type.Object({ code: Type.String(), message: Type.String(), at: Type.String() })),
  errorsInARow: Type.Integer(),
  received: Type.Integer(),
  refused: Type.Integer(),
  isCaughtUp: Type.Boolean(),
  logSize: Type.Optional(Type.Integer()),
  clockAheadMs: Type.Optional(Type.Integer()),
  /** What another peer brought of the same origin and this one seems to leave out. */
  withheld: Type.Optional(
    Type.Array(
      Type.Object({
        origin: Type.String(),
        kind: Type.Union([Type.Literal('older-log'), Type.Literal('missing-records')]),
        since: Type.String(),
        count: Type.Integer(),
      }),
    ),
  ),
})
export type PeerStatusView = Static<typeof peerStatusSchema>

/** `fingerprint`: of this node's own key, to read to a peer's operators. */
export const peerListSchema = Type.Object({
  node: Type.String(),
  fingerprint: Type.Optional(Type.String()),
  items: Type.Array(peerStatusSchema),
})
