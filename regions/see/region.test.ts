import { describe, expect, test } from 'vitest'
import { countries } from './countries.ts'
import names from './names.json' with { type: 'json' }
import { see } from './region.ts'

const codes = countries.map(({ code }) => code)
const cyrillic = ['bg', 'mk', 'sr-Cyrl', 'uk']

describe('the countries of South East Europe', () => {
  test('every country has its own code, three letters, and a number unless the code is user-assigned', () => {
    expect(new Set(codes).size).toBe(codes.length)
    for (const { code, iso3, numeric } of countries) {
      expect(code).toMatch(/^[A-Z]{2}$/)
      expect(iso3).toMatch(/^[A-Z]{3}$/)
      expect(numeric ?? 'none').toMatch(code === 'XK' ? /^none$/ : /^\d{3}$/)
    }
  })

  test('every country has a name in every language that texts are kept in, in the right script, and no others', () => {
    expect(Object.keys(names.countries).sort()).toEqual([...codes].sort())
    for (const { names } of [...countries, { names: see.title }]) {
      expect(Object.keys(names).sort()).toEqual([...see.languages].sort())
      for (const [language, name] of Object.entries(names)) {
        const script = cyrillic.includes(language) ? 'Cyrillic' : language === 'el' ? 'Greek' : 'Latin'
        expect(name).toMatch(new RegExp(`^[\\p{Script=${script}} *-]{2,}$`, 'u'))
      }
    }
  })

  test('the two scripts of Serbian say the same', () => {
    const latin: Readonly<Record<string, string>> = Object.fromEntries(
      [...'абвгдђежзијклљмнњопрстћуфхцчџш'].map((letter, i) => [
        letter,
        'a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š'.split(' ')[i] ?? '',
      ]),
    )
    const inLatin = (text: string) =>
      [...text.toLowerCase()].map((letter) => latin[letter] ?? letter).join('')
    const pairs = [see.title, ...countries.flatMap(({ names, footnote }) => [names, footnote ?? {}])]
    for (const text of pairs) {
      expect(inLatin(text['sr-Cyrl'] ?? '')).toBe((text['sr-Latn'] ?? '').toLowerCase())
    }
  })

  test('official languages are kept ones, and every country says which of its own are not', () => {
    for (const { officialLanguages, alsoInOfficialUse, officialNotKept } of countries) {
      for (const language of [...officialLanguages, ...alsoInOfficialUse])
        expect(see.languages).toContain(language)
      for (const language of officialNotKept) expect(see.languages).not.toContain(language)
      expect(officialLanguages.length + officialNotKept.length).toBeGreaterThan(0)
    }
  })

  test('whoever is a neighbour has the other as its neighbour', () => {
    for (const { code, neighbours, otherNeighbours } of countries) {
      for (const neighbour of neighbours) {
        expect(countries.find((country) => country.code === neighbour)?.neighbours).toContain(code)
      }
      for (const outside of otherNeighbours) expect(codes).not.toContain(outside)
    }
  })

  test('Kosovo* bears its mark and the agreed footnote in every language, and no other country has one', () => {
    const marked = countries.filter(({ footnote }) => footnote !== undefined)

    expect(marked.map(({ code }) => code)).toEqual(['XK'])
    expect(Object.keys(marked[0]?.footnote ?? {}).sort()).toEqual([...see.languages].sort())
    for (const text of Object.values(marked[0]?.footnote ?? {})) expect(text).toContain('1244')
    for (const { code, names } of countries) {
      for (const name of Object.values(names)) expect(name.endsWith('*')).toBe(code === 'XK')
    }
  })

  test('the name that the United Nations registered in 2019 is used in every language', () => {
    const north = /sjeverna|severna|north|nord|veriut|βόρεια|észak|kuzey|северна|північна/iu
    const { names } = countries.find(({ code }) => code === 'MK') ?? { names: {} }
    for (const name of Object.values(names)) expect(name).toMatch(north)
  })

  test('every population names its year and source, and every time zone is one', () => {
    for (const { population, timeZone } of countries) {
      expect(population.people).toBeGreaterThan(500_000)
      expect(population.year).toBeGreaterThanOrEqual(2020)
      expect(population.source).not.toBe('')
      expect(new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone).not.toBe('')
    }
  })
})
