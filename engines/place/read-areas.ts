/**
 * Reads areas by code from GeoJSON (RFC 7946: FeatureCollection or Feature) and from MeteoAlarm's region files (a list of
 * `{ code, area, coordinates, type }`, the geometry's own members beside the name).
 *
 * One bad feature never loses the others: it is set aside with its place in the file and the reasons. Several features
 * under one code, as for islands, become one area.
 */
import type { MultiPolygon, Polygon } from 'geojson'
import { type JsonLimits, readJson } from '../formats/index.ts'
import { type Issue, MosaicError } from '../record/index.ts'
import { type Area, type Day, isDay } from './areas.ts'
import { checkGeometry, type GeometryLimits, geometryLimits } from './geometry.ts'

export type ReadAreasOptions = {
  readonly scheme: string
  /** Property that holds the code. */
  readonly codeProperty: string
  readonly nameProperty?: string
  /** BCP 47 tag of the names; `und` when nobody knows. */
  readonly nameLanguage?: string
  /** Property that holds the country's code, or one code for the whole file. */
  readonly countryProperty?: string
  readonly country?: string
  /** Day of this edition of the list. */
  readonly asOf: Day
  readonly validUntil?: Day
  readonly limits?: JsonLimits & GeometryLimits & { readonly maxFeatures: number }
}

export type RejectedFeature = {
  /** JSON pointer into the file; empty for the whole. */
  readonly place: string
  readonly code?: string
  readonly issues: readonly Issue[]
}

export type AreasRead = {
  readonly areas: readonly Area[]
  readonly rejected: readonly RejectedFeature[]
  /** What was put right or looked wrong in areas that were taken. */
  readonly notes: readonly Issue[]
}

export class AreaOptionsInvalid extends MosaicError {
  override readonly name = 'AreaOptionsInvalid'
  override readonly code = 'place/area-options'
}

export const areaLimits = {
  ...geometryLimits,
  maxBytes: 128 * 1024 * 1024,
  maxDepth: 32,
  maxFeatures: 50_000,
}

export function readAreas(bytes: Uint8Array, options: ReadAreasOptions): AreasRead {
  for (const day of [options.asOf, options.validUntil]) {
    if (day !== undefined && !isDay(day))
      throw new AreaOptionsInvalid(`"${day}" is not a day; write the edition as YYYY-MM-DD.`)
  }
  const limits = options.limits ?? areaLimits
  const read = readJson(bytes, limits)
  if (!read.ok) return nothing(read.issue)
  const listed = featuresOf(read.value)
  if (listed.features === undefined) return nothing(listed.issue)
  if (listed.features.length > limits.maxFeatures)
    return nothing(whole('too-many-features', `More than ${limits.maxFeatures} features; split the file.`))
  return gather(listed.features, listed.place, options, limits)
}

type Listed =
  | { readonly features: readonly unknown[]; readonly place: string }
  | { readonly features?: never; readonly issue: Issue }

function featuresOf(value: unknown): Listed {
  if (Array.isArray(value)) return { features: value, place: '' }
  const file = membersOf(value)
  if (file === undefined) return { issue: whole('not-areas', expected) }
  const crs = JSON.stringify(file.crs ?? null)
  if (crs !== 'null' && !/CRS84|EPSG:{1,2}4326/.test(crs))
    return {
      issue: whole('crs', 'The file is in another reference system; convert it to WGS 84 (EPSG:4326).'),
    }
  if (file.type === 'FeatureCollection' && Array.isArray(file.features))
    return { features: file.features, place: '/features' }
  if (file.type === 'Feature') return { features: [file], place: '' }
  return { issue: whole('not-areas', expected) }
}

const expected =
  'A GeoJSON FeatureCollection, a Feature, or a list of { code, area, coordinates, type } was expected.'

function gather(
  features: readonly unknown[],
  place: string,
  options: ReadAreasOptions,
  limits: GeometryLimits,
): AreasRead {
  const byCode = new Map<string, Area>()
  const rejected: RejectedFeature[] = []
  const notes: Issue[] = []
  for (const [at, feature] of features.entries()) {
    const where = `${place}/${at}`
    const one = readFeature(feature, where, options, limits)
    if (!one.ok) {
      rejected.push(one.rejected)
      continue
    }
    notes.push(...one.notes)
    const before = byCode.get(one.area.code)
    if (before !== undefined)
      notes.push({
        rule: 'place/area-in-parts',
        place: where,
        value: one.area.code,
        message: 'The code came before in this file; the shapes were put together.',
      })
    byCode.set(one.area.code, before === undefined ? one.area : together(before, one.area))
  }
  return { areas: [...byCode.values()], rejected, notes }
}

type OneRead =
  | { readonly ok: true; readonly area: Area; readonly notes: readonly Issue[] }
  | { readonly ok: false; readonly rejected: RejectedFeature }

function readFeature(
  feature: unknown,
  place: string,
  options: ReadAreasOptions,
  limits: GeometryLimits,
): OneRead {
  const members = membersOf(feature)
  const isFeature = members?.type === 'Feature'
  const properties = (isFeature ? membersOf(members.properties) : members) ?? {}
  const code = textOf(properties[options.codeProperty])
  const refuse = (issues: readonly Issue[]): OneRead => ({
    ok: false,
    rejected: { place, ...(code !== undefined && { code }), issues },
  })
  if (members === undefined) return refuse([issue('feature', place, 'This is not a feature.')])
  if (code === undefined || code.length > 200)
    return refuse([
      issue('area-without-code', place, `The property "${options.codeProperty}" holds no code.`),
    ])
  const checked = checkGeometry(isFeature ? members.geometry : members, limits)
  if (!checked.ok)
    return refuse(checked.issues.map((found) => ({ ...found, place: `${place}${found.place}` })))
  const { geometry } = checked
  if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon')
    return refuse([
      issue('area-without-inside', place, `A ${geometry.type} has no inside; an area is a polygon.`),
    ])
  const name = options.nameProperty === undefined ? undefined : textOf(properties[options.nameProperty])
  const country =
    (options.countryProperty === undefined ? undefined : textOf(properties[options.countryProperty])) ??
    options.country
  return {
    ok: true,
    notes: checked.notes.map((note) => ({ ...note, place: `${place}${note.place}` })),
    area: {
      scheme: options.scheme,
      code,
      ...(name !== undefined && { name: { [options.nameLanguage ?? 'und']: name } }),
      ...(country !== undefined && { country }),
      geometry,
      validFrom: options.asOf,
      ...(options.validUntil !== undefined && { validUntil: options.validUntil }),
    },
  }
}

function together(one: Area, other: Area): Area {
  const polygons = ({ geometry }: Area) => {
    const shape = geometry as Polygon | MultiPolygon
    return shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
  }
  return { ...one, geometry: { type: 'MultiPolygon', coordinates: [...polygons(one), ...polygons(other)] } }
}

type Members = { readonly [key: string]: unknown } & {
  readonly type?: unknown
  readonly crs?: unknown
  readonly features?: unknown
  readonly properties?: unknown
  readonly geometry?: unknown
}

const membersOf = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined

const textOf = (value: unknown): string | undefined =>
  (typeof value === 'string' && value.trim() !== '') || Number.isSafeInteger(value)
    ? String(value).trim()
    : undefined

const issue = (rule: string, place: string, message: string): Issue => ({
  rule: `place/${rule}`,
  place,
  message,
})
const whole = (rule: string, message: string): Issue => issue(rule, '', message)
const nothing = (reason: Issue): AreasRead => ({
  areas: [],
  rejected: [{ place: '', issues: [reason] }],
  notes: [],
})
