/** `/api/v1/recalls` and `/api/v1/decisions`: what people order in their own name, and who has obeyed. */
import { type Static, Type } from 'typebox'
import { purposes } from '../../engines/access/index.ts'
import { idSchema, instantSchema, pageQuery, pageSchema } from './common.ts'
import { labelSchema } from './record.ts'

const strict = { additionalProperties: false }
const reasonSchema = Type.String({
  minLength: 3,
  maxLength: 500,
  pattern: '\\S',
  description: 'every holder reads it',
})
const actionSchema = Type.Enum(['withdraw', 'relabel'])

export const recallQuerySchema = Type.Object({
  realm: pageQuery.realm,
  cursor: pageQuery.cursor,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})

const holderSchema = Type.Object({
  node: Type.String(),
  through: Type.Optional(Type.String({ description: 'the relay that passed it on' })),
  sentAt: Type.Optional(instantSchema),
  acknowledgedAt: Type.Optional(instantSchema),
  confirmed: Type.Optional(
    Type.Object({
      done: Type.String(),
      at: instantSchema,
      receivedAt: instantSchema,
      derived: Type.Integer(),
    }),
  ),
})
export const recallStateSchema = Type.Object({
  id: idSchema,
  target: idSchema,
  action: actionSchema,
  reason: Type.String(),
  orderedAt: instantSchema,
  by: Type.Optional(Type.String({ description: 'who ordered it' })),
  holders: Type.Array(holderSchema),
  waitingFor: Type.Array(Type.String({ description: 'silent since the order' })),
  isComplete: Type.Boolean(),
})
export type RecallStateView = Static<typeof recallStateSchema>
export const recallPageSchema = pageSchema(recallStateSchema)

export const recallOrderSchema = Type.Object(
  {
    target: idSchema,
    action: actionSchema,
    reason: reasonSchema,
    handling: Type.Optional(
      Type.Object(
        {
          tlp: labelSchema,
          audience: Type.Optional(
            Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 100 }),
          ),
          purposes: Type.Optional(Type.Array(Type.Enum(purposes), { maxItems: 10 })),
          originatorControl: Type.Optional(Type.Boolean()),
        },
        { ...strict, description: 'of a relabelling; joined to what holds, so it only gets stricter' },
      ),
    ),
  },
  strict,
)
export const recalledSchema = Type.Object({
  recall: idSchema,
  isNew: Type.Boolean({ description: 'false: the same was ordered before' }),
  touched: Type.Integer({ description: 'versions that this node did something about' }),
  told: Type.Array(Type.String(), { description: 'peers that are told' }),
})
export type RecalledView = Static<typeof recalledSchema>

/** Who decides is whoever has signed in; it cannot be said here. */
export const decisionOrderSchema = Type.Object(
  {
    proposal: idSchema,
    version: Type.Integer({ minimum: 1, description: 'that the person saw' }),
    decision: Type.Enum(['issue', 'decline', 'end']),
    because: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' }),
  },
  strict,
)
export const decidedSchema = Type.Object({ decision: idSchema })
