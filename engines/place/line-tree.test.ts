import fc from 'fast-check'
import { expect, test } from 'vitest'
import { km } from '../record/index.ts'
import type { LonLat } from './contract.ts'
import { distanceKm } from './great-circle.ts'
import { lineTree } from './line-tree.ts'

const lon = fc.double({ min: -180, max: 180, noNaN: true })
const lat = fc.double({ min: -85, max: 85, noNaN: true })

test('the nearest line found by the tree is the nearest when every line is walked in small steps', () => {
  const shortLine = fc
    .tuple(
      lon,
      lat,
      fc.array(
        fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
        { minLength: 1, maxLength: 30 },
      ),
    )
    .map(([x, y, steps]) => {
      const points: LonLat[] = [[x, y]]
      for (const [dx, dy] of steps) {
        const [px, py] = points.at(-1) ?? [0, 0]
        points.push([px + dx, Math.max(-89, Math.min(89, py + dy))])
      }
      return points
    })
  fc.assert(
    fc.property(fc.array(shortLine, { minLength: 1, maxLength: 12 }), lon, lat, (lines, x, y) => {
      const tree = lineTree(lines.map((line) => Float64Array.from(line.flat())))

      const found = tree.nearest([x, y])

      let walked = Infinity
      for (const line of lines) {
        for (let i = 1; i < line.length; i++) {
          const [a, b] = [line[i - 1] ?? [0, 0], line[i] ?? [0, 0]]
          for (let step = 0; step <= 100; step++) {
            const share = step / 100
            walked = Math.min(
              walked,
              distanceKm([x, y], [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]),
            )
          }
        }
      }
      // Steps of at most 3.4 km miss the foot by less than half of one; arcs and straight lines differ by less than 0.1 km.
      expect(found).toBeLessThanOrEqual(walked + 0.1)
      expect(found).toBeGreaterThan(walked - 2)
    }),
  )
})

test('a line farther than asked is not found', () => {
  const tree = lineTree([Float64Array.from([10, 0, 10, 1])])

  expect(tree.nearest([9, 0], km(50))).toBe(Infinity)
  expect(tree.nearest([9, 0], km(120))).toBeCloseTo(distanceKm([9, 0], [10, 0]), 3)
})

test('no lines, no nearest', () => {
  expect(lineTree([]).nearest([0, 0])).toBe(Infinity)
})
