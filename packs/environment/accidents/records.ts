/**
 * The three reports of the UNECE Industrial Accident Notification System (Convention on the Transboundary Effects of
 * Industrial Accidents, Helsinki 1992, articles 10 to 12 and 17, annexes IX and X) as records of their sender: early
 * warning, information, request for assistance; the answer to a request (article 12: whether, what, on which terms); the
 * test of the line; and the draft of any, which stays at home.
 *
 * *From memory*: that there are three forms, what each is for and the duty to answer are the Convention's. The fields
 * follow the forms as we remember them, not their printed numbers and order: hold them against the templates of the
 * Convention's secretariat before you exchange with a state that has no node. Spills and radiation go by the same forms
 * with their own `kind`.
 */
import { type Static, type TProperties, Type } from 'typebox'
import { defineRecord, type Instant, type RecordId } from '../../../engines/record/index.ts'
import { addresseeSchema } from '../addressed.ts'

const strict = { additionalProperties: false }
const at = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
const id = Type.Unsafe<RecordId>(Type.String({ pattern: '^[0-9a-f]{40}$' }))
const name = Type.String({ minLength: 1, maxLength: 500 })
const text = Type.String({ minLength: 1, maxLength: 4000 })
const country = Type.String({ pattern: '^[A-Z]{2}$' })
const count = Type.Integer({ minimum: 0, maximum: 1e9 })
const oneOf = <const Words extends readonly string[]>(words: Words) =>
  Type.Unsafe<Words[number]>(Type.String({ enum: [...words] }))
const optional = Type.Optional

export const accidentKinds = [
  'fire',
  'explosion',
  'release',
  'spill',
  'radiation',
  'dam-break',
  'other',
] as const
export const media = ['air', 'water', 'soil'] as const

const substance = Type.Object(
  {
    name,
    cas: optional(Type.String({ pattern: '^\\d{2,7}-\\d\\d-\\d$' })),
    un: optional(Type.String({ pattern: '^UN ?\\d{4}$' })),
    state: optional(oneOf(['gas', 'liquid', 'solid'])),
    /** Each with its unit, as known: `20 t`, `3 TBq`. */
    released: optional(name),
    atRisk: optional(name),
  },
  strict,
)

const accident = Type.Object(
  {
    kinds: Type.Array(oneOf(accidentKinds), { minItems: 1, maxItems: 7 }),
    occurredAt: at,
    where: text,
    /** WGS 84, degrees. */
    position: optional(
      Type.Object(
        {
          longitude: Type.Number({ minimum: -180, maximum: 180 }),
          latitude: Type.Number({ minimum: -90, maximum: 90 }),
        },
        strict,
      ),
    ),
    hazardousActivity: optional(name),
    description: text,
    substances: Type.Array(substance, { maxItems: 50 }),
    media: Type.Array(oneOf(media), { maxItems: 3 }),
  },
  strict,
)

/** What the three reports begin with. */
const head = {
  /** Begins with EXERCISE or TEST where it is one. */
  headline: text,
  from: Type.Object({ contact: name, country, role: name }, strict),
  addressees: Type.Array(addresseeSchema, { minItems: 1, maxItems: 60 }),
  /** Meant to be told, and nobody stands in the register: to be told by other means. */
  withoutContact: Type.Array(country, { maxItems: 60 }),
  sentAt: at,
  /** The report that this one goes on from. */
  follows: optional(id),
}

const earlyWarningFields = {
  accident,
  /** How it spreads: wind from, speed, stability; flow of the river. */
  spread: optional(text),
  reachesBorderAt: optional(at),
  expectedEffects: text,
  measuresTaken: text,
  assistanceMayBeAsked: Type.Boolean(),
}
const informationFields = {
  accident,
  /** Reports of one accident are counted. */
  number: Type.Integer({ minimum: 1, maximum: 999 }),
  situation: oneOf(['going-on', 'under-control', 'over']),
  cause: optional(text),
  casualties: optional(
    Type.Object(
      {
        dead: optional(count),
        injured: optional(count),
        missing: optional(count),
        evacuated: optional(count),
      },
      strict,
    ),
  ),
  effectsOnPeople: text,
  effectsOnEnvironment: text,
  measuresTaken: text,
  measuresPlanned: optional(text),
  adviceToAffected: optional(text),
  forecast: optional(text),
}
const requestFields = {
  accident,
  needs: Type.Array(Type.Object({ what: name, quantity: optional(name), purpose: optional(text) }, strict), {
    minItems: 1,
    maxItems: 50,
  }),
  where: text,
  neededFrom: at,
  neededUntil: optional(at),
  entryPoint: optional(text),
  /** Role and telephone of who receives them. */
  contactOnSite: text,
  facilitiesGiven: optional(text),
  costs: oneOf(['borne-by-requesting-party', 'to-be-agreed', 'asked-free-of-charge']),
}

const report = <Fields extends TProperties>(type: string, fields: Fields) =>
  defineRecord({
    type,
    schemaVersion: 1,
    terms: 'UNECE Industrial Accident Notification System',
    body: Type.Object({ ...head, ...fields }, strict),
  })

export const earlyWarningRecord = report('environment.early-warning', earlyWarningFields)
export const informationRecord = report('environment.information-report', informationFields)
export const assistanceRequestRecord = report('environment.assistance-request', requestFields)
export const communicationTestRecord = report('environment.communication-test', { text })

export const assistanceAnswerRecord = defineRecord({
  type: 'environment.assistance-answer',
  schemaVersion: 1,
  terms: 'Convention on the Transboundary Effects of Industrial Accidents, article 12',
  body: Type.Object(
    {
      /** The request, and the version of it that was answered. */
      notification: id,
      version: Type.Integer({ minimum: 1 }),
      at,
      by: Type.Object({ name, role: optional(name) }, strict),
      help: oneOf(['yes', 'partly', 'no']),
      scope: Type.Array(Type.Object({ what: name, quantity: optional(name) }, strict), { maxItems: 50 }),
      terms: text,
      availableFrom: optional(at),
      note: optional(name),
    },
    strict,
  ),
})

export const forms = [
  'early-warning',
  'information-report',
  'assistance-request',
  'communication-test',
] as const
export type Form = (typeof forms)[number]

/** What a person fills in: all but what the node itself knows. */
export const formFields = {
  'early-warning': Type.Object(earlyWarningFields, strict),
  'information-report': Type.Object(informationFields, strict),
  'assistance-request': Type.Object(requestFields, strict),
  'communication-test': Type.Object({ text }, strict),
} as const satisfies Readonly<Record<Form, unknown>>

export const formDraftRecord = defineRecord({
  type: 'environment.form-draft',
  schemaVersion: 1,
  body: Type.Object(
    {
      form: oneOf(forms),
      to: Type.Array(country, { maxItems: 60 }),
      /** As far as they are filled in. */
      fields: Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { maxProperties: 50 }),
      follows: optional(id),
      state: oneOf(['open', 'sent', 'discarded']),
      sentAs: optional(id),
    },
    strict,
  ),
})

export type EarlyWarningBody = Static<typeof earlyWarningRecord.body>
export type InformationBody = Static<typeof informationRecord.body>
export type AssistanceRequestBody = Static<typeof assistanceRequestRecord.body>
export type CommunicationTestBody = Static<typeof communicationTestRecord.body>
export type ReportBody = EarlyWarningBody | InformationBody | AssistanceRequestBody | CommunicationTestBody
export type AssistanceAnswerBody = Static<typeof assistanceAnswerRecord.body>
export type FormDraftBody = Static<typeof formDraftRecord.body>

export const typeOfForm = (form: Form): string => `environment.${form}`

export const accidentRecords = [
  earlyWarningRecord,
  informationRecord,
  assistanceRequestRecord,
  communicationTestRecord,
  assistanceAnswerRecord,
  formDraftRecord,
] as const
