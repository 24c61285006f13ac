import { describe, expect, test } from 'vitest'
import { readExposure } from './exposure-view.ts'
import { readImpact } from './impact-view.ts'

const exposed = (mmi: number, low: number, high: number) => ({ mmi, low, high })

describe('an impact estimate on the page', () => {
  test('adds the bands of all countries, strongest first, and leaves out bands that reach nobody', () => {
    const impact = readImpact({
      countries: [
        { code: 'AL', exposed: [exposed(6, 100, 200), exposed(8, 10, 30), exposed(9, 0, 0)] },
        { code: 'ME', exposed: [exposed(6, 1, 2)] },
      ],
    })

    expect(impact?.bands).toEqual([
      { mmi: 8, people: [10, 30] },
      { mmi: 6, people: [101, 202] },
    ])
  })

  test('counts the people of a country from V on, and from IV where nobody feels V', () => {
    const strong = readImpact({ countries: [{ code: 'AL', exposed: [exposed(4, 9, 9), exposed(5, 1, 2)] }] })
    const weak = readImpact({ countries: [{ code: 'AL', exposed: [exposed(4, 9, 9)] }] })

    expect(strong).toMatchObject({ countryMmi: 5, byCountry: [{ country: 'AL', people: [1, 2] }] })
    expect(weak).toMatchObject({ countryMmi: 4, byCountry: [{ country: 'AL', people: [9, 9] }] })
  })

  test('leaves an estimate of exposure, which has no intensities, to its own view', () => {
    const exposure = { area: 'circle', radiusKm: 25, people: { low: 1, high: 2 }, countries: [] }

    expect(readImpact(exposure)).toBeUndefined()
    expect(readExposure(exposure)).toMatchObject({ area: 'circle', towns: [], level: null })
    expect(readExposure({ maxMmi: 7 })).toBeUndefined()
  })

  test('shows nothing for a body it cannot read, and empty parts for parts it lacks', () => {
    expect(readImpact(undefined)).toBeUndefined()
    expect(readImpact('?')).toBeUndefined()
    expect(readImpact({})).toMatchObject({ level: null, towns: [], bands: [], assumptions: [] })
  })
})
