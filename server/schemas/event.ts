/** `GET /api/v1/events` and `/events/:id`: fused events, what they rest on, what they mean, and what was known when. */
import type { MultiPolygon, Polygon } from 'geojson'
import { type Static, Type } from 'typebox'
import {
  attributionSchema,
  idSchema,
  instantSchema,
  levelSchema,
  listQuery,
  pageSchema,
  rangeSchema,
  reasonSchema,
  textSchema,
  withheldSchema,
} from './common.ts'
import { warningSummarySchema } from './warning.ts'

export const eventQuerySchema = listQuery({
  from: Type.Optional(Type.String({ description: 'RFC 3339: not before' })),
  until: Type.Optional(Type.String({ description: 'RFC 3339: not after' })),
  minMagnitude: Type.Optional(Type.Number()),
  level: Type.Optional(
    Type.String({
      description:
        'this level or higher: green, yellow, orange, red; an event without an assessment counts by its severity: Minor as green, Moderate as yellow, Severe as orange, Extreme as red',
    }),
  ),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'words in place, agency or id' })),
  country: Type.Optional(Type.String({ description: 'ISO 3166-1 alpha-2: touched by it, or in it' })),
  kind: Type.Optional(
    Type.String({ maxLength: 400, description: 'earthquake, flood, wildfire …; several with commas' }),
  ),
})
export type EventQuery = Static<typeof eventQuerySchema>

export type GeoShape = Polygon | MultiPolygon
export const geoShape = Type.Object(
  { type: Type.String(), coordinates: Type.Array(Type.Any()) },
  { description: 'GeoJSON Polygon or MultiPolygon' },
)

/** Of several values of one name, the least and the greatest that the members give. */
export const measureSchema = Type.Object({
  name: Type.String(),
  unit: Type.String({ description: 'UCUM where the source’s is one; 1: a number' }),
  range: rangeSchema,
})
export type Measure = Static<typeof measureSchema>

const summaryFields = {
  id: idSchema,
  realm: Type.String(),
  kind: Type.String({ description: 'earthquake, flood, wildfire, …' }),
  hazard: Type.String({ description: 'the pack that declares it' }),
  title: Type.Optional(textSchema),
  time: instantSchema,
  until: Type.Optional(instantSchema),
  latitude: Type.Number(),
  longitude: Type.Number(),
  severity: Type.Optional(Type.String({ description: 'CAP 1.2: the highest that a member in force gives' })),
  status: Type.Optional(Type.String({ description: 'forecast, active, ended or withdrawn, by its members' })),
  isPlaceCoarse: Type.Optional(
    Type.Boolean({ description: 'only codes or a country are told: the point is a capital, and no area is' }),
  ),
  measures: Type.Optional(Type.Array(measureSchema)),
  /** Its area for a map: as it is where it is small, else what encloses it; `/events/:id` has it whole. */
  outline: Type.Optional(Type.Unsafe<GeoShape>(geoShape)),
  depthKm: Type.Optional(Type.Number()),
  magnitude: Type.Optional(Type.Number()),
  magnitudeType: Type.Optional(Type.String()),
  magnitudeRange: Type.Optional(rangeSchema),
  spreadKm: Type.Optional(Type.Number({ description: 'largest distance between the reported epicentres' })),
  mode: Type.Optional(Type.Union([Type.Literal('manual'), Type.Literal('automatic')])),
  agencies: Type.Array(Type.String()),
  level: levelSchema,
  maxMmi: Type.Optional(Type.Number({ description: 'highest modelled intensity at a town' })),
  region: Type.Optional(Type.String({ description: "the agency's own place words" })),
  near: Type.Optional(
    Type.Object(
      { town: Type.String(), country: Type.String(), km: Type.Number() },
      { description: 'nearest town, where nobody gives place words' },
    ),
  ),
  /** Country that holds the epicentre, and countries that its warnings or assessment touch. */
  country: Type.Optional(Type.String()),
  countries: Type.Array(Type.String()),
  reports: Type.Integer({ description: 'observations joined in it' }),
  warnings: Type.Integer({ description: 'warnings in force for it' }),
  state: Type.Union([Type.Literal('active'), Type.Literal('merged'), Type.Literal('retracted')]),
  mergedInto: Type.Optional(idSchema),
  origin: Type.String({ description: 'the node whose event it is' }),
  alsoSeenBy: Type.Optional(
    Type.Array(Type.String(), { description: 'other nodes whose events rest on a report of this one' }),
  ),
  updatedAt: Type.String({ description: 'when this node received the newest version' }),
  revision: Type.Integer({ description: 'version of the event record' }),
  withheld: Type.Optional(withheldSchema),
}
export const eventSummarySchema = Type.Object(summaryFields)
export type EventSummary = Static<typeof eventSummarySchema>
export const eventPageSchema = pageSchema(eventSummarySchema)
export type EventPage = Static<typeof eventPageSchema>

/** One revision of one agency's report, as this node received it. */
export const revisionSchema = Type.Object({
  version: Type.Integer(),
  receivedAt: instantSchema,
  withheld: Type.Optional(withheldSchema),
  delayMs: Type.Number({ description: 'received minus the reported origin time' }),
  figures: Type.Object({
    time: instantSchema,
    latitude: Type.Optional(Type.Number()),
    longitude: Type.Optional(Type.Number()),
    title: Type.Optional(textSchema),
    severity: Type.Optional(Type.String({ description: 'CAP 1.2' })),
    ownLevel: Type.Optional(Type.String({ description: 'level in the words of whoever reports it' })),
    probability: Type.Optional(Type.Number({ description: 'of what is forecast, 0–1' })),
    measures: Type.Optional(Type.Array(measureSchema)),
    url: Type.Optional(Type.String({ description: 'its own page, http or https' })),
    depthKm: Type.Optional(Type.Number()),
    magnitude: Type.Optional(Type.Number()),
    magnitudeType: Type.Optional(Type.String()),
    mode: Type.Optional(Type.String({ description: 'QuakeML evaluationMode' })),
    status: Type.Optional(
      Type.String({ description: 'QuakeML evaluationStatus; forecast, active, ended …; in-force, ended' }),
    ),
  }),
})
export const memberSchema = Type.Object({
  id: idSchema,
  type: Type.String({ description: 'its record type' }),
  as: Type.Union([Type.Literal('report'), Type.Literal('detection'), Type.Literal('warning')], {
    description: 'warning: of another authority, see /notices/:id',
  }),
  source: Type.String(),
  agency: Type.String(),
  sourceEventId: Type.String(),
  isPreferred: Type.Boolean(),
  region: Type.Optional(Type.String()),
  attribution: Type.Array(attributionSchema),
  revisions: Type.Array(revisionSchema, { description: 'oldest first' }),
})
export type Member = Static<typeof memberSchema>

export const joinSchema = Type.Object({
  a: idSchema,
  b: idSchema,
  by: Type.Union([Type.Literal('hard-link'), Type.Literal('score'), Type.Literal('person')]),
  score: Type.Optional(Type.Number()),
  reasons: Type.Array(reasonSchema),
})

/** One version of the event or of its assessment, and what it changed. */
export const historyEntrySchema = Type.Object({
  type: Type.String({ description: 'hazards.event, hazards.impact, warn.warning' }),
  id: idSchema,
  version: Type.Integer(),
  receivedAt: instantSchema,
  changed: Type.Array(
    Type.Object({
      field: Type.String({ description: 'magnitude, depthKm, level, members, warning …' }),
      from: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()])),
      to: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()])),
    }),
  ),
})

/** What waits for a person: whether two reports are one thing, or whether to warn. */
export const waitingProposalSchema = Type.Object({
  id: idSchema,
  version: Type.Integer(),
  kind: Type.Union([Type.Literal('fuse'), Type.Literal('warn')]),
  receivedAt: instantSchema,
  a: Type.Optional(idSchema),
  b: Type.Optional(idSchema),
  score: Type.Optional(Type.Number()),
  reasons: Type.Optional(Type.Array(reasonSchema)),
  country: Type.Optional(Type.String()),
  state: Type.Optional(Type.String({ description: 'warn or end' })),
  because: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String(),
        value: Type.Union([Type.Number(), Type.String()]),
        threshold: Type.Optional(Type.Union([Type.Number(), Type.String()])),
      }),
    ),
  ),
})

/** A person's answer to a proposed warning. */
export const decisionViewSchema = Type.Object({
  id: idSchema,
  proposal: idSchema,
  country: Type.Optional(Type.String()),
  decision: Type.String({ description: 'issue, decline or end' }),
  because: Type.String(),
  by: Type.Optional(Type.String()),
  role: Type.Optional(Type.String()),
  at: instantSchema,
})

export const eventDetailSchema = Type.Object({
  ...summaryFields,
  area: Type.Optional(Type.Unsafe<GeoShape>(geoShape)),
  attribution: Type.Array(attributionSchema, { description: 'of all that it rests on' }),
  members: Type.Array(memberSchema),
  joined: Type.Array(joinSchema),
  elsewhere: Type.Array(Type.Object({ id: idSchema, origin: Type.String() }), {
    description: 'the events of other nodes that tell of the same; of a peer’s event, the own one',
  }),
  aliases: Type.Array(idSchema, { description: 'ids of events that merged into this one' }),
  /** Body of the newest `hazards.impact` about it, when the asker may have all of it: its own schema says what is in it. */
  impact: Type.Optional(Type.Unknown()),
  impactRecord: Type.Optional(
    Type.Object({
      id: idSchema,
      version: Type.Integer(),
      receivedAt: instantSchema,
      withheld: Type.Optional(withheldSchema),
    }),
  ),
  warningList: Type.Array(warningSummarySchema, { description: 'every warning about it, newest first' }),
  history: Type.Array(historyEntrySchema, { description: 'oldest first' }),
  proposals: Type.Array(waitingProposalSchema),
  decisions: Type.Array(decisionViewSchema, { description: 'newest first' }),
})
export type EventDetail = Static<typeof eventDetailSchema>
