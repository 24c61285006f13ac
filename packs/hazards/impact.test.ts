import { Value } from 'typebox/value'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type CountryFacts,
  distanceKm,
  openPlaces,
  type Places,
  type Town,
} from '../../engines/place/index.ts'
import { type Held, instant, km, people } from '../../engines/record/index.ts'
import { see } from '../../regions/see/region.ts'
import { earthquakeImpact, impactOf } from './impact.ts'
import { impactBody } from './impact-record.ts'
import type { EarthquakeFigures } from './records.ts'

const aTown = (id: number, name: string, country: string, lon: number, lat: number, count: number): Town => ({
  id,
  name,
  country,
  at: [lon, lat],
  people: people(count),
  isCapital: name === 'Capital',
})
const towns = [
  aTown(1, 'Harbour', 'AL', 19.45, 41.32, 100_000),
  aTown(2, 'Capital', 'AL', 19.82, 41.33, 400_000),
  aTown(3, 'Upland', 'XK', 20.7, 42.2, 50_000),
  aTown(4, 'Elsewhere', 'ZZ', 19.6, 41.6, 10_000),
  aTown(5, 'Uncounted', 'AL', 19.53, 41.51, 0),
]
const populations: Readonly<Record<string, number>> = { AL: 1_000_000, XK: 100_000 }

/** Five towns, and countries that are where their towns are. */
const small = {
  country: (code: string) =>
    populations[code] === undefined
      ? undefined
      : ({ code, population: { people: populations[code], year: 2020, source: 'test' } } as CountryFacts),
  countriesWithin: () => [{ code: 'AL', km: km(0) }],
  towns: () => towns,
  townsWithin: (point: readonly [number, number], radius: number) =>
    towns
      .map((town) => ({ town, km: distanceKm(point, town.at) }))
      .filter((found) => found.km <= radius)
      .sort((a, b) => a.km - b.km),
} as unknown as Places

const figures: EarthquakeFigures = {
  kind: 'earthquake',
  time: instant('2020-01-01T00:00:00Z'),
  latitude: 41.51,
  longitude: 19.53,
  depth: 10_000,
  magnitude: 6.4,
  magnitudeType: 'mww',
  agencies: ['us'],
  spreadKm: 0,
  mode: 'manual',
}
const anEvent = (body: object): Held<{ figures?: EarthquakeFigures }> =>
  ({
    record: { id: 'a'.repeat(40), valid: { from: figures.time }, body },
    receivedAt: figures.time,
    index: 0,
  }) as unknown as Held<{ figures?: EarthquakeFigures }>

describe('the impact of an earthquake', () => {
  test('shakes near towns harder than far ones, with a range around each figure', () => {
    const { towns: named, maxMmi } = impactOf({ ...figures, magnitude: 6.4 }, small)

    expect(named.map(({ name }) => name)).toEqual(['Elsewhere', 'Harbour', 'Capital', 'Upland'])
    expect(named[0]?.mmi).toBeLessThan(maxMmi)
    for (const { mmi, mmiLow, mmiHigh } of named) {
      expect(mmiHigh - mmi).toBeGreaterThan(0.7)
      expect(mmi - mmiLow).toBeGreaterThan(0.7)
    }
  })

  test('counts people of listed towns as the least, scaled to the whole country as the most', () => {
    const { countries } = impactOf({ ...figures, magnitude: 6.4 }, small)

    const [albania] = countries.filter(({ code }) => code === 'AL')
    const sum = (side: 'low' | 'high') => albania?.exposed.reduce((total, band) => total + band[side], 0)
    expect([sum('low'), sum('high')]).toEqual([500_000, 1_000_000])
  })

  test('says which country borrows a loss model, which has none, and which has no population', () => {
    const { assumptions, countries } = impactOf({ ...figures, magnitude: 6.4 }, small)

    const said = (key: string) => assumptions.filter((one) => one.key === key).map(({ args }) => args)
    expect(said('loss-model-stand-in')).toEqual([{ country: 'XK', model: 'RS' }])
    expect(said('no-loss-model')).toEqual([{ country: 'ZZ' }])
    expect(said('population-unknown')).toEqual([{ country: 'ZZ' }])
    expect(countries.find(({ code }) => code === 'ZZ')?.fatalities).toBeUndefined()
  })

  test('gives an alert level with the rule and the value it was taken from', () => {
    const { level, rule, fatalities } = impactOf({ ...figures, magnitude: 7.6 }, small)

    expect(rule).toEqual({
      name: 'pager-fatality',
      value: fatalities.expected,
      thresholds: { yellow: 1, orange: 100, red: 1000 },
    })
    expect(fatalities.expected).toBeGreaterThan(100)
    expect(fatalities.expected).toBeLessThan(1000)
    expect(level).toBe('orange')
    expect(fatalities.ranges.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 2)
  })

  test('draws no probability of deaths from a tremor that harms nobody', () => {
    const { fatalities, assumptions } = impactOf({ ...figures, magnitude: 3.2 }, small)

    expect(fatalities.ranges.map(({ probability }) => probability)).toEqual([1, 0, 0, 0, 0, 0, 0])
    expect(assumptions.map(({ key }) => key)).toContain('no-damaging-shaking')
  })

  test('names a capital that is shaken as a critical place', () => {
    expect(impactOf({ ...figures, magnitude: 6.4 }, small).critical).toMatchObject([
      { name: 'Harbour', why: 'large-town' },
      { name: 'Capital', why: 'capital' },
    ])
  })

  test('is larger in every figure when the magnitude is', () => {
    const sizes = [4, 5, 6, 7, 7.8].map((magnitude) => impactOf({ ...figures, magnitude }, small))

    const rising = (of: (impact: (typeof sizes)[number]) => number) => sizes.map(of).toSorted((a, b) => a - b)
    expect(sizes.map(({ maxMmi }) => maxMmi)).toEqual(rising(({ maxMmi }) => maxMmi))
    expect(sizes.map(({ feltRadiusKm }) => feltRadiusKm)).toEqual(rising(({ feltRadiusKm }) => feltRadiusKm))
    expect(sizes.map(({ fatalities }) => fatalities.high)).toEqual(
      rising(({ fatalities }) => fatalities.high),
    )
  })

  test('does not put the full shaking of a deep shock on its epicentre', () => {
    const at = (depth: number) => impactOf({ ...figures, magnitude: 6.4, depth }, small)

    expect(at(120_000).maxMmi).toBeLessThan(at(10_000).maxMmi - 1.5)
    expect(at(120_000).assumptions.map(({ key }) => key)).toContain('deep-source')
  })
})

describe('what is assessed at all', () => {
  test.each([
    ['an event without figures', { state: 'active' }],
    ['an event without magnitude', { state: 'active', figures: { ...figures, magnitude: undefined } }],
    ['a shock below magnitude 3', { state: 'active', figures: { ...figures, magnitude: 2.9 } }],
    ['an event that was false', { state: 'retracted', figures }],
    ['an event told under another name', { state: 'merged', figures }],
  ])('not %s', async (_what, body) => {
    expect(await earthquakeImpact.assess(anEvent(body), { places: small })).toBeUndefined()
  })

  test('a false event takes its assessment back and keeps the last figures in it', async () => {
    const event = anEvent({ state: 'active', figures })
    const assessed = await earthquakeImpact.assess(event, { places: small })

    const withdrawn = earthquakeImpact.withdraw?.(
      { ...event, record: { ...event.record, body: assessed?.body } } as never,
      anEvent({ state: 'retracted', figures }),
    )

    expect(withdrawn?.body).toEqual({ ...assessed?.body, state: 'withdrawn' })
  })
})

describe('in South East Europe', () => {
  let places: Places
  beforeAll(async () => {
    places = await openPlaces(see)
  })

  test('the record of a strong shock fits its published schema, byte for byte the same each time', async () => {
    const event = anEvent({ state: 'active', figures })
    const [one, two] = [
      await earthquakeImpact.assess(event, { places }),
      await earthquakeImpact.assess(event, { places }),
    ]

    expect([...Value.Errors(impactBody, one?.body)]).toEqual([])
    expect(JSON.stringify(one)).toBe(JSON.stringify(two))
  })

  test('a shock near Durrës reaches Albania and each neighbour it was felt in', () => {
    const { countries } = impactOf({ ...figures, magnitude: 6.4, depth: 22_000 }, places)

    const codes = countries.filter(({ maxMmi }) => maxMmi >= 4).map(({ code }) => code)
    expect(codes).toEqual(['AL', 'ME', 'MK', 'XK'])
  })

  test('Kosovo has the loss model of the regional group, not one that hides its dead', () => {
    const at = { ...figures, magnitude: 6.4, latitude: 42.66, longitude: 21.16, depth: 8000 }
    const { countries } = impactOf(at, places)

    const kosovo = countries.find(({ code }) => code === 'XK')
    expect(kosovo?.fatalities?.model).toBe('RS')
    expect(kosovo?.fatalities?.expected).toBeGreaterThan(10)
  })
})
