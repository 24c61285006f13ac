/** `GET` and `POST /api/v1/replay`: the scenario that plays in this node, and the four things one may do to it. */
import { type Static, Type } from 'typebox'
import { instantSchema, textSchema } from './common.ts'

export const replaySchema = Type.Object({
  scenario: Type.String(),
  title: textSchema,
  /** Realm that the scenario's records stand in. */
  realm: Type.String(),
  state: Type.Union([
    Type.Literal('playing'),
    Type.Literal('paused'),
    Type.Literal('done'),
    Type.Literal('failed'),
  ]),
  reason: Type.Optional(Type.String({ description: 'with `failed`: what stopped it' })),
  time: Type.String({ description: 'scenario time now, RFC 3339' }),
  from: instantSchema,
  until: instantSchema,
  speed: Type.Number({ description: 'scenario seconds per second' }),
  step: Type.Integer({ description: 'arrivals played so far' }),
  steps: Type.Integer({ description: 'arrivals in all' }),
  origin: Type.String({ description: 'node name the scenario speaks as' }),
})
export type Replay = Static<typeof replaySchema>

export const replayActions = ['play', 'pause', 'speed', 'skip'] as const
export const replayCommandSchema = Type.Object({
  action: Type.Union(replayActions.map((action) => Type.Literal(action))),
  speed: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, maximum: 100_000, description: 'with `play` or `speed`' }),
  ),
})
export type ReplayCommand = {
  readonly action: (typeof replayActions)[number]
  readonly speed?: number
}
