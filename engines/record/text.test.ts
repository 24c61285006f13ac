import { describe, expect, test } from 'vitest'
import { inLanguage } from './text.ts'

const text = { en: 'Earthquake', sq: 'Tërmet', 'sr-Latn': 'Zemljotres', 'sr-Cyrl': 'Земљотрес' }

describe('a text in several languages', () => {
  test('is given in the first wanted language that it has', () => {
    expect(inLanguage(text, 'mk', 'sq')).toEqual({ language: 'sq', text: 'Tërmet' })
  })

  test('is given in the wider language when the narrow one is missing, script kept', () => {
    expect(inLanguage(text, 'sr-Latn-ME')).toEqual({ language: 'sr-Latn', text: 'Zemljotres' })
  })

  test('falls back to English and says that it is English', () => {
    expect(inLanguage(text, 'tr')).toEqual({ language: 'en', text: 'Earthquake' })
  })

  test('is given in whatever there is when English is missing too', () => {
    expect(inLanguage({ sq: 'Tërmet', hr: 'Potres' }, 'tr')).toEqual({ language: 'hr', text: 'Potres' })
    expect(inLanguage({}, 'tr')).toBeUndefined()
  })
})
