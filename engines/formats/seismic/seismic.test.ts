import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { instant } from '../../record/index.ts'
import {
  readEmscJson,
  readFdsnText,
  readQuakeMl,
  readSeismic,
  readUsgsGeoJson,
  type SeismicEvent,
  type SeismicRead,
  seismicEventTypes,
  writeFdsnText,
} from './index.ts'

const receivedAt = instant('2025-06-02T00:00:00Z')
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/seismic/${name}`, import.meta.url)))
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const rules = (read: SeismicRead): string[] =>
  read.rejected.flatMap(({ issues }) => issues.map(({ rule }) => rule))

describe('FDSN event text', () => {
  test('thirteen columns, times without a zone as UTC, depth in metres', () => {
    const read = readFdsnText(fixture('fdsn-13.txt'), { receivedAt })

    expect(read.events[0]).toEqual({
      publicId: '20250301_0000001',
      eventId: '20250301_0000001',
      ids: ['20250301_0000001'],
      agency: 'TIR',
      origin: { time: '2025-03-01T05:17:11.500Z', latitude: 41.57, longitude: 19.23, depth: 12000 },
      magnitude: { mag: 3.1, type: 'ml' },
      region: 'ADRIATIC SEA',
    })
  })

  test('an empty depth or magnitude is unknown, not zero', () => {
    const [, second] = readFdsnText(fixture('fdsn-13.txt'), { receivedAt }).events

    expect(second).not.toHaveProperty('magnitude')
    expect(second?.origin).not.toHaveProperty('depth')
  })

  test('one impossible line is held whole and loses no other', () => {
    const read = readFdsnText(fixture('fdsn-13.txt'), { receivedAt })

    expect(read.events).toHaveLength(2)
    expect(rules(read)).toEqual(['seismic/latitude-out-of-range'])
    expect(new TextDecoder().decode(read.rejected[0]?.raw)).toContain('20250301_0000003|')
    expect(read.rejected[0]?.place).toBe('line 4')
  })

  test('fourteen columns tell a quarry blast from an earthquake', () => {
    const read = readFdsnText(fixture('fdsn-14.txt'), { receivedAt })

    expect(read.events.map(({ eventType }) => eventType)).toEqual(['earthquake', 'quarry blast'])
    expect(read.events[0]?.origin.depth).toBe(7900)
  })

  test('twelve columns without a header are read by the order of the standard', () => {
    expect(readFdsnText(fixture('fdsn-12-no-header.txt'), { receivedAt }).events).toMatchObject([
      { eventId: 'tx2001', agency: 'SAR', magnitude: { mag: 2.2, type: 'ml' } },
    ])
  })

  test('what was written reads back the same', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .,-]{0,12}[A-Za-z0-9]$/)
    const event: fc.Arbitrary<SeismicEvent> = fc
      .record({
        id: fc.stringMatching(/^[a-z]{2}[0-9]{4,8}$/),
        ms: fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2025, 0) }),
        latitude: fc.integer({ min: -90_000, max: 90_000 }),
        longitude: fc.integer({ min: -180_000, max: 180_000 }),
        depth: fc.option(fc.integer({ min: -10_000, max: 1_000_000 }), { nil: undefined }),
        mag: fc.option(fc.integer({ min: -30, max: 110 }), { nil: undefined }),
        agency: word,
        region: fc.option(word, { nil: undefined }),
        eventType: fc.option(fc.constantFrom(...seismicEventTypes), { nil: undefined }),
      })
      .map(({ id, ms, latitude, longitude, depth, mag, agency, region, eventType }) => ({
        publicId: id,
        eventId: id,
        ids: [id],
        agency,
        origin: {
          time: instant(ms),
          latitude: latitude / 1000,
          longitude: longitude / 1000,
          ...(depth === undefined ? {} : { depth }),
        },
        ...(mag === undefined ? {} : { magnitude: { mag: mag / 10, type: 'mw' } }),
        ...(region === undefined ? {} : { region }),
        ...(eventType === undefined ? {} : { eventType }),
      }))
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), (events) => {
        const read = readFdsnText(bytes(writeFdsnText(events)), { receivedAt })
        expect(read).toEqual({ events, rejected: [], defects: [] })
      }),
    )
  })
})

describe('QuakeML', () => {
  test('1.2 with two namespaces gives the preferred origin and magnitude and keeps the others', () => {
    const [event] = readQuakeMl(fixture('quakeml-1.2.xml'), { receivedAt }).events

    expect(event).toMatchObject({
      publicId: 'quakeml:agency.example/event/60001',
      eventId: 'xx60001',
      agency: 'XX',
      origin: {
        time: '2025-03-04T02:00:03.120Z',
        depth: 20500,
        depthUncertainty: 1200,
        horizontalUncertainty: 2500,
        timeUncertainty: 0.4,
      },
      magnitude: { mag: 5.4, type: 'Mw' },
      otherOrigins: [{ latitude: 41.4 }],
      otherMagnitudes: [{ mag: 5.1, type: 'mb' }],
      eventType: 'earthquake',
      typeCertainty: 'known',
      evaluationMode: 'manual',
      evaluationStatus: 'reviewed',
      region: 'ALBANIA',
      updated: '2025-03-04T02:30:00.000Z',
    })
  })

  test('without preferredOriginID the first origin counts; without a time the event is held', () => {
    const read = readQuakeMl(fixture('quakeml-1.2.xml'), { receivedAt })

    expect(read.events[1]).toMatchObject({
      eventId: '777',
      origin: { depth: 8000, time: '2025-03-05T10:00:00.000Z' },
    })
    expect(rules(read)).toEqual(['quakeml/bad-time'])
    expect(new TextDecoder().decode(read.rejected[0]?.raw)).toContain('smi:agency.example/event/778')
  })

  test('1.0 with the type "null" says nothing about the kind, and a zero uncertainty is none', () => {
    const [event] = readQuakeMl(fixture('quakeml-1.0.xml'), { receivedAt }).events

    expect(event).toMatchObject({ eventId: '20120101_0000001', agency: 'OLD', origin: { depth: 14400 } })
    expect(event).not.toHaveProperty('eventType')
    expect(event?.origin).not.toHaveProperty('depthUncertainty')
  })

  test('the real-time variant finds the origin beside the event', () => {
    expect(readQuakeMl(fixture('quakeml-rt-1.2.xml'), { receivedAt })).toMatchObject({
      events: [{ eventId: 'rt1', origin: { latitude: 43.1 }, magnitude: { mag: 3.3 } }],
      defects: [],
    })
  })

  test('a misspelled event is named, not passed over', () => {
    const text = new TextDecoder().decode(fixture('quakeml-1.0.xml')).replaceAll(/(<\/?)event\b/g, '$1evnt')

    expect(readQuakeMl(bytes(text), { receivedAt })).toMatchObject({
      events: [],
      defects: [{ rule: 'quakeml/unknown-element', value: 'evnt' }],
    })
  })

  test('another document is refused whole', () => {
    expect(rules(readQuakeMl(bytes('<html><body/></html>'), { receivedAt }))).toEqual([
      'quakeml/unknown-document',
    ])
  })
})

describe('USGS GeoJSON', () => {
  test('ids between commas, times in milliseconds, depth in metres', () => {
    const [event] = readUsgsGeoJson(fixture('usgs-summary.json'), { receivedAt }).events

    expect(event).toEqual({
      publicId: 'xx7000aaaa',
      eventId: 'xx7000aaaa',
      ids: ['at00aaaa', 'xx7000aaaa', 'yy123'],
      agency: 'xx',
      origin: { time: '2025-03-03T11:06:40.123Z', latitude: 41.4, longitude: 19.5, depth: 20000 },
      magnitude: { mag: 5.6, type: 'mww' },
      eventType: 'earthquake',
      evaluationMode: 'manual',
      evaluationStatus: 'reviewed',
      region: '12 km W of a town',
      updated: '2025-03-03T11:13:20.000Z',
      products: ['origin', 'phase-data'],
    })
  })

  test('a null magnitude is none, a blast is a blast, a deleted event is withdrawn, a bad longitude is held', () => {
    const read = readUsgsGeoJson(fixture('usgs-summary.json'), { receivedAt })
    const [, noMagnitude, blast, deleted] = read.events

    expect(noMagnitude).not.toHaveProperty('magnitude')
    expect(blast?.eventType).toBe('quarry blast')
    expect(deleted?.evaluationStatus).toBe('rejected')
    expect(rules(read)).toEqual(['seismic/longitude-out-of-range'])
    expect(read.rejected[0]?.place).toBe('/features/4')
  })

  test('the detail of one event adds its uncertainties and says which products there are', () => {
    expect(readUsgsGeoJson(fixture('usgs-detail.json'), { receivedAt }).events).toMatchObject([
      {
        origin: { horizontalUncertainty: 9260, depthUncertainty: 1851, timeUncertainty: 1.62 },
        products: ['losspager', 'origin', 'shakemap'],
      },
    ])
  })
})

describe('EMSC JSON', () => {
  test('depth is positive down although the third coordinate is minus the depth', () => {
    const [event] = readEmscJson(fixture('emsc-query.json'), { receivedAt }).events

    expect(event).toEqual({
      publicId: '20250303_0000001',
      eventId: '20250303_0000001',
      ids: ['20250303_0000001'],
      agency: 'EMSC',
      origin: { time: '2025-03-03T11:06:40.500Z', latitude: 41.41, longitude: 19.52, depth: 20000 },
      magnitude: { mag: 5.5, type: 'ml' },
      eventType: 'earthquake',
      typeCertainty: 'known',
      region: 'ALBANIA',
      updated: '2025-03-03T11:15:54.436Z',
    })
  })

  test('codes are certainty and kind', () => {
    const [, unstated, suspected] = readEmscJson(fixture('emsc-query.json'), { receivedAt }).events

    expect(unstated?.eventType).toBe('earthquake')
    expect(unstated).not.toHaveProperty('typeCertainty')
    expect(suspected).toMatchObject({ eventType: 'mining explosion', typeCertainty: 'suspected' })
  })

  test('an origin in the far future is held, the rest is taken', () => {
    const read = readEmscJson(fixture('emsc-query.json'), { receivedAt })

    expect(rules(read)).toEqual(['seismic/time-in-future'])
    expect(read.events).toHaveLength(3)
  })

  test('a WebSocket message is one report', () => {
    expect(readEmscJson(fixture('emsc-update.json'), { receivedAt }).events).toMatchObject([
      { eventId: '20250303_0000001', updated: '2025-03-04T12:00:00.250Z', origin: { depth: 22000 } },
    ])
  })

  test('a message that deletes is a withdrawn report, not silence', () => {
    const text = new TextDecoder().decode(fixture('emsc-update.json')).replace('"update"', '"delete"')

    expect(readEmscJson(bytes(text), { receivedAt }).events).toMatchObject([
      { eventId: '20250303_0000001', evaluationStatus: 'rejected' },
    ])
  })

  test('a number that came as text is taken and noted', () => {
    const text = new TextDecoder().decode(fixture('emsc-update.json')).replace('"mag": 5.6', '"mag": "5.6"')

    const read = readEmscJson(bytes(text), { receivedAt })

    expect(read.events[0]?.magnitude?.mag).toBe(5.6)
    expect(read.defects).toMatchObject([{ rule: 'seismic/number-as-text', place: '/data/properties/mag' }])
  })
})

describe('bad input of every kind', () => {
  const readers = {
    'FDSN text': [readFdsnText, 'fdsn-14.txt'],
    QuakeML: [readQuakeMl, 'quakeml-1.2.xml'],
    'USGS GeoJSON': [readUsgsGeoJson, 'usgs-summary.json'],
    'EMSC JSON': [readEmscJson, 'emsc-query.json'],
  } as const

  test.each(Object.entries(readers))('%s: any bytes get an answer and nothing is thrown', (_, [read]) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (given) => {
        const { events, rejected } = read(given, { receivedAt })
        expect(events).toEqual([])
        expect(rejected.every(({ issues }) => issues.length > 0)).toBe(true)
      }),
    )
  })

  test.each(Object.entries(readers))('%s: a damaged file loses nothing in silence', (_, [read, name]) => {
    const whole = fixture(name)
    const count = read(whole, { receivedAt }).events.length
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const damaged = Uint8Array.from(whole)
        damaged[at] = byte
        const { events, rejected } = read(damaged, { receivedAt })
        expect(events.length + rejected.length).toBeGreaterThanOrEqual(
          rejected[0]?.place === '' ? 1 : Math.min(1, count),
        )
        expect(rejected.every(({ issues, raw }) => issues.length > 0 && raw.length > 0)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['USGS GeoJSON', readUsgsGeoJson],
    ['EMSC JSON', readEmscJson],
  ] as const)('%s: every feature of whatever shape is either taken or held', (_, read) => {
    const part = fc.anything({ withBigInt: false, maxDepth: 2 })
    const feature = fc.oneof(
      part,
      fc.record(
        {
          type: fc.constantFrom('Feature', 'Point'),
          id: fc.oneof(fc.string(), part),
          geometry: fc.oneof(
            part,
            fc.record({ type: fc.constant('Point'), coordinates: fc.array(fc.oneof(fc.double(), part)) }),
          ),
          properties: fc.oneof(
            part,
            fc.dictionary(
              fc.constantFrom('mag', 'time', 'updated', 'ids', 'lastupdate', 'depth', 'unid', '__proto__'),
              part,
            ),
          ),
        },
        { requiredKeys: [] },
      ),
    )
    fc.assert(
      fc.property(fc.array(feature, { maxLength: 6 }), (features) => {
        const text = JSON.stringify({ type: 'FeatureCollection', features })
        const { events, rejected } = read(bytes(text), { receivedAt })
        expect(events.length + rejected.length).toBe(features.length)
      }),
    )
  })

  test.each([
    ['latitude', { lat: 90.01, lon: 19, depth: 1, mag: 3 }],
    ['longitude', { lat: 41, lon: -180.5, depth: 1, mag: 3 }],
    ['depth', { lat: 41, lon: 19, depth: 1000.5, mag: 3 }],
    ['magnitude', { lat: 41, lon: 19, depth: 1, mag: 11.2 }],
  ])('an impossible %s is held with its name', (name, { lat, lon, depth, mag }) => {
    const properties = { unid: 'a1', time: '2025-01-01T00:00:00Z', depth, mag, magtype: 'ml', evtype: 'ke' }
    const geometry = { type: 'Point', coordinates: [lon, lat, -depth] }

    const read = readEmscJson(bytes(JSON.stringify({ type: 'Feature', id: 'a1', geometry, properties })), {
      receivedAt,
    })

    expect(rules(read)).toEqual([`seismic/${name}-out-of-range`])
  })

  test('ten minutes ahead is a clock, eleven is not; nothing is older than the year 1000', () => {
    const at = (time: string) => readFdsnText(bytes(`a1|${time}|41|19|5|XX`), { receivedAt })

    expect(at('2025-06-02T00:09:59').events).toHaveLength(1)
    expect(rules(at('2025-06-02T00:11:00'))).toEqual(['seismic/time-in-future'])
    expect(at('1202-05-20T00:00:00').events).toHaveLength(1)
    expect(rules(at('0999-12-31T23:59:59'))).toEqual(['seismic/time-too-early'])
    expect(rules(at('2025-02-30T00:00:00'))).toEqual(['seismic/bad-time'])
  })
})

describeWithData('recorded feeds', 'hazards/feeds', (data) => {
  const later = instant('2026-11-01T00:00:00Z')
  const read = (path: string, json = readEmscJson) =>
    readSeismic(json)(new Uint8Array(readFileSync(data(path))), { receivedAt: later })

  test.each([
    ['emsc/fdsn-json-croatia-2026-09.json', 20],
    ['emsc/fdsn-text-2016-05-08.txt', 3],
    ['emsc/quakeml-1.0-turkey-2012.xml', 3],
    ['emsc/ws-create-flores-2026-08-17.json', 1],
    ['emsc/ws-create-switzerland-2024-12-14.json', 1],
    ['emsc/ws-create-western-turkey-2025-03-05.json', 1],
  ])('%s reads whole', (path, count) => {
    const { events, rejected, defects } = read(path)

    expect({ events: events.length, rejected, defects }).toEqual({ events: count, rejected: [], defects: [] })
  })

  test.each(['usgs/detail-us6000pi9w.json', 'usgs/summary-edited.json'])('%s reads whole', (path) => {
    expect(read(path, readUsgsGeoJson)).toMatchObject({ events: [{ eventType: 'earthquake' }], rejected: [] })
  })

  test('a list of losses is no list of events and is held whole', () => {
    expect(rules(read('usgs/pager-losses-us6000pi9w.json', readUsgsGeoJson))).toEqual([
      'seismic/unknown-document',
    ])
  })
})
