/**
 * `report.report`: one edition of a report. Key `<template>:<subject>#<edition>`; its versions are its life:
 *
 *     draft → edited → … → issued
 *
 * An issued edition gets no further version; what is to be said anew is the next edition, which links `supersedes` to it.
 * The texts stand in the record as they were written, so that an issued report is what it was whatever becomes of
 * catalogues and templates. Links: `about` the subject; `derivedFrom` every record it rests on, with its version, so the
 * store joins handling and credits.
 */
import { type TSchema, Type } from 'typebox'
import { defineRecord, type Instant, type RecordId } from '../record/index.ts'
import type { Section, Written } from './contract.ts'

export const reportStates = ['draft', 'edited', 'issued'] as const
export type ReportState = (typeof reportStates)[number]

/** A report in one language. */
export type ReportText = {
  readonly title: Written
  /** Lines of its head: what it is, whose, of when. */
  readonly head: readonly Written[]
  /** In an exercise or a test: said at the top and on every page. */
  readonly banner?: Written
  readonly sections: readonly Section<Written>[]
  /** Agreed notes on names that stand in it. */
  readonly notes: readonly Written[]
  /** Who has read it in this language and stands for it. */
  readonly reviewed?: { readonly by: string; readonly at: Instant }
}

export type Rest = {
  readonly id: RecordId
  readonly version: number
  readonly type: string
  readonly origin: string
  readonly receivedAt: Instant
}

export type Signed = { readonly name: string; readonly role?: string; readonly at: Instant }

export type ReportBody = {
  readonly template: { readonly name: string; readonly version: string }
  readonly edition: number
  readonly state: ReportState
  readonly subject: { readonly id: RecordId; readonly version: number }
  /** What this node held then is what the report rests on. */
  readonly asOf: Instant
  readonly drafted: Signed
  readonly edits: readonly (Signed & { readonly language: string; readonly block: string })[]
  readonly issued?: Signed
  readonly timeZone: string
  readonly texts: Readonly<Record<string, ReportText>>
  readonly rests: readonly Rest[]
}

const strict = { additionalProperties: false }
const list = (item: TSchema, maxItems = 500) => Type.Array(item, { maxItems })
const id = Type.String({ pattern: '^[0-9a-f]{40}$' })
const at = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' })
const name = Type.String({ minLength: 1, maxLength: 300 })
const blockId = Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,60}$' })
const words = Type.Object(
  { text: Type.String({ maxLength: 20_000 }), language: Type.Optional(Type.String({ maxLength: 35 })) },
  strict,
)
const signed = { name, role: Type.Optional(name), at }
const lonLat = Type.Tuple([
  Type.Number({ minimum: -540, maximum: 540 }),
  Type.Number({ minimum: -90, maximum: 90 }),
])
const kind = (value: string) => ({ kind: Type.Literal(value) })

const figure = Type.Union([
  Type.Object(
    {
      ...kind('map'),
      bounds: Type.Array(Type.Number({ minimum: -540, maximum: 540 }), { minItems: 4, maxItems: 4 }),
      areas: list(Type.Object({ rings: list(Type.Array(lonLat, { maxItems: 5000 })) }, strict)),
      circles: list(
        Type.Object(
          { center: lonLat, radiusKm: Type.Number({ exclusiveMinimum: 0, maximum: 5000 }) },
          strict,
        ),
      ),
      marks: list(
        Type.Object(
          { at: lonLat, kind: Type.Enum(['centre', 'town', 'capital']), label: Type.Optional(words) },
          strict,
        ),
      ),
      legend: list(
        Type.Object({ sign: Type.Enum(['centre', 'area', 'circle', 'town']), label: words }, strict),
        10,
      ),
      credit: words,
    },
    strict,
  ),
  Type.Object(
    {
      ...kind('points'),
      axis: words,
      series: list(
        Type.Object(
          { name: words, points: list(Type.Object({ at, value: Type.Number() }, strict), 2000) },
          strict,
        ),
        20,
      ),
    },
    strict,
  ),
  Type.Object(
    {
      ...kind('ranges'),
      axis: words,
      rows: list(
        Type.Object(
          { label: words, low: Type.Number({ minimum: 0 }), high: Type.Number({ minimum: 0 }) },
          strict,
        ),
        60,
      ),
    },
    strict,
  ),
  Type.Object(
    {
      ...kind('spans'),
      asOf: at,
      rows: list(
        Type.Object(
          {
            label: words,
            spans: list(Type.Object({ from: at, until: at, isOver: Type.Boolean() }, strict), 200),
          },
          strict,
        ),
        60,
      ),
    },
    strict,
  ),
])

const block = Type.Union([
  Type.Object({ ...kind('paragraph'), id: blockId, words }, strict),
  Type.Object({ ...kind('list'), id: blockId, items: list(words) }, strict),
  Type.Object(
    { ...kind('facts'), id: blockId, rows: list(Type.Object({ label: words, value: words }, strict)) },
    strict,
  ),
  Type.Object(
    {
      ...kind('table'),
      id: blockId,
      caption: words,
      head: list(words, 12),
      rows: list(list(words, 12), 2000),
    },
    strict,
  ),
  Type.Object({ ...kind('figure'), id: blockId, caption: words, figure }, strict),
])

const text = Type.Object(
  {
    title: words,
    head: list(words, 12),
    banner: Type.Optional(words),
    sections: list(Type.Object({ id: blockId, heading: words, blocks: list(block, 60) }, strict), 40),
    notes: list(words, 20),
    reviewed: Type.Optional(Type.Object({ by: name, at }, strict)),
  },
  strict,
)

export const reportRecord = defineRecord({
  type: 'report.report',
  schemaVersion: 1,
  body: Type.Unsafe<ReportBody>(
    Type.Object(
      {
        template: Type.Object({ name, version: name }, strict),
        edition: Type.Integer({ minimum: 1 }),
        state: Type.Enum([...reportStates]),
        subject: Type.Object({ id, version: Type.Integer({ minimum: 1 }) }, strict),
        asOf: at,
        drafted: Type.Object(signed, strict),
        edits: list(Type.Object({ ...signed, language: name, block: blockId }, strict), 5000),
        issued: Type.Optional(Type.Object(signed, strict)),
        timeZone: Type.String({ maxLength: 60 }),
        texts: Type.Record(Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' }), text),
        rests: list(
          Type.Object(
            {
              id,
              version: Type.Integer({ minimum: 1 }),
              type: name,
              origin: name,
              receivedAt: at,
            },
            strict,
          ),
          2000,
        ),
      },
      strict,
    ),
  ),
})
