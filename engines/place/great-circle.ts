/**
 * Great-circle geometry on a sphere of 6371.0088 km (mean radius R1 of WGS 84, Moritz 2000, J. Geodesy 74).
 * Against the ellipsoid the error is below 0.6 % (0.3 % in the latitudes of a mid-latitude region).
 *
 * Distance: haversine (Sinnott 1984, Sky & Telescope 68), exact for near points where the cosine rule cancels.
 */
import type { Polygon, Position } from 'geojson'
import { type Km, km, MosaicError } from '../record/index.ts'
import type { LonLat } from './contract.ts'

export const earthRadiusKm = 6371.0088
const rad = Math.PI / 180

export class CircleOverPole extends MosaicError {
  override readonly name = 'CircleOverPole'
  override readonly code = 'place/circle-over-pole'
}

export function distanceKm(a: LonLat, b: LonLat): Km {
  const dLat = Math.sin(((b[1] - a[1]) * rad) / 2)
  const dLon = Math.sin(((b[0] - a[0]) * rad) / 2)
  const h = dLat * dLat + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * dLon * dLon
  return km(2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h))))
}

/** Where one comes out after `distance` on the initial bearing (degrees clockwise from north). */
export function destination(from: LonLat, bearing: number, distance: Km): LonLat {
  const angle = distance / earthRadiusKm
  const lat = from[1] * rad
  const sinLat = Math.sin(lat) * Math.cos(angle) + Math.cos(lat) * Math.sin(angle) * Math.cos(bearing * rad)
  const dLon = Math.atan2(
    Math.sin(bearing * rad) * Math.sin(angle) * Math.cos(lat),
    Math.cos(angle) - Math.sin(lat) * sinLat,
  )
  return [wrapLon(from[0] + dLon / rad), Math.asin(Math.max(-1, Math.min(1, sinLat))) / rad]
}

/**
 * A polygon of `corners` corners on the circle, counter-clockwise and closed as RFC 7946 §3.1.6 wants. It lies inside
 * the circle by at most `radius · (1 − cos(π / corners))`, 0.12 % with 64. A circle that holds a pole has no such
 * polygon and throws `place/circle-over-pole`.
 */
export function circlePolygon(center: LonLat, radius: Km, corners = 64): Polygon {
  const reach = radius / earthRadiusKm / rad
  if (Math.abs(center[1]) + reach >= 90) {
    throw new CircleOverPole(
      `A circle of ${radius} km around ${center.join(', ')} holds a pole; take a smaller one.`,
    )
  }
  const ring: Position[] = []
  for (let corner = 0; corner < corners; corner++) {
    ring.push([...destination(center, (-360 * corner) / corners, radius)])
  }
  ring.push([...(ring[0] ?? [])])
  return { type: 'Polygon', coordinates: [ring] }
}

/** Longitude in [-180, 180]. */
export const wrapLon = (lon: number): number =>
  lon >= -180 && lon <= 180 ? lon : ((((lon + 180) % 360) + 360) % 360) - 180

/**
 * By how many degrees, a multiple of 360, longitudes after this step must be moved so that a line runs on: RFC 7946
 * §3.1.9 shapes that cross the antimeridian jump there. A step of exactly a full turn is an edge around the globe, as in
 * a frame of the world, and moves nothing.
 */
export function turnBetween(from: number, to: number): number {
  const step = to - from
  return Math.abs(step) <= 180 || Math.abs(step) === 360 ? 0 : -360 * Math.round(step / 360)
}
