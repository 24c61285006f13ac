import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { see } from '../../regions/see/region.ts'
import { checklist } from './checklist.ts'
import { hazards } from './pack.ts'

const contentOf = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')

test('every house rule is done, or exempt with a reason', () => {
  const open = Object.values(checklist).filter((state) => state !== 'done' && state.exempt.trim() === '')

  expect(Object.keys(checklist).length).toBeGreaterThan(5)
  expect(open).toEqual([])
})

test('every source says whose it is, and under which licence', () => {
  const silent = hazards.sources.filter(({ attribution }) => !attribution.licence || !attribution.credit)

  expect(silent.map(({ id }) => id)).toEqual([])
})

test('warnings can be written in every language of the region', () => {
  expect(see.languages.filter((language) => !hazards.catalogues[language])).toEqual([])
})

test('the table of real tolls in the README is the one that COMPARISON.md has', () => {
  const figures = (text: string) =>
    text
      .split('\n')
      .filter((line) => /^\| [^|]+ (19|20)\d\d \|/.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(1, 6)
          .map((cell) => cell.trim()),
      )

  expect(figures(contentOf('README.md'))).toEqual(figures(contentOf('impact/COMPARISON.md')))
})
