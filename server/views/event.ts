/** An event record as the list and the event page show it. Figures are read by their field's standard names. */
import type { EventBody } from '../../engines/fuse/index.ts'
import { type Held, km, type RecordId } from '../../engines/record/index.ts'
import { inForce } from '../../engines/warn/index.ts'
import { nowIn, type View } from '../ask.ts'
import { type Context, packOf, type Seen } from '../context.ts'
import type { EventSummary, Measure } from '../schemas/index.ts'
import { outlineOf } from './outline.ts'
import { type HeldWarning, isWhole } from './warning.ts'

export type Figures = {
  readonly kind?: string
  readonly time?: string
  readonly latitude?: number
  readonly longitude?: number
  /** Metres, positive down. */
  readonly depth?: number
  readonly magnitude?: number
  readonly magnitudeType?: string
  readonly magnitudeRange?: readonly [number, number]
  readonly spreadKm?: number
  readonly mode?: 'manual' | 'automatic'
  readonly agencies?: readonly string[]
  readonly region?: string
  readonly until?: string
  readonly title?: string
  readonly severity?: string
  readonly status?: string
  readonly countries?: readonly string[]
  readonly isPlaceCoarse?: boolean
  readonly measures?: readonly Measured[]
}
export type Measured = {
  readonly name: string
  readonly unit: string
  readonly low: number
  readonly high: number
}
export type ImpactBody = {
  readonly event?: RecordId
  readonly level?: 'green' | 'yellow' | 'orange' | 'red'
  readonly maxMmi?: number
  readonly state?: string
  readonly countries?: readonly { readonly code?: string }[]
}

export type EventParts = {
  readonly event: Held<EventBody<Figures>>
  readonly impact?: Held<ImpactBody>
  readonly warnings: readonly HeldWarning[]
  /** Other nodes' events of the same thing. */
  readonly elsewhere?: readonly Held[]
}

/** What stands about these events: their newest assessment, and every warning. */
export async function partsOf(
  { records, types }: Seen,
  { realm, knownAt }: View,
  events: readonly Held[],
): Promise<readonly EventParts[]> {
  if (events.length === 0) return []
  const ids = events.map(({ record }) => record.id)
  const known = knownAt === undefined ? {} : { knownAt }
  const impacts = (await records.read({
    types: types.impacts,
    realm,
    linkedTo: ids,
    ...known,
  })) as readonly Held<ImpactBody>[]
  const about = await records.read({
    types: ['warn.warning'],
    realm,
    linkedTo: ids,
    linkType: 'about',
    ...known,
  })
  const warnings = about.filter(isWhole) as readonly HeldWarning[]
  return events.map((event) => {
    const impact = impacts.find(({ record }) => record.body?.event === event.record.id)
    return {
      event: event as Held<EventBody<Figures>>,
      ...(impact ? { impact } : {}),
      warnings: warnings.filter(({ record }) => record.body.event === event.record.id),
    }
  })
}

export function summaryOf(
  context: Context,
  view: View,
  { event, impact, warnings, elsewhere = [] }: EventParts,
): EventSummary {
  const { record, receivedAt, withheld } = event
  const { figures = {}, state = 'active', mergedInto, members = [] } = told(record.body)
  const { depth, magnitudeRange, agencies = [], measures, ...plain } = figures
  const outline = outlineOf(record.place?.geometry)
  const [longitude = 0, latitude = 0] =
    record.place?.geometry?.type === 'Point' ? record.place.geometry.coordinates : []
  const assessed = impact?.record.body.state === 'withdrawn' ? undefined : impact?.record.body
  const at = context.node.places.countryAt([plain.longitude ?? longitude, plain.latitude ?? latitude])
  const isNamed = plain.title !== undefined || plain.region !== undefined
  const near = isNamed
    ? undefined
    : townNear(context, [plain.longitude ?? longitude, plain.latitude ?? latitude])
  const touched = [
    ...(plain.countries ?? []),
    ...warnings.map(({ record: { body } }) => body.country),
    ...(assessed?.countries ?? []).flatMap(({ code }) => code ?? []),
  ]
  return {
    id: record.id,
    realm: record.realm,
    kind: plain.kind ?? record.type,
    hazard: packOf(context.node, record.type),
    ...(plain.title === undefined ? {} : { title: { und: plain.title } }),
    time: plain.time ?? record.valid.from,
    ...(plain.until === undefined ? {} : { until: plain.until }),
    latitude: plain.latitude ?? latitude,
    longitude: plain.longitude ?? longitude,
    ...(plain.severity === undefined ? {} : { severity: plain.severity }),
    ...(plain.status === undefined ? {} : { status: plain.status }),
    ...(plain.isPlaceCoarse === true ? { isPlaceCoarse: true } : {}),
    ...(measures ? { measures: measures.map(measureOf) } : {}),
    ...(outline ? { outline } : {}),
    ...(depth === undefined ? {} : { depthKm: Math.round(depth / 100) / 10 }),
    ...(plain.magnitude === undefined ? {} : { magnitude: plain.magnitude }),
    ...(plain.magnitudeType === undefined ? {} : { magnitudeType: plain.magnitudeType }),
    ...(magnitudeRange ? { magnitudeRange: [...magnitudeRange] as [number, number] } : {}),
    ...(plain.spreadKm === undefined ? {} : { spreadKm: plain.spreadKm }),
    ...(plain.mode === undefined ? {} : { mode: plain.mode }),
    agencies: [...agencies],
    level: assessed?.level ?? null,
    ...(assessed?.maxMmi === undefined ? {} : { maxMmi: assessed.maxMmi }),
    ...(plain.region === undefined ? {} : { region: plain.region }),
    ...(near ? { near } : {}),
    ...(at.code === undefined ? {} : { country: at.code }),
    countries: [...new Set([...(at.code === undefined ? [] : [at.code]), ...touched])],
    reports: members.filter(({ withdrawn }) => !withdrawn).length,
    warnings: inForce(warnings, nowIn(context, view)).length,
    state,
    ...(mergedInto === undefined ? {} : { mergedInto }),
    origin: record.origin,
    ...(elsewhere.length > 0 ? { alsoSeenBy: originsOf(elsewhere) } : {}),
    updatedAt: receivedAt,
    revision: record.version,
    ...(withheld ? { withheld: [...withheld] } : {}),
  }
}

const nearKm = 40

function townNear({ node }: Context, at: readonly [number, number]): EventSummary['near'] {
  const [nearest] = node.places.townsWithin(at, km(nearKm))
  if (!nearest) return undefined
  return { town: nearest.town.name, country: nearest.town.country, km: Math.round(10 * nearest.km) / 10 }
}

export const measureOf = ({ name, unit, low, high }: Measured): Measure => ({
  name,
  unit,
  range: [low, high],
})

const originsOf = (held: readonly Held[]): string[] =>
  [...new Set(held.map(({ record }) => record.origin))].sort()

/** An event whose place is withheld is on no map and in no list of events; its record says so (`/records/:id`). */
export function isPlaced({ record, withheld }: Held): boolean {
  if (!withheld) return true
  const { latitude, longitude } = told((record as Held<EventBody<Figures>>['record']).body).figures ?? {}
  return record.place?.geometry?.type === 'Point' || (latitude !== undefined && longitude !== undefined)
}

/** Any part of a body may be withheld. */
export const told = <Body>(body: Body): Partial<Body> => body ?? {}

const levels = ['green', 'yellow', 'orange', 'red'] as const

export type EventFilter = {
  readonly minMagnitude?: number
  readonly level?: string
  readonly q?: string
  readonly country?: string
  readonly kind?: string
}

/** Aliases are found by their id, not listed. */
export function fits(summary: EventSummary, { minMagnitude, level, q, country, kind }: EventFilter): boolean {
  if (summary.state === 'merged') return false
  if (minMagnitude !== undefined && (summary.magnitude ?? Number.NEGATIVE_INFINITY) < minMagnitude)
    return false
  if (country !== undefined && !summary.countries.includes(country.toUpperCase())) return false
  if (level !== undefined && rankOf(levelLike(summary)) < rankOf(level)) return false
  if (kind !== undefined && !kind.split(',').includes(summary.kind)) return false
  return q === undefined || isNamedBy(summary, q)
}

/** Meteoalarm's correspondence of colours and CAP severities. */
const severityLevels: { readonly [severity: string]: EventSummary['level'] } = {
  Minor: 'green',
  Moderate: 'yellow',
  Severe: 'orange',
  Extreme: 'red',
}
const levelLike = ({ level, severity }: EventSummary): string | null =>
  level ?? severityLevels[severity ?? ''] ?? null

const rankOf = (level: string | null): number => levels.indexOf(level as (typeof levels)[number])

function isNamedBy(summary: EventSummary, q: string): boolean {
  const titles = Object.values(summary.title ?? {})
  const words = [
    ...titles,
    summary.region,
    summary.id,
    summary.kind,
    ...summary.agencies,
    ...summary.countries,
  ]
  const text = words.join(' ').toLocaleLowerCase('en')
  return q
    .toLocaleLowerCase('en')
    .split(/\s+/)
    .every((word) => text.includes(word))
}
