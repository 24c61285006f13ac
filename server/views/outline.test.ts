import fc from 'fast-check'
import type { Position } from 'geojson'
import { describe, expect, test } from 'vitest'
import { hullOf, outlineOf } from './outline.ts'

const place = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }))

const turn = ([ax = 0, ay = 0]: Position, [bx = 0, by = 0]: Position, [cx = 0, cy = 0]: Position): number =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

describe('an area in a list', () => {
  test('of few points is given as it is; a place that is no area has none', () => {
    const area = {
      type: 'Polygon' as const,
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    }

    expect(outlineOf(area)).toEqual(area)
    expect(outlineOf({ type: 'Point', coordinates: [0, 0] })).toBeUndefined()
    expect(outlineOf(undefined)).toBeUndefined()
  })

  test('of many points is told by what encloses it', () => {
    const ring = Array.from({ length: 400 }, (_, n) => [Math.cos(n), Math.sin(n) / (1 + (n % 7))])

    const outline = outlineOf({ type: 'MultiPolygon', coordinates: [[[...ring, ring[0] ?? []]]] })

    expect(outline?.type).toBe('Polygon')
    expect(outline?.coordinates[0]?.length).toBeLessThan(400)
  })

  test('what encloses it is closed, turns one way, and leaves no point outside', () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 3, maxLength: 60 }), (points) => {
        const hull = hullOf(points)
        expect(hull.at(-1)).toEqual(hull[0])
        for (const [at, to] of hull.slice(1).entries())
          for (const point of points) expect(turn(hull[at] ?? [], to, point)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
