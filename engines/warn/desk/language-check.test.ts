import { describe, expect, test } from 'vitest'
import type { DraftText } from './contract.ts'
import { figuresIn } from './figures.ts'
import { languageFindings } from './language-check.ts'

const text = (description: string, parts: Partial<DraftText> = {}): DraftText => ({
  event: 'Flood',
  headline: 'Flood',
  description,
  instruction: 'Go up',
  isEdited: false,
  fromReviewed: true,
  ...parts,
})
const latin = (description: string) =>
  text(description, { event: 'Poplava', headline: 'Poplava', instruction: 'Gore' })
const rulesOf = (texts: Readonly<Record<string, DraftText>>) =>
  languageFindings(texts, (language) => (language === 'cnr' ? 'sr-Latn-ME' : language)).map(
    ({ rule }) => rule,
  )
const valuesOf = (words: string, locale: string) => [...figuresIn(words, locale).values].sort()

describe('figures', () => {
  test('are the same whatever the language writes', () => {
    const english = valuesOf('On 26 November 2019 at 2:54 pm (UTC+01:00): 12,500.5 m, level 3.2', 'en')

    expect(valuesOf('Dana 26. studenoga 2019. u 14:54 (UTC+01:00): 12.500,5 m, razina 3,2', 'hr')).toEqual(
      english,
    )
    expect(valuesOf('На 26 ноември 2019 г. в 14:54 (UTC+01:00): 12 500,5 м, ниво 3,2', 'bg')).toEqual(english)
    expect(valuesOf('Στις 26 Νοεμβρίου 2019, 2:54 μ.μ. (UTC+01:00): 12.500,5 μ, στάθμη 3,2', 'el')).toEqual(
      english,
    )
    expect(valuesOf('Më 2019-11-26, 14:54 (UTC+01:00): 12 500,5 m, niveli 3,2', 'sq')).toEqual(english)
    expect(valuesOf('2019. november 26., 14:54 (UTC+01:00): 12 500,5 m, szint 3,2', 'hu')).toEqual(english)
  })

  test('of a full hour are the hour, since many write it so', () => {
    expect(valuesOf('until 6 pm', 'en')).toEqual(valuesOf('bis 18 Uhr', 'de'))
    expect(valuesOf('until 18:00', 'en')).toEqual(['18'])
  })
})

describe('the language check', () => {
  test('is content when all languages say the same', () => {
    expect(
      rulesOf({
        en: text('Up to 120 mm until 18:00, wind 90 km/h'),
        hr: latin('Do 120 mm do 18:00, vjetar 90 km/h'),
        'sr-Cyrl': text('До 120 mm до 18:00, ветар 90 km/h', {
          event: 'Поплава',
          headline: 'Поплава',
          instruction: 'Горе',
        }),
      }),
    ).toEqual([])
  })

  test('finds a figure that differs, and lets a person set it aside', () => {
    const [found] = languageFindings(
      { en: text('Up to 120 mm'), hr: latin('Do 12 mm') },
      (language) => language,
    )

    expect(found).toMatchObject({
      rule: 'desk/figures-differ',
      level: 'error',
      place: '/texts/hr',
      value: '-120 +12',
      mayOverride: true,
    })
  })

  test('finds a time, a date and a unit that differ', () => {
    expect(rulesOf({ en: text('until 18:30'), hr: latin('do 16:30') })).toEqual(['desk/figures-differ'])
    expect(rulesOf({ en: text('on 3 May'), hr: latin('dana 4. svibnja') })).toEqual(['desk/figures-differ'])
    expect(rulesOf({ en: text('within 5 km'), hr: latin('u krugu od 5 m') })).toEqual(['desk/units-differ'])
  })

  test('finds empty texts, open placeholders, the wrong script and copied words', () => {
    expect(rulesOf({ en: text(' ') })).toEqual(['desk/text-empty'])
    expect(rulesOf({ en: text('Water in {town}') })).toEqual(['desk/placeholder-left'])
    expect(rulesOf({ mk: text('Flood water is rising') })).toEqual(['desk/script-differs'])
    expect(rulesOf({ 'sr-Latn': text('Вода расте и опасна је') })).toEqual(['desk/script-differs'])
    expect(rulesOf({ en: text('Water rises'), hr: latin('Water rises') })).toEqual(['desk/texts-identical'])
  })

  test('asks when the letters are those of another language', () => {
    expect(rulesOf({ hr: latin('Përmbytje në rrjedhën e poshtme, kërkoni vende më të larta') })).toEqual([
      'desk/letters-foreign',
    ])
  })
})
