/** The register of areas over the region's own data: thirteen published lists, and what the feeds write. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ingestPayload, type SourceDeclaration } from '../../engines/ingest/index.ts'
import {
  type Area,
  areaDrafts,
  areaIndex,
  codeReader,
  doubtfulAreas,
  isListInDoubt,
  openPlaces,
  readAreas,
  resolveCodes,
} from '../../engines/place/index.ts'
import { actual, type Held, instant, nodeId } from '../../engines/record/index.ts'
import { settle } from '../../engines/store/index.ts'
import { aStore, type TestStore } from '../../engines/store/store.test-support.ts'
import {
  alertDecoder,
  areaLookup,
  missingAreas,
  type NoticeBody,
  noticeRecord,
  resolveReactor,
} from '../../engines/warn/index.ts'
import { describeWithData } from '../../test/support/shared-data.ts'
import { areaRules } from './area-codes.ts'
import { see } from './region.ts'

const reader = codeReader(areaRules)
const node = nodeId('durres.example')

describe('whose a code is', () => {
  test.each([
    ['EMMA_ID', 'HR801', 'HR'],
    ['EMMA_ID', 'GR005', 'GR'],
    ['NUTS3', 'EL301', 'GR'],
    ['NUTS', 'EL301', 'GR'],
    ['EMMA_ID', 'RS007', 'XK'],
    ['EMMA_ID', 'RS006', 'RS'],
    ['EMMA_ID', 'QQ001', undefined],
    ['CISORP', '2102', undefined],
  ])('%s %s belongs to %s', (scheme, code, country) => {
    expect(reader.countryOf({ scheme, code })).toBe(country)
  })

  test('each country of the rules is one of the region, so that it has a shape to stand for its codes', () => {
    const countries = see.countries.map(({ code }) => code)

    expect(areaRules.countries.filter(({ country }) => !countries.includes(country))).toEqual([])
  })
})

describeWithData('thirteen lists of warning areas', 'hazards', (data) => {
  const listed = (file: string, country: string) =>
    readAreas(readFileSync(data(`regions/${file}`)), {
      ...{ scheme: 'EMMA_ID', codeProperty: 'code', nameProperty: 'area', asOf: '2024-05-01', country },
    }).areas
  const lists = new Map(
    readdirSync(data('regions')).map((file) => {
      const code = (JSON.parse(readFileSync(data(`regions/${file}`), 'utf8')) as { code: string }[])[0]?.code
      const country = reader.countryOf({ scheme: 'EMMA_ID', code: code ?? '' }) ?? ''
      return [country, listed(file, country)] as const
    }),
  )
  const all = [...lists.values()].flat()

  test('every code of every list resolves to its own shape', () => {
    const index = areaIndex(all)

    expect(lists.size).toBe(13)
    for (const { scheme, code } of all) {
      const { areas, fallbacks } = resolveCodes([{ scheme, code }], '2026-09-01', {
        ...{ index, reader, hasCountry: () => true },
      })
      expect(areas.map((area) => area.code)).toEqual([code])
      expect(fallbacks).toEqual([])
    }
  })

  test('in one list names and shapes stand in two orders, and it is in doubt as a whole', async () => {
    const places = await openPlaces(see)

    const doubts = [...lists].flatMap(([country, areas]) => {
      const found = doubtfulAreas(areas, places)
      return found.length === 0 ? [] : [[country, found.length, isListInDoubt(areas, found)]]
    })

    expect(doubts).toEqual([['BG', 21, true]])
  })

  test.each([
    ['NUTS3', 'RO121', 'Alba Iulia'],
    ['NUTS3', 'RO223', 'Constanţa'],
    ['NUTS3', 'RO321', 'Bucharest'],
    ['NUTS3', 'RO411', 'Craiova'],
    ['NUTS3', 'RO424', 'Timişoara'],
    ['NUTS2', 'HU10', 'Budapest'],
    ['NUTS2', 'HU31', 'Miskolc'],
    ['NUTS2', 'HU33', 'Szeged'],
  ])('%s %s, of which no shape of its own is held, is the area around %s', async (scheme, code, town) => {
    const places = await openPlaces(see)

    const { areas } = resolveCodes([{ scheme, code }], '2026-09-01', {
      ...{ index: areaIndex(all), reader, hasCountry: () => true },
    })

    expect(areas.flatMap(({ geometry }) => places.townsIn(geometry)).map(({ name }) => name)).toContain(town)
  })

  test('every alias leads to another area of its country, and every area of the country has one', () => {
    for (const [country, count] of [
      ['RO', 42],
      ['HU', 7],
    ] as const) {
      const means = areaRules.aliases
        .filter(({ of }) => of.code.startsWith(country))
        .map(({ means: { code } }) => code)
      expect(new Set(means).size).toBe(count)
      expect(means.sort()).toEqual((lists.get(country) ?? []).map(({ code }) => code).sort())
    }
  })
})

describeWithData('a country without shapes', 'hazards/feeds/meteoalarm', (data) => {
  const source: SourceDeclaration = {
    id: 'warnings',
    title: { en: 'Warnings' },
    transport: {
      kind: 'http',
      url: 'https://a.example',
      intervalMs: 300_000,
      timeoutMs: 1,
      maxBytes: 1,
      accept: '*/*',
    },
    attribution: { source: 'Weather', licence: 'CC0-1.0', credit: 'Weather' },
    family: 'cap',
    decode: alertDecoder(see.warnings.register).decode,
  }
  const noticesIn = async ({ store }: TestStore) =>
    (await store.read({ types: [noticeRecord.type] })) as readonly Held<NoticeBody>[]

  test('every code of its feed is listed as missing and stands as the country, until its list is imported', async () => {
    await using at = await aStore()
    const places = await openPlaces(see)
    const reactors = [resolveReactor(see.warnings.register, node, areaLookup(places))]
    const digest = () =>
      settle({
        ...{ store: at.store, realm: actual, reactors },
        onFailure: ({ error }) => {
          throw error
        },
      })
    const bytes = new Uint8Array(readFileSync(data('croatia.json')))
    const payload = { bytes, mediaType: 'application/json', receivedAt: instant('2024-01-04T17:00:00Z') }
    await ingestPayload({ store: at.store, clock: at.clock, source, payload, realm: actual })
    await digest()

    const before = await noticesIn(at)
    const codes = [
      ...new Set(before.flatMap(({ record }) => record.body.areas.codes.map(({ code }) => code))),
    ]
    expect(codes.length).toBeGreaterThan(5)
    expect(
      missingAreas(before)
        .map(({ code }) => code)
        .sort(),
    ).toEqual(codes.sort())
    for (const { record } of before) {
      expect(record.body.areaFallback).toMatchObject([{ reason: 'place/area-as-country', country: 'HR' }])
      expect(record.place?.cells?.length).toBeGreaterThan(0)
      expect(record.place?.geometry).toBeUndefined()
    }

    const [code = ''] = codes
    const area: Area = {
      scheme: 'EMMA_ID',
      code,
      country: 'HR',
      validFrom: '2020-01-01',
      geometry: square(16, 45),
    }
    const drafts = areaDrafts([area], {
      realm: actual,
      producer: { kind: 'method', name: 'list', version: '1' },
      attribution: [{ source: 'List of areas', licence: 'CC0-1.0', credit: 'List of areas' }],
    })
    await at.store.append(drafts)
    await digest()

    const after = await noticesIn(at)
    const placed = after.filter(({ record }) => record.body.areas.codes[0]?.code === code)
    const stillHolds = placed.filter(({ record }) => (record.valid.until ?? '') >= at.clock.now())
    for (const { record } of stillHolds) {
      expect(record.body.areaFallback).toBeUndefined()
      expect(record.place?.geometry).toEqual(area.geometry)
      expect(record.attribution.map(({ credit }) => credit)).toContain('List of areas')
    }
    expect(stillHolds.length).toBeGreaterThan(0)
    expect(missingAreas(after).map((one) => one.code)).not.toContain(code)
  })
})

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
