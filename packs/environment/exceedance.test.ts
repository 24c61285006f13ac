import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { detectReactor } from '../../engines/assess/index.ts'
import type { Places } from '../../engines/place/index.ts'
import { openPlaces } from '../../engines/place/index.ts'
import {
  actual,
  createRegistry,
  type Draft,
  type Held,
  nodeId,
  plusMs,
  SettableClock,
} from '../../engines/record/index.ts'
import { type OpenStore, openStore, settle } from '../../engines/store/index.ts'
import { aPeerRecord, arriving } from '../../engines/store/receive.test-support.ts'
import { see } from '../../regions/see/region.ts'
import { noon } from '../../test/region/region.test-support.ts'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'
import { acknowledge, notificationsOf } from './acknowledgement.ts'
import { exceedanceDetector } from './exceedance.ts'
import { notificationDetector } from './notification.ts'
import { type ExceedanceBody, environmentRecords, type LimitBody, type NotificationBody } from './records.ts'

const hourMs = 3_600_000
const node = nodeId('skopje.example')
let database: TestDatabase
let places: Places
let store: OpenStore
let number = 0
/** A station of its own for each test. */
let station = ''

beforeAll(async () => {
  database = await testDatabase()
  places = await openPlaces(see)
  const registry = createRegistry(environmentRecords)
  store = await openStore({ url: database.url, node, clock: new SettableClock(noon), registry })
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const gevgelija = [22.503, 41.139] as const

function aReading(hour: number, value: number | undefined, property = 'SO2'): Draft {
  const time = plusMs(noon, hour * hourMs)
  return {
    type: 'environment.reading',
    key: `test:${station}@${time}`,
    realm: actual,
    producer: { kind: 'source', name: 'test' },
    valid: { from: time, until: time },
    place: { geometry: { type: 'Point', coordinates: [...gevgelija] } },
    body: {
      series: `test:${station}`,
      station: { id: station },
      property,
      time,
      unit: 'ug/m3',
      ...(value === undefined ? { missing: 'not stated' } : { value }),
    },
  }
}

async function told(drafts: readonly Draft[]): Promise<readonly ExceedanceBody[]> {
  for (const draft of drafts) await store.append([draft])
  const failures: unknown[] = []
  await settle({
    store,
    realm: actual,
    reactors: [
      detectReactor(exceedanceDetector, { places }, node),
      detectReactor(notificationDetector, { places }, node),
    ],
    onFailure: ({ error }) => failures.push(error),
  })
  expect(failures).toEqual([])
  const held = (await store.read({ types: ['environment.exceedance'] })) as readonly Held<ExceedanceBody>[]
  return held.map(({ record }) => record.body).filter(({ series }) => series === `test:${station}`)
}

const atNewStation = (): void => {
  number += 1
  station = `station ${number}`
}

describe('a limit that asks for three hours in a row', () => {
  test('is exceeded by three, not by two, and grows with the fourth', async () => {
    atNewStation()

    expect(await told([aReading(0, 520), aReading(1, 530)])).toEqual([])
    expect(await told([aReading(2, 510)])).toMatchObject([{ readings: 3, peak: 530, state: 'over' }])
    expect(await told([aReading(3, 600)])).toMatchObject([{ readings: 4, peak: 600, state: 'over' }])
  })

  test('is exceeded whatever the order in which the hours come', async () => {
    atNewStation()

    expect(await told([aReading(2, 510), aReading(0, 520), aReading(1, 530)])).toMatchObject([
      { readings: 3, from: noon, until: plusMs(noon, 2 * hourMs) },
    ])
  })

  test('is not exceeded across a gap, or a value that is missing', async () => {
    atNewStation()

    expect(
      await told([aReading(0, 520), aReading(1, undefined), aReading(2, 510), aReading(3, 510)]),
    ).toEqual([])
  })

  test('is not exceeded by a value that its own source calls bad', async () => {
    atNewStation()
    const bad = aReading(1, 530)
    const marked = { ...bad, body: { ...(bad.body as object), quality: 'invalid' } }

    expect(await told([aReading(0, 520), marked, aReading(2, 510), aReading(3, 520)])).toEqual([])
  })

  test('is over with the first reading that is not above it', async () => {
    atNewStation()

    const found = await told([aReading(0, 520), aReading(1, 530), aReading(2, 510), aReading(3, 500)])

    expect(found).toMatchObject([{ readings: 3, state: 'ended', until: plusMs(noon, 2 * hourMs) }])
  })

  test('is one for as long as it lasts, also beyond what is looked back at', async () => {
    atNewStation()
    const hours = Array.from({ length: 80 }, (_, hour) => aReading(hour, hour === 1 ? 900 : 520))

    expect(await told(hours)).toMatchObject([
      { readings: 80, from: noon, until: plusMs(noon, 79 * hourMs), peak: 900, peakAt: plusMs(noon, hourMs) },
    ])
  })

  test('is taken back when the station revises a value, and its neighbours are told', async () => {
    atNewStation()
    await told([aReading(0, 520), aReading(1, 530), aReading(2, 510)])

    expect(await told([aReading(1, 53)])).toMatchObject([{ state: 'withdrawn' }])
    const shown = await notificationsOf(store, actual, noon)
    const own = shown.filter(({ notification }) => notification.record.body.series === `test:${station}`)
    expect(own.map(({ notification }) => notification.record.body.state)).toContain('withdrawn')
    expect(own.every(({ notification }) => notification.record.body.state === 'withdrawn')).toBe(true)
  })
})

describe('limits', () => {
  const agreed = (limit: LimitBody['limit'], rest: Partial<LimitBody> = {}): Draft<LimitBody> => ({
    type: 'environment.limit',
    key: limit.id,
    realm: actual,
    producer: { kind: 'person', name: 'Ana Ristova' },
    valid: { from: noon },
    body: { limit, state: 'agreed', because: 'Agreed by the commission', ...rest },
  })

  test('of one gauge come as records, because no two gauges have the same', async () => {
    atNewStation()
    const limit = {
      id: 'gauge-danger',
      property: 'water-level',
      kind: 'danger-level',
      value: 4.5,
      unit: 'm',
      consecutiveHours: 1,
      source: 'Flood defence plan',
    } as const
    await store.append([agreed(limit, { series: `test:${station}` })])

    const found = await told([aReading(0, 4.8, 'water-level')])
    atNewStation()
    const other = await told([aReading(0, 4.8, 'water-level')])

    expect(found).toMatchObject([{ limit: { id: 'gauge-danger' }, peak: 4.8 }])
    expect(other).toEqual([])
  })

  test('agreed in the region stand in the place of ours', async () => {
    atNewStation()
    const limit = {
      id: 'eu-2008-50-o3-information',
      property: 'O3',
      kind: 'information',
      value: 160,
      unit: 'ug/m3',
      consecutiveHours: 1,
      source: 'Agreement of the basin',
    } as const
    expect(await told([aReading(0, 170, 'O3')])).toEqual([])
    await store.append([agreed(limit)])

    expect(await told([aReading(1, 170, 'O3')])).toMatchObject([{ limit: { value: 160 } }])
  })
})

describe('what a peer says of limits', () => {
  test('moves none of ours: nobody silences a station from elsewhere', async () => {
    atNewStation()
    const origin = nodeId('elsewhere.example')
    const body: LimitBody = {
      limit: {
        id: 'eu-2008-50-so2-alert',
        property: 'SO2',
        kind: 'alert',
        value: 40_000,
        unit: 'ug/m3',
        consecutiveHours: 72,
        source: 'nowhere',
      },
      state: 'agreed',
      because: 'to be left alone',
    }
    const type = 'environment.limit'
    await store.receive([
      arriving(aPeerRecord({ origin, type, key: 'eu-2008-50-so2-alert', body }), { via: origin }),
    ])

    expect(await store.count({ types: [type], key: 'eu-2008-50-so2-alert' })).toBe(1)
    expect(await told([0, 1, 2].map((hour) => aReading(hour, 520)))).toMatchObject([{ readings: 3 }])
  })
})

describe('a notification', () => {
  const ownOnes = async () =>
    (await notificationsOf(store, actual, noon)).filter(
      ({ notification }) => notification.record.body.series === `test:${station}`,
    )

  test('goes to every country within the distance but the station’s own, and its clock never starts again', async () => {
    atNewStation()
    await told([aReading(0, 520), aReading(1, 530), aReading(2, 510)])
    const first = await ownOnes()
    await told([aReading(3, 700)])
    const later = await ownOnes()

    expect(first.map(({ notification }) => notification.record.body.to)).toContain('GR')
    expect(first.map(({ notification }) => notification.record.body.to)).not.toContain('MK')
    expect(later.map(({ clock }) => clock.dueAt)).toEqual(first.map(({ clock }) => clock.dueAt))
    expect(later.every(({ notification }) => notification.record.body.peak === 700)).toBe(true)
  })

  test('is not opened for what was long over when it became known', async () => {
    const here = station
    atNewStation()
    const archive = [-100, -99, -98].map((hour) => aReading(hour, 520))

    expect(await told(archive)).toMatchObject([{ readings: 3 }])
    expect(await ownOnes()).toEqual([])
    station = here
  })

  test('is not answered by the node that opened it', async () => {
    const [one] = await ownOnes()
    if (one === undefined) throw new Error('no notification')
    const notification: Held<NotificationBody> = one.notification

    expect(await acknowledge(store, notification, { by: { name: 'Ana' }, at: noon })).toEqual({ kind: 'own' })
  })
})
