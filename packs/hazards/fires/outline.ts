/**
 * The ground that a fire's hot spots enclose: their convex hull with half a kilometre around each, more than the half
 * pixel of VIIRS (375 m) and about that of MODIS (1 km). It encloses what burnt and what did not, so its area is an
 * upper figure. Severity by area is Kontur's scale: up to 10 km² Minor, 50 Moderate, 100 Severe, above Extreme.
 */
import type { Polygon } from 'geojson'
import type { CapSeverity } from '../../../engines/formats/index.ts'
import { earthRadiusKm } from '../../../engines/place/index.ts'
import { hullAround } from '../warning-area.ts'

const marginKm = 0.5

export type Outline = { readonly geometry: Polygon; readonly km2: number }

export function outlineOf(points: readonly (readonly [lon: number, lat: number])[]): Outline {
  const ring = hullAround(
    points.map(([lon, lat]) => [lat, lon] as const),
    marginKm,
    3,
  ).map(([lat, lon]) => [lon, lat] as const)
  return {
    geometry: { type: 'Polygon', coordinates: [ring.map(([lon, lat]) => [lon, lat])] },
    km2: Number(ringKm2(ring).toPrecision(3)),
  }
}

/** Area on the sphere of a small ring (Chamberlain and Duquette 2007, eq. 6). */
function ringKm2(ring: readonly (readonly [number, number])[]): number {
  const rad = Math.PI / 180
  const sum = ring.slice(1).reduce((total, [lon, lat], at) => {
    const [lonBefore = 0, latBefore = 0] = ring[at] ?? []
    return total + (lon - lonBefore) * rad * (2 + Math.sin(latBefore * rad) + Math.sin(lat * rad))
  }, 0)
  return Math.abs((sum * earthRadiusKm ** 2) / 2)
}

export function burningSeverity(km2: number): CapSeverity {
  if (km2 > 100) return 'Extreme'
  if (km2 > 50) return 'Severe'
  return km2 > 10 ? 'Moderate' : 'Minor'
}
