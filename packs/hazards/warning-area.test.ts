import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hullAround } from './warning-area.ts'

const towns = fc.array(
  fc.tuple(fc.double({ min: 34, max: 49, noNaN: true }), fc.double({ min: 13, max: 45, noNaN: true })),
  { minLength: 1, maxLength: 40 },
)

/** Left of, or on, every side of a counter-clockwise ring. */
const isInside = ([lat, lon]: readonly [number, number], ring: readonly (readonly [number, number])[]) =>
  ring.slice(1).every(([lat2, lon2], at) => {
    const [lat1, lon1] = ring[at] ?? [lat2, lon2]
    return (lon2 - lon1) * (lat - lat1) - (lat2 - lat1) * (lon - lon1) >= 0
  })

describe('the area of an earthquake warning', () => {
  it('is a closed ring around every shaken town, with few enough corners for every reader', () => {
    fc.assert(
      fc.property(towns, fc.integer({ min: 2, max: 50 }), (all, marginKm) => {
        const ring = hullAround(all, marginKm)
        expect(ring.length).toBeGreaterThanOrEqual(4)
        expect(ring.length).toBeLessThanOrEqual(100)
        expect(ring[0]).toEqual(ring.at(-1))
        for (const town of all) expect(isInside(town, ring)).toBe(true)
      }),
    )
  })

  it('around one town is a circle of twelve corners at the margin', () => {
    const ring = hullAround([[41.32, 19.45]], 10)
    expect(ring).toHaveLength(13)
    for (const [lat] of ring) expect(Math.abs(lat - 41.32) * 111.195).toBeLessThanOrEqual(10.6)
  })

  it('is the same whatever the order of the towns', () => {
    const [a, b, c] = [
      [41.3, 19.4],
      [41.8, 19.6],
      [40.7, 20.1],
    ] as const
    const sides = (ring: readonly unknown[]) => new Set(ring.map((corner) => JSON.stringify(corner)))
    expect(sides(hullAround([a, b, c], 10))).toEqual(sides(hullAround([c, a, b], 10)))
  })

  it('of no towns is empty', () => {
    expect(hullAround([], 10)).toEqual([])
  })
})
