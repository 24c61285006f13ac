import { describe, expect, test } from 'vitest'
import { openPlaces } from '../../../engines/place/index.ts'
import { see } from '../../../regions/see/region.ts'
import { asTable, compareWithHistory } from './compare.ts'

const compared = compareWithHistory(await openPlaces(see))

describe('the estimate beside what really happened', () => {
  test.each([
    'Durrës 2019',
    'Petrinja 2020',
  ])('%s lies in a range that was given a fair probability', (name) => {
    const one = compared.find((shock) => shock.name === name)

    expect(one?.probability).toBeGreaterThan(0.2)
    expect(one?.impact.level).toBe('yellow')
  })

  test('Durrës is underestimated: the toll lies above the range of the shaking alone', () => {
    const { deaths, impact } = compared.find(({ name }) => name === 'Durrës 2019') ?? {}

    expect(deaths).toBeGreaterThan(impact?.fatalities.high ?? 0)
  })

  test('no shock with deaths is called harmless, and no harmless one deadly', () => {
    expect(compared.filter(({ deaths, impact }) => deaths > 100 && impact.level === 'green')).toEqual([])
    expect(compared.filter(({ deaths, impact }) => deaths === 0 && impact.level > 'yellow')).toEqual([])
  })

  test('COMPARISON.md shows the table as it is computed today', async () => {
    const { readFile } = await import('node:fs/promises')
    const text = await readFile(new URL('COMPARISON.md', import.meta.url), 'utf8')

    expect(text).toContain(asTable(compared))
  })
})
