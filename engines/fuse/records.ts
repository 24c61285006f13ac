/** The record types that fusion itself owns: its questions, and people's answers. */
import { type TSchema, Type } from 'typebox'
import { defineRecord } from '../record/index.ts'

const id = Type.String({ pattern: '^[0-9a-f]{40}$' })
const reasons = Type.Array(
  Type.Object({ name: Type.String(), value: Type.Number(), unit: Type.String(), weight: Type.Number() }),
)

export const fuseProposal = defineRecord({
  type: 'fuse.proposal',
  schemaVersion: 1,
  body: Type.Object({
    state: Type.Union([Type.Literal('open'), Type.Literal('settled')]),
    rule: Type.String(),
    a: id,
    b: id,
    score: Type.Number(),
    reasons,
  }),
})

export const fuseDecision = defineRecord({
  type: 'fuse.decision',
  schemaVersion: 1,
  body: Type.Object({
    rule: Type.String(),
    a: id,
    b: id,
    decision: Type.Union([Type.Literal('must-link'), Type.Literal('cannot-link'), Type.Literal('withdrawn')]),
    because: Type.String({ minLength: 1 }),
  }),
})

/** Schema of an event's body around the pack's own figures. */
export const eventBody = <Figures extends TSchema>(figures: Figures) =>
  Type.Object({
    state: Type.Union([Type.Literal('active'), Type.Literal('merged'), Type.Literal('retracted')]),
    mergedInto: Type.Optional(id),
    members: Type.Array(
      Type.Object({
        id,
        version: Type.Integer({ minimum: 1 }),
        agency: Type.String(),
        withdrawn: Type.Optional(Type.Literal(true)),
        copies: Type.Optional(Type.Array(id)),
      }),
    ),
    preferred: Type.Optional(id),
    joined: Type.Array(
      Type.Object({
        a: id,
        b: id,
        by: Type.Union([Type.Literal('hard-link'), Type.Literal('score'), Type.Literal('person')]),
        score: Type.Optional(Type.Number()),
        reasons,
      }),
    ),
    figures: Type.Optional(figures),
  })
