/**
 * Record types of the environment pack.
 *
 * `environment.series`: what a station measures; key `<source>:<series>`. `environment.reading`: one value of it; key
 * `<series key>@<time>`; a later version is the station's own revision. `environment.exceedance`: a stretch of readings
 * above an agreed limit. `environment.notification`: told to one neighbour about one exceedance, with the time by which he
 * acknowledges; `environment.acknowledgement`: his answer, a record of his own node that refers to it, because only its
 * origin may change a record; it answers alarms (`alarm/`) and reports of accidents (`accidents/`) too. `environment.limit`:
 * a limit that a node or region agreed on beside or in place of ours. `environment.contact`: who speaks for a country, in
 * this node's own register.
 */
import { type Static, Type } from 'typebox'
import { defineRecord, type Instant, type RecordId } from '../../engines/record/index.ts'
import { accidentRecords } from './accidents/records.ts'
import { alarmRecord } from './alarm/records.ts'
import { type PropertyCode, propertyCodes } from './properties.ts'

const strict = { additionalProperties: false }
const at = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
const id = Type.Unsafe<RecordId>(Type.String({ pattern: '^[0-9a-f]{40}$' }))
const name = Type.String({ minLength: 1, maxLength: 500 })
const country = Type.String({ pattern: '^[A-Z]{2}$' })
const property = Type.Unsafe<PropertyCode>(Type.String({ enum: [...propertyCodes] }))
const oneOf = <const Words extends readonly string[]>(words: Words) =>
  Type.Unsafe<Words[number]>(Type.String({ enum: [...words] }))

const station = Type.Object({ id: name, name: Type.Optional(name) }, strict)

export const seriesRecord = defineRecord({
  type: 'environment.series',
  schemaVersion: 1,
  terms: 'OGC 10-126r4 (WaterML 2.0), UCUM',
  body: Type.Object(
    {
      source: name,
      station,
      property,
      /** As the source names it. */
      named: name,
      /** UCUM: what it comes in, and what we keep. */
      unitReceived: name,
      unit: name,
      method: Type.Optional(name),
      uncertainty: Type.Optional(
        Type.Object({ value: Type.Number({ minimum: 0 }), unit: Type.Optional(name) }, strict),
      ),
      /** Under which this station's values may be used, where it differs from the source's own. */
      licences: Type.Optional(
        Type.Array(Type.Object({ name, credit: Type.Optional(name), url: Type.Optional(name) }, strict)),
      ),
    },
    strict,
  ),
})

export const readingRecord = defineRecord({
  type: 'environment.reading',
  schemaVersion: 1,
  terms: 'OGC 10-126r4 (WaterML 2.0), UCUM',
  body: Type.Object(
    {
      /** Key of its series. */
      series: name,
      station,
      property,
      /** End of the interval, or the instant. */
      time: at,
      received: Type.Optional(Type.Object({ value: Type.Number(), unit: name }, strict)),
      /** In `unit`. Absent where the source says that there is none; `missing` has its reason. */
      value: Type.Optional(Type.Number()),
      unit: name,
      missing: Type.Optional(name),
      /** As the source states it. */
      quality: Type.Optional(name),
    },
    strict,
  ),
})

export const limitKinds = ['information', 'alert', 'limit', 'warning-level', 'danger-level'] as const
export type LimitKind = (typeof limitKinds)[number]

const limit = Type.Object(
  {
    id: name,
    property,
    kind: oneOf(limitKinds),
    /** In the unit that readings of the property are kept in. A reading above it exceeds. */
    value: Type.Number(),
    unit: name,
    /** How many readings in a row, an hour apart, must lie above it. */
    consecutiveHours: Type.Integer({ minimum: 1, maximum: 72 }),
    source: name,
  },
  strict,
)
export type Limit = Static<typeof limit>

export const limitRecord = defineRecord({
  type: 'environment.limit',
  schemaVersion: 1,
  body: Type.Object(
    {
      limit,
      /** Only for this series: the flood level of one gauge. Absent: for every series of the property. */
      series: Type.Optional(name),
      /** `ended`: no longer agreed. A limit of an id that we have too stands in its place. */
      state: oneOf(['agreed', 'ended']),
      because: name,
    },
    strict,
  ),
})

export const exceedanceRecord = defineRecord({
  type: 'environment.exceedance',
  schemaVersion: 1,
  terms: 'Directive 2008/50/EC',
  body: Type.Object(
    {
      series: name,
      station,
      property,
      limit,
      from: at,
      until: at,
      peak: Type.Number(),
      peakAt: at,
      readings: Type.Integer({ minimum: 1 }),
      state: oneOf(['over', 'ended', 'withdrawn']),
    },
    strict,
  ),
})

export const notificationRecord = defineRecord({
  type: 'environment.notification',
  schemaVersion: 1,
  body: Type.Object(
    {
      exceedance: id,
      series: name,
      station,
      property,
      limit,
      /** ISO 3166-1 alpha-2: where the station stands, and who is told. */
      from: Type.Optional(country),
      to: country,
      /** Who may acknowledge for it, by the register of the day; empty: nobody stands there. */
      nodes: Type.Optional(Type.Array(name, { maxItems: 100 })),
      distanceKm: Type.Number({ minimum: 0 }),
      peak: Type.Number(),
      peakAt: at,
      openedAt: at,
      /** By when it is to be acknowledged. */
      dueAt: at,
      state: oneOf(['over', 'ended', 'withdrawn']),
    },
    strict,
  ),
})

export const acknowledgementRecord = defineRecord({
  type: 'environment.acknowledgement',
  schemaVersion: 1,
  body: Type.Object(
    {
      notification: id,
      version: Type.Integer({ minimum: 1 }),
      at,
      by: Type.Object({ name, role: Type.Optional(name) }, strict),
      note: Type.Optional(name),
    },
    strict,
  ),
})

export const contactRecord = defineRecord({
  type: 'environment.contact',
  schemaVersion: 1,
  body: Type.Object(
    {
      contact: Type.Object(
        {
          id: name,
          country,
          systems: Type.Array(name, { minItems: 1, maxItems: 10 }),
          title: Type.Object({ en: name }, strict),
          role: name,
          watch: oneOf(['day-and-night', 'office-hours']),
          nodes: Type.Array(name, { maxItems: 20 }),
          mail: Type.Optional(name),
          phone: Type.Optional(name),
        },
        strict,
      ),
      /** `ended`: nobody sits there any more. A contact of an id that the region has too stands in its place. */
      state: oneOf(['held', 'ended']),
      because: name,
    },
    strict,
  ),
})

export type ContactBody = Static<typeof contactRecord.body>
export type SeriesBody = Static<typeof seriesRecord.body>
export type ReadingBody = Static<typeof readingRecord.body>
export type LimitBody = Static<typeof limitRecord.body>
export type ExceedanceBody = Static<typeof exceedanceRecord.body>
export type NotificationBody = Static<typeof notificationRecord.body>
export type AcknowledgementBody = Static<typeof acknowledgementRecord.body>

export const environmentRecords = [
  seriesRecord,
  readingRecord,
  limitRecord,
  exceedanceRecord,
  notificationRecord,
  acknowledgementRecord,
  contactRecord,
  alarmRecord,
  ...accidentRecords,
] as const
