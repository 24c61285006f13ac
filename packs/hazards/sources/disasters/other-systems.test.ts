/** Copernicus EMS, GLIDE, EFFIS and PDC: each by its own payload, and by recorded ones where they are at hand. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Decoded } from '../../../../engines/ingest/index.ts'
import { cornersOf } from '../../../../engines/place/index.ts'
import { createRegistry, instant } from '../../../../engines/record/index.ts'
import { describeWithData } from '../../../../test/support/shared-data.ts'
import { type HazardReport, hazardsReport } from '../../report-records.ts'
import { areaIn } from './area.ts'
import { copernicusEms, decodeCopernicusEms } from './copernicus-ems.ts'
import { countryCode, countryCodes } from './country-codes.ts'
import { decodeEffis, effis } from './effis.ts'
import { decodeGdacs } from './gdacs.ts'
import { decodeGlide } from './glide.ts'
import { decodePdc } from './pdc.ts'
import { readWkt } from './wkt.ts'

const registry = createRegistry([hazardsReport])
const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)))
const payload = (bytes: Uint8Array) => ({
  bytes,
  mediaType: 'application/json',
  receivedAt: instant('2026-08-01T00:00:00Z'),
})
const bodies = ({ observations }: Decoded) => observations.map(({ body }) => body as HazardReport)
const rules = ({ rejected }: Decoded) =>
  rejected.map(({ issues }) => issues.map(({ rule, place }) => `${rule} ${place}`))

describe('a mapping activation', () => {
  const list = payload(fixture('copernicus-ems.json'))
  const decoded = decodeCopernicusEms(payload(fixture('copernicus-ems-activation.json')))

  test('is fetched when the list says that it changed; the list itself tells too little to be a report', () => {
    expect(copernicusEms.index?.links(list)).toEqual([
      {
        id: 'EMSR9901',
        url: 'https://rapidmapping.emergency.copernicus.eu/backend/dashboard-api/public-activations/?code=EMSR9901',
        updated: '2026-05-14T08:00:00.123456',
      },
    ])
    expect(decodeCopernicusEms(list).observations).toEqual([])
    expect(rules(decodeCopernicusEms(list))).toEqual([['hazards/no-name /results/1']])
  })

  test('names the event in the lists of GDACS and of the Charter', () => {
    expect(bodies(decoded)[0]).toMatchObject({
      kind: 'flood',
      ids: ['cems:EMSR9901', 'gdacs:FL9900001', 'charter:9991'],
      countries: ['BA', 'RS'],
      status: 'active',
    })
  })

  test('covers its areas of interest, and says how many maps were made, wait, or could not be', () => {
    expect(decoded.observations[0]?.place?.geometry).toMatchObject({ type: 'MultiPolygon' })
    expect(bodies(decoded)[0]?.measures).toEqual([
      { name: 'Roads', value: 57.9, unit: 'km' },
      { name: 'Built-up', value: 270, unit: 'No.' },
      { name: 'Population', value: 1500, unit: 'No.' },
      { name: 'maps finished', value: 1, unit: '1' },
      { name: 'maps in production', value: 1, unit: '1' },
      { name: 'maps waiting', value: 1, unit: '1' },
      { name: 'maps not produced', value: 1, unit: '1' },
    ])
  })

  test('is as new as its newest map', () => {
    expect(bodies(decoded)[0]?.updated).toBe('2026-05-14T07:00:00.000Z')
  })
})

describe('a GLIDE number', () => {
  const decoded = decodeGlide(payload(fixture('glide.json')))

  test('is read past the comment lines before it; a toll of 0 is none', () => {
    expect(bodies(decoded)[0]).toMatchObject({
      eventId: 'FL-2026-000999-BIH',
      ids: ['glide:FL-2026-000999-BIH'],
      kind: 'flood',
      countries: ['BA'],
      measures: [{ name: 'killed', value: 12, unit: '{people}' }],
    })
  })

  test('that nobody placed is held, not put at 0, 0', () => {
    expect(rules(decoded)).toEqual([['hazards/no-place /glideset/1']])
  })
})

describe('the burnt areas of EFFIS', () => {
  const decoded = decodeEffis(payload(fixture('effis.json')))

  test('are those of the past month, whatever else comes back, and how many were left out is said', () => {
    expect(bodies(decoded).map(({ eventId }) => eventId)).toEqual(['990001', '990002'])
    expect(decoded.defects.map(({ rule, value }) => [rule, value])).toEqual([
      ['effis/old-fires-left-out', '1'],
    ])
  })

  test('give area, country and whether it burns; 0 ha is no measure and no severity', () => {
    expect(bodies(decoded)).toMatchObject([
      {
        countries: ['GR'],
        measures: [{ value: 1431.5, unit: 'ha' }],
        severity: 'Moderate',
        status: 'active',
      },
      { countries: ['HR'], measures: [], status: 'ended' },
    ])
    expect(bodies(decoded)[1]?.severity).toBeUndefined()
  })

  test('without a shape are held', () => {
    expect(rules(decoded)).toEqual([['hazards/no-place /features/3']])
  })

  test('an exception in XML with status 200 is held whole', () => {
    const page = '<?xml version="1.0"?><ServiceExceptionReport/>'

    expect(decodeEffis(payload(new TextEncoder().encode(page))).rejected[0]?.issues[0]?.rule).toBe(
      'json/markup-instead',
    )
  })

  test('are asked for by a box alone: the service ignores filters, and a box with one cuts the line', () => {
    const query = new URL(effis.transport.url).searchParams

    expect(query.get('bbox')).not.toBeNull()
    expect([...query.keys()].filter((name) => /filter|date|time/i.test(name))).toEqual([])
    expect(effis.transport.url).not.toContain('/gwis/ows')
    expect([...query.keys()].every((name) => name === name.toLowerCase())).toBe(true)
  })
})

describe('a hazard of PDC', () => {
  test('has its times as milliseconds in text, and stays within the organisation', () => {
    const decoded = decodePdc(payload(fixture('pdc.json')))

    expect(decoded.observations[0]).toMatchObject({
      key: 'pdc:990001',
      valid: { from: '2026-05-12T00:00:00.000Z', until: '2026-05-13T12:00:00.000Z' },
      handling: { tlp: 'TLP:AMBER+STRICT' },
      body: { kind: 'landslide', severity: 'Severe', level: { scheme: 'PDC', value: 'WARNING' } },
    })
    expect(rules(decoded)).toEqual([['hazards/no-name /1']])
  })
})

describe('an outline of a hundred thousand corners', () => {
  const ring = (corners: number) =>
    Array.from({ length: corners + 1 }, (_, at) => {
      const turn = ((at % corners) / corners) * 2 * Math.PI
      return [20 + Math.cos(turn), 42 + Math.sin(turn)]
    })

  test('is thinned to what a record holds, and that is said', () => {
    const { geometry, defects } = areaIn({ type: 'Polygon', coordinates: [ring(60_000)] }, '/features/0')

    expect(JSON.stringify(geometry).length).toBeLessThan(500_000)
    expect(geometry && cornersOf(geometry).length).toBeGreaterThan(100)
    expect(defects.map(({ rule }) => rule)).toEqual(['hazards/area-simplified'])
  })

  test('of ordinary size is left as it is', () => {
    const polygon = { type: 'Polygon', coordinates: [ring(500)] }

    expect(areaIn(polygon, '')).toEqual({ geometry: polygon, defects: [] })
  })
})

describe('a country', () => {
  test('is known by its three letters, its two, and its English names', () => {
    expect(['MKD', 'mk', 'North Macedonia', 'Republic of North Macedonia'].map(countryCode)).toEqual(
      Array(4).fill('MK'),
    )
    expect(['Bosnia and Herzegovina', 'Türkiye', 'Turkey', 'EL', 'Kosovo', 'XKX'].map(countryCode)).toEqual([
      'BA',
      'TR',
      'TR',
      'GR',
      'XK',
      'XK',
    ])
  })

  test('that is unknown stays as it came', () => {
    expect(countryCodes(['Atlantis, ALB', 'ALB', ''])).toEqual(['AL', 'Atlantis'])
  })
})

test('well-known text with holes and several parts is read, other text is not', () => {
  expect(readWkt('POINT (1 2)')).toEqual({ type: 'Point', coordinates: [1, 2] })
  expect(readWkt('POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))')?.coordinates).toHaveLength(2)
  expect(readWkt('MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((5 5, 6 5, 6 6, 5 5)))')?.coordinates).toEqual([
    [
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [0, 0],
      ],
    ],
    [
      [
        [5, 5],
        [6, 5],
        [6, 6],
        [5, 5],
      ],
    ],
  ])
  expect(['CIRCLE (1 2)', '', null].map(readWkt)).toEqual([undefined, undefined, undefined])
})

describeWithData('recorded answers', 'hazards/feeds', (data) => {
  const read = (path: string) => payload(new Uint8Array(readFileSync(data(path))))

  test('the storm activation names its GDACS event and its Charter call', () => {
    const decoded = decodeCopernicusEms(read('copernicus-ems/EMSR847-storm.json'))

    expect(decoded.rejected).toEqual([])
    expect(bodies(decoded)[0]).toMatchObject({
      kind: 'cyclone',
      ids: ['cems:EMSR847', 'gdacs:TC1001230', 'charter:996'],
      status: 'ended',
    })
    expect(registry.check('hazards.report', bodies(decoded)[0])).toEqual([])
  })

  test('the flood activation has six areas in Italy', () => {
    const [one] = decodeCopernicusEms(read('copernicus-ems/EMSR871-flood.json')).observations

    expect(one?.body).toMatchObject({ kind: 'flood', countries: ['IT'], ids: ['cems:EMSR871'] })
    expect(one?.place?.geometry).toMatchObject({ type: 'MultiPolygon' })
    expect((one?.place?.geometry as { coordinates: unknown[] }).coordinates).toHaveLength(6)
  })

  test.each([
    ['copernicus-ems/rapid-mapping-list.json', 3],
    ['copernicus-ems/unified-list.json', 2],
  ])('%s is an index of %i activations', (path, count) => {
    const links = copernicusEms.index?.links(read(path)) ?? []

    expect(links).toHaveLength(count)
    expect(links.every(({ updated }) => updated !== undefined)).toBe(true)
    expect(decodeCopernicusEms(read(path)).rejected).toEqual([])
  })

  test('one flood goes by its GDACS and its GLIDE name: each names the other', () => {
    const glide = bodies(decodeGlide(read('other/glide-FL-2024-000199-ESP.json')))[0]
    const gdacs = bodies(decodeGdacs(read('gdacs/flood-1102983/episode-2-event.json')))[0]

    expect(glide?.ids).toEqual(['glide:FL-2024-000199-ESP'])
    expect(gdacs?.ids).toEqual(expect.arrayContaining(glide?.ids ?? ['none']))
  })

  test('the landslide of PDC begins when its milliseconds say', () => {
    const decoded = decodePdc(read('other/pdc-hazard.json'))

    expect(decoded.rejected).toEqual([])
    expect(decoded.observations[0]).toMatchObject({
      key: 'pdc:313159',
      valid: { from: '2025-02-07T00:40:50.166Z' },
      body: { kind: 'landslide' },
    })
  })
})
