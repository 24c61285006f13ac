import { describe, expect, it } from 'vitest'
import { warnCountriesOf } from './countries.ts'

const facts = {
  code: 'XX',
  iso3: 'XXX',
  names: { en: 'Land*', sq: 'Vendi*' },
  officialLanguages: ['sq'],
  neighbours: [],
  population: { people: 1, year: 2020, source: 'made up' },
  shape: [],
  footnote: { en: 'A note.', sq: 'Një shënim.' },
  group: 'region',
  timeZone: 'Europe/Tirane',
} as const

describe('a country as warnings know it', () => {
  const countries = warnCountriesOf({ country: (code) => (code === 'XX' ? facts : undefined) })

  it('has its name in the language asked for, else in English, and its footnote with the mark', () => {
    const land = countries('XX')
    expect(land?.name('sq')).toBe('Vendi*')
    expect(land?.name('tr')).toBe('Land*')
    expect(land?.footnote?.('sq')).toBe('* Një shënim.')
    expect(land?.languages).toEqual(['sq'])
  })

  it('is unknown when the region does not have it', () => {
    expect(countries('YY')).toBeUndefined()
  })
})
