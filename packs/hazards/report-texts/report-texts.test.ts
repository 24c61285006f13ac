import { describe, expect, test } from 'vitest'
import { headKeys } from '../../../engines/report/index.ts'
import { writerFor } from '../../../engines/warn/index.ts'
import { hazardKinds } from '../kinds.ts'
import { catalogues } from '../texts/index.ts'
import { reportCatalogues } from './index.ts'

const english = reportCatalogues['en']?.messages ?? {}
const args = {
  ...{ kind: ['K'], where: ['W'], at: '2019-11-26T02:54:12.000Z', asOf: '2019-11-26T02:54:12.000Z' },
  ...{ publisher: ['P'], who: ['A'], edition: 3, mmi: ['VI'] },
}
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name).sort()

describe('the texts of reports', () => {
  test('stand in every language of the warnings', () => {
    expect(Object.keys(reportCatalogues).sort()).toEqual(Object.keys(catalogues).sort())
  })

  test('name every kind of hazard, and what the engine asks for', () => {
    for (const kind of hazardKinds) expect(english[`report.kind.${kind}`]).toBeDefined()
    for (const key of Object.values(headKeys)) expect(english[key]).toBeDefined()
  })

  test.each(
    Object.keys(reportCatalogues),
  )('in %s have every key, with the same figures, and can be written', (language) => {
    const catalogue = reportCatalogues[language] ?? expect.fail()
    const writer = writerFor(catalogue, args, 'Europe/Tirane')

    expect(Object.keys(catalogue.messages)).toEqual(Object.keys(english))
    for (const [key, { text }] of Object.entries(catalogue.messages)) {
      expect([key, placeholders(text)]).toEqual([key, placeholders(english[key]?.text ?? '')])
      expect(writer.write(key).text.trim()).not.toBe('')
      expect(text).not.toContain("'")
    }
  })

  test('are in Cyrillic where the language is', () => {
    for (const language of ['sr-Cyrl', 'mk', 'bg', 'uk'])
      for (const [key, { text }] of Object.entries(reportCatalogues[language]?.messages ?? {}))
        expect([key, text.replaceAll(/\{[^}]*\}|MMI/g, '')]).toEqual([
          key,
          expect.not.stringMatching(/[A-Za-z]/),
        ])
  })
})
