/**
 * What systems say of hazards other than shaking.
 *
 * `hazards.report`: one system's word on one event: a GDACS alert, a Copernicus activation, a GLIDE number, a flood
 * forecast, a burnt area. Key: `<system>:<its event id>`; versions are its episodes and revisions. A report that its
 * system took back, openly or by letting it vanish, has `status` `withdrawn`.
 *
 * `hazards.detection`: hot spots that one satellite saw in one pass inside one H3 cell of resolution 6 (36 km²). Key:
 * `<satellite>:<acquisition minute>:<cell>`, so that the rows of the next file are a later version, whatever their order.
 */
import { type Static, Type } from 'typebox'
import { type CapSeverity, capSeverities } from '../../engines/formats/index.ts'
import { defineRecord, type Instant } from '../../engines/record/index.ts'
import { type HazardKind, hazardKinds } from './kinds.ts'

const at = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
const oneOf = <Word extends string>(words: readonly Word[]) =>
  Type.Unsafe<Word>(Type.String({ enum: [...words] }))
const name = Type.String({ minLength: 1, maxLength: 400 })

/** A figure with its unit (UCUM where the source's is one), as the source gives it. */
const measure = Type.Object({
  name,
  value: Type.Number(),
  unit: Type.String({ maxLength: 60 }),
  /** The source's own words. */
  text: Type.Optional(Type.String({ maxLength: 2000 })),
})

export const reportStatuses = ['forecast', 'active', 'ended', 'withdrawn'] as const

const level = Type.Object({ scheme: name, value: name, score: Type.Optional(Type.Number()) })

const report = Type.Object({
  kind: oneOf<HazardKind>(hazardKinds),
  /** Id of the source that brought it. */
  source: name,
  /** Who says so: `GDACS`, `Copernicus EMS`, `GLIDE`, `EFAS`. */
  agency: name,
  eventId: name,
  /** Which of several tellings of the event this is, where the source counts them. */
  episode: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Every name of the event with its list: `gdacs:FL1102983`, `glide:FL-2024-000199-ESP`, `cems:EMSR871`. */
  ids: Type.Array(name),
  title: Type.Optional(Type.String({ maxLength: 1000 })),
  status: oneOf(reportStatuses),
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  /** ISO 3166-1 alpha-2 where the region has the country, else the source's own code. */
  countries: Type.Array(Type.String({ minLength: 2, maxLength: 80 })),
  /** The source's own level, in its own scale and word. */
  level: Type.Optional(level),
  /** Of the newest episode alone, where the source gives both: the event keeps the highest that it ever had. */
  episodeLevel: Type.Optional(level),
  /** The same, mapped; the table stands beside the source. */
  severity: Type.Optional(oneOf<CapSeverity>(capSeverities)),
  /** Of what is forecast, 0–1. */
  probability: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  measures: Type.Array(measure),
  url: Type.Optional(Type.String({ maxLength: 2000 })),
  updated: at,
})
export type HazardReport = Static<typeof report>

export const hazardsReport = defineRecord({
  type: 'hazards.report',
  schemaVersion: 1,
  terms: 'GLIDE hazard codes; CAP 1.2 severity',
  body: report,
})

const pixel = Type.Object({
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  /** Along scan and track, kilometres. */
  scan: Type.Optional(Type.Number()),
  track: Type.Optional(Type.Number()),
  /** Fire radiative power, megawatts. */
  frp: Type.Optional(Type.Number()),
  /** Brightness temperature, kelvin: MODIS band 21/22, VIIRS I-4. */
  brightness: Type.Optional(Type.Number()),
  /** Per cent for MODIS; low, nominal, high for VIIRS. */
  confidence: Type.Union([Type.Number(), oneOf(['low', 'nominal', 'high'] as const)]),
})

const detection = Type.Object({
  kind: Type.Literal('wildfire'),
  source: name,
  /** `Suomi NPP`, `NOAA-20`, `NOAA-21`, `Terra`, `Aqua`. */
  agency: name,
  instrument: name,
  satellite: name,
  acquired: at,
  cell: Type.String({ pattern: '^[0-9a-f]{15}$' }),
  isDay: Type.Optional(Type.Boolean()),
  /** `NRT`, `RT`, `URT`, or none for the archive. */
  latency: Type.Optional(Type.String({ maxLength: 10 })),
  pixels: Type.Array(pixel, { minItems: 1, maxItems: 5000 }),
})
export type FireDetection = Static<typeof detection>

export const hazardsDetection = defineRecord({
  type: 'hazards.detection',
  schemaVersion: 1,
  terms: 'NASA FIRMS active fire attributes; H3',
  body: detection,
})
