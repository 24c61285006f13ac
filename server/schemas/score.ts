/**
 * `GET /api/v1/scores`, `/scores.csv`, `/scores/summary` and `/scores/:id`: warnings held against what was observed
 * (`assess.score`). Who may have a warning may have its score.
 */
import { type Static, Type } from 'typebox'
import { idSchema, instantSchema, listQuery, pageSchema, viewQuery } from './common.ts'

const filters = {
  issuer: Type.Optional(Type.String({ maxLength: 300, description: 'id of the issuer' })),
  hazard: Type.Optional(
    Type.String({ maxLength: 100, description: 'what was warned of: flood, wildfire …' }),
  ),
  country: Type.Optional(Type.String({ maxLength: 2, description: 'ISO 3166-1 alpha-2' })),
  outcome: Type.Optional(
    Type.String({ maxLength: 20, description: 'hit, miss, false-alarm, not-verified, withdrawn' }),
  ),
  from: Type.Optional(Type.String({ description: 'RFC 3339 instant: only what held then or later' })),
  until: Type.Optional(Type.String({ description: 'RFC 3339 instant: only what held then or earlier' })),
}
export const scoreQuerySchema = listQuery(filters)
export const scoreSetQuerySchema = Type.Object({ ...viewQuery, ...filters })
export type ScoreSetQuery = Static<typeof scoreSetQuerySchema>

const refSchema = Type.Object({ id: idSchema, version: Type.Integer(), type: Type.String() })
const share = Type.Number({ minimum: 0, maximum: 1 })

const summaryFields = {
  id: idSchema,
  version: Type.Integer(),
  realm: Type.String(),
  receivedAt: instantSchema,
  rule: Type.String(),
  outcome: Type.String({ description: 'hit, miss, false-alarm, not-verified, withdrawn' }),
  hazard: Type.String(),
  issuer: Type.Object({ id: Type.String(), name: Type.String(), country: Type.Optional(Type.String()) }),
  standing: Type.String({ description: '`warning`, or `advice` to an authority' }),
  countries: Type.Array(Type.String()),
  isCounted: Type.Boolean({ description: 'false: an update, counted by the first message of its chain' }),
  issuedAt: Type.Optional(instantSchema),
  from: instantSchema,
  until: Type.Optional(instantSchema),
  level: Type.Optional(Type.String()),
  leadTimeS: Type.Optional(
    Type.Number({ description: 'from issue to onset; below 0: issued after the onset' }),
  ),
  threatScore: Type.Optional(share),
  probability: Type.Optional(share),
  brier: Type.Optional(share),
  warning: Type.Optional(refSchema),
}
export const scoreSummarySchema = Type.Object(summaryFields)
export type ScoreSummaryView = Static<typeof scoreSummarySchema>
export const scorePageSchema = pageSchema(scoreSummarySchema)
export type ScorePage = Static<typeof scorePageSchema>

const boundSchema = Type.Union([Type.Number(), Type.String()])
export const scoreDetailSchema = Type.Object({
  ...summaryFields,
  because: Type.Array(
    Type.Object({ name: Type.String(), value: boundSchema, bound: Type.Optional(boundSchema) }),
  ),
  observed: Type.Array(
    Type.Object({
      id: idSchema,
      version: Type.Integer(),
      type: Type.String(),
      onset: instantSchema,
      end: instantSchema,
      level: Type.Optional(Type.String()),
      by: Type.Array(Type.String()),
    }),
  ),
  evidence: Type.Array(refSchema, { description: 'what the warning rested on when it was given' }),
  area: Type.Optional(
    Type.Object({
      warnedKm2: Type.Number(),
      observedKm2: Type.Number(),
      bothKm2: Type.Number(),
      warnedShareHit: share,
      observedShareWarned: share,
      threatScore: share,
    }),
  ),
  certainty: Type.Optional(Type.String()),
  tolerance: Type.Object({
    name: Type.String(),
    beforeMs: Type.Number(),
    afterMs: Type.Number(),
    km: Type.Number(),
  }),
  assumptions: Type.Array(Type.String()),
})
export type ScoreDetail = Static<typeof scoreDetailSchema>

const shareSchema = Type.Object(
  { value: share, low: share, high: share, of: Type.Integer() },
  { description: 'a share with its 95 % interval (Wilson) and of how many' },
)
export const scoreFiguresSchema = Type.Object({
  scores: Type.Integer(),
  hits: Type.Integer(),
  misses: Type.Integer(),
  falseAlarms: Type.Integer(),
  notVerified: Type.Integer(),
  pod: Type.Optional(shareSchema),
  far: Type.Optional(shareSchema),
  csi: Type.Optional(shareSchema),
  bias: Type.Optional(Type.Number()),
  leadTime: Type.Optional(
    Type.Object({
      hits: Type.Integer(),
      late: Type.Integer({ description: 'hits whose warning came after the onset' }),
      medianS: Type.Number(),
      lowS: Type.Number(),
      highS: Type.Number(),
    }),
  ),
  area: Type.Optional(
    Type.Object({
      hits: Type.Integer(),
      warnedShareHit: share,
      observedShareWarned: share,
      threatScore: share,
    }),
  ),
  probability: Type.Optional(
    Type.Object({
      forecasts: Type.Integer(),
      brier: share,
      skill: Type.Optional(Type.Number()),
      bins: Type.Array(Type.Object({ forecasts: Type.Integer(), meanForecast: share, observedRate: share })),
    }),
  ),
  certainty: Type.Array(Type.Object({ word: Type.String(), happened: shareSchema })),
})
export type ScoreFigures = Static<typeof scoreFiguresSchema>

export const scoreGroupsSchema = Type.Object({
  all: scoreFiguresSchema,
  groups: Type.Array(
    Type.Object({
      by: Type.String({ description: 'issuer, hazard, country, standing' }),
      name: Type.String(),
      title: Type.Optional(Type.String()),
      figures: scoreFiguresSchema,
    }),
  ),
  isWhole: Type.Boolean({
    description: 'false: there are more scores than one answer counts; narrow the period',
  }),
})
export type ScoreGroups = Static<typeof scoreGroupsSchema>
