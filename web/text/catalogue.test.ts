import { readdirSync, readFileSync } from 'node:fs'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import { describe, expect, test } from 'vitest'
import { chooseLanguage, i18n, isTranslated } from './catalogue.ts'
import { languages } from './languages.ts'

const folder = new URL('../texts/', import.meta.url)
const catalogue = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8'))
const english = catalogue('en')
/** Names in braces; words of plural branches are not arguments. */
const argumentsOf = (message: string): string[] =>
  [...new Set([...message.matchAll(/\{(\w+)(?=[,}])/g)].map(([, name]) => name ?? ''))]
    .filter((name) => name !== 'once')
    .sort()

describe('texts of the interface', () => {
  test('there is one catalogue for each language that can be chosen, and no other', () => {
    const files = readdirSync(folder).map((name) => name.replace('.json', ''))

    expect(files.sort()).toEqual([...languages].sort())
  })

  test.each(
    languages,
  )('%s has every text, with the same arguments, and each can be read as ICU', (language) => {
    const own = catalogue(language)

    expect(Object.keys(own)).toEqual(Object.keys(english))
    for (const [key, message] of Object.entries(own)) {
      const wanted = argumentsOf(english[key] ?? '')
      // "einmal", "una volta": a plural branch may do without its number, no other argument may be lost.
      expect(
        argumentsOf(message).filter((name) => wanted.includes(name)),
        key,
      ).toEqual(wanted)
      expect(() => compileMessage(message), key).not.toThrow()
    }
  })

  test('Slovene counts one, two, few and many reports as Slovene does', async () => {
    await chooseLanguage('sl')

    const said = [1, 2, 3, 5, 101].map((count) => i18n._('event.reports', { count }))

    expect(said).toEqual(['1 poročilo', '2 poročili', '3 poročila', '5 poročil', '101 poročilo'])
  })

  test('Macedonian and Montenegrin, which browsers lack, still count as they do', async () => {
    await chooseLanguage('mk')
    const macedonian = [1, 2, 21].map((count) => i18n._('event.reports', { count }))
    await chooseLanguage('cnr')
    const montenegrin = [1, 3, 11].map((count) => i18n._('event.reports', { count }))

    expect(macedonian).toEqual(['1 извештај', '2 извештаи', '21 извештај'])
    expect(montenegrin).toEqual(['1 izvještaj', '3 izvještaja', '11 izvještaja'])
  })

  test('a language without a catalogue shows English and says that it is English', async () => {
    await chooseLanguage('fr')

    expect(i18n._('nav.warnings')).toBe('Warnings')
    expect(isTranslated('nav.warnings')).toBe(false)
  })
})
