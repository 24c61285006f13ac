import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { instant } from '../../../engines/record/index.ts'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { openAqDecoder, readOpenAqLocations } from './openaq.ts'

const receivedAt = instant('2026-03-01T12:00:00Z')
const payload = (document: unknown) => ({
  bytes: new TextEncoder().encode(JSON.stringify(document)),
  mediaType: 'application/json',
  receivedAt,
})
const sensor = (id: number, name: string, units: string) => ({
  id,
  name: `${name} ${units}`,
  parameter: { id, name, units },
})
const location = {
  id: 1,
  name: 'Tirana',
  coordinates: { latitude: 41.33, longitude: 19.82 },
  sensors: [sensor(10, 'no2', 'µg/m³'), sensor(11, 'o3', 'ppm'), sensor(12, 'pm25', 'µg/m³')],
  licenses: [
    {
      name: 'CC BY 4.0',
      attribution: { name: 'Agency', url: 'https://agency.example' },
      dateFrom: '2020-01-01',
      dateTo: null,
    },
    {
      name: 'Old terms',
      attribution: { name: 'Agency', url: null },
      dateFrom: '2016-01-01',
      dateTo: '2019-12-31',
    },
  ],
  datetimeFirst: { utc: '2020-01-01T00:00:00Z' },
  datetimeLast: { utc: '2026-03-01T11:00:00Z' },
}
const newest = (sensorsId: number, value: unknown, utc = '2026-03-01T11:00:00Z') => ({
  datetime: { utc },
  value,
  coordinates: null,
  sensorsId,
  locationsId: 1,
})

describe('OpenAQ', () => {
  const { stations } = readOpenAqLocations(payload({ results: [location] }).bytes)
  const decode = openAqDecoder(stations)

  test('gives a series for each sensor of a location, with the licence that still holds', () => {
    const { observations } = openAqDecoder()(payload({ results: [location] }))

    expect(observations.map(({ key, body }) => [key, body])).toMatchObject([
      [
        'openaq:10',
        { property: 'NO2', unitReceived: 'ug/m3', licences: [{ name: 'CC BY 4.0', credit: 'Agency' }] },
      ],
      ['openaq:11', { property: 'O3', unitReceived: '[ppm]', unit: 'ug/m3' }],
      ['openaq:12', { property: 'PM2.5' }],
    ])
    expect((observations[0]?.body as { licences: unknown[] }).licences).toHaveLength(1)
  })

  test('brings the units of one location together', () => {
    const { observations } = decode(payload({ results: [newest(10, 40), newest(11, 0.1)] }))
    const readings = observations.filter(({ type }) => type === 'environment.reading')

    expect(readings.map(({ body }) => body)).toMatchObject([
      { property: 'NO2', value: 40, unit: 'ug/m3' },
      {
        property: 'O3',
        value: expect.closeTo(199.587, 3),
        unit: 'ug/m3',
        received: { value: 0.1, unit: '[ppm]' },
      },
    ])
  })

  test('holds a value of a sensor that is not among the locations, and one that is none', () => {
    const { observations, rejected } = decode(
      payload({ results: [newest(99, 1), newest(10, 'high'), newest(12, 9)] }),
    )

    expect(rejected.map(({ issues }) => issues[0]?.rule)).toEqual([
      'environment/unknown-sensor',
      'environment/incomplete',
    ])
    expect(observations).toHaveLength(2)
  })

  test('holds a location without its place, and a sensor without its id', () => {
    const { coordinates: _, ...nowhere } = location
    const odd = { ...location, sensors: [{ name: 'no id' }, sensor(13, 'so2', 'ppb')] }
    const { observations, rejected } = openAqDecoder()(payload({ results: [nowhere, odd] }))

    expect(rejected.map(({ issues }) => issues[0]?.place)).toEqual(['/results/0', '/results/1/sensors/0'])
    expect(observations.map(({ key }) => key)).toEqual(['openaq:13'])
  })

  test('holds an answer that is an error', () => {
    expect(decode(payload({ message: 'Unauthorized' })).rejected[0]?.issues[0]?.rule).toBe(
      'environment/unknown-document',
    )
  })
})

describeWithData('the documented answer of OpenAQ', 'hazards', (data) => {
  test('is read with its station, unit and licence', async () => {
    const bytes = await readFile(data('feeds/other/openaq-v3-location-8118.json'))
    const { observations, rejected } = openAqDecoder()({ bytes, mediaType: 'application/json', receivedAt })

    expect(rejected).toEqual([])
    expect(observations).toMatchObject([
      {
        type: 'environment.series',
        key: 'openaq:23534',
        place: { geometry: { type: 'Point', coordinates: [77.22445, 28.63576] } },
        body: { station: { name: 'New Delhi' }, property: 'PM2.5', licences: [{ name: 'US Public Domain' }] },
      },
    ])
  })
})
