/**
 * Great circles on a sphere of 6371 km, the radius that the ground-motion reference program uses. Degrees and km.
 */
export const earthKm = 6371
const rad = Math.PI / 180

export type LonLatDegrees = { readonly lon: number; readonly lat: number }
export type Vector = readonly [number, number, number]

export function distanceKm(a: LonLatDegrees, b: LonLatDegrees): number {
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2
  return 2 * earthKm * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** Bearing from a to b at a, degrees clockwise from north. */
export function azimuth(a: LonLatDegrees, b: LonLatDegrees): number {
  const d = (b.lon - a.lon) * rad
  const y = Math.sin(d) * Math.cos(b.lat * rad)
  const x =
    Math.cos(a.lat * rad) * Math.sin(b.lat * rad) -
    Math.sin(a.lat * rad) * Math.cos(b.lat * rad) * Math.cos(d)
  return (Math.atan2(y, x) / rad + 360) % 360
}

export function pointAt(from: LonLatDegrees, km: number, bearing: number): LonLatDegrees {
  const s = km / earthKm
  const lat = Math.asin(
    Math.sin(from.lat * rad) * Math.cos(s) + Math.cos(from.lat * rad) * Math.sin(s) * Math.cos(bearing * rad),
  )
  const lon =
    from.lon * rad +
    Math.atan2(
      Math.sin(bearing * rad) * Math.sin(s) * Math.cos(from.lat * rad),
      Math.cos(s) - Math.sin(from.lat * rad) * Math.sin(lat),
    )
  return { lon: ((lon / rad + 540) % 360) - 180, lat: lat / rad }
}

/** Signed distance of a point from the great circle through `origin` with this bearing; positive to the right. */
export function acrossTrack(point: LonLatDegrees, origin: LonLatDegrees, bearing: number): number {
  const s = distanceKm(origin, point) / earthKm
  return Math.asin(Math.sin(s) * Math.sin((azimuth(origin, point) - bearing) * rad)) * earthKm
}

/** Earth-centred position, km. */
export function cartesian(point: LonLatDegrees, depthKm: number): Vector {
  const r = earthKm - depthKm
  const lat = point.lat * rad
  const lon = point.lon * rad
  return [r * Math.cos(lat) * Math.cos(lon), r * Math.cos(lat) * Math.sin(lon), r * Math.sin(lat)]
}

export const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
export function unit(a: Vector): Vector {
  const n = Math.sqrt(dot(a, a))
  return [a[0] / n, a[1] / n, a[2] / n]
}
