import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeWithData } from '../../test/support/shared-data.ts'
import { createRegistry, type Realm } from '../record/index.ts'
import { areaIndex, shapeIndex } from './area-index.ts'
import { type Area, areaDrafts, placeArea } from './areas.ts'
import { areaLimits, readAreas } from './read-areas.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const square = (west: number, south: number) => ({
  type: 'Polygon' as const,
  coordinates: [
    [
      [west, south],
      [west + 1, south],
      [west + 1, south + 1],
      [west, south + 1],
      [west, south],
    ],
  ],
})
const feature = (geometry: unknown, properties: unknown) => ({ type: 'Feature', geometry, properties })
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features })
const options = { scheme: 'EMMA_ID', codeProperty: 'code', nameProperty: 'area', asOf: '2024-05-01' } as const
const anArea = (code: string, west: number, validFrom: string, validUntil?: string): Area => ({
  scheme: 'EMMA_ID',
  code,
  geometry: square(west, 0),
  validFrom,
  ...(validUntil !== undefined && { validUntil }),
})

describe('reading areas', () => {
  test('GeoJSON features and a list with bare coordinates give the same area', () => {
    const fromGeoJson = readAreas(
      bytes(collection(feature(square(0, 0), { code: 'XA001', area: 'Coast' }))),
      options,
    )
    const fromList = readAreas(bytes([{ code: 'XA001', area: 'Coast', ...square(0, 0) }]), options)

    expect(fromGeoJson.areas).toEqual([
      {
        scheme: 'EMMA_ID',
        code: 'XA001',
        name: { und: 'Coast' },
        geometry: square(0, 0),
        validFrom: '2024-05-01',
      },
    ])
    expect(fromList).toEqual(fromGeoJson)
  })

  test('one bad feature never loses the others, and says where it stood and what was wrong', () => {
    const file = collection(
      feature(square(0, 0), { code: 'XA001' }),
      feature(null, { code: 'XA002' }),
      feature(square(2, 0), {}),
      feature({ type: 'Point', coordinates: [1, 1] }, { code: 'XA004' }),
      'nonsense',
      feature(square(4, 0), { code: 105 }),
    )

    const { areas, rejected } = readAreas(bytes(file), options)

    expect(areas.map(({ code }) => code)).toEqual(['XA001', '105'])
    expect(rejected.map(({ place, code, issues }) => [place, code, issues[0]?.rule])).toEqual([
      ['/features/1', 'XA002', 'place/geometry-missing'],
      ['/features/2', undefined, 'place/area-without-code'],
      ['/features/3', 'XA004', 'place/area-without-inside'],
      ['/features/4', undefined, 'place/feature'],
    ])
  })

  test('islands that come as features of one code become one area, and it is noted', () => {
    const file = collection(
      feature(square(0, 0), { code: 'XA001' }),
      feature(square(5, 0), { code: 'XA001' }),
    )

    const { areas, notes } = readAreas(bytes(file), options)

    expect(areas).toHaveLength(1)
    expect(areas[0]?.geometry).toMatchObject({ type: 'MultiPolygon', coordinates: [{}, {}] })
    expect(notes).toMatchObject([{ rule: 'place/area-in-parts', place: '/features/1' }])
  })

  test.each([
    ['json/malformed', new TextEncoder().encode('{"type": "FeatureColl')],
    ['json/too-deep', new TextEncoder().encode('['.repeat(5000))],
    ['place/not-areas', bytes({ type: 'Topology' })],
    ['place/crs', bytes({ ...collection(), crs: { properties: { name: 'urn:ogc:def:crs:EPSG::3035' } } })],
  ])('a file that is %s is refused whole with its reason', (rule, file) => {
    const { areas, rejected } = readAreas(file, options)

    expect(areas).toEqual([])
    expect(rejected).toMatchObject([{ place: '', issues: [{ rule }] }])
  })

  test('a file with more features than allowed is refused', () => {
    const file = bytes(collection(1, 2, 3))

    const { rejected } = readAreas(file, { ...options, limits: { ...areaLimits, maxFeatures: 2 } })

    expect(rejected[0]?.issues[0]?.rule).toBe('place/too-many-features')
  })

  test('an edition that is no day is the caller’s mistake', () => {
    expect(() => readAreas(bytes([]), { ...options, asOf: '2024-02-31' })).toThrow(
      expect.objectContaining({ code: 'place/area-options' }),
    )
  })

  test('no bytes make it throw, and every feature is either taken or set aside', () => {
    const geometry = fc.oneof(fc.anything(), fc.constant(square(0, 0)))
    const one = fc.oneof(
      fc.anything(),
      fc.record({ type: fc.constant('Feature'), geometry, properties: fc.object() }),
    )
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (features) => {
        const { areas, rejected, notes } = readAreas(bytes(collection(...features)), options)

        const parts = notes.filter(({ rule }) => rule === 'place/area-in-parts').length
        expect(areas.length + rejected.length + parts).toBe(features.length)
      }),
    )
    fc.assert(fc.property(fc.uint8Array(), (raw) => readAreas(raw, options).areas.length === 0))
  })
})

describe('drafts of areas', () => {
  test('the key names scheme, code and edition, and the draft carries shape, code and cells', () => {
    const [draft] = areaDrafts([anArea('XA001', 0, '2024-05-01', '2025-01-01')], {
      realm: 'actual' as Realm,
      producer: { kind: 'source', name: 'area list' },
      attribution: [],
    })

    expect(draft).toMatchObject({
      type: 'place.area',
      key: 'EMMA_ID:XA001@2024-05-01',
      valid: { from: '2024-05-01T00:00:00.000Z', until: '2024-12-31T23:59:59.999Z' },
      place: { geometry: square(0, 0), areas: [{ scheme: 'EMMA_ID', code: 'XA001', asOf: '2024-05-01' }] },
      body: { scheme: 'EMMA_ID', code: 'XA001', validFrom: '2024-05-01', validUntil: '2025-01-01' },
    })
    expect(createRegistry([placeArea]).check('place.area', draft?.body)).toEqual([])
    expect(draft?.body).not.toHaveProperty('geometry')
    expect(draft?.place?.cells?.length).toBeGreaterThan(0)
  })
})

describe('held areas', () => {
  const index = areaIndex([
    anArea('XA001', 2, '2024-01-01'),
    anArea('XA001', 0, '2020-01-01'),
    anArea('XA002', 10, '2020-01-01', '2022-01-01'),
  ])

  test('a warning is read with the edition that held on its own day', () => {
    expect(index.find('EMMA_ID', 'XA001', '2023-12-31')?.validFrom).toBe('2020-01-01')
    expect(index.find('EMMA_ID', 'XA001', '2024-01-01')?.validFrom).toBe('2024-01-01')
    expect(index.find('EMMA_ID', 'XA002', '2022-01-01')).toBeUndefined()
    expect(index.holding([0.5, 0.5], '2021-06-01').map(({ code }) => code)).toEqual(['XA001'])
    expect(index.holding([0.5, 0.5], '2024-06-01')).toEqual([])
    expect(index.touching(square(1, 0.5), '2024-06-01').map(({ code }) => code)).toEqual(['XA001'])
  })

  test('a day outside every edition gets the nearest one before it, else the first, and it is said that it is not of the day', () => {
    const at = (code: string, day: string) => {
      const found = index.edition({ scheme: 'EMMA_ID', code }, day)
      return found && [found.area.validFrom, found.isOfDay]
    }

    expect(at('XA001', '2019-11-26')).toEqual(['2020-01-01', false])
    expect(at('XA001', '2024-06-01')).toEqual(['2024-01-01', true])
    expect(at('XA002', '2024-06-01')).toEqual(['2020-01-01', false])
    expect(at('XA0', '2024-06-01')).toBeUndefined()
  })

  test('the converse holds: of many shapes, those that touch an area or hold a town', () => {
    const shapes = shapeIndex(
      [{ id: 'a', at: square(0, 0) }, { id: 'b', at: square(3, 0) }, { id: 'c' }],
      (item) => item.at,
    )

    expect(shapes.holding([0.5, 0.5]).map(({ id }) => id)).toEqual(['a'])
    expect(shapes.touching(square(1, 0)).map(({ id }) => id)).toEqual(['a'])
  })
})

describeWithData('the region files of MeteoAlarm', 'hazards/regions', (data) => {
  test('every file is read whole, and each area holds a point of its own', () => {
    for (const file of readdirSync(data(''))) {
      const raw = readFileSync(data(file))
      const { areas, rejected } = readAreas(raw, options)

      expect(rejected, file).toEqual([])
      expect(areas.map(({ code }) => code).sort()).toEqual(
        (JSON.parse(raw.toString()) as { code: string }[]).map(({ code }) => code).sort(),
      )
      const index = areaIndex(areas)
      for (const area of areas) {
        const touching = index.touching(area.geometry, '2024-06-01').map(({ code }) => code)
        expect(touching, file).toContain(area.code)
      }
    }
  })
})
