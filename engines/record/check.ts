/**
 * Checks of the envelope: what a schema cannot say (real dates, ordered validity, coordinates on the globe, no U+0000,
 * bounded size and depth) and what it can, as issues with their place. An empty list means that the store will take it.
 */
import { Compile, type Validator } from 'typebox/compile'
import { draftSchema, recordSchema } from './envelope-schema.ts'
import type { Issue } from './errors.ts'
import { isInstant } from './instant.ts'
import { jsonIssues, shown } from './json.ts'
import { markIssues } from './marks.ts'
import { isNodeId } from './realm.ts'
import type { Draft, MosaicRecord } from './record.ts'

/** Of the canonical form, UTF-8. What is larger is a payload, not a record. */
export const maxRecordBytes = 1_048_576
export const maxRecordDepth = 40

const draftValidator = Compile(draftSchema)
const recordValidator = Compile(recordSchema)

export const checkDraft = (draft: unknown): readonly Issue[] => check(draftValidator, draft, [])

/** `withheld`: pointers of marked fields that this node was not given. */
export function checkRecord(record: unknown, withheld: readonly string[] = []): readonly Issue[] {
  const issues = check(recordValidator, record, withheld)
  if (issues.length > 0) return issues
  const { origin, recordedAt } = record as MosaicRecord
  return [
    ...(isNodeId(origin)
      ? []
      : [issue('record/origin', '/origin', origin, 'Write it like a host name, lower case.')]),
    ...timeIssues('/recordedAt', recordedAt),
  ]
}

/** Everything that a compiled schema has against a value, as issues under `place`. */
export function schemaIssues(
  validator: Pick<Validator, 'Check' | 'Errors'>,
  value: unknown,
  rule: string,
  place = '',
): readonly Issue[] {
  if (validator.Check(value)) return []
  return validator
    .Errors(value)
    .slice(0, 20)
    .map((error) => ({
      rule,
      place: place + error.instancePath,
      message: `${error.message}; see the schema of the type.`,
    }))
}

function check(validator: Validator, value: unknown, withheld: readonly string[]): readonly Issue[] {
  const shape = jsonIssues(value, { maxDepth: maxRecordDepth, allowNul: false })
  if (shape.length > 0) return shape
  const issues = schemaIssues(validator as Pick<Validator, 'Check' | 'Errors'>, value, 'record/envelope')
  if (issues.length > 0) return issues
  const draft = value as Draft
  return [
    ...validityIssues(draft),
    ...handlingTimes(draft),
    ...geometryIssues(draft),
    ...markIssues(draft, withheld),
  ]
}

function validityIssues({ valid: { from, until } }: Draft): Issue[] {
  const issues = [...timeIssues('/valid/from', from), ...timeIssues('/valid/until', until)]
  if (issues.length === 0 && until !== undefined && until < from)
    issues.push(
      issue('record/valid-range', '/valid/until', until, 'It ends before it begins; swap or correct.'),
    )
  return issues
}

function handlingTimes({ handling }: Draft): Issue[] {
  return [
    ...timeIssues('/handling/embargoUntil', handling?.embargoUntil),
    ...timeIssues('/handling/retainUntil', handling?.retainUntil),
  ]
}

/** The year 0000 is a date in ISO 8601 and none in PostgreSQL. */
function timeIssues(place: string, at: string | undefined): Issue[] {
  if (at === undefined || (isInstant(at) && !at.startsWith('0000'))) return []
  return [issue('record/instant', place, at, 'No such date between the years 0001 and 9999.')]
}

function geometryIssues({ place }: Draft): Issue[] {
  return place?.geometry === undefined ? [] : shapeIssues(place.geometry, '/place/geometry')
}

function shapeIssues(geometry: { readonly type: string }, at: string): Issue[] {
  if (geometry.type === 'GeometryCollection') {
    const { geometries } = geometry as { readonly geometries?: unknown }
    if (!Array.isArray(geometries))
      return [issue('record/geometry', `${at}/geometries`, undefined, 'A list of geometries is missing.')]
    return geometries.flatMap((part, n) => shapeIssues(part ?? { type: '' }, `${at}/geometries/${n}`))
  }
  const depth = nesting.get(geometry.type)
  if (depth === undefined)
    return [
      issue('record/geometry', `${at}/type`, String(JSON.stringify(geometry.type)), 'No type of GeoJSON.'),
    ]
  const found = positionIssue(
    (geometry as { readonly coordinates?: unknown }).coordinates,
    depth,
    `${at}/coordinates`,
  )
  return found === undefined ? [] : [found]
}

/** Lists around a position, RFC 7946 §3.1. */
const nesting: ReadonlyMap<unknown, number> = new Map([
  ['Point', 0],
  ['MultiPoint', 1],
  ['LineString', 1],
  ['MultiLineString', 2],
  ['Polygon', 2],
  ['MultiPolygon', 3],
])

function positionIssue(value: unknown, depth: number, at: string): Issue | undefined {
  if (!Array.isArray(value)) return issue('record/geometry', at, undefined, 'Coordinates are missing here.')
  if (depth === 0)
    return onGlobe(value) ? undefined : issue('record/geometry', at, JSON.stringify(value), offGlobe)
  for (let n = 0; n < value.length; n++) {
    const found = positionIssue(value[n], depth - 1, `${at}/${n}`)
    if (found !== undefined) return found
  }
  return undefined
}

const offGlobe = 'A position is [longitude −180..180, latitude −90..90] and at most a height.'

function onGlobe(position: readonly unknown[]): boolean {
  const [lon, lat] = position
  return (
    (position.length === 2 || position.length === 3) &&
    position.every((part) => typeof part === 'number') &&
    Math.abs(lon as number) <= 180 &&
    Math.abs(lat as number) <= 90
  )
}

const issue = (rule: string, place: string, value: string | undefined, message: string): Issue => ({
  rule,
  place,
  ...(value !== undefined && { value: shown(value) }),
  message,
})
