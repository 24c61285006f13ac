/**
 * How many people a country has for each one in its listed towns: its population over the sum of its towns. Undefined
 * where the region states no population or lists no town. Counted once per set of places, over all of its towns.
 */
import type { Places } from '../../../engines/place/index.ts'

type TownPeople = ReadonlyMap<string, number>
const counted = new WeakMap<Places, TownPeople>()

export function populationShare(places: Places, code: string): number | undefined {
  const inTowns = townPeople(places).get(code) ?? 0
  const population = places.country(code)?.population.people
  return population === undefined || inTowns === 0 ? undefined : population / inTowns
}

function townPeople(places: Places): TownPeople {
  const known = counted.get(places)
  if (known !== undefined) return known
  const sums = new Map<string, number>()
  for (const town of places.towns()) sums.set(town.country, (sums.get(town.country) ?? 0) + town.people)
  counted.set(places, sums)
  return sums
}
