/**
 * Record types of the hazards pack: what an agency reports of a shock (`hazards.observation`), and what the reports of
 * one thing of any kind become together (`hazards.event`). Words are QuakeML 1.2's: `depth` in metres, positive down; times are UTC.
 *
 * Key of an observation: `<catalogue>:<the agency's event id>`; its versions are the agency's revisions. A report that
 * its agency withdrew has `evaluationStatus` `rejected`.
 */
import { type Static, Type } from 'typebox'
import {
  type CapSeverity,
  capSeverities,
  type EvaluationMode,
  type EvaluationStatus,
  evaluationModes,
  evaluationStatuses,
  type SeismicEventType,
  seismicEventTypes,
} from '../../engines/formats/index.ts'
import { eventBody } from '../../engines/fuse/index.ts'
import { defineRecord, type Instant } from '../../engines/record/index.ts'
import { type HazardKind, hazardKinds } from './kinds.ts'
import { reportStatuses } from './report-records.ts'

const at = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
const latitude = Type.Number({ minimum: -90, maximum: 90 })
const longitude = Type.Number({ minimum: -180, maximum: 180 })
const depth = Type.Number({ minimum: -10_000, maximum: 1_000_000, description: 'metres, positive down' })
const mag = Type.Number({ minimum: -3, maximum: 11 })
const oneOf = <Word extends string>(words: readonly Word[]) =>
  Type.Unsafe<Word>(Type.String({ enum: [...words] }))

const origin = Type.Object({
  time: at,
  latitude,
  longitude,
  depth,
  /** The source states no depth: `depth` is the usual fixed one, and no measurement. */
  isDepthAssumed: Type.Optional(Type.Boolean()),
  depthUncertainty: Type.Optional(Type.Number({ minimum: 0, description: 'metres' })),
  horizontalUncertainty: Type.Optional(Type.Number({ minimum: 0, description: 'metres' })),
  timeUncertainty: Type.Optional(Type.Number({ minimum: 0, description: 'seconds' })),
})

const observation = Type.Object({
  kind: Type.Literal('earthquake'),
  /** Id of the source that brought it; sources that carry one catalogue by several paths share it. */
  source: Type.String({ minLength: 1 }),
  agency: Type.String({ minLength: 1 }),
  eventId: Type.String({ minLength: 1 }),
  ids: Type.Array(Type.String({ minLength: 1 })),
  origin,
  magnitude: Type.Optional(Type.Object({ mag, type: Type.String() })),
  eventType: oneOf<SeismicEventType>(seismicEventTypes),
  evaluationMode: oneOf<EvaluationMode>(evaluationModes),
  evaluationStatus: oneOf<EvaluationStatus>(evaluationStatuses),
  region: Type.Optional(Type.String()),
  updated: at,
})

const otherKinds = hazardKinds.filter((kind) => kind !== 'earthquake')

/** Figures of a fused earthquake: those of the preferred report, and how far the others are from it. */
const figures = Type.Object({
  kind: Type.Literal('earthquake'),
  time: at,
  latitude,
  longitude,
  depth,
  magnitude: Type.Optional(mag),
  magnitudeType: Type.Optional(Type.String()),
  /** Least and greatest magnitude that any agency gives. */
  magnitudeRange: Type.Optional(Type.Tuple([mag, mag])),
  agencies: Type.Array(Type.String()),
  region: Type.Optional(Type.String()),
  /** Greatest distance between two agencies' epicentres. */
  spreadKm: Type.Number({ minimum: 0 }),
  mode: oneOf<EvaluationMode>(evaluationModes),
})

/** Figures of a fused event of any other kind. Its area is the record's own place. */
const hazardFigures = Type.Object({
  kind: oneOf<Exclude<HazardKind, 'earthquake'>>(otherKinds),
  time: at,
  until: Type.Optional(at),
  latitude,
  longitude,
  agencies: Type.Array(Type.String()),
  /** ISO 3166-1 alpha-2. */
  countries: Type.Array(Type.String()),
  region: Type.Optional(Type.String()),
  title: Type.Optional(Type.String()),
  /** Highest that any member in force gives. */
  severity: Type.Optional(oneOf<CapSeverity>(capSeverities)),
  status: oneOf(reportStatuses),
  /** What the members measure: area burnt, people, discharge; of several values of one name least and greatest. */
  measures: Type.Array(
    Type.Object({ name: Type.String(), unit: Type.String(), low: Type.Number(), high: Type.Number() }),
  ),
  spreadKm: Type.Optional(Type.Number({ minimum: 0 })),
  /** Members tell of codes or a country without a shape: its place stands for less than the event. */
  isPlaceCoarse: Type.Optional(Type.Boolean()),
  /** Authorities whose own warning of it stood when a member last said something: nobody warns in their place. */
  warnedBy: Type.Optional(
    Type.Array(
      Type.Object({
        country: Type.String(),
        authority: Type.String(),
        name: Type.String(),
        notices: Type.Integer({ minimum: 1 }),
        severity: oneOf<CapSeverity>(capSeverities),
        until: at,
      }),
    ),
  ),
})

export type EarthquakeObservation = Static<typeof observation>
export type EarthquakeFigures = Static<typeof figures>
export type HazardFigures = Static<typeof hazardFigures>

export const hazardsObservation = defineRecord({
  type: 'hazards.observation',
  schemaVersion: 1,
  terms: 'QuakeML 1.2',
  body: observation,
})

export const hazardsEvent = defineRecord({
  type: 'hazards.event',
  schemaVersion: 1,
  terms: 'QuakeML 1.2',
  body: eventBody(Type.Union([figures, hazardFigures])),
})
