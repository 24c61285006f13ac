/**
 * `environment.alarm`: an alarm of one alert centre to all centres downstream (accident emergency warning system of the
 * Danube, ICPDR): warning, confirmation of receipt by each, end of alert. Key: chosen by its sender. Version 1 is the
 * warning; the version with `end` ends it. Whom it goes to, in which order, and when the water may be there stands in it as
 * it was reckoned on the day. Confirmations are `environment.acknowledgement` records of the centres' own nodes.
 */
import { type Static, Type } from 'typebox'
import { defineRecord, type Instant } from '../../../engines/record/index.ts'
import { addresseeSchema } from '../addressed.ts'

const strict = { additionalProperties: false }
const at = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
const name = Type.String({ minLength: 1, maxLength: 500 })
const text = Type.String({ minLength: 1, maxLength: 4000 })
const country = Type.String({ pattern: '^[A-Z]{2}$' })
const range = Type.Object({ low: Type.Number({ minimum: 0 }), high: Type.Number({ minimum: 0 }) }, strict)

export const incidentSchema = Type.Object(
  {
    what: text,
    kind: Type.Unsafe<'pollution' | 'flood' | 'ice' | 'radiation' | 'other'>(
      Type.String({ enum: ['pollution', 'flood', 'ice', 'radiation', 'other'] }),
    ),
    substance: Type.Optional(name),
    /** With its unit, as known: `about 100 m3`. */
    amount: Type.Optional(name),
    occurredAt: at,
    advice: Type.Optional(text),
  },
  strict,
)

const downstream = Type.Object(
  {
    ...addresseeSchema.properties,
    /** From 1: the centre that the water reaches first. */
    order: Type.Integer({ minimum: 1 }),
    river: name,
    /** Along the river from the place of the accident, kilometres. */
    km: range,
    arrival: Type.Object({ from: at, until: at }, strict),
  },
  strict,
)

export const alarmRecord = defineRecord({
  type: 'environment.alarm',
  schemaVersion: 1,
  terms: 'Accident Emergency Warning System of the Danube (ICPDR)',
  body: Type.Object(
    {
      system: name,
      /** Begins with EXERCISE or TEST where it is one. */
      headline: text,
      incident: incidentSchema,
      from: Type.Object({ contact: name, country }, strict),
      rivers: Type.Array(name, { minItems: 1 }),
      issuedAt: at,
      speed: Type.Object({ ...range.properties, unit: Type.Literal('km/h'), assumed: text }, strict),
      addressees: Type.Array(downstream, { maxItems: 60 }),
      /** Downstream, and nobody stands in the register: to be told by other means. */
      withoutCentre: Type.Array(country, { maxItems: 60 }),
      end: Type.Optional(
        Type.Object(
          { at, by: Type.Object({ name, role: Type.Optional(name) }, strict), because: text },
          strict,
        ),
      ),
    },
    strict,
  ),
})

export type Incident = Static<typeof incidentSchema>
export type AlarmBody = Static<typeof alarmRecord.body>
export type AlarmAddressee = AlarmBody['addressees'][number]
