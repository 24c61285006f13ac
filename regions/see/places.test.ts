import { beforeAll, describe, expect, test } from 'vitest'
import {
  cellsHolding,
  cellsOverlapping,
  circlePolygon,
  holdsPoint,
  type LonLat,
  openPlaces,
  type Places,
  prepareShape,
} from '../../engines/place/index.ts'
import { inLanguage, km } from '../../engines/record/index.ts'
import { see } from './region.ts'

let places: Places
beforeAll(async () => {
  places = await openPlaces(see)
})
const durres2019: LonLat = [19.53, 41.51]

describe('which country a place is in', () => {
  test.each<[string, LonLat, string]>([
    ['Tirana', [19.82, 41.33], 'AL'],
    ['Durrës, at the edge of the sea', [19.455, 41.325], 'AL'],
    ['Prishtina', [21.17, 42.66], 'XK'],
    ['Skopje', [21.43, 41.99], 'MK'],
    ['Mostar', [17.81, 43.34], 'BA'],
    ['Neum, the coast of Bosnia and Herzegovina', [17.63, 42.93], 'BA'],
    ['Nicosia, south', [33.35, 35.15], 'CY'],
    ['Nicosia, north', [33.35, 35.2], 'CY'],
    ['the buffer zone at the old airport', [33.28, 35.15], 'CY'],
    ['Edirne', [26.56, 41.68], 'TR'],
    ['Simferopol', [34.1, 44.95], 'UA'],
    ['Chukotka, on the near side of the antimeridian', [177, 66], 'RU'],
    ['Uelen, on its far side', [-169.9, 66.15], 'RU'],
  ])('%s', (_, point, code) => {
    expect(places.countryAt(point).code).toBe(code)
  })

  test.each<[string, LonLat]>([
    ['the middle of the Adriatic', [17, 42.5]],
    ['San Marino, a hole in Italy', [12.45, 43.94]],
    ['Paris, of no country in the region', [2.35, 48.85]],
    ['Dhekelia, a British base on Cyprus', [33.73, 34.995]],
  ])('%s is in no country of the region', (_, point) => {
    expect(places.countryAt(point)).not.toHaveProperty('code')
  })

  test('a place by the line is marked, one far from it is not', () => {
    expect(places.countryAt([19.455, 41.325])).toMatchObject({ code: 'AL', isNearBorder: true })
    expect(places.countryAt([19.82, 41.33])).toMatchObject({ isNearBorder: false })
    expect(places.countryAt([19.82, 41.33]).borderKm).toBeGreaterThan(20)
    expect(places.countryAt([34.1, 45.9]).borderKm).toBeLessThan(30)
  })

  test('inside Cyprus there is no border: Nicosia is far from any line', () => {
    expect(places.countryAt([33.36, 35.175]).borderKm).toBeGreaterThan(10)
  })

  test('towns stand in the country that GeoNames gives them, or by the line, but for few on islets it does not draw', () => {
    const listed = places.towns().filter(({ country }) => places.country(country) !== undefined)
    const wrong = listed.filter(({ at, country }) => {
      const found = places.countryAt(at)
      return found.code !== country && !found.isNearBorder
    })

    expect(listed.length).toBeGreaterThan(25_000)
    expect(wrong.length / listed.length).toBeLessThan(0.002)
  })
})

describe('shapes, neighbours and distances', () => {
  test('the shapes that touch are exactly the neighbours that the data names', () => {
    for (const { code, neighbours } of see.countries) {
      const shape = places.shapeOf(code)
      expect(shape?.coordinates.length, code).toBeGreaterThan(0)
      if (shape) expect(places.countriesIn(shape), code).toEqual([code, ...neighbours].sort())
    }
  })

  test('the epicentre of 26 November 2019 has Albania at 0 km and its neighbours in order of distance', () => {
    const near = places.countriesWithin(durres2019, km(150))

    expect(near[0]).toEqual({ code: 'AL', km: 0 })
    expect(near.map(({ code }) => code)).toEqual(['AL', 'ME', 'MK', 'XK', 'HR', 'GR', 'BA'])
    for (const { code, km } of near) expect(places.distanceToCountry(durres2019, code)).toBeCloseTo(km, 6)
    expect(places.distanceToCountry(durres2019, 'RS')).toBeGreaterThan(150)
    expect(places.countriesIn(circlePolygon(durres2019, km(150), 360))).toEqual(
      near.map(({ code }) => code).sort(),
    )
  })

  test('a country that nobody lists is infinitely far', () => {
    expect(places.distanceToCountry(durres2019, 'ZZ')).toBe(Infinity)
    expect(places.shapeOf('ZZ')).toBeUndefined()
  })

  test('any place in a country has one of the country’s cells', () => {
    for (const { code } of see.countries) {
      const cells = new Set(
        cellsOverlapping(places.shapeOf(code) ?? { type: 'MultiPolygon', coordinates: [] }),
      )
      const towns = places
        .towns()
        .filter(({ country }) => country === code)
        .slice(0, 200)
        .filter(({ at }) => places.countryAt(at).code === code)
      expect(towns.length, code).toBeGreaterThan(10)
      for (const { at, name } of towns) {
        expect(
          cellsHolding(at).some((cell) => cells.has(cell)),
          name,
        ).toBe(true)
      }
    }
  })
})

describe('towns', () => {
  test('every country but none other has one capital among its towns', () => {
    for (const { code } of see.countries) {
      const capitals = places.towns().filter((town) => town.country === code && town.isCapital)
      expect(capitals, code).toHaveLength(1)
    }
  })

  test('Durrës lies within 30 km of the epicentre, and the nearest town comes first', () => {
    const near = places.townsWithin(durres2019, km(30))

    expect(near.map(({ town }) => town.name)).toContain('Durrës')
    expect(near.map((one) => one.km)).toEqual(near.map((one) => one.km).toSorted((a, b) => a - b))
  })

  test('towns in a shape are those that it holds', () => {
    const circle = circlePolygon(durres2019, km(40))
    const shape = prepareShape(circle)

    const inside = places.townsIn(circle)

    expect(inside.map(({ id }) => id)).toEqual(
      places
        .towns()
        .filter(({ at }) => holdsPoint(shape, at))
        .map(({ id }) => id)
        .sort((a, b) => a - b),
    )
    expect(inside.map(({ name }) => name)).toContain('Durrës')
  })
})

test('the region names its countries, not the atlas', () => {
  expect(inLanguage(places.country('MK')?.names ?? {}, 'en')?.text).toBe('North Macedonia')
  expect(inLanguage(places.country('XK')?.names ?? {}, 'sq')?.text).toBe('Kosova*')
  expect(inLanguage(places.country('TR')?.names ?? {}, 'en')?.text).toBe('Türkiye')
})

test('a shape that the atlas does not have is named, with its country', async () => {
  const [first] = see.countries
  const broken = { ...see, countries: first ? [{ ...first, shape: ['Atlantis'] }] : [] }

  await expect(openPlaces(broken)).rejects.toMatchObject({ code: 'place/shape-missing' })
})
