/**
 * The shaking on the map: H3 cells around the epicentre whose centre has a median of at least MMI 3.5, in the finest
 * resolution (6 to 3) that needs no more than about 600 cells, sorted by name. Finer cells would only draw the same circles
 * with more bytes: the field depends on distance alone.
 */
import { cellToLatLng, gridDisk, latLngToCell } from 'h3-js'
import { decimals } from './round.ts'
import type { ShakingField } from './shaking-field.ts'
import { distanceKm, type LonLatDegrees } from './sphere.ts'

export const faintestOnMap = 3.5
const mostCells = 600
/** Mean area of a cell, km² (H3 documentation, table of cell statistics). */
const areas = [
  [6, 36.13],
  [5, 252.9],
  [4, 1770.3],
  [3, 12_393],
] as const

export type ShakenCell = { cell: string; mmi: number }

export function shakenCells(epicentre: LonLatDegrees, field: ShakingField): ShakenCell[] {
  const radius = field.radiusOf(faintestOnMap)
  if (radius === 0) return []
  const [resolution, area] = areas.find(([, km2]) => (Math.PI * radius ** 2) / km2 <= mostCells) ?? [
    3, 12_393,
  ]
  const spacing = Math.sqrt((area * 2) / Math.sqrt(3))
  const rings = Math.ceil((radius / spacing) * 1.25) + 1 // cells are up to a fifth narrower than the mean
  return gridDisk(latLngToCell(epicentre.lat, epicentre.lon, resolution), rings)
    .map((cell) => {
      const [lat, lon] = cellToLatLng(cell)
      return { cell, km: distanceKm(epicentre, { lat, lon }) }
    })
    .filter(({ km }) => km <= radius)
    .map(({ cell, km }) => ({ cell, mmi: decimals(field.at(km).mmi, 2) }))
    .sort((a, b) => (a.cell < b.cell ? -1 : 1))
}
