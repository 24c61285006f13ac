import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, it } from 'vitest'
import { type Catalogue, commonKeys, writerFor } from '../../../engines/warn/index.ts'
import { hazardKinds } from '../kinds.ts'
import { catalogues } from './index.ts'

/** As the ICU parser names its parts. */
type Part = {
  readonly type: number
  readonly value?: string
  readonly options?: Readonly<Record<string, { readonly value: readonly Part[] }>>
}
const part = { literal: 0, select: 5, plural: 6, pound: 7 } as const

const { en: english } = catalogues
if (!english) throw new Error('there is no English catalogue')
const languages = Object.keys(catalogues).sort()

const partsOf = (text: string, language: string) =>
  new IntlMessageFormat(text, language).getAst() as unknown as readonly Part[]

const within = (parts: readonly Part[]): readonly Part[] =>
  parts.flatMap((one) => [one, ...Object.values(one.options ?? {}).flatMap(({ value }) => within(value))])

/** Every placeholder of a text, with the words of a choice: `magnitude`, `reason:other,withdrawn`. */
const placeholders = (text: string, language: string): string[] => {
  const found = within(partsOf(text, language)).filter(
    ({ type }) => type !== part.literal && type !== part.pound,
  )
  const named = found.map(({ type, value, options }) =>
    type === part.select ? `${value}:${Object.keys(options ?? {}).sort()}` : `${value}`,
  )
  return [...new Set(named)].sort()
}

const entries = (catalogue: Catalogue) => Object.entries(catalogue.messages)
const args = {
  country: 'Bosnien und Herzegowina und Nachbarn',
  magnitude: 6.4,
  time: '2019-11-26T02:54:12.000Z',
  latitude: 41.51,
  longitude: 19.53,
  depthKm: 22,
  mmi: 'VIII',
  towns: ['Durrës', 'Shijak'],
  sources: ['EMSC', 'USGS'],
  people: '@earthquake.people',
  peopleMmi: 'VI',
  peopleLow: 120_000,
  peopleHigh: 540_000,
  reason: 'withdrawn',
  hazard: '@hazard.kind.flood',
  severity: '@hazard.severity.extreme',
  from: '2014-05-14T06:00:00.000Z',
  until: '2014-05-16T06:00:00.000Z',
  townsLine: '@hazard.towns',
  townNames: ['Brčko', 'Orašje'],
  river: 'Sava',
  kmLow: 120,
  kmHigh: 180,
}
const bands = ['light', 'moderate', 'strong', 'very-strong', 'severe', 'violent', 'extreme']

describe.each(languages)('the texts in %s', (language) => {
  const catalogue = catalogues[language] ?? english

  it('name their own language and have every key of the English ones, and no other', () => {
    expect(catalogue.language).toBe(language)
    expect(Object.keys(catalogue.messages).sort()).toEqual(Object.keys(english.messages).sort())
    for (const key of Object.values(commonKeys)) expect(catalogue.messages[key]).toBeDefined()
  })

  it('have every placeholder and every choice of the English ones', () => {
    for (const [key, { text }] of entries(catalogue))
      expect([key, placeholders(text, language)]).toEqual([
        key,
        placeholders(english.messages[key]?.text ?? '', 'en'),
      ])
  })

  it('have a form for each plural of the language', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const plurals = entries(catalogue).flatMap(([, { text }]) =>
      within(partsOf(text, language)).filter(({ type }) => type === part.plural),
    )
    expect(plurals.length).toBeGreaterThan(0)
    for (const { options } of plurals) expect(Object.keys(options ?? {}).sort()).toEqual([...forms].sort())
  })

  it('have no straight apostrophe, no doubled or trailing space, and nothing left empty', () => {
    for (const [key, { text }] of entries(catalogue)) {
      expect([key, /'| {2}| $|^ /.test(text)]).toEqual([key, false])
      expect(text).not.toBe('')
    }
  })

  it('keep headlines within 140 characters and events within 35, exercise word and long names included', () => {
    for (const band of bands) {
      const writer = writerFor(
        catalogue,
        { ...args, shaking: `@earthquake.shaking.${band}` },
        'Europe/Tirane',
      )
      const say = (key: string) => writer.write(key).text
      const word = say(commonKeys.exercise)
      for (const key of ['earthquake.headline', 'earthquake.headline.advice', 'earthquake.ending.headline'])
        expect(`${word}: ${say(key)}`.length).toBeLessThanOrEqual(140)
      expect(`${word}: ${say('earthquake.event')}`.length).toBeLessThanOrEqual(35)
    }
  })

  it('keep the headlines and events of every other hazard as short', () => {
    for (const kind of hazardKinds.filter((one) => one !== 'earthquake')) {
      const writer = writerFor(catalogue, { ...args, hazard: `@hazard.kind.${kind}` }, 'Europe/Belgrade')
      const say = (key: string) => writer.write(key).text
      const word = say(commonKeys.exercise)
      for (const key of ['headline', 'headline.advice', 'headline.downstream', 'ending.headline'])
        expect(`${word}: ${say(`hazard.${key}`)}`.length).toBeLessThanOrEqual(140)
      expect(`${word}: ${say(`hazard.kind.${kind}`)}`.length).toBeLessThanOrEqual(35)
    }
    const writer = writerFor(catalogue, args, 'Europe/Belgrade')
    const told = writer.write('hazard.description').text
    for (const fact of ['Brčko, Orašje', 'EMSC, USGS', 'UTC+02:00']) expect(told).toContain(fact)
    expect(writer.write('hazard.description.downstream').text).toContain('Sava')
  })

  it('write every text, and say of each that nobody has reviewed it until somebody has', () => {
    const writer = writerFor(catalogue, { ...args, shaking: '@earthquake.shaking.severe' }, 'Europe/Tirane')
    for (const [key, { reviewed }] of entries(catalogue)) {
      const written = writer.write(key)
      expect(written.text).not.toMatch(/[{}@]/)
      if (!reviewed) expect(written.reviewed).toBe(false)
    }
    const description = writer.write('earthquake.description').text
    for (const fact of ['Durrës, Shijak', 'EMSC, USGS', 'VIII', '22', '03:54', 'UTC+01:00'])
      expect(description).toContain(fact)
  })
})

describe('Serbian', () => {
  it('says letter for letter the same in both scripts', () => {
    const cyrillic = 'абвгдђежзијклљмнњопрстћуфхцчџш'
    const latin = 'a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š'.split(' ')
    const toLatin = (text: string) =>
      [...text]
        .map((letter) => {
          const small = latin[cyrillic.indexOf(letter.toLowerCase())]
          if (small === undefined || letter === '') return letter
          return letter === letter.toLowerCase() ? small : small[0]?.toUpperCase() + small.slice(1)
        })
        .join('')
    const inCyrillic = Object.entries(catalogues['sr-Cyrl']?.messages ?? {})
    expect(inCyrillic.length).toBeGreaterThan(0)
    for (const [key, { text }] of inCyrillic)
      expect([key, catalogues['sr-Latn']?.messages[key]?.text]).toEqual([key, toLatin(text)])
  })

  it('has no Latin letter in Cyrillic words, and Bulgarian, Macedonian and Ukrainian have none either', () => {
    for (const language of ['sr-Cyrl', 'bg', 'mk', 'uk'])
      for (const [key, { text }] of Object.entries(catalogues[language]?.messages ?? {}))
        expect([language, key, /[a-zA-Z][а-яіїєґјљњћђџѓќѕ]|[а-яіїєґјљњћђџѓќѕ][a-zA-Z]/i.test(text)]).toEqual([
          language,
          key,
          false,
        ])
  })
})
