/**
 * `hazards.impact`: what an earthquake means for people and places. Every figure has a range or a spread, every
 * assumption stands in the record. Intensities are Modified Mercalli (MMI), distances kilometres, people as counted by
 * the source that the assumptions name.
 */
import { type Static, Type } from 'typebox'
import { defineRecord, type RecordId } from '../../engines/record/index.ts'

const recordId = Type.Unsafe<RecordId>(Type.String({ pattern: '^[0-9a-f]{40}$' }))
const mmi = Type.Number({ minimum: 0, maximum: 10 })
const lonLat = Type.Tuple([Type.Number(), Type.Number()])
const level = Type.Union([
  Type.Literal('green'),
  Type.Literal('yellow'),
  Type.Literal('orange'),
  Type.Literal('red'),
])
/** Median, and the 16th and 84th percentile: between models, between events and within one event. */
const shaking = { mmi, mmiLow: mmi, mmiHigh: mmi }

const town = Type.Object({
  /** GeoNames id. */
  id: Type.Integer(),
  name: Type.String(),
  country: Type.String(),
  at: lonLat,
  people: Type.Number(),
  distanceKm: Type.Number(),
  ...shaking,
  isCapital: Type.Boolean(),
})

const country = Type.Object({
  code: Type.String(),
  /** Strongest median at a listed town; 0 where no listed town is reached. */
  maxMmi: mmi,
  /** Median at the country's nearest point. */
  nearestMmi: mmi,
  nearestKm: Type.Number(),
  /** People by whole intensity from 4 (3.5 and above). */
  exposed: Type.Array(Type.Object({ mmi: Type.Integer(), low: Type.Number(), high: Type.Number() })),
  /** Absent: there is no loss model for the country. `model`: whose model was used. */
  fatalities: Type.Optional(
    Type.Object({
      expected: Type.Number(),
      low: Type.Number(),
      high: Type.Number(),
      model: Type.String(),
    }),
  ),
})

export const impactBody = Type.Object({
  kind: Type.Literal('earthquake'),
  /** `withdrawn`: the event was false, became part of another, or lost its magnitude; the figures are the last ones. */
  state: Type.Union([Type.Literal('active'), Type.Literal('withdrawn')]),
  event: recordId,
  magnitude: Type.Number(),
  latitude: Type.Number(),
  longitude: Type.Number(),
  depthKm: Type.Number(),
  models: Type.Array(Type.Object({ name: Type.String(), weight: Type.Number() })),
  level,
  rule: Type.Object({
    name: Type.Literal('pager-fatality'),
    value: Type.Number(),
    thresholds: Type.Object({ yellow: Type.Number(), orange: Type.Number(), red: Type.Number() }),
  }),
  maxMmi: mmi,
  /** Epicentral distance within which the median is at least MMI 3. */
  feltRadiusKm: Type.Number(),
  towns: Type.Array(town),
  /** H3 cells with a median of MMI 3.5 and above. */
  cells: Type.Array(Type.Object({ cell: Type.String(), mmi })),
  countries: Type.Array(country),
  fatalities: Type.Object({
    expected: Type.Number(),
    low: Type.Number(),
    high: Type.Number(),
    G: Type.Number(),
    /** `to` absent: and more. */
    ranges: Type.Array(
      Type.Object({ from: Type.Number(), to: Type.Optional(Type.Number()), probability: Type.Number() }),
    ),
  }),
  /** Places that carry more than their own people. */
  critical: Type.Array(
    Type.Object({
      name: Type.String(),
      country: Type.String(),
      at: lonLat,
      why: Type.Union([Type.Literal('capital'), Type.Literal('large-town')]),
      people: Type.Number(),
      ...shaking,
    }),
  ),
  /** Stable key for catalogues, English for the file, figures to fill in. */
  assumptions: Type.Array(
    Type.Object({
      key: Type.String(),
      text: Type.String(),
      args: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
    }),
  ),
})
export type ImpactBody = Static<typeof impactBody>

export const impactRecord = defineRecord({
  type: 'hazards.impact',
  schemaVersion: 1,
  terms: 'MMI; PAGER alert levels; ISO 3166-1; H3',
  body: impactBody,
})
