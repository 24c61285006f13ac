/** The parts that both record types of received warnings are made of, in CAP's words (CAP 1.2 §3.2). */
import { type Static, type TSchema, Type } from 'typebox'
import {
  type CapAlert,
  capCategories,
  capCertainties,
  capMsgTypes,
  capResponseTypes,
  capScopes,
  capSeverities,
  capStatuses,
  capUrgencies,
} from '../../formats/index.ts'
import type { Instant } from '../../record/index.ts'

export const strict = { additionalProperties: false }
export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  Type.Unsafe<Words[number]>(Type.String({ enum: [...words] }))
export const list = <Item extends TSchema>(item: Item) =>
  Type.Unsafe<readonly Static<Item>[]>(Type.Array(item))
export const text = Type.String()
export const maybe = Type.Optional(Type.String())

export const InstantText = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
export const Triple = Type.Object({ sender: text, identifier: text, sent: InstantText }, strict)
export const Code = Type.Object({ scheme: text, code: text }, strict)

const Pair = Type.Object({ valueName: text, value: text }, strict)
/** [latitude, longitude], as CAP writes points. */
const Point = Type.Unsafe<readonly [number, number]>(
  Type.Array(Type.Number({ minimum: -180, maximum: 180 }), { minItems: 2, maxItems: 2 }),
)
export const polygons = list(list(Point))
export const circles = list(Type.Object({ center: Point, radiusKm: Type.Number() }, strict))

const Area = Type.Object(
  {
    areaDesc: text,
    polygon: polygons,
    circle: circles,
    geocode: list(Pair),
    altitude: Type.Optional(Type.Number()),
    ceiling: Type.Optional(Type.Number()),
  },
  strict,
)
const Resource = Type.Object(
  {
    resourceDesc: text,
    mimeType: text,
    size: Type.Optional(Type.Number()),
    uri: maybe,
    derefUri: maybe,
    digest: maybe,
  },
  strict,
)
const Info = Type.Object(
  {
    language: maybe,
    category: list(oneOf(capCategories)),
    event: text,
    responseType: list(oneOf(capResponseTypes)),
    urgency: oneOf(capUrgencies),
    severity: oneOf(capSeverities),
    certainty: oneOf(capCertainties),
    audience: maybe,
    eventCode: list(Pair),
    effective: maybe,
    onset: maybe,
    expires: maybe,
    senderName: maybe,
    headline: maybe,
    description: maybe,
    instruction: maybe,
    web: maybe,
    contact: maybe,
    parameter: list(Pair),
    resource: list(Resource),
    area: list(Area),
  },
  strict,
)

export const Alert = Type.Unsafe<CapAlert>(
  Type.Object(
    {
      version: oneOf(['1.1', '1.2']),
      identifier: text,
      sender: text,
      sent: text,
      status: oneOf(capStatuses),
      msgType: oneOf(capMsgTypes),
      source: maybe,
      scope: oneOf(capScopes),
      restriction: maybe,
      addresses: list(text),
      code: list(text),
      note: maybe,
      references: list(Type.Object({ sender: text, identifier: text, sent: text }, strict)),
      incidents: list(text),
      info: list(Info),
      signatures: Type.Integer({ minimum: 0 }),
    },
    strict,
  ),
)
