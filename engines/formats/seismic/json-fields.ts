/**
 * Fields of a JSON item of unknown shape. A number that came as text is taken and noted as a defect; anything else of
 * the wrong type is an issue. `null` and absence are the same: the source does not say.
 */
import { type Findings, issueOf, readNumber } from './verify.ts'

export type JsonObject = { readonly [name: string]: unknown }

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function numberAt(
  holder: JsonObject,
  name: string,
  at: string,
  findings: Findings,
): number | undefined {
  const value = Object.hasOwn(holder, name) ? holder[name] : undefined
  if (value === undefined || value === null) return undefined
  return toNumber(value, `${at}/${name}`, findings)
}

export function toNumber(value: unknown, place: string, findings: Findings): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  const fromText = typeof value === 'string' ? readNumber(value) : undefined
  if (fromText === undefined) {
    findings.issues.push(issueOf('seismic/not-a-number', place, value, 'A number was expected here.'))
    return undefined
  }
  findings.defects.push(
    issueOf('seismic/number-as-text', place, value, 'This number came as text; it was taken.'),
  )
  return fromText
}

export function textAt(holder: JsonObject, name: string, at: string, findings: Findings): string | undefined {
  const value = Object.hasOwn(holder, name) ? holder[name] : undefined
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  if (typeof value === 'number') return String(value)
  findings.issues.push(issueOf('seismic/not-text', `${at}/${name}`, value, 'Text was expected here.'))
  return undefined
}

/** A GeoJSON point (RFC 7946 §3.1.2): [lon, lat, …]; the third number means what the source says it means. */
export function pointAt(
  item: JsonObject,
  at: string,
  findings: Findings,
): { readonly longitude?: number; readonly latitude?: number; readonly third?: number } {
  const geometry = item.geometry
  const coordinates = isObject(geometry) && geometry.type === 'Point' ? geometry.coordinates : undefined
  if (!Array.isArray(coordinates) || coordinates.length < 2) {
    const message = 'A GeoJSON point with at least longitude and latitude was expected.'
    findings.issues.push(issueOf('seismic/no-point', `${at}/geometry`, geometry, message))
    return {}
  }
  const longitude = toNumber(coordinates[0], `${at}/geometry/coordinates/0`, findings)
  const latitude = toNumber(coordinates[1], `${at}/geometry/coordinates/1`, findings)
  const last: unknown = coordinates[2]
  const third =
    last === undefined || last === null ? undefined : toNumber(last, `${at}/geometry/coordinates/2`, findings)
  return {
    ...(longitude === undefined ? {} : { longitude }),
    ...(latitude === undefined ? {} : { latitude }),
    ...(third === undefined ? {} : { third }),
  }
}

/** Adds `missing` once for what was needed and is not there, unless a sharper issue says so already. */
export function isGiven<Value>(
  value: Value | undefined,
  name: string,
  place: string,
  findings: Findings,
): value is Value {
  if (value !== undefined) return true
  if (findings.issues.some((issue) => issue.place.startsWith(place) && issue.rule !== 'seismic/missing'))
    return false
  findings.issues.push(issueOf('seismic/missing', place, undefined, `The ${name} is missing.`))
  return false
}
