import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { km } from '../record/index.ts'
import type { LonLat } from './contract.ts'
import { circlePolygon, destination, distanceKm } from './great-circle.ts'

const point = fc.tuple(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.double({ min: -80, max: 80, noNaN: true }),
)

describe('great circles', () => {
  test('a quarter of the globe is a quarter of its circumference', () => {
    expect(distanceKm([0, 0], [90, 0])).toBeCloseTo((Math.PI / 2) * 6371.0088, 6)
    expect(distanceKm([179.5, 0], [-179.5, 0])).toBeCloseTo((Math.PI / 180) * 6371.0088, 6)
  })

  test('whoever goes a distance on any bearing is that far away', () => {
    fc.assert(
      fc.property(
        point,
        fc.double({ min: 0, max: 360, noNaN: true }),
        fc.double({ min: 0.001, max: 5000, noNaN: true }),
        (from, bearing, distance) => {
          const there = destination(from, bearing, km(distance))

          expect(distanceKm(from, there)).toBeCloseTo(distance, 4)
        },
      ),
    )
  })

  test('a circle is a closed, counter-clockwise ring of points at its radius', () => {
    const center: LonLat = [19.53, 41.51]

    const [ring = []] = circlePolygon(center, km(150), 32).coordinates

    expect(ring).toHaveLength(33)
    expect(ring[0]).toEqual(ring[32])
    for (const [lon = 0, lat = 0] of ring) expect(distanceKm(center, [lon, lat])).toBeCloseTo(150, 6)
    expect(ring[0]?.[1]).toBeGreaterThan(ring[8]?.[1] ?? 90)
    expect(ring[8]?.[0]).toBeLessThan(center[0])
  })

  test('a circle that holds a pole is refused with its reason', () => {
    expect(() => circlePolygon([0, 89.5], km(100))).toThrow(
      expect.objectContaining({ code: 'place/circle-over-pole' }),
    )
  })
})
