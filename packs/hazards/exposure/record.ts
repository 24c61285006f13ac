/**
 * `hazards.exposure`: who and what lies where a flood, fire, storm or other disaster is told of: people and towns as
 * ranges, critical places by name, the countries touched, near it and downstream of it. Every assumption stands in the
 * record. Distances are kilometres, people as counted by the source that the assumptions name.
 */
import { type Static, Type } from 'typebox'
import { type CapSeverity, capSeverities } from '../../../engines/formats/index.ts'
import { defineRecord, type Instant, type RecordId } from '../../../engines/record/index.ts'
import { type HazardKind, hazardKinds } from '../kinds.ts'

const recordId = Type.Unsafe<RecordId>(Type.String({ pattern: '^[0-9a-f]{40}$' }))
const at = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
const oneOf = <Word extends string>(words: readonly Word[]) =>
  Type.Unsafe<Word>(Type.String({ enum: [...words] }))
const lonLat = Type.Tuple([Type.Number(), Type.Number()])
const range = Type.Object({ low: Type.Number({ minimum: 0 }), high: Type.Number({ minimum: 0 }) })
const ring = Type.Array(lonLat)

export const levels = ['green', 'yellow', 'orange', 'red'] as const
export const relations = ['touched', 'near', 'downstream', 'reported'] as const

const town = Type.Object({
  /** GeoNames id. */
  id: Type.Integer(),
  name: Type.String(),
  country: Type.String(),
  at: lonLat,
  people: Type.Number(),
  isCapital: Type.Boolean(),
})

const downstream = Type.Object({
  river: Type.String(),
  /** 1: the first that the water reaches. */
  order: Type.Integer({ minimum: 1 }),
  km: range,
  /** Points on the banks in this country, as far as the estimate looks. */
  banks: Type.Array(lonLat),
})

const country = Type.Object({
  code: Type.String(),
  /** `touched`: the area reaches into it; `near`: it does not, by so much; `reported`: a source names it, no shape shows it. */
  relation: oneOf(relations),
  nearestKm: Type.Optional(Type.Number({ minimum: 0 })),
  people: range,
  towns: Type.Integer({ minimum: 0 }),
  /** Outer rings of the event's shapes that reach into it. */
  rings: Type.Array(ring),
  downstream: Type.Optional(downstream),
  /** Its own authority warns of the event: nobody else does in its place. */
  warnedBy: Type.Optional(Type.Object({ authority: Type.String(), name: Type.String(), until: at })),
})

export const exposureBody = Type.Object({
  kind: oneOf<HazardKind>(hazardKinds),
  /** `withdrawn`: the event was taken back or is told under another; the figures are the last ones. */
  state: oneOf(['active', 'withdrawn'] as const),
  event: recordId,
  title: Type.Optional(Type.String()),
  time: at,
  until: Type.Optional(at),
  status: Type.String(),
  severity: Type.Optional(oneOf<CapSeverity>(capSeverities)),
  level: oneOf(levels),
  /** What made the level: a threshold of GDACS where one is known and its figure is told, else the severity. */
  rule: Type.Object({
    name: oneOf(['gdacs-flood', 'gdacs-wildfire', 'gdacs-tsunami', 'severity'] as const),
    value: Type.Union([Type.Number(), Type.String()]),
    because: Type.String(),
  }),
  /** `shape`: as told; `circle`: around a point, of an assumed radius; `unknown`: only a country or a code is told. */
  area: oneOf(['shape', 'circle', 'unknown'] as const),
  radiusKm: Type.Optional(Type.Number()),
  people: range,
  /** The largest of those inside, largest first; `townsInside` counts them all. */
  towns: Type.Array(town),
  townsInside: Type.Integer({ minimum: 0 }),
  countries: Type.Array(country),
  /** Places that carry more than their own people. */
  critical: Type.Array(
    Type.Object({
      name: Type.String(),
      country: Type.String(),
      at: lonLat,
      why: oneOf(['capital', 'large-town'] as const),
      people: Type.Number(),
    }),
  ),
  agencies: Type.Array(Type.String()),
  /** Area codes that the tellings give, with their scheme. */
  codes: Type.Array(Type.Object({ scheme: Type.String(), code: Type.String() })),
  assumptions: Type.Array(
    Type.Object({
      key: Type.String(),
      text: Type.String(),
      args: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
    }),
  ),
})
export type ExposureBody = Static<typeof exposureBody>

export const exposureRecord = defineRecord({
  type: 'hazards.exposure',
  schemaVersion: 1,
  terms: 'GDACS alert levels; CAP 1.2 severity; ISO 3166-1',
  body: exposureBody,
})
