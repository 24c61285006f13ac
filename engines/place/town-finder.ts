/**
 * Towns near a point or in a shape: sorted by latitude, so a search cuts out its belt by bisection and measures only
 * there. With 60 000 towns a search over 150 km takes some tens of microseconds.
 */
import type { Geometry } from 'geojson'
import type { Km } from '../record/index.ts'
import type { LonLat, Places, Town } from './contract.ts'
import { distanceKm, earthRadiusKm } from './great-circle.ts'
import { boundsOf, holdsPoint, prepareShape } from './shape.ts'

export type TownFinder = { readonly within: Places['townsWithin']; readonly inShape: Places['townsIn'] }

const degreesPerKm = 180 / Math.PI / earthRadiusKm

export function townFinder(towns: readonly Town[]): TownFinder {
  const byLat = [...towns].sort((a, b) => a.at[1] - b.at[1] || a.id - b.id)

  const belt = (south: number, north: number) =>
    byLat.slice(firstFrom(byLat, south), firstAbove(byLat, north))

  const within = (point: LonLat, radius: Km) => {
    const reach = radius * degreesPerKm * (1 + 1e-9) + 1e-9
    return belt(point[1] - reach, point[1] + reach)
      .map((town) => ({ town, km: distanceKm(point, town.at) }))
      .filter((found) => found.km <= radius)
      .sort((a, b) => a.km - b.km || a.town.id - b.town.id)
  }

  const inShape = (geometry: Geometry) => {
    const shape = prepareShape(geometry)
    const [, south, , north] = boundsOf(shape)
    return belt(south, north)
      .filter((town) => holdsPoint(shape, town.at))
      .sort((a, b) => a.id - b.id)
  }

  return { within, inShape }
}

const firstFrom = (towns: readonly Town[], lat: number) => bisect(towns, (town) => town.at[1] >= lat)
const firstAbove = (towns: readonly Town[], lat: number) => bisect(towns, (town) => town.at[1] > lat)

/** Index of the first town for which `holds`, which is false up to some town and true from there on. */
function bisect(towns: readonly Town[], holds: (town: Town) => boolean): number {
  let [low, high] = [0, towns.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const town = towns[middle]
    if (town !== undefined && holds(town)) high = middle
    else low = middle + 1
  }
  return low
}
