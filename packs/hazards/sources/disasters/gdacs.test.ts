import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Observed } from '../../../../engines/ingest/index.ts'
import { createRegistry, instant } from '../../../../engines/record/index.ts'
import { describeWithData } from '../../../../test/support/shared-data.ts'
import { type EarthquakeObservation, hazardsObservation } from '../../records.ts'
import { type HazardReport, hazardsReport } from '../../report-records.ts'
import { decodeGdacs, gdacs } from './gdacs.ts'

const registry = createRegistry([hazardsObservation, hazardsReport])
const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)))
const payload = (bytes: Uint8Array, about?: unknown) => ({
  bytes,
  mediaType: 'application/octet-stream',
  receivedAt: instant('2026-05-14T10:00:00Z'),
  ...(about === undefined ? {} : { about }),
})
const decode = (bytes: Uint8Array, about?: unknown) => decodeGdacs(payload(bytes, about))
const rss = bytesOf('gdacs.xml')
const find = (observations: readonly Observed[], key: string) => {
  const found = observations.find((one) => one.key === key)
  if (found === undefined) throw new Error(`no ${key}`)
  return found
}

describe('an alert of GDACS', () => {
  test('keeps the level of the event and that of its newest episode apart, and maps the colour', () => {
    const flood = find(decode(rss).observations, 'gdacs:FL9900001').body as HazardReport

    expect(flood).toMatchObject({
      kind: 'flood',
      episode: 3,
      level: { scheme: 'GDACS', value: 'Orange', score: 2 },
      episodeLevel: { scheme: 'GDACS', value: 'Green', score: 0.5 },
      severity: 'Severe',
      status: 'active',
    })
  })

  test('names its event in every list that it knows, and its countries by their codes', () => {
    const flood = find(decode(rss).observations, 'gdacs:FL9900001').body as HazardReport

    expect(flood.ids).toEqual(['gdacs:FL9900001', 'glide:FL-2026-000999-BIH'])
    expect(flood.countries).toEqual(['BA', 'HR', 'RS'])
  })

  test('a magnitude of 0 for a flood is no figure; people displaced are', () => {
    const flood = find(decode(rss).observations, 'gdacs:FL9900001').body as HazardReport

    expect(flood.measures.map(({ name, value, unit }) => [name, value, unit])).toEqual([
      ['population', 85_000, 'Displaced'],
      ['vulnerability', 1.2, ''],
    ])
  })

  test('of an earthquake is an observation that names the shock of USGS', () => {
    const shock = find(decode(rss).observations, 'gdacs:EQ9900002')

    expect(shock.type).toBe('hazards.observation')
    expect(shock.body as EarthquakeObservation).toMatchObject({
      agency: 'GDACS',
      ids: ['us6000zz99'],
      origin: { depth: 12_400, time: '2026-05-14T07:31:12.000Z' },
      magnitude: { mag: 5.1 },
    })
  })

  test('that names no event is held, and the others are taken', () => {
    const { observations, rejected } = decode(rss)

    expect(observations).toHaveLength(3)
    expect(rejected.map(({ issues }) => issues.map(({ rule, place }) => `${rule} ${place}`))).toEqual([
      ['hazards/no-name /rss/channel/item[4]'],
    ])
  })

  test('that is not current any more is over a day after its end, and not on the day itself', () => {
    const told = (todate: string) => {
      const text = new TextDecoder().decode(rss).replace('<gdacs:iscurrent>true', '<gdacs:iscurrent>false')
      return decode(new TextEncoder().encode(text.replace('Thu, 14 May 2026 01:00:00 GMT', todate)))
    }

    const status = (todate: string) =>
      (find(told(todate).observations, 'gdacs:FL9900001').body as HazardReport).status
    expect(status('Thu, 14 May 2026 01:00:00 GMT')).toBe('active')
    expect(status('Tue, 12 May 2026 08:00:00 GMT')).toBe('ended')
  })
})

describe('the shapes of an episode', () => {
  const [link] = gdacs.index?.links(payload(rss)) ?? []

  test('are asked for only for what lies near the region and is no earthquake', () => {
    expect(gdacs.index?.links(payload(rss)).map(({ id }) => id)).toEqual(['FL9900001'])
    expect(link?.url).toBe(
      'https://www.gdacs.org/gdacsapi/api/polygons/getgeometry?eventtype=FL&eventid=9900001&episodeid=3',
    )
  })

  test('give the report its area and change nothing else of it; a circle drawn on the map is no area', () => {
    const told = find(decode(rss).observations, 'gdacs:FL9900001')
    const [placed] = decode(bytesOf('gdacs-area.json'), link?.about).observations

    expect(placed?.body).toEqual(told.body)
    expect(placed?.valid).toEqual(told.valid)
    expect(placed?.place?.geometry).toEqual({
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [18, 44.7],
            [19, 44.7],
            [19, 45.1],
            [18, 45.1],
            [18, 44.7],
          ],
        ],
      ],
    })
  })

  test('alone are a report too, with all countries that they name', () => {
    const [report] = decode(bytesOf('gdacs-area.json')).observations

    expect(report?.body).toMatchObject({ eventId: 'FL9900001', countries: ['BA', 'HR', 'RS'], episode: 3 })
  })
})

describe('an alert that has vanished from the list', () => {
  const flood = find(decode(rss).observations, 'gdacs:FL9900001')
  const held = (observed: Observed) =>
    ({
      record: { ...observed, type: observed.type },
      receivedAt: instant('2026-05-14T10:00:00Z'),
      index: 0,
    }) as never
  const vanished = (observed: Observed, since: string) =>
    gdacs.listing?.vanished(held(observed), instant(since))?.body

  test('while it went on was withdrawn', () => {
    expect(vanished(flood, '2026-05-14T11:00:00Z')).toMatchObject({
      status: 'withdrawn',
      updated: '2026-05-14T11:00:00.000Z',
    })
  })

  test('long after its own end has aged out of the list: it is over', () => {
    expect(vanished(flood, '2026-05-17T11:00:00Z')).toMatchObject({ status: 'ended' })
  })

  test('of an earthquake says nothing: a shock is over when it is told', () => {
    expect(
      vanished(find(decode(rss).observations, 'gdacs:EQ9900002'), '2026-05-14T11:00:00Z'),
    ).toBeUndefined()
  })
})

describeWithData('recorded answers of GDACS', 'hazards/feeds/gdacs', (data) => {
  const read = (path: string) => decode(new Uint8Array(readFileSync(data(path))))
  const reports = (path: string) =>
    read(path)
      .observations.filter(({ type }) => type === hazardsReport.type)
      .map(({ body }) => body as HazardReport)

  test.each<readonly [string, number]>([
    ['rss-main-2019.xml', 16],
    ['rss-24h-2019.xml', 21],
    ['rss-fixture-1.xml', 4],
    ['cap-rss-2021-07.xml', 64],
    ['cap-rss-item-1.xml', 1],
    ['geometry-eq-1239039.json', 1],
    ['geometry-eq-1243255.json', 1],
    ...['episode-1-event', 'episode-2-event', 'geteventdata-1', 'geteventdata-2'].map(
      (name) => [`flood-1102983/${name}.json`, 1] as const,
    ),
    ...[1, 2, 3, 4, 5, 6, 7].map((at) => [`drought-1016449/episode-${at}-event.json`, 1] as const),
    ...[1, 4, 7].map((at) => [`drought-1016449/episode-${at}-geometry.json`, 1] as const),
  ])('%s is read whole: %i', (path, count) => {
    const { observations, rejected } = read(path)

    expect(rejected).toEqual([])
    expect(observations).toHaveLength(count)
    for (const { type, body } of observations) expect(registry.check(type, body)).toEqual([])
  })

  test('every recorded file is in that list', () => {
    const files = readdirSync(data(''), { recursive: true }).filter((name) =>
      /\.(xml|json)$/.test(String(name)),
    )
    expect(files).toHaveLength(21)
  })

  test('one drought told in seven episodes is one record whose area grows', () => {
    const told = [1, 4, 7].map((at) => read(`drought-1016449/episode-${at}-geometry.json`).observations[0])

    expect(new Set(told.map((one) => one?.key))).toEqual(new Set(['gdacs:DR1016449']))
    expect(told.map((one) => (one?.body as HazardReport).episode)).toEqual([1, 4, 7])
    const corners = told.map((one) => JSON.stringify(one?.place?.geometry).length)
    expect(corners).toEqual([...corners].sort((a, b) => a - b))
  })

  test('the level of the drought and of its episode differ in the fifth telling', () => {
    expect(reports('drought-1016449/episode-5-event.json')[0]).toMatchObject({
      level: { value: 'Green' },
      episodeLevel: { value: 'Orange' },
      countries: ['AR', 'BO', 'BR', 'PY'],
    })
  })

  test('of 2019 names cyclones by their GLIDE number and droughts by all their countries', () => {
    const main = reports('rss-main-2019.xml')

    expect(main.find(({ eventId }) => eventId === 'TC1000641')?.ids).toContain('glide:TC-2019-000176-PHL')
    expect(main.filter(({ countries }) => countries.length > 3).length).toBeGreaterThan(0)
  })

  test('with a polygon of another event than its centre is read, and the polygon noted', () => {
    expect(read('geometry-eq-1243255.json').defects.map(({ rule }) => rule)).toEqual(['gdacs/shape-alone'])
  })
})

describeWithData('recorded CAP messages of GDACS', 'hazards/cap', (data) => {
  const read = (path: string) => decode(new Uint8Array(readFileSync(data(path))))

  test('with values outside the namespace is read, and the defect noted', () => {
    const { observations, defects } = read('invalid/gdacs-value-without-namespace.xml')

    expect(observations[0]?.key).toBe('gdacs:EQ1239039')
    expect(defects.map(({ rule }) => rule)).toContain('cap/element-outside-namespace')
  })

  test('with a date that is none keeps what can be read', () => {
    const { observations, defects } = read('invalid/gdacs-bad-date-in-parameter.xml')

    expect(observations).toHaveLength(1)
    expect(defects.map(({ rule }) => rule)).toContain('cap/parameter-date')
  })

  test.each([
    'invalid/gdacs-no-identifier.xml',
    'invalid/gdacs-truncated.xml',
    'valid/gdacs-alert-no-parameters.xml',
  ])('%s is held with its reasons', (path) => {
    const { observations, rejected } = read(path)

    expect(observations).toEqual([])
    expect(rejected[0]?.issues.length).toBeGreaterThan(0)
  })
})
