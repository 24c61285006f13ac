import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkGeometry, geometryLimits } from './geometry.ts'

const rulesOf = (value: unknown, limits = geometryLimits) => {
  const check = checkGeometry(value, limits)
  return (check.ok ? check.notes : check.issues).map(({ rule, place }) => `${rule} ${place}`.trim())
}
const polygon = (...rings: unknown[]) => ({ type: 'Polygon', coordinates: rings })
const square = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [0, 0],
]

describe('geometries from outside', () => {
  test('a sound polygon passes without a note, and nothing foreign travels with it', () => {
    const check = checkGeometry({ ...polygon(square), bbox: [0, 0, 1, 1], secret: 'x' })

    expect(check).toEqual({ ok: true, geometry: polygon(square), notes: [] })
  })

  test('an open ring is closed and a crossing ring is noted, and both are kept', () => {
    const open = checkGeometry(polygon(square.slice(0, 4)))

    expect(open).toMatchObject({ ok: true, geometry: polygon(square), notes: [{ rule: 'place/ring-open' }] })
    expect(
      rulesOf(
        polygon([
          [0, 0],
          [2, 2],
          [2, 0],
          [0, 2],
          [0, 0],
        ]),
      ),
    ).toEqual(['place/ring-crosses-itself /coordinates/0'])
  })

  test.each([
    [
      'place/coordinates-out-of-range /coordinates/0/1',
      polygon([
        [0, 0],
        [1, 91],
        [1, 1],
        [0, 0],
      ]),
    ],
    ['place/coordinates-out-of-range /coordinates', { type: 'Point', coordinates: [181, 0] }],
    ['place/position /coordinates', { type: 'Point', coordinates: ['19.5', 41] }],
    ['place/position /coordinates', { type: 'Point', coordinates: [Number.NaN, 41] }],
    [
      'place/ring-too-short /coordinates/0',
      polygon([
        [0, 0],
        [1, 1],
        [0, 0],
      ]),
    ],
    [
      'place/ring-around-pole /coordinates/0',
      polygon([
        [0, 80],
        [90, 80],
        [180, 80],
        [-90, 80],
        [0, 80],
      ]),
    ],
    ['place/geometry-type /type', { type: 'Circle', coordinates: [0, 0] }],
    ['place/geometry-missing', null],
    ['place/coordinates /coordinates', { type: 'Polygon', coordinates: {} }],
    ['place/coordinates /coordinates/1', polygon(square, [])],
  ])('%s', (rule, value) => {
    expect(rulesOf(value)).toEqual([rule])
  })

  test('shapes without end are refused, not walked', () => {
    let nested: unknown = { type: 'Point', coordinates: [0, 0] }
    for (let depth = 0; depth < 50; depth++) nested = { type: 'GeometryCollection', geometries: [nested] }
    const long = { type: 'LineString', coordinates: Array.from({ length: 100 }, (_, i) => [i / 10, 0]) }

    expect(rulesOf(nested)[0]).toMatch('place/nested-too-deep')
    expect(rulesOf(long, { ...geometryLimits, maxPositions: 50 })[0]).toMatch('place/too-many-positions')
  })

  test('whatever comes in, the answer is a sound geometry or at least one reason', () => {
    const type = fc.constantFrom('Point', 'LineString', 'Polygon', 'MultiPolygon', 'GeometryCollection', 'x')
    const number = fc.oneof(fc.double(), fc.integer({ min: -200, max: 200 }))
    const coordinates = fc.oneof(
      fc.anything(),
      fc.array(number, { maxLength: 3 }),
      fc.array(fc.array(number, { maxLength: 3 }), { maxLength: 6 }),
      fc.array(fc.array(fc.array(number, { minLength: 2, maxLength: 2 }), { maxLength: 6 }), {
        maxLength: 3,
      }),
    )
    fc.assert(
      fc.property(
        fc.record({ type, coordinates, geometries: fc.anything() }, { requiredKeys: [] }),
        (value) => {
          const check = checkGeometry(value)

          if (check.ok)
            expect(checkGeometry(check.geometry)).toMatchObject({ ok: true, geometry: check.geometry })
          else expect(check.issues.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 500 },
    )
  })
})
