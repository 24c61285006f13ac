import { describe, expect, test } from 'vitest'
import { exposureByBand } from './exposure.ts'

describe('people in the bands of a hazard', () => {
  test('a band begins half a unit below its number and ends before the next', () => {
    const cells = [6.49, 6.5, 7.49].map((intensity) => ({ intensity, people: 1, country: 'AA' }))

    expect(exposureByBand(cells).get('AA')).toEqual([0, 0, 0, 0, 0, 1, 2, 0, 0, 0])
  })

  test('fractions of people add up before they are cut off', () => {
    const cells = new Array(10).fill({ intensity: 5, people: 0.35, country: 'AA' })

    expect(exposureByBand(cells).get('AA')?.[4]).toBe(3)
  })

  test('a cell without people still names its country, one without a country counts nowhere', () => {
    const exposed = exposureByBand([
      { intensity: 5, people: Number.NaN, country: 'AA' },
      { intensity: 5, people: 9, country: undefined },
    ])

    expect([...exposed]).toEqual([['AA', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]]])
  })
})
