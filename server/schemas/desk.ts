/**
 * `/api/v1/desk`: the warning desk. Who composes, submits, approves and issues is whoever has signed in; nothing here lets
 * anybody say who they are.
 *
 *   GET  /desk                       what may be chosen: countries, issuers, languages, hazards, approvals by severity
 *   GET  /desk/queue                 proposals that wait for a person
 *   GET  /desk/drafts?state=&cursor= drafts, newest first
 *   POST /desk/drafts                a new draft: blank, from a template, a proposal, or a warning (update, cancel)
 *   GET  /desk/drafts/:id            one draft: content, state, findings of the checks, what I may do, what was done
 *   PUT  /desk/drafts/:id            other content: `basedOn` is the version it was made from (409 when there is a newer)
 *   POST /desk/drafts/:id/steps      submit, approve, return, issue, withdraw: of the version named
 *   GET  /desk/drafts/:id/preview    as CAP, plain text, 160 characters, spoken
 *   GET  /desk/templates, POST /desk/templates
 *   GET  /desk/areas, POST /desk/areas      saved areas
 *   GET  /desk/duty                  the duty screen: alarms with what can and has been done
 *   POST /desk/duty/actions          silence, acknowledge, clear
 *   GET  /desk/signing-key           the public key of this node's warnings
 *
 * Positions are [lon, lat], as in GeoJSON; instants RFC 3339, UTC. Roles: duty officers compose, submit, issue, withdraw
 * and act on the duty screen; approvers approve and return; both see. Reviewing a language: `isReviewed: true` in the
 * content; who and when is set by the node, and lost when the text changes.
 */
import { type Static, Type } from 'typebox'
import {
  capCategories,
  capCertainties,
  capResponseTypes,
  capSeverities,
  capUrgencies,
} from '../../engines/formats/index.ts'
import { idSchema, instantSchema, listQuery, pageQuery, pageSchema, textSchema } from './common.ts'

const strict = { additionalProperties: false }
const short = (maxLength: number) => Type.String({ maxLength })
const pairSchema = Type.Object({ valueName: short(200), value: short(2000) }, strict)
const pairs = Type.Array(pairSchema, { maxItems: 50 })
const positionSchema = Type.Tuple([
  Type.Number({ minimum: -180, maximum: 180 }),
  Type.Number({ minimum: -90, maximum: 90 }),
])
const countrySchema = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' })
const languageSchema = Type.String({ pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$', maxLength: 35 })
const versionSchema = Type.Integer({ minimum: 1 })
const becauseSchema = Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' })
const refSchema = Type.Object({ id: idSchema, version: versionSchema }, strict)

export const deskAreaSchema = Type.Object(
  {
    desc: Type.Record(languageSchema, short(1000), { description: 'BCP 47 tag → name of the area' }),
    polygons: Type.Array(Type.Array(positionSchema, { maxItems: 2000 }), {
      maxItems: 50,
      description: 'rings, last position equal to the first',
    }),
    circles: Type.Array(
      Type.Object({ center: positionSchema, radiusKm: Type.Number({ minimum: 0, maximum: 20_000 }) }, strict),
      { maxItems: 50 },
    ),
    geocodes: Type.Array(Type.Object({ scheme: short(60), code: short(200) }, strict), { maxItems: 500 }),
  },
  strict,
)
export type DeskArea = Static<typeof deskAreaSchema>

const wordFields = {
  event: short(500),
  headline: short(2000),
  description: short(20_000),
  instruction: short(20_000),
}
export const deskTextSchema = Type.Object(
  { ...wordFields, isReviewed: Type.Boolean({ description: 'a named person has read it in this language' }) },
  strict,
)

const contentFields = {
  country: countrySchema,
  hazard: short(60),
  rule: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'the issue rule: who issues, by which mandate; absent: the first that covers it',
    }),
  ),
  category: Type.Array(Type.Enum(capCategories), { maxItems: 12, uniqueItems: true }),
  responseType: Type.Array(Type.Enum(capResponseTypes), { maxItems: 9, uniqueItems: true }),
  urgency: Type.Enum(capUrgencies),
  severity: Type.Enum(capSeverities),
  certainty: Type.Enum(capCertainties),
  eventCode: pairs,
  parameter: pairs,
  effective: Type.Optional(instantSchema),
  onset: Type.Optional(instantSchema),
  expires: instantSchema,
  areas: Type.Array(deskAreaSchema, { maxItems: 100 }),
  note: Type.Optional(short(2000)),
}
export const deskContentSchema = Type.Object(
  { ...contentFields, texts: Type.Record(languageSchema, deskTextSchema) },
  strict,
)
export type DeskContent = Static<typeof deskContentSchema>

const stateSchema = Type.Enum(['draft', 'submitted', 'approved', 'returned', 'issued', 'withdrawn'], {
  description: 'of the draft; what became of an issued message is its `fate`',
})
const stepSchema = Type.Enum(['submit', 'approve', 'return', 'issue', 'withdraw'])
const purposeSchema = Type.Enum(['alert', 'update', 'cancel'])
const personSchema = Type.Object({
  id: Type.String({ description: 'person:LOGIN@NODE' }),
  name: Type.String(),
  role: Type.Optional(Type.String()),
})

/** A finding of the checks. Errors keep a draft from being submitted. */
export const deskFindingSchema = Type.Object({
  rule: Type.String({ description: 'stable name: `desk/figures-differ`, `cap/polygon-open`' }),
  level: Type.Enum(['error', 'warning'], { description: 'warning: said, and no obstacle' }),
  place: Type.String({ description: 'JSON pointer into the content: /texts/sq/headline' }),
  value: Type.String(),
  message: Type.String({ description: 'what is wrong and what to do, in English' }),
  mayOverride: Type.Boolean({
    description: 'true: a step may name this rule in `despite`, with a reason that the approver reads',
  }),
})

const summaryFields = {
  id: idSchema,
  realm: Type.String(),
  version: versionSchema,
  state: stateSchema,
  purpose: purposeSchema,
  country: countrySchema,
  hazard: Type.String(),
  severity: Type.String(),
  headline: textSchema,
  expires: instantSchema,
  by: personSchema,
  changedAt: instantSchema,
  approvals: Type.Object({ needed: Type.Integer(), given: Type.Integer() }),
  warning: Type.Optional(Type.String({ description: 'record id of the message, once issued' })),
  fate: Type.Optional(Type.Enum(['in-force', 'superseded', 'cancelled', 'expired', 'ending'])),
}
export const deskDraftSummarySchema = Type.Object(summaryFields)
export type DeskDraftSummary = Static<typeof deskDraftSummarySchema>
export const deskDraftPageSchema = pageSchema(deskDraftSummarySchema)
export const deskDraftQuerySchema = listQuery({ state: Type.Optional(stateSchema) })

export const deskDraftSchema = Type.Object({
  ...summaryFields,
  content: Type.Object({
    ...contentFields,
    texts: Type.Record(
      languageSchema,
      Type.Object({
        ...wordFields,
        isReviewed: Type.Boolean(),
        isEdited: Type.Boolean({ description: 'people changed what the catalogue wrote' }),
        reviewed: Type.Optional(Type.Object({ by: Type.String(), on: Type.String() })),
      }),
    ),
  }),
  issuer: Type.Optional(
    Type.Object({
      rule: Type.String(),
      kind: Type.Enum(['authority', 'advice'], {
        description: 'advice: this node has no mandate there; the message goes to the authority alone',
      }),
      mandate: Type.String(),
      sender: Type.String(),
      senderName: textSchema,
    }),
  ),
  languages: Type.Array(Type.String(), { description: 'that this country is warned in' }),
  findings: Type.Array(deskFindingSchema),
  /** What the asker may do now, and why not. */
  can: Type.Array(
    Type.Object({
      step: Type.Enum(['edit', 'submit', 'approve', 'return', 'issue', 'withdraw', 'update', 'cancel']),
      isAllowed: Type.Boolean(),
      because: Type.Optional(Type.String({ description: 'code of the refusal' })),
    }),
  ),
  history: Type.Array(
    Type.Object({
      at: instantSchema,
      kind: Type.Enum(['edit', 'submit', 'approve', 'return', 'issue', 'withdraw']),
      version: versionSchema,
      by: personSchema,
      because: Type.Optional(Type.String()),
      despite: Type.Array(Type.String()),
      isVoid: Type.Boolean({ description: 'it came too late, or a later change made it void' }),
    }),
  ),
  references: Type.Array(
    Type.Object({ id: idSchema, sender: Type.String(), identifier: Type.String(), sent: Type.String() }),
  ),
  evidence: Type.Array(Type.Object({ id: idSchema, version: versionSchema, type: Type.String() })),
  template: Type.Optional(refSchema),
  proposal: Type.Optional(refSchema),
  event: Type.Optional(idSchema),
  proposalMovedOn: Type.Boolean({ description: 'the proposal has a newer version than this was made from' }),
})
export type DeskDraft = Static<typeof deskDraftSchema>

const argsSchema = Type.Record(
  short(60),
  Type.Union([short(2000), Type.Number(), Type.Array(short(200), { maxItems: 200 })]),
)
export const newDraftSchema = Type.Object(
  {
    from: Type.Union([
      Type.Object(
        { kind: Type.Literal('blank'), country: countrySchema, hazard: short(60), expires: instantSchema },
        strict,
      ),
      Type.Object(
        {
          kind: Type.Literal('template'),
          template: idSchema,
          country: countrySchema,
          args: Type.Optional(argsSchema),
          onset: Type.Optional(instantSchema),
        },
        strict,
      ),
      Type.Object({ kind: Type.Literal('proposal'), proposal: idSchema }, strict),
      Type.Object(
        { kind: Type.Literal('warning'), warning: idSchema, purpose: Type.Enum(['update', 'cancel']) },
        strict,
      ),
    ]),
    realm: pageQuery.realm,
  },
  strict,
)
export type NewDraft = Static<typeof newDraftSchema>
export const editDraftSchema = Type.Object({ basedOn: versionSchema, content: deskContentSchema }, strict)
export const draftStepSchema = Type.Object(
  {
    step: stepSchema,
    version: Type.Integer({ minimum: 1, description: 'that the person saw' }),
    because: Type.Optional(becauseSchema),
    despite: Type.Optional(
      Type.Array(short(100), { maxItems: 20, description: 'rules set aside; needs `because`' }),
    ),
  },
  strict,
)

export const deskPreviewSchema = Type.Object({
  version: versionSchema,
  isSendable: Type.Boolean({ description: 'our own validator calls the message clean' }),
  cap: Type.String({ description: 'CAP 1.2, as it would go out now, unsigned' }),
  languages: Type.Array(
    Type.Object({
      language: Type.String(),
      plain: Type.String(),
      short: Type.Object({
        text: Type.String(),
        encoding: Type.Enum(['GSM-7', 'UCS-2']),
        length: Type.Integer({
          description: 'in units of the encoding; a character of the extension counts two',
        }),
        limit: Type.Integer({ description: '160 in GSM-7, 70 in UCS-2' }),
        segments: Type.Integer(),
        isCut: Type.Boolean(),
      }),
      spoken: Type.String({ description: 'figures and abbreviations written out; plain text, no marks' }),
    }),
  ),
})
export type DeskPreview = Static<typeof deskPreviewSchema>

const templateFields = {
  name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,79}$' }),
  title: Type.Record(languageSchema, short(200)),
  hazard: short(60),
  category: contentFields.category,
  responseType: contentFields.responseType,
  urgency: contentFields.urgency,
  severity: contentFields.severity,
  certainty: contentFields.certainty,
  eventCode: pairs,
  parameter: pairs,
  hours: Type.Number({ exclusiveMinimum: 0, maximum: 720, description: 'how long it holds from its onset' }),
  /** Keys into the catalogues of the packs. */
  texts: Type.Object(
    { event: short(200), headline: short(200), description: short(200), instruction: short(200) },
    strict,
  ),
  args: argsSchema,
}
export const newTemplateSchema = Type.Object(templateFields, strict)
export const deskTemplateSchema = Type.Object({ id: idSchema, version: versionSchema, ...templateFields })
export type DeskTemplate = Static<typeof deskTemplateSchema>
export const deskTemplatesSchema = Type.Object({ items: Type.Array(deskTemplateSchema) })

const savedAreaFields = {
  name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,79}$' }),
  country: countrySchema,
  area: deskAreaSchema,
}
export const newSavedAreaSchema = Type.Object(savedAreaFields, strict)
export const savedAreaSchema = Type.Object({ id: idSchema, version: versionSchema, ...savedAreaFields })
export type SavedArea = Static<typeof savedAreaSchema>
export const savedAreasSchema = Type.Object({ items: Type.Array(savedAreaSchema) })
export const savedSchema = Type.Object({ id: idSchema, version: versionSchema })

export const deskSchema = Type.Object({
  countries: Type.Array(
    Type.Object({ code: countrySchema, name: textSchema, languages: Type.Array(Type.String()) }),
  ),
  issuers: Type.Array(
    Type.Object({
      rule: Type.String(),
      kind: Type.Enum(['authority', 'advice']),
      mandate: Type.String(),
      countries: Type.Union([Type.Literal('*'), Type.Array(Type.String())]),
      hazards: Type.Optional(Type.Array(Type.String())),
      sender: Type.String(),
      senderName: textSchema,
    }),
  ),
  /** How many other people must approve, by severity. */
  approvals: Type.Record(Type.String(), Type.Integer()),
  maxDays: Type.Integer(),
  awareness: Type.Object(
    {
      levels: Type.Record(Type.String(), Type.String(), { description: 'severity → awareness_level' }),
      types: Type.Array(Type.Object({ code: Type.String(), value: Type.String() }), {
        description: 'awareness_type of the region’s profile',
      }),
    },
    { description: 'of the warning profile of the region; written by the node by itself' },
  ),
})
export type Desk = Static<typeof deskSchema>

export const deskQueueSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      proposal: idSchema,
      version: versionSchema,
      realm: Type.String(),
      state: Type.Enum(['warn', 'end']),
      country: countrySchema,
      hazard: Type.String(),
      severity: Type.String(),
      urgency: Type.String(),
      certainty: Type.String(),
      event: idSchema,
      expires: instantSchema,
      recordedAt: instantSchema,
      because: Type.Array(
        Type.Object({
          name: Type.String(),
          value: Type.Union([Type.Number(), Type.String()]),
          threshold: Type.Optional(Type.Union([Type.Number(), Type.String()])),
        }),
      ),
      inForce: Type.Array(idSchema, { description: 'messages of its chain that hold' }),
      drafts: Type.Array(idSchema, { description: 'made from it and neither issued nor withdrawn' }),
    }),
  ),
})
export type DeskQueue = Static<typeof deskQueueSchema>

const actionSchema = Type.Enum(['silence', 'acknowledge', 'clear'])
export const deskDutySchema = Type.Object({
  items: Type.Array(
    Type.Object({
      /** Record id of the proposal or the warning that raises it. */
      subject: idSchema,
      kind: Type.Enum(['proposal', 'warning']),
      country: countrySchema,
      hazard: Type.String(),
      headline: textSchema,
      state: Type.Enum(['nominal', 'normal', 'alert', 'warn', 'alarm', 'emergency']),
      method: Type.Array(Type.Enum(['visual', 'sound'])),
      since: instantSchema,
      canSilence: Type.Boolean(),
      hasSilenced: Type.Boolean(),
      canAcknowledge: Type.Boolean(),
      hasAcknowledged: Type.Boolean(),
      canClear: Type.Boolean(),
      hasCleared: Type.Boolean(),
      actions: Type.Array(Type.Object({ action: actionSchema, by: Type.String(), at: instantSchema })),
    }),
  ),
})
export type DeskDuty = Static<typeof deskDutySchema>
export const dutyActionSchema = Type.Object(
  { subject: idSchema, action: actionSchema, because: Type.Optional(becauseSchema) },
  strict,
)
export const dutyActedSchema = Type.Object({ id: idSchema })

export const deskKeySchema = Type.Object({
  algorithm: Type.String({ description: 'ECDSA-SHA256 on P-256, or RSA-SHA256' }),
  publicKey: Type.String({ description: 'SPKI, PEM' }),
  fingerprint: Type.String({
    description: 'SHA-256 of the certificate (DER) or of the bare key (SPKI), hexadecimal',
  }),
  certificate: Type.Optional(Type.String({ description: 'PEM' })),
})
export type DeskKey = Static<typeof deskKeySchema>
