import fc from 'fast-check'
import { cellToChildren, cellToParent, getResolution, latLngToCell } from 'h3-js'
import { describe, expect, test } from 'vitest'
import { cellNumber, rangesMeeting } from './cells.ts'

const cells = fc
  .tuple(
    fc.double({ min: -90, max: 90, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.nat({ max: 15 }),
  )
  .map(([lat, lon, resolution]) => latLngToCell(lat, lon, resolution))
const meet = (asked: string, stored: string) =>
  rangesMeeting([asked]).some(({ low, high }) => low <= cellNumber(stored) && cellNumber(stored) <= high)

describe('cells as ranges', () => {
  test('meet exactly when one holds the other', () => {
    fc.assert(
      fc.property(cells, cells, (a, b) => {
        const [coarse, fine] = getResolution(a) <= getResolution(b) ? [a, b] : [b, a]

        expect(meet(a, b)).toBe(cellToParent(fine, getResolution(coarse)) === coarse)
      }),
    )
  })

  test('meet their ancestors and every one of their children', () => {
    fc.assert(
      fc.property(cells, fc.nat({ max: 15 }), (cell, resolution) => {
        if (resolution <= getResolution(cell)) expect(meet(cell, cellToParent(cell, resolution))).toBe(true)
        else if (resolution <= getResolution(cell) + 2)
          expect(cellToChildren(cell, resolution).every((child) => meet(cell, child))).toBe(true)
      }),
    )
  })
})
