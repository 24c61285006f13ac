/**
 * The records of the desk.
 *
 * `warn.draft`: the content as one person left it; every change is a version, and names the version it was made from.
 * `warn.draft-step`: submit, approve, return, issue or withdraw one version, by one person. `warn.template` and
 * `warn.saved-area`: what is used again. `warn.duty-action`: somebody silenced, acknowledged or cleared an alarm.
 *
 * These are papers of the desk: TLP:AMBER. What goes out is a `warn.warning`, and takes its handling from its evidence.
 */
import { type Static, type TSchema, Type } from 'typebox'
import {
  capCategories,
  capCertainties,
  capResponseTypes,
  capSeverities,
  capUrgencies,
} from '../../formats/index.ts'
import { defineRecord, type Handling, type Instant, type RecordId } from '../../record/index.ts'
import { deskRoles, draftSteps, purposes } from './contract.ts'

export const deskHandling: Handling = { tlp: 'TLP:AMBER' }

const strict = { additionalProperties: false }
const oneOf = <const Names extends readonly string[]>(names: Names) =>
  Type.Unsafe<Names[number]>(Type.String({ enum: [...names] }))
const list = <Item extends TSchema>(item: Item) => Type.Unsafe<readonly Static<Item>[]>(Type.Array(item))
const texts = Type.Unsafe<Readonly<Record<string, string>>>(Type.Record(Type.String(), Type.String()))

const IdText = Type.Unsafe<RecordId>(Type.String({ pattern: '^[0-9a-f]{40}$' }))
const InstantText = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
const Version = Type.Integer({ minimum: 1 })
const Country = Type.String({ pattern: '^[A-Z]{2}$' })
const Pair = Type.Object({ valueName: Type.String(), value: Type.String() }, strict)
/** [latitude, longitude], as CAP writes points. */
const Point = Type.Unsafe<readonly [number, number]>(
  Type.Array(Type.Number({ minimum: -180, maximum: 180 }), { minItems: 2, maxItems: 2 }),
)
const Area = Type.Object(
  {
    desc: texts,
    polygons: list(list(Point)),
    circles: list(Type.Object({ center: Point, radiusKm: Type.Number({ minimum: 0 }) }, strict)),
    geocodes: list(
      Type.Object({ scheme: Type.String(), code: Type.String(), asOf: Type.Optional(Type.String()) }, strict),
    ),
  },
  strict,
)
const Person = Type.Object({ id: Type.String(), name: Type.String(), role: oneOf(deskRoles) }, strict)
const codes = {
  hazard: Type.String({ minLength: 1 }),
  category: list(oneOf(capCategories)),
  responseType: list(oneOf(capResponseTypes)),
  urgency: oneOf(capUrgencies),
  severity: oneOf(capSeverities),
  certainty: oneOf(capCertainties),
  eventCode: list(Pair),
  parameter: list(Pair),
}
const Text = Type.Object(
  {
    event: Type.String(),
    headline: Type.String(),
    description: Type.String(),
    instruction: Type.String(),
    isEdited: Type.Boolean(),
    fromReviewed: Type.Boolean(),
    reviewed: Type.Optional(Type.Object({ by: Type.String(), on: InstantText }, strict)),
  },
  strict,
)
/** Content with texts of this form: as recorded, or as people hand it in. */
export const contentSchema = <Of extends TSchema>(of: Of) =>
  Type.Object(
    {
      country: Country,
      rule: Type.Optional(Type.String()),
      ...codes,
      effective: Type.Optional(InstantText),
      onset: Type.Optional(InstantText),
      expires: InstantText,
      areas: list(Area),
      note: Type.Optional(Type.String()),
      texts: Type.Unsafe<Readonly<Record<string, Static<Of>>>>(Type.Record(Type.String(), of)),
    },
    strict,
  )
const Content = contentSchema(Text)
const Reference = Type.Object({ id: IdText, version: Version }, strict)

export const draftRecord = defineRecord({
  type: 'warn.draft',
  schemaVersion: 1,
  terms: 'CAP 1.2',
  body: Type.Object(
    {
      /** The version that its author had before them; 0 for the first. A change of an older one is void. */
      basedOn: Type.Integer({ minimum: 0 }),
      by: Person,
      purpose: oneOf(purposes),
      /** The proposal, or the first draft, under whose name the messages of this warning stand; absent: this draft. */
      chain: Type.Optional(IdText),
      /** How many messages that chain had: is it more by now, this draft answers what is past. */
      after: Type.Integer({ minimum: 0 }),
      content: Content,
      template: Type.Optional(Reference),
      proposal: Type.Optional(Reference),
      event: Type.Optional(IdText),
      evidence: list(Type.Object({ id: IdText, version: Version, type: Type.String() }, strict)),
    },
    strict,
  ),
})
export type DraftBody = Static<typeof draftRecord.body>

export const draftStepRecord = defineRecord({
  type: 'warn.draft-step',
  schemaVersion: 1,
  body: Type.Object(
    {
      draft: IdText,
      version: Version,
      step: oneOf(draftSteps),
      by: Person,
      because: Type.Optional(Type.String()),
      /** Rules of the checks that this person set aside. */
      despite: list(Type.String()),
    },
    strict,
  ),
})
export type DraftStepBody = Static<typeof draftStepRecord.body>

export const templateRecord = defineRecord({
  type: 'warn.template',
  schemaVersion: 1,
  terms: 'CAP 1.2',
  body: Type.Object(
    {
      name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$' }),
      title: texts,
      ...codes,
      /** How long it holds from its onset. */
      hours: Type.Number({ exclusiveMinimum: 0 }),
      /** Keys into the catalogues of the packs. */
      texts: Type.Object(
        {
          event: Type.String(),
          headline: Type.String(),
          description: Type.String(),
          instruction: Type.String(),
        },
        strict,
      ),
      /** Of the messages, where whoever composes names no others. */
      args: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), list(Type.String())])),
    },
    strict,
  ),
})
export type TemplateBody = Static<typeof templateRecord.body>

export const savedAreaRecord = defineRecord({
  type: 'warn.saved-area',
  schemaVersion: 1,
  terms: 'CAP 1.2',
  body: Type.Object(
    { name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$' }), country: Country, area: Area },
    strict,
  ),
})
export type SavedAreaBody = Static<typeof savedAreaRecord.body>

export const dutyActionRecord = defineRecord({
  type: 'warn.duty-action',
  schemaVersion: 1,
  terms: 'Signal K 1.7 notifications',
  body: Type.Object(
    {
      subject: IdText,
      action: oneOf(['silence', 'acknowledge', 'clear']),
      by: Type.Object({ id: Type.String(), name: Type.String() }, strict),
      because: Type.Optional(Type.String()),
    },
    strict,
  ),
})
export type DutyActionBody = Static<typeof dutyActionRecord.body>

export const deskRecords = [
  draftRecord,
  draftStepRecord,
  templateRecord,
  savedAreaRecord,
  dutyActionRecord,
] as const
