import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  readSensorThings,
  readSeriesTable,
  readSeriesTime,
  readWaterMl,
  type SeriesRead,
  type TableMapping,
} from './index.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const rulesOf = ({ rejected }: SeriesRead) => rejected.map(({ place, issues }) => [issues[0]?.rule, place])

const gauge = (points: string, more = ''): string => `<?xml version="1.0" encoding="UTF-8"?>
<wml2:Collection xmlns:wml2="http://www.opengis.net/waterml/2.0" xmlns:om="http://www.opengis.net/om/2.0"
  xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink"
  xmlns:sams="http://www.opengis.net/samplingSpatial/2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" gml:id="c">
 <wml2:observationMember><om:OM_Observation gml:id="sava-level">
  <om:procedure xlink:title="Pressure gauge"/>
  <om:observedProperty xlink:href="http://example.org/property/water-level" xlink:title="Water level"/>
  <om:featureOfInterest><wml2:MonitoringPoint gml:id="mp1"><gml:identifier codeSpace="x">45084</gml:identifier>
   <gml:name>Županja</gml:name>
   <sams:shape><gml:Point gml:id="p"><gml:pos srsName="urn:ogc:def:crs:EPSG::4326">45.04 18.7</gml:pos></gml:Point></sams:shape>
  </wml2:MonitoringPoint></om:featureOfInterest>
  <om:result><wml2:MeasurementTimeseries gml:id="ts">
   <wml2:defaultPointMetadata><wml2:DefaultTVPMeasurementMetadata>
    <wml2:quality xlink:title="good"/><wml2:uom code="cm"/>
   </wml2:DefaultTVPMeasurementMetadata></wml2:defaultPointMetadata>
   ${points}
  </wml2:MeasurementTimeseries></om:result>
 </om:OM_Observation></wml2:observationMember>${more}
</wml2:Collection>`
const tvp = (time: string, value: string) =>
  `<wml2:point><wml2:MeasurementTVP><wml2:time>${time}</wml2:time>${value}</wml2:MeasurementTVP></wml2:point>`

describe('a gauge in WaterML 2', () => {
  test('gives its station, place, unit, method and values', () => {
    const read = readWaterMl(bytes(gauge(tvp('2014-05-17T06:00:00+02:00', '<wml2:value>1168</wml2:value>'))))

    expect(read).toEqual({
      series: [
        {
          id: 'sava-level',
          station: { id: '45084', name: 'Županja', longitude: 18.7, latitude: 45.04 },
          property: { id: 'http://example.org/property/water-level', name: 'Water level' },
          unit: 'cm',
          method: 'Pressure gauge',
          points: [{ time: '2014-05-17T04:00:00.000Z', place: 'line 16', quality: 'good', value: 1168 }],
        },
      ],
      rejected: [],
      defects: [],
    })
  })

  test('says why a value is missing, and does not take it for zero', () => {
    const missing = `<wml2:value xsi:nil="true"/><wml2:metadata><wml2:TVPMeasurementMetadata>
      <wml2:nilReason xlink:href="http://www.opengis.net/def/nil/OGC/0/missing"/></wml2:TVPMeasurementMetadata></wml2:metadata>`
    const { series } = readWaterMl(bytes(gauge(tvp('2014-05-17T06:00:00Z', missing))))

    expect(series[0]?.points).toEqual([
      { time: '2014-05-17T06:00:00.000Z', place: 'line 16', quality: 'good', missing: 'missing' },
    ])
  })

  test('keeps the unit that a point has of its own', () => {
    const own = `<wml2:value>11.7</wml2:value><wml2:metadata><wml2:TVPMeasurementMetadata><wml2:uom code="m"/>
      </wml2:TVPMeasurementMetadata></wml2:metadata>`
    const { series } = readWaterMl(bytes(gauge(tvp('2014-05-17T06:00:00Z', own))))

    expect(series[0]).toMatchObject({ unit: 'cm', points: [{ value: 11.7, unit: 'm' }] })
  })

  test('holds a point without zone and one that is no number, and lets the others in', () => {
    const read = readWaterMl(
      bytes(
        gauge(
          tvp('2014-05-17T06:00:00', '<wml2:value>1</wml2:value>') +
            tvp('2014-05-17T07:00:00Z', '<wml2:value>high</wml2:value>') +
            tvp('2014-05-17T08:00:00Z', '<wml2:value>3</wml2:value>'),
        ),
      ),
    )

    expect(rulesOf(read)).toEqual([
      ['series/no-zone', 'line 16'],
      ['series/not-a-number', 'line 16'],
    ])
    expect(read.series[0]?.points.map(({ value }) => value)).toEqual([3])
  })

  test('reads longitude first where the reference system says so, and gives no place in an unknown one', () => {
    const at = (system: string) =>
      readWaterMl(
        bytes(gauge('').replace('urn:ogc:def:crs:EPSG::4326', system).replace('45.04 18.7', '18.7 45.04')),
      )

    expect(at('urn:ogc:def:crs:OGC:1.3:CRS84').series[0]?.station).toMatchObject({
      longitude: 18.7,
      latitude: 45.04,
    })
    const unknown = at('urn:ogc:def:crs:EPSG::31276')
    expect(unknown.series[0]?.station.longitude).toBeUndefined()
    expect(unknown.defects.map(({ rule }) => rule)).toEqual(['series/no-position'])
  })

  test('names what is no WaterML, and a result that is no timeseries', () => {
    expect(rulesOf(readWaterMl(bytes('<html><body>Error</body></html>')))).toEqual([
      ['series/unknown-document', ''],
    ])
    const other = gauge('').replaceAll('MeasurementTimeseries', 'CategoricalTimeseries')
    expect(rulesOf(readWaterMl(bytes(other)))[0]?.[0]).toBe('series/no-timeseries')
  })
})

const stream = {
  '@iot.id': 7,
  name: 'Air',
  unitOfMeasurement: { name: 'microgram per cubic metre', symbol: 'µg/m³', definition: 'ucum:ug/m3' },
  ObservedProperty: { name: 'NO2', definition: 'http://dd.eionet.europa.eu/vocabulary/aq/pollutant/8' },
  Sensor: { name: 'Chemiluminescence' },
  Thing: {
    '@iot.id': 3,
    name: 'Skopje Centar',
    Locations: [{ location: { type: 'Point', coordinates: [21.42, 41.99] } }],
  },
}

describe('stations in SensorThings', () => {
  test('are read from Datastreams, with interval, place and method', () => {
    const observation = { phenomenonTime: '2026-01-10T08:00:00Z/2026-01-10T09:00:00Z', result: 61.5 }
    const document = { value: [{ ...stream, Observations: [observation] }] }

    expect(readSensorThings(bytes(JSON.stringify(document))).series).toEqual([
      {
        id: '7',
        station: { id: '3', name: 'Skopje Centar', longitude: 21.42, latitude: 41.99 },
        property: { name: 'NO2', id: stream.ObservedProperty.definition },
        unit: 'µg/m³',
        method: 'Chemiluminescence',
        points: [
          {
            time: '2026-01-10T09:00:00.000Z',
            from: '2026-01-10T08:00:00.000Z',
            place: '/value/0/Observations/0',
            value: 61.5,
          },
        ],
      },
    ])
  })

  test('are read from Things that hold Datastreams', () => {
    const { Thing, ...own } = stream
    const document = { value: [{ ...Thing, Datastreams: [{ ...own, Observations: [] }] }] }

    expect(readSensorThings(bytes(JSON.stringify(document))).series).toMatchObject([
      { id: '7', station: { id: '3', longitude: 21.42 } },
    ])
  })

  test('keep null as missing, hold a result of words, and say that there are more pages', () => {
    const document = {
      '@iot.nextLink': 'https://stations.example/v1.1/Datastreams?$skip=100',
      value: [
        {
          ...stream,
          Observations: [
            { phenomenonTime: '2026-01-10T09:00:00Z', result: null },
            { phenomenonTime: '2026-01-10T10:00:00Z', result: 'n/a' },
          ],
        },
      ],
    }
    const read = readSensorThings(bytes(JSON.stringify(document)))

    expect(read.series[0]?.points).toMatchObject([{ missing: 'null' }])
    expect(rulesOf(read)).toEqual([['series/not-a-number', '/value/0/Observations/1']])
    expect(read.defects.map(({ rule }) => rule)).toEqual(['series/not-the-last-page'])
  })

  test('hold a Datastream that is none beside one that is', () => {
    const { Thing, ...own } = stream
    const read = readSensorThings(bytes(JSON.stringify({ value: [{ ...Thing, Datastreams: [7, own] }] })))

    expect(rulesOf(read)).toEqual([['series/incomplete', '/value/0/Datastreams/0']])
    expect(read.series).toHaveLength(1)
  })

  test('are refused whole where the document is another', () => {
    expect(rulesOf(readSensorThings(bytes('{"error":"no key"}')))).toEqual([['series/unknown-document', '']])
  })
})

const mapping: TableMapping = {
  time: { column: 'Datum', offset: '+01:00' },
  value: { column: 'Wert', decimalComma: true },
  station: { column: 'Station' },
  property: { always: 'discharge' },
  unit: { always: 'm3/s' },
  delimiter: ';',
  missing: ['-999'],
}

describe('a table by its declared columns', () => {
  test('takes decimal commas, a stated zone, and a word for missing', () => {
    const table = 'Station;Datum;Wert\nHohenau;2026-01-10 00:00;12,5\nHohenau;2026-01-10 01:00;-999'

    expect(readSeriesTable(bytes(table), mapping).series).toEqual([
      {
        id: 'Hohenau/discharge',
        station: { id: 'Hohenau' },
        property: { name: 'discharge' },
        unit: 'm3/s',
        points: [
          { time: '2026-01-09T23:00:00.000Z', place: 'line 2', value: 12.5 },
          { time: '2026-01-10T00:00:00.000Z', place: 'line 3', missing: '-999' },
        ],
      },
    ])
  })

  test('that lacks a column is refused whole; a row that is wrong is held alone', () => {
    expect(rulesOf(readSeriesTable(bytes('a;b\n1;2'), mapping))).toEqual([['csv/columns-missing', '']])
    const table = 'Station;Datum;Wert\nHohenau;yesterday;1\nHohenau;2026-01-10 01:00;2'
    const read = readSeriesTable(bytes(table), mapping)
    expect(rulesOf(read)).toEqual([['series/not-a-time', 'line 2']])
    expect(read.series[0]?.points).toHaveLength(1)
  })
})

describe('whatever comes', () => {
  test('no reader throws, and a value is either taken or held', () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map(bytes),
      fc
        .array(fc.record({ Station: fc.string(), Datum: fc.string(), Wert: fc.string() }))
        .map((rows) =>
          bytes(['Station;Datum;Wert', ...rows.map((one) => Object.values(one).join(';'))].join('\n')),
        ),
    )
    fc.assert(
      fc.property(garbage, (input) => {
        for (const read of [readWaterMl(input), readSensorThings(input), readSeriesTable(input, mapping)])
          expect(read.series.length + read.rejected.length + read.defects.length).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('every Observation of a Datastream is among the points or the rejected', () => {
    const observation = fc.record(
      { phenomenonTime: fc.oneof(fc.string(), fc.constant('2026-01-10T10:00:00Z')), result: fc.jsonValue() },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 20 }), (Observations) => {
        const read = readSensorThings(bytes(JSON.stringify({ value: [{ ...stream, Observations }] })))
        expect((read.series[0]?.points.length ?? 0) + read.rejected.length).toBe(Observations.length)
      }),
    )
  })

  test.each([
    ['2026-02-30T00:00:00Z', { fault: 'series/not-a-time' }],
    ['2026-03-01T12:00:00', { fault: 'series/no-zone' }],
    ['2026-03-01T24:00:00Z', { time: '2026-03-02T00:00:00.000Z' }],
    ['2026-03-01T12:00:00.5+0530', { time: '2026-03-01T06:30:00.500Z' }],
  ])('the time %s is read as the calendar has it', (text, expected) => {
    expect(readSeriesTime(text)).toEqual(expected)
  })
})
