import fc from 'fast-check'
import type { Geometry, Polygon, Position } from 'geojson'
import { describe, expect, test } from 'vitest'
import { km } from '../record/index.ts'
import { cellOf, cellsHolding, lineageOf, rangesIn } from './cells.ts'
import type { LonLat } from './contract.ts'
import { cellsOverlapping } from './cover.ts'
import { circlePolygon } from './great-circle.ts'
import { boundsOf, holdsPoint, prepareShape } from './shape.ts'

const center = fc.tuple(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.double({ min: -70, max: 70, noNaN: true }),
)
const size = fc.double({ min: -2, max: 3, noNaN: true }).map((power) => 10 ** power)
const share = fc.double({ min: 0, max: 1, noNaN: true })

/** A star of random arms around a point: concave, of any size, over the antimeridian too. */
const star = fc
  .tuple(
    center,
    size,
    fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 3, maxLength: 20 }),
  )
  .map(([at, radius, arms]): Polygon => {
    const ring = arms.map((arm, i): Position => {
      const [corner = []] = circlePolygon(at, km(radius * arm), arms.length).coordinates
      return corner[i] ?? []
    })
    return { type: 'Polygon', coordinates: [[...ring, ring[0] ?? []]] }
  })

const covers = (cells: readonly string[], point: LonLat) => {
  const set = new Set(cells)
  return cellsHolding(point).some((cell) => set.has(cell))
}

describe('cells of a shape', () => {
  test('any point in a shape has itself or an ancestor among the cells of the shape', () => {
    fc.assert(
      fc.property(
        star,
        fc.array(fc.tuple(share, share), { maxLength: 40 }),
        fc.constantFrom(8, 32, 128),
        (star, tries, maxCells) => {
          const shape = prepareShape(star)
          const cells = cellsOverlapping(star, { maxCells })
          const [west, south, east, north] = boundsOf(shape)
          const inside = tries
            .map(([x, y]): LonLat => [west + x * (east - west), south + y * (north - south)])
            .filter((point) => holdsPoint(shape, point))

          const corners = (star.coordinates[0] ?? []).map(([lon = 0, lat = 0]): LonLat => [lon, lat])

          for (const point of [...inside, ...corners]) expect(covers(cells, point)).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('their number is bounded, they are sorted and none lies in another', () => {
    fc.assert(
      fc.property(star, fc.integer({ min: 8, max: 64 }), (star, maxCells) => {
        const cells = cellsOverlapping(star, { maxCells })

        expect(cells.length).toBeLessThanOrEqual(maxCells)
        expect(cells).toEqual([...cells].sort())
        for (const cell of cells) {
          expect(
            lineageOf(cell)
              .slice(1)
              .some((above) => cells.includes(above)),
          ).toBe(false)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('lines, points and collections are covered as polygons are', () => {
    const line: Geometry = {
      type: 'LineString',
      coordinates: [
        [18, 40],
        [19.4, 41.3],
        [19.9, 43],
      ],
    }
    const both: Geometry = {
      type: 'GeometryCollection',
      geometries: [line, { type: 'Point', coordinates: [33.36, 35.17] }],
    }

    const cells = cellsOverlapping(both)

    for (let step = 0; step <= 50; step++) {
      expect(covers(cells, [18 + 1.4 * (step / 50), 40 + 1.3 * (step / 50)])).toBe(true)
    }
    expect(covers(cells, [33.36, 35.17])).toBe(true)
    expect(covers(cells, [25, 45])).toBe(false)
    expect(cellsOverlapping({ type: 'Point', coordinates: [33.36, 35.17] })).toEqual([cellOf([33.36, 35.17])])
  })

  test('a frame of the world is covered, and a shape wider than half the globe over the antimeridian too', () => {
    const frame = (west: number, east: number, middle: readonly number[]): Polygon => ({
      type: 'Polygon',
      coordinates: [
        [
          ...[west, ...middle, east].map((lon) => [lon, -60]),
          ...[east, ...middle.toReversed(), west].map((lon) => [lon, 60]),
          [west, -60],
        ],
      ],
    })

    expect(covers(cellsOverlapping(frame(-180, 180, [])), [19, 41])).toBe(true)
    expect(covers(cellsOverlapping(frame(0, -100, [90, 170, -170])), [-150, 20])).toBe(true)
  })
})

test('the points in a shape stand in the ranges of its cells, as text and as numbers', () => {
  const circle = circlePolygon([19.53, 41.51], km(30))
  const ranges = rangesIn(cellsOverlapping(circle))

  const isIn = (point: LonLat) =>
    ranges.some(({ low, high }) => cellOf(point) >= low && cellOf(point) <= high)

  expect(isIn([19.53, 41.51])).toBe(true)
  expect(isIn([19.45, 41.32])).toBe(true)
  expect(isIn([21.43, 41.99])).toBe(false)
  expect(ranges.every(({ low, high }) => BigInt(`0x${low}`) <= BigInt(`0x${high}`))).toBe(true)
})
