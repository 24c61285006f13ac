import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDraft, checkRecord } from './check.ts'
import { instant } from './instant.ts'
import { actual } from './realm.ts'
import type { Draft, MosaicRecord, RecordId } from './record.ts'

const from = instant('2019-11-26T02:54:12Z')
const draft: Draft = {
  type: 'hazards.observation',
  key: 'us70006d0m',
  realm: actual,
  producer: { kind: 'source', name: 'usgs-earthquakes' },
  valid: { from },
  body: {},
}
const rules = (changed: object) =>
  checkDraft({ ...draft, ...changed }).map(({ rule, place }) => `${rule} ${place}`)
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

describe('a draft', () => {
  test('with all that an envelope can hold is taken', () => {
    const full: Draft = {
      ...draft,
      attribution: [{ source: 'usgs', licence: 'public domain', credit: 'USGS', url: 'https://example.org' }],
      place: {
        geometry: {
          type: 'GeometryCollection',
          geometries: [{ type: 'Point', coordinates: [19.5, 41.5, 20] }],
        },
        areas: [{ scheme: 'ISO3166-1', code: 'AL', asOf: '2019-01-01' }],
        cells: ['871e8d7ffffffff'],
      },
      handling: { tlp: 'TLP:AMBER', audience: [], police: ['H1'], fieldMarks: { '/place': 'TLP:RED' } },
      links: [{ type: 'about', id: 'a'.repeat(40) as RecordId, version: 1 }],
    }

    expect(checkDraft(draft)).toEqual([])
    expect(checkDraft(full)).toEqual([])
  })

  test.each([
    ['a type without owner', { type: 'observation' }, 'record/envelope /type'],
    ['an empty key', { key: '' }, 'record/envelope /key'],
    ['an endless key', { key: 'k'.repeat(513) }, 'record/envelope /key'],
    ['a realm of its own', { realm: 'real' }, 'record/envelope /realm'],
    ['a day that never was', { valid: { from: '2019-02-30T00:00:00.000Z' } }, 'record/instant /valid/from'],
    ['the year 0000', { valid: { from: '0000-01-01T00:00:00.000Z' } }, 'record/instant /valid/from'],
    [
      'an end before its beginning',
      { valid: { from, until: '2019-11-26T02:54:11.000Z' } },
      'record/valid-range /valid/until',
    ],
    ['U+0000', { body: { name: 'a\u0000b' } }, 'record/nul-character /body/name'],
    ['half a surrogate pair', { body: ['\ud800'] }, 'record/lone-surrogate /body/0'],
    ['no number', { body: { mag: Number.NaN } }, 'record/not-json /body/mag'],
    ['a member that is undefined', { place: undefined }, 'record/not-json /place'],
    ['a position off the globe', at([181, 0]), 'record/geometry /place/geometry/coordinates'],
    ['latitude before longitude', at([41.5, 119.5]), 'record/geometry /place/geometry/coordinates'],
    ['a position in words', at(['19', '41']), 'record/geometry /place/geometry/coordinates'],
    [
      'a flat polygon',
      { place: { geometry: { type: 'Polygon', coordinates: [[1, 2]] } } },
      'record/geometry /place/geometry/coordinates/0/0',
    ],
    ['a cell that is none', { place: { cells: ['871E8'] } }, 'record/envelope /place/cells/0'],
    ['a link of no type', { links: [{ type: 'near', id: 'a'.repeat(40) }] }, 'record/envelope /links/0/type'],
    ['a label of no standard', { handling: { tlp: 'TLP:WHITE' } }, 'record/envelope /handling/tlp'],
  ])('with %s is refused with the place', (_, changed, expected) => {
    expect(rules(changed)).toContain(expected)
  })

  test('deeper than forty levels is refused', () => {
    expect(checkDraft({ ...draft, body: nested(38) })).toEqual([])
    expect(checkDraft({ ...draft, body: nested(41) })).toMatchObject([{ rule: 'record/too-deep' }])
  })

  test('of any kind is answered with issues, never with a crash', () => {
    const geometry = fc.record({
      type: fc.constant('GeometryCollection'),
      geometries: fc.array(fc.anything()),
    })
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withDate: true }), geometry, (value, shape) => {
        expect(checkDraft(value).length).toBeGreaterThan(0)
        expect(Array.isArray(checkDraft({ ...draft, body: value }))).toBe(true)
        expect(Array.isArray(checkDraft({ ...draft, place: { geometry: shape } }))).toBe(true)
      }),
    )
  })

  test.each([[undefined], [null], [[]], ['text'], [{}]])('is not %j', (value) => {
    expect(checkDraft(value).length).toBeGreaterThan(0)
  })
})

describe("a peer's record", () => {
  test('has an origin and a version', () => {
    const { place: _, ...shared } = { place: 0, ...draft }
    const record: MosaicRecord = {
      ...shared,
      id: 'a'.repeat(40) as RecordId,
      version: 1,
      schemaVersion: 1,
      origin: 'skopje.example' as MosaicRecord['origin'],
      attribution: [],
      recordedAt: from,
      handling: { tlp: 'TLP:CLEAR' },
      links: [],
    }

    expect(checkRecord(record)).toEqual([])
    expect(checkRecord({ ...record, version: 0 })).toMatchObject([{ place: '/version' }])
    expect(checkRecord({ ...record, origin: 'Skopje' })).toMatchObject([{ rule: 'record/origin' }])
  })
})

function at(coordinates: readonly unknown[]) {
  return { place: { geometry: { type: 'Point', coordinates } } }
}
