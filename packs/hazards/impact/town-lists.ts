/**
 * Which towns an assessment names: every town from MMI 4 (felt indoors by many), which is what warnings draw their areas
 * from; of more than 300, those where most people are shaken hardest (people times 4 per intensity unit, so that 1000
 * at MMI VII count as 16 000 at V). Besides, of each country the five most shaken, however faintly. Critical places are
 * capitals and towns above 100 000 people from MMI 4.
 */
import type { ImpactBody } from '../impact-record.ts'
import type { ShakenTown } from './losses.ts'
import { decimals } from './round.ts'
import type { Shaking } from './shaking-field.ts'

const namedFrom = 4
const most = 300
const perCountry = 5
const largeTown = 100_000

export function namedTowns(towns: readonly ShakenTown[]): ImpactBody['towns'] {
  const strongest = towns.toSorted(byShaking)
  const counts = new Map<string, number>()
  const ofCountries = strongest.filter(({ town }) => {
    const count = (counts.get(town.country) ?? 0) + 1
    counts.set(town.country, count)
    return count <= perCountry
  })
  const heavy = towns
    .filter(({ shaking }) => shaking.mmi >= namedFrom)
    .sort((a, b) => weight(b) - weight(a) || a.town.id - b.town.id)
    .slice(0, most)
  return [...new Set([...ofCountries, ...heavy])].sort(byShaking).map(({ town, km, shaking }) => ({
    id: town.id,
    name: town.name,
    country: town.country,
    at: [town.at[0], town.at[1]],
    people: town.people,
    distanceKm: decimals(km, 1),
    ...figures(shaking),
    isCapital: town.isCapital,
  }))
}

export const criticalPlaces = (towns: readonly ShakenTown[]): ImpactBody['critical'] =>
  towns
    .filter(({ town, shaking }) => shaking.mmi >= namedFrom && (town.isCapital || town.people >= largeTown))
    .sort(byShaking)
    .map(({ town, shaking }) => ({
      name: town.name,
      country: town.country,
      at: [town.at[0], town.at[1]],
      why: town.isCapital ? 'capital' : 'large-town',
      people: town.people,
      ...figures(shaking),
    }))

const figures = ({ mmi, low, high }: Shaking) => ({
  mmi: decimals(mmi, 2),
  mmiLow: decimals(low, 2),
  mmiHigh: decimals(high, 2),
})

const weight = ({ town, shaking }: ShakenTown): number => town.people * 4 ** shaking.mmi

const byShaking = (a: ShakenTown, b: ShakenTown): number =>
  b.shaking.mmi - a.shaking.mmi || b.town.people - a.town.people || a.town.id - b.town.id
