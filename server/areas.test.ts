import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Area, areaDrafts, cellsOverlapping } from '../engines/place/index.ts'
import { actual, type Draft, instant } from '../engines/record/index.ts'
import { areaLookup, type NoticeBody, noticeRecord } from '../engines/warn/index.ts'
import { aPlayedNode, type PlayedNode } from './builders.ts'
import type { AreaCodeView, MissingAreas, WarningsAtPoint } from './schemas/index.ts'

let played: PlayedNode
const hours = (n: number) => instant(Date.now() + n * 3_600_000)
const square = (west: number, south: number, size: number) => ({
  type: 'Polygon' as const,
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
})

const anArea = (code: string, name: string, geometry: Area['geometry']): Area => ({
  ...{ scheme: 'EMMA_ID', code, country: 'HR', geometry, validFrom: '2024-01-01' },
  name: { und: name },
})

type Said = {
  readonly id: string
  readonly severity?: NoticeBody['level']['severity']
  readonly body?: Partial<NoticeBody>
  readonly place?: Draft['place']
}

const aNotice = ({ id, severity = 'Moderate', body = {}, place }: Said): Draft => ({
  type: noticeRecord.type,
  key: id,
  realm: actual,
  producer: { kind: 'method', name: 'warn/resolve', version: '1' },
  valid: { from: hours(-2), until: hours(6) },
  ...(place && { place }),
  body: {
    authority: { id: 'meteo', isKnown: true, country: 'HR', names: { en: 'Meteo' } },
    ...{ sender: 'https://meteo.example', state: 'in-force', status: 'Actual' },
    kind: [{ scheme: 'awareness_type', code: '12' }],
    level: { severity, urgency: 'Expected', certainty: 'Likely' },
    texts: {
      ...{ event: { en: id }, headline: {}, description: {}, instruction: {} },
      ...{ senderName: {}, area: { en: 'Porto' }, web: {}, contact: {} },
    },
    ...{ expires: hours(6), expiresAssumed: false, slot: id, group: id },
    areas: { codes: [], polygons: [], circles: [] },
    ...{ messages: [], dangling: [], holds: false },
    ...body,
  } satisfies NoticeBody,
})

/** As the resolver places one of a code with a shape, and of one without. */
const shaped = (id: string, geometry: Area['geometry'], severity?: Said['severity']) =>
  aNotice({ id, ...(severity && { severity }), place: { geometry, cells: cellsOverlapping(geometry) } })
const fallen = (id: string, code: string, country: string) =>
  aNotice({
    id,
    body: {
      areas: { codes: [{ scheme: 'EMMA_ID', code }], polygons: [], circles: [] },
      areaFallback: [{ scheme: 'EMMA_ID', code, reason: 'place/area-as-country', country }],
    },
    place: {
      areas: [{ scheme: 'EMMA_ID', code }],
      cells: areaLookup(played.node.places).countryCells(country),
    },
  })

beforeAll(async () => {
  played = await aPlayedNode({ isPlayed: false })
  const drafts = [
    ...areaDrafts(
      [anArea('HR901', 'Porto', square(16, 45, 0.2)), anArea('HR902', 'Porto Santo', square(17, 45, 0.2))],
      {
        realm: actual,
        producer: { kind: 'method', name: 'list', version: '1' },
        attribution: [{ source: 'List', licence: 'CC0-1.0', credit: 'List' }],
      },
    ),
    shaped('porto', square(16, 45, 0.2)),
    shaped('porto graver', square(16.05, 45.05, 0.1), 'Extreme'),
    shaped('porto santo', square(17, 45, 0.2)),
    fallen('somewhere in HR', 'HR777', 'HR'),
    fallen('somewhere in RS', 'RS777', 'RS'),
  ]
  for (const outcome of await played.node.store.append(drafts))
    if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome))
})
afterAll(() => played?.[Symbol.asyncDispose]())

const at = async (lon: number, lat: number) =>
  (await played.ask<WarningsAtPoint>(`/places/warnings?realm=actual&lon=${lon}&lat=${lat}`)).notices.map(
    ({ because, notice }) => `${notice.event['en']}: ${because}`,
  )

describe('warnings at a point', () => {
  test('are all that hold there, the gravest first, by shape and by code, never by the name of a place', async () => {
    expect(await at(16.1, 45.1)).toEqual(['porto graver: shape', 'porto: shape', 'somewhere in HR: country'])
    expect(await at(16.19, 45.19)).toEqual(['porto: shape', 'somewhere in HR: country'])
    expect(await at(20.4, 44.8)).toEqual(['somewhere in RS: country'])
    expect(await at(12.5, 39)).toEqual([])
  })

  test('a point that is none is refused', async () => {
    expect((await played.app.inject('/api/v1/places/warnings?lon=200&lat=0')).statusCode).toBe(400)
    expect((await played.app.inject('/api/v1/places/warnings?lon=20')).statusCode).toBe(400)
  })
})

describe('codes of areas', () => {
  test('those without a shape are listed as work, with what stands for them and who writes them', async () => {
    const { items, isAll } = await played.ask<MissingAreas>('/areas/missing?realm=actual')

    expect(isAll).toBe(true)
    expect(
      items.map(({ code, country, notices, authorities }) => [code, country, notices, authorities]),
    ).toEqual([
      ['HR777', 'HR', 1, ['meteo']],
      ['RS777', 'RS', 1, ['meteo']],
    ])
    expect(items[0]?.message).toContain('Import its list')
  })

  test('a code is shown with its shape, its edition and its credit; one that is not held, with what stands for it', async () => {
    const held = await played.ask<AreaCodeView>('/areas/EMMA_ID/HR901?realm=actual')
    const other = await played.ask<AreaCodeView>('/areas/EMMA_ID/HR90?realm=actual')

    expect(held).toMatchObject({
      stands: [{ code: 'HR901', validFrom: '2024-01-01', attribution: [{ credit: 'List' }] }],
      geometry: square(16, 45, 0.2),
      fallbacks: [],
    })
    expect(other).toMatchObject({
      stands: [],
      fallbacks: [{ reason: 'place/area-as-country', country: 'HR' }],
    })
    expect((await played.app.inject('/api/v1/areas/EMMA_ID/HR901?on=2024-02-31')).statusCode).toBe(400)
  })
})
