/**
 * The traps that recorded files show, one test a row: which file, and what must not happen. Rows about the life of CAP
 * messages (30 blocks in one message, prefixes and HTML, encodings, AllClear, dangling references, signatures) stand in
 * engines/warn/received/traps.test.ts and engines/formats/cap; here are those of feeds that become reports, detections
 * and shocks, and of any feed that is hostile or empty.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Decoded, SourceDeclaration } from '../../../engines/ingest/index.ts'
import { createRegistry, instant } from '../../../engines/record/index.ts'
import { see } from '../../../regions/see/region.ts'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { sameEarthquake } from '../fusion.ts'
import { type EarthquakeObservation, hazardsObservation } from '../records.ts'
import { type HazardReport, hazardsDetection, hazardsReport } from '../report-records.ts'
import { copernicusEms } from './disasters/copernicus-ems.ts'
import { gdacs } from './disasters/gdacs.ts'
import { glide } from './disasters/glide.ts'
import { pdc } from './disasters/pdc.ts'
import { firmsSources } from './fires/firms.ts'
import { emscEarthquakes, emscEarthquakesLive } from './index.ts'
import { warningSources } from './warnings/index.ts'

const registry = createRegistry([hazardsObservation, hazardsReport, hazardsDetection])
const decodeWith =
  (data: (path: string) => string) =>
  (source: SourceDeclaration, path: string): Decoded =>
    source.decode({
      bytes: new Uint8Array(readFileSync(data(path))),
      mediaType: 'application/octet-stream',
      receivedAt: instant('2026-11-01T00:00:00Z'),
    })
const source = (all: readonly SourceDeclaration[], id: string): SourceDeclaration => {
  const found = all.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no source ${id}`)
  return found
}
const viirs = source(firmsSources, 'firms-viirs-snpp')
const modis = source(firmsSources, 'firms-modis')
const pdcSource = pdc.open({ url: 'https://partner.example/', credentials: () => ({}) })
const bodies = <Body>({ observations }: Decoded) => observations.map(({ body }) => body as Body)

/** A warning feed of the region, whichever: all have the same decoder. */
const [anyWarnings] = see.warnings === undefined ? [] : warningSources(see.warnings)

describeWithData('row by row:', 'hazards', (data) => {
  const decode = decodeWith(data)

  test('elements outside the namespace lose nothing of an alert of GDACS', () => {
    const { observations, rejected } = decode(gdacs, 'cap/invalid/gdacs-value-without-namespace.xml')

    expect(rejected).toEqual([])
    expect(bodies<EarthquakeObservation>({ observations } as Decoded)[0]).toMatchObject({
      eventId: 'EQ1239039',
      magnitude: { mag: 4.9 },
      origin: { depth: 28_990 },
    })
  })

  test('a message that passes the schema and is wrong inside is read, and what is wrong is said', () => {
    const { observations, defects } = decode(gdacs, 'cap/invalid/gdacs-bad-date-in-parameter.xml')

    expect(observations).toHaveLength(1)
    expect(defects.map(({ rule }) => rule)).toContain('cap/parameter-date')
  })

  test.each([
    'cap/invalid/ATTACK-external-entities.xml',
    'feeds/atom-rss/ATTACK-external-entities.atom.xml',
  ])('hostile XML is refused whole by every reader of XML, and nothing that it names is opened: %s', (path) => {
    const sources = [gdacs, emscEarthquakes, ...(anyWarnings === undefined ? [] : [anyWarnings])]
    for (const each of sources) {
      const { observations, rejected } = decode(each, path)
      expect(observations).toEqual([])
      expect(rejected).toHaveLength(1)
      expect(
        each.index?.links({
          bytes: new Uint8Array(readFileSync(data(path))),
          mediaType: '',
          receivedAt: instant(0),
        }) ?? [],
      ).toEqual([])
    }
  })

  test('an empty feed is no observation, and no mistake: whether all is clear or the sender failed, nobody concludes', () => {
    if (anyWarnings === undefined) throw new Error('the region has no feeds of warnings')
    expect(decode(anyWarnings, 'feeds/atom-rss/empty-index.atom.xml')).toMatchObject({
      observations: [],
      rejected: [],
    })
  })

  test('one event told in seven episodes is one record, and its area grows', () => {
    const told = [1, 2, 3, 4, 5, 6, 7].map(
      (at) => decode(gdacs, `feeds/gdacs/drought-1016449/episode-${at}-event.json`).observations[0],
    )
    const shapes = [1, 4, 7].map(
      (at) =>
        decode(gdacs, `feeds/gdacs/drought-1016449/episode-${at}-geometry.json`).observations[0]?.place
          ?.geometry,
    )

    expect(new Set(told.map((one) => one?.key)).size).toBe(1)
    expect(told.map((one) => (one?.body as HazardReport).episode)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(told.map((one) => (one?.body as HazardReport).episodeLevel?.value)).toEqual([
      ...Array(4).fill('Green'),
      ...Array(3).fill('Orange'),
    ])
    const sizes = shapes.map((shape) => JSON.stringify(shape).length)
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0)
    expect(sizes[1]).toBeLessThan(sizes[2] ?? 0)
  })

  test('one flood under a GDACS and a GLIDE name shares a link', () => {
    const [one] = bodies<HazardReport>(decode(gdacs, 'feeds/gdacs/flood-1102983/episode-1-event.json'))
    const [two] = bodies<HazardReport>(decode(glide, 'feeds/other/glide-FL-2024-000199-ESP.json'))

    expect(one?.ids.filter((id) => two?.ids.includes(id))).toEqual(['glide:FL-2024-000199-ESP'])
  })

  test('an activation that names GDACS and Charter ids carries both as links', () => {
    const [one] = bodies<HazardReport>(decode(copernicusEms, 'feeds/copernicus-ems/EMSR847-storm.json'))

    expect(one?.ids).toEqual(['cems:EMSR847', 'gdacs:TC1001230', 'charter:996'])
  })

  test('EMSC’s third coordinate is minus the depth; its code "ue" is an earthquake of unstated certainty, "kh" is none', () => {
    const all = bodies<EarthquakeObservation>(
      decode(emscEarthquakes, 'feeds/emsc/fdsn-json-croatia-2026-09.json'),
    )

    expect(all).toHaveLength(20)
    expect(all.every(({ origin }) => origin.depth >= 0)).toBe(true)
    expect(all.every((one) => one.eventType === 'earthquake' && sameEarthquake.applies(one))).toBe(true)
    const blasts = readFileSync(data('feeds/emsc/fdsn-json-croatia-2026-09.json'), 'utf8').replaceAll(
      '"ke"',
      '"kh"',
    )
    const decoded = emscEarthquakes.decode({
      bytes: new TextEncoder().encode(blasts),
      mediaType: 'application/json',
      receivedAt: instant('2026-11-01T00:00:00Z'),
    })
    expect(bodies<EarthquakeObservation>(decoded).filter((one) => sameEarthquake.applies(one))).toHaveLength(
      1,
    )
  })

  test('a "create" more than a day late happened when it says, not when it came', () => {
    const [late] = bodies<EarthquakeObservation>(
      decode(emscEarthquakesLive, 'feeds/emsc/ws-create-switzerland-2024-12-14.json'),
    )

    expect(late?.origin.time).toBe('2024-12-14T09:39:47.200Z')
  })

  test('the next poll repeats rows: the same detections; a longitude off the Earth and a wrong header cost one row', () => {
    const before = new Set(decode(modis, 'feeds/firms/modis-c6.csv').observations.map(({ key }) => key))
    const after = decode(modis, 'feeds/firms/modis-c6-update.csv').observations
    expect(after.filter(({ key }) => before.has(key))).toHaveLength(2)

    for (const [which, path] of [
      [modis, 'feeds/firms/edited-modis-cluster.csv'],
      [viirs, 'feeds/firms/edited-suomi-cluster.csv'],
    ] as const) {
      const { observations, rejected } = decode(which, path)
      expect(observations.length).toBeGreaterThan(0)
      expect(rejected.map(({ issues }) => issues[0]?.place)).toEqual([expect.stringMatching(/longitude$/)])
    }
  })

  test('a shock of GDACS joins that of USGS by its id, and not by a guess', () => {
    const shocks = decode(gdacs, 'feeds/gdacs/rss-main-2019.xml').observations.filter(
      ({ type }) => type === hazardsObservation.type,
    )

    expect(shocks.length).toBeGreaterThan(0)
    for (const { body } of shocks)
      expect(sameEarthquake.hardLinks(body as EarthquakeObservation)).toEqual([
        expect.stringMatching(/^EQ\d+$/),
        expect.stringMatching(/^us/),
      ])
  })
})

const folders = ['gdacs', 'copernicus-ems', 'emsc', 'firms'] as const
const readers: Readonly<Record<(typeof folders)[number], (file: string) => SourceDeclaration>> = {
  gdacs: () => gdacs,
  'copernicus-ems': () => copernicusEms,
  emsc: (file) => (/^ws-/.test(file) ? emscEarthquakesLive : emscEarthquakes),
  firms: (file) => (/modis/.test(file) ? modis : viirs),
}
/** What SOURCES.md marks as invalid, and what is held of it. */
const refused: Readonly<Record<string, number>> = {
  'edited-modis-cluster.csv': 1,
  'edited-suomi-cluster.csv': 1,
}

describeWithData(
  'every recorded file is read, or refused for the reason that its list gives:',
  'hazards/feeds',
  (data) => {
    const decode = decodeWith(data)
    const files = folders.flatMap((folder) => {
      try {
        return readdirSync(data(folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(
            (entry) =>
              [
                folder,
                entry.name,
                `${entry.parentPath.slice(data('').length).replace(/^\//, '')}/${entry.name}`,
              ] as const,
          )
      } catch {
        return [] // no data on this machine: the tests of this block are skipped
      }
    })

    test('none is left out', () => expect(files.length).toBe(21 + 4 + 6 + 5))

    test.each(files)('%s: %s', (folder, name, path) => {
      const reader = readers[folder](name)
      const { observations, rejected } = decode(reader, path)
      const links = reader.index?.links({
        bytes: new Uint8Array(readFileSync(data(path))),
        mediaType: '',
        receivedAt: instant('2026-11-01T00:00:00Z'),
      })

      expect(observations.length + (links?.length ?? 0)).toBeGreaterThan(0)
      expect(rejected).toHaveLength(refused[name] ?? 0)
      for (const { type, body } of observations) expect(registry.check(type, body)).toEqual([])
    })

    test('other: GLIDE and PDC', () => {
      for (const [reader, path] of [
        [glide, 'other/glide-FL-2024-000199-ESP.json'],
        [pdcSource, 'other/pdc-hazard.json'],
      ] as const) {
        const { observations, rejected } = decode(reader, path)
        expect([observations.length, rejected.length]).toEqual([1, 0])
      }
    })
  },
)

describe('the region', () => {
  test('has feeds of warnings to try hostile and empty answers on', () => expect(anyWarnings).toBeDefined())
})
