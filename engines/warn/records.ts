/**
 * The record types of warnings.
 *
 * `warn.proposal`: what a rule proposes for one country, a new version for each new assessment; key
 * `<event id>:<country>`. `warn.decision`: a person's word on one version of a proposal. `warn.warning`: one CAP
 * message as issued; key `<proposal key>#<number in its chain>`, or that of the first draft where people began, so that every message is a record of its own and
 * none ever gets a version 2. What became of a warning later (superseded, cancelled, expired) is not written into it:
 * it follows from the chain (see `chain.ts`).
 */
import { type Static, type TSchema, Type } from 'typebox'
import {
  capCategories,
  capCertainties,
  capMsgTypes,
  capResponseTypes,
  capScopes,
  capSeverities,
  capStatuses,
  capUrgencies,
} from '../formats/index.ts'
import { defineRecord, type Instant, type RecordId } from '../record/index.ts'
import { deskRecords } from './desk/records.ts'

const strict = { additionalProperties: false }
const oneOf = <const Words extends readonly string[]>(words: Words) =>
  Type.Union(words.map((word) => Type.Literal(word))) as unknown as Type.TUnsafe<Words[number]>
const list = <Item extends TSchema>(item: Item) => Type.Unsafe<readonly Static<Item>[]>(Type.Array(item))

const RecordIdText = Type.Unsafe<RecordId>(Type.String({ pattern: '^[0-9a-f]{40}$' }))
const InstantText = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
const Pair = Type.Object({ valueName: Type.String(), value: Type.String() }, strict)
/** [latitude, longitude], as CAP writes points. */
const Point = Type.Unsafe<readonly [number, number]>(
  Type.Array(Type.Number({ minimum: -180, maximum: 180 }), { minItems: 2, maxItems: 2 }),
)
const Circle = Type.Object({ center: Point, radiusKm: Type.Number({ exclusiveMinimum: 0 }) }, strict)
const AreaCodeSchema = Type.Object(
  { scheme: Type.String(), code: Type.String(), asOf: Type.Optional(Type.String()) },
  strict,
)

const codes = {
  category: list(oneOf(capCategories)),
  responseType: list(oneOf(capResponseTypes)),
  urgency: oneOf(capUrgencies),
  severity: oneOf(capSeverities),
  certainty: oneOf(capCertainties),
  eventCode: list(Pair),
}

export const proposalRecord = defineRecord({
  type: 'warn.proposal',
  schemaVersion: 1,
  terms: 'CAP 1.2',
  body: Type.Object(
    {
      country: Type.String({ pattern: '^[A-Z]{2}$' }),
      event: RecordIdText,
      state: oneOf(['warn', 'end']),
      hazard: Type.String(),
      ...codes,
      onset: InstantText,
      expires: InstantText,
      texts: Type.Object(
        {
          event: Type.String(),
          headline: Type.String(),
          description: Type.String(),
          instruction: Type.String(),
          area: Type.Optional(Type.String()),
          revised: Type.Optional(Type.String()),
          advice: Type.Optional(Type.Object({ headline: Type.String(), instruction: Type.String() }, strict)),
          ending: Type.Optional(
            Type.Object(
              { headline: Type.String(), description: Type.String(), instruction: Type.String() },
              strict,
            ),
          ),
        },
        strict,
      ),
      args: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), list(Type.String())])),
      material: Type.Optional(
        list(
          Type.Object(
            {
              name: Type.String(),
              value: Type.Union([Type.Number(), Type.String()]),
              tolerance: Type.Optional(Type.Number({ minimum: 0 })),
            },
            strict,
          ),
        ),
      ),
      parameter: list(Pair),
      areas: list(
        Type.Object(
          {
            desc: Type.Record(Type.String(), Type.String()),
            polygons: list(list(Point)),
            circles: list(Circle),
            geocodes: list(AreaCodeSchema),
          },
          strict,
        ),
      ),
      because: list(
        Type.Object(
          {
            name: Type.String(),
            value: Type.Union([Type.Number(), Type.String()]),
            threshold: Type.Optional(Type.Union([Type.Number(), Type.String()])),
          },
          strict,
        ),
      ),
    },
    strict,
  ),
})

export const decisionRecord = defineRecord({
  type: 'warn.decision',
  schemaVersion: 1,
  body: Type.Object(
    {
      proposal: RecordIdText,
      version: Type.Integer({ minimum: 1 }),
      /** `issue`: this version goes out. `end`: what is in force of this proposal is cancelled. `decline`: noted. */
      decision: oneOf(['issue', 'end', 'decline']),
      because: Type.String(),
    },
    strict,
  ),
})
export type WarnDecisionBody = Static<typeof decisionRecord.body>

const Info = Type.Object(
  {
    language: Type.String(),
    event: Type.String(),
    ...codes,
    effective: Type.String(),
    onset: Type.String(),
    expires: Type.String(),
    senderName: Type.String(),
    headline: Type.String(),
    description: Type.String(),
    instruction: Type.String(),
    web: Type.Optional(Type.String()),
    contact: Type.Optional(Type.String()),
    parameter: list(Pair),
    /** Always empty: a warning is complete in its words. */
    resource: Type.Unsafe<readonly never[]>(Type.Array(Type.Never(), { maxItems: 0 })),
    area: list(
      Type.Object(
        { areaDesc: Type.String(), polygon: list(list(Point)), circle: list(Circle), geocode: list(Pair) },
        strict,
      ),
    ),
  },
  strict,
)

const Reference = Type.Object({ id: RecordIdText, version: Type.Integer({ minimum: 1 }) }, strict)

export const warningRecord = defineRecord({
  type: 'warn.warning',
  schemaVersion: 1,
  terms: 'CAP 1.2',
  body: Type.Object(
    {
      country: Type.String({ pattern: '^[A-Z]{2}$' }),
      hazard: Type.String(),
      /** Absent: people warned of what no record tells. */
      event: Type.Optional(RecordIdText),
      proposal: Type.Optional(Reference),
      /** The draft as people approved it. */
      draft: Type.Optional(Reference),
      /** The first draft of a chain that no proposal began. */
      chain: Type.Optional(RecordIdText),
      /** 1, 2, … in its chain. */
      number: Type.Integer({ minimum: 1 }),
      /** `authority`: a warning by mandate. `advice`: addressed to the authority, who alone may warn. */
      authority: oneOf(['authority', 'advice']),
      mandate: Type.String(),
      rule: Type.String(),
      identifier: Type.String(),
      sender: Type.String(),
      sent: InstantText,
      status: oneOf(capStatuses),
      msgType: oneOf(capMsgTypes),
      scope: oneOf(capScopes),
      /** With scope Restricted: the handling it is bound by. */
      restriction: Type.Optional(Type.String()),
      addresses: list(Type.String()),
      note: Type.Optional(Type.String()),
      references: list(
        Type.Object({ sender: Type.String(), identifier: Type.String(), sent: Type.String() }, strict),
      ),
      expires: InstantText,
      /** Language → all of its texts in this message were reviewed by a named person. */
      reviewed: Type.Record(Type.String(), Type.Boolean()),
      infos: list(Info),
      /** The CAP message, byte for byte as issued. */
      xml: Type.String(),
    },
    strict,
  ),
})
export type WarningBody = Static<typeof warningRecord.body>

export const warnRecords = [proposalRecord, decisionRecord, warningRecord, ...deskRecords] as const
