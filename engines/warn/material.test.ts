import { describe, expect, it } from 'vitest'
import { plusMs } from '../record/index.ts'
import { aProposal, hour } from './builders.ts'
import { materialChanges } from './material.ts'

const issued = aProposal()

describe('a revision worth an Update', () => {
  it('is not one that moves a figure within its tolerance', () => {
    const now = aProposal({ material: [{ name: 'level', value: 3.4, tolerance: 0.3 }] })
    expect(materialChanges(issued, now)).toEqual([])
  })

  it('is one that moves a figure out of it, names a new one, or drops one', () => {
    const level = { name: 'level', value: 3.6, tolerance: 0.3 }
    expect(materialChanges(issued, aProposal({ material: [level] }))).toEqual(['level'])
    const discharge = { name: 'discharge', value: 900, tolerance: 100 }
    expect(materialChanges(issued, aProposal({ material: [discharge] }))).toEqual(['discharge', 'level'])
  })

  it('is one that changes a code', () => {
    expect(materialChanges(issued, aProposal({ severity: 'Extreme' }))).toEqual(['severity'])
  })

  it('is one whose end shifts by more than an hour', () => {
    const shifted = (by: number) => aProposal({ expires: plusMs(issued.expires, by * hour) })
    expect(materialChanges(issued, shifted(0.9))).toEqual([])
    expect(materialChanges(issued, shifted(2))).toEqual(['expires'])
  })

  it('is one whose area grows noticeably, not one whose outline trembles', () => {
    const [area] = issued.areas
    if (!area) throw new Error('the proposal has no area')
    const withNorth = (lat: number) =>
      aProposal({
        areas: [
          {
            ...area,
            polygons: [
              [
                [41, 19],
                [41, 20],
                [lat, 20],
                [41, 19],
              ],
            ],
          },
        ],
      })
    expect(materialChanges(issued, withNorth(42.1))).toEqual([])
    expect(materialChanges(issued, withNorth(43))).toEqual(['areas'])
    const withCircle = (lat: number, radiusKm: number) =>
      aProposal({ areas: [{ ...area, polygons: [], circles: [{ center: [lat, 19], radiusKm }] }] })
    expect(materialChanges(withCircle(41, 100), withCircle(41.1, 110))).toEqual([])
    expect(materialChanges(withCircle(41, 100), withCircle(41, 130))).toEqual(['areas'])
    expect(materialChanges(withCircle(41, 100), withCircle(41.5, 100))).toEqual(['areas'])
  })
})
