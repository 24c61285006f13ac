import fc from 'fast-check'
import type { Polygon } from 'geojson'
import { describe, expect, test } from 'vitest'
import { holdsPoint, prepareShape, shapesTouch } from './shape.ts'

const box = (west: number, south: number, east: number, north: number): Polygon => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
})
const withHole: Polygon = {
  type: 'Polygon',
  coordinates: [...box(0, 0, 10, 10).coordinates, ...box(4, 4, 6, 6).coordinates],
}

describe('points in shapes', () => {
  test('a shape holds its inside and its line, not its hole nor the outside', () => {
    const shape = prepareShape(withHole)

    expect(holdsPoint(shape, [1, 1])).toBe(true)
    expect(holdsPoint(shape, [0, 0])).toBe(true)
    expect(holdsPoint(shape, [10, 5])).toBe(true)
    expect(holdsPoint(shape, [4, 5])).toBe(true)
    expect(holdsPoint(shape, [5, 5])).toBe(false)
    expect(holdsPoint(shape, [10.000001, 5])).toBe(false)
  })

  test('no point falls between two neighbours that share a crooked line, and none off the line into both', () => {
    const crooked = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 40 })
    const at = fc.tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    )
    fc.assert(
      fc.property(crooked, at, (offsets, [x, share]) => {
        const top = offsets.length - 1
        const border = offsets.map((offset, y) => [offset, y])
        const west = prepareShape({
          type: 'Polygon',
          coordinates: [[[-6, 0], ...border, [-6, top], [-6, 0]]],
        })
        const east = prepareShape({
          type: 'Polygon',
          coordinates: [[[6, 0], [6, top], ...border.toReversed(), [6, 0]]],
        })

        const holders = [west, east].filter((shape) => holdsPoint(shape, [x, share * top]))

        const y = share * top
        const [from = 0, to = 0] = offsets.slice(Math.floor(y))
        const isOnLine = Math.abs(from + (y - Math.floor(y)) * (to - from) - x) < 1e-12
        expect(holders.length).toBeGreaterThanOrEqual(1)
        expect(holders.length === 1 || isOnLine).toBe(true)
      }),
    )
  })

  test('a shape over the antimeridian holds points on both sides of it', () => {
    const shape = prepareShape({
      type: 'Polygon',
      coordinates: [
        [
          [170, -10],
          [-170, -10],
          [-170, 10],
          [170, 10],
          [170, -10],
        ],
      ],
    })

    expect(holdsPoint(shape, [175, 0])).toBe(true)
    expect(holdsPoint(shape, [-175, 0])).toBe(true)
    expect(holdsPoint(shape, [180, 0])).toBe(true)
    expect(holdsPoint(shape, [-180, 0])).toBe(true)
    expect(holdsPoint(shape, [0, 0])).toBe(false)
  })

  test('a frame of the whole world holds every place within it', () => {
    const world = prepareShape(box(-180, -80, 180, 80))

    expect(holdsPoint(world, [19.53, 41.51])).toBe(true)
    expect(holdsPoint(world, [-120, -41])).toBe(true)
    expect(holdsPoint(world, [0, 85])).toBe(false)
  })
})

describe('shapes that touch', () => {
  const touch = (a: Parameters<typeof prepareShape>[0], b: Parameters<typeof prepareShape>[0]) => {
    const there = shapesTouch(prepareShape(a), prepareShape(b))
    expect(shapesTouch(prepareShape(b), prepareShape(a))).toBe(there)
    return there
  }

  test('shapes touch when one crosses, holds or only borders the other', () => {
    expect(touch(box(0, 0, 2, 2), box(1, 1, 3, 3))).toBe(true)
    expect(touch(box(0, 0, 9, 9), box(1, 1, 3, 3))).toBe(true)
    expect(touch(box(0, 0, 1, 1), box(1, 0, 2, 1))).toBe(true)
    expect(touch(box(0, 3, 10, 4), box(4, 0, 5, 10))).toBe(true)
    expect(touch(box(0, 0, 1, 1), box(1.001, 0, 2, 1))).toBe(false)
  })

  test('a shape that lies in the hole of another does not touch it', () => {
    expect(touch(withHole, box(4.5, 4.5, 5.5, 5.5))).toBe(false)
    expect(touch(withHole, box(4.5, 4.5, 6, 5.5))).toBe(true)
  })

  test('lines, points and collections touch as polygons do', () => {
    const line = {
      type: 'LineString' as const,
      coordinates: [
        [-5, 5],
        [3, 5],
      ],
    }
    expect(touch(withHole, line)).toBe(true)
    expect(touch(line, { type: 'Point', coordinates: [0, 5] })).toBe(true)
    expect(touch(line, { type: 'Point', coordinates: [0, 5.1] })).toBe(false)
    expect(
      touch(withHole, {
        type: 'GeometryCollection',
        geometries: [
          {
            type: 'MultiPoint',
            coordinates: [
              [50, 50],
              [9, 9],
            ],
          },
        ],
      }),
    ).toBe(true)
  })

  test('shapes on either side of the antimeridian touch across it', () => {
    const over: Polygon = {
      type: 'Polygon',
      coordinates: [
        [
          [170, -10],
          [-170, -10],
          [-170, 10],
          [170, 10],
          [170, -10],
        ],
      ],
    }
    expect(touch(over, box(-175, -1, -174, 1))).toBe(true)
    expect(touch(over, box(174, -1, 175, 1))).toBe(true)
    expect(touch(over, box(-1, -1, 1, 1))).toBe(false)
  })
})
