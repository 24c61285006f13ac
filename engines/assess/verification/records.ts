/**
 * `assess.score`: one warning held against what was observed; or one event that nobody warned of, for each issuer who
 * should have (`miss`). Key `<rule>:<id of the warning>`, or `<rule>:<id of the event>:<country>:<issuer>`; a version for
 * each change in what is known. It names what it rests on, and what the warning rested on when it was given.
 */
import { type Static, type TSchema, Type } from 'typebox'
import { defineRecord, type Instant, type RecordId } from '../../record/index.ts'
import { type Outcome, outcomes } from './contract.ts'

const strict = { additionalProperties: false }
const list = <Item extends TSchema>(item: Item) => Type.Unsafe<readonly Static<Item>[]>(Type.Array(item))
const id = Type.Unsafe<RecordId>(Type.String({ pattern: '^[0-9a-f]{40}$' }))
const at = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
const share = Type.Number({ minimum: 0, maximum: 1 })
const km2 = Type.Number({ minimum: 0 })
const ref = { id, version: Type.Integer({ minimum: 1 }), type: Type.String() }

export const scoreRecord = defineRecord({
  type: 'assess.score',
  schemaVersion: 1,
  terms: 'WMO-No. 1132 contingency table; Brier (1950)',
  body: Type.Object(
    {
      rule: Type.String(),
      outcome: Type.Unsafe<Outcome>(Type.String({ enum: [...outcomes] })),
      /** Why, as a measure and the bound that it was held against. */
      because: list(
        Type.Object(
          {
            name: Type.String(),
            value: Type.Union([Type.Number(), Type.String()]),
            bound: Type.Optional(Type.Union([Type.Number(), Type.String()])),
          },
          strict,
        ),
      ),
      matter: Type.String(),
      issuer: Type.Object(
        { id: Type.String(), name: Type.String(), country: Type.Optional(Type.String()) },
        strict,
      ),
      standing: Type.Unsafe<'warning' | 'advice'>(Type.String({ enum: ['warning', 'advice'] })),
      countries: list(Type.String()),
      /** False: an update of a warning that is counted by its first message. */
      isCounted: Type.Boolean(),
      /** Absent: nobody warned. */
      warning: Type.Optional(
        Type.Object(
          {
            ...ref,
            issuedAt: at,
            from: at,
            until: at,
            level: Type.String(),
            certainty: Type.Optional(Type.String()),
          },
          strict,
        ),
      ),
      /** What the warning rested on when it was given: versions of that day, whatever came since. */
      evidence: list(Type.Object(ref, strict)),
      observed: list(
        Type.Object(
          {
            ...ref,
            onset: at,
            end: at,
            level: Type.Optional(Type.String()),
            by: list(Type.String()),
          },
          strict,
        ),
      ),
      /** From issue to the first onset; below zero, the warning came after it. */
      leadTimeS: Type.Optional(Type.Number()),
      area: Type.Optional(
        Type.Object(
          {
            warnedKm2: km2,
            observedKm2: km2,
            bothKm2: km2,
            /** Of the warned area, how much was hit; of what was hit, how much was warned; of both together, the common part. */
            warnedShareHit: share,
            observedShareWarned: share,
            threatScore: share,
          },
          strict,
        ),
      ),
      probability: Type.Optional(share),
      /** (probability − what happened)². */
      brier: Type.Optional(share),
      tolerance: Type.Object(
        {
          name: Type.String(),
          beforeMs: Type.Number(),
          afterMs: Type.Number(),
          km: Type.Number(),
        },
        strict,
      ),
      assumptions: list(Type.String()),
    },
    strict,
  ),
})
export type ScoreBody = Static<typeof scoreRecord.body>
