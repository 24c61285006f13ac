/**
 * Regional environmental monitoring between whole nodes: readings of a station near a border, told to the neighbour, and
 * answered from his own node. The two checks of the system stand here by their own words.
 */
import { describe, expect, test } from 'vitest'
import { ingestPayload } from '../../engines/ingest/index.ts'
import { actual, type Instant, plusMs } from '../../engines/record/index.ts'
import {
  acknowledge,
  type NotificationShown,
  notificationsOf,
  seriesSource,
} from '../../packs/environment/pack.ts'
import { faultyLink } from '../support/faulty-link.ts'
import { type Bell, createBell } from './bell.ts'
import { noon, welcome } from './region.test-support.ts'
import { aWholeNode, type WholeNode } from './whole-node.test-support.ts'

const hourMs = 3_600_000
const terms = {
  gives: [{ types: ['environment.notification', 'environment.acknowledgement'], upTo: 'TLP:GREEN' }],
} as const

/** Gevgelija, some kilometres from the Greek border. */
const service = seriesSource({
  id: 'stations-of-the-test',
  title: 'Stations of the test',
  url: 'https://stations.example/readings.csv',
  format: {
    kind: 'table',
    mapping: {
      time: { column: 'time' },
      value: { column: 'value' },
      station: { column: 'station' },
      property: { column: 'property' },
      unit: { column: 'unit' },
      longitude: { always: '22.503' },
      latitude: { always: '41.139' },
    },
  },
  attribution: { source: 'stations of the test', licence: 'CC-BY-4.0', credit: 'Stations of the test' },
})

const row = (time: Instant, value: number | string, unit = 'µg/m³', property = 'O3'): string =>
  `${time},${value},gevgelija,${property},${unit}`

const bring = (at: WholeNode, rows: readonly string[]) =>
  ingestPayload({
    store: at.node().store,
    source: service,
    payload: {
      bytes: new TextEncoder().encode(['time,value,station,property,unit', ...rows].join('\n')),
      mediaType: 'text/csv',
      receivedAt: at.clock.now(),
    },
    realm: actual,
    clock: at.clock,
  })

const shownAt = async (at: WholeNode): Promise<NotificationShown | undefined> =>
  (await notificationsOf(at.node().store, actual, at.clock.now())).find(
    ({ notification }) => notification.record.body.to === 'GR',
  )

type Two = { readonly skopje: WholeNode; readonly athens: WholeNode; readonly until: Bell['until'] }

async function betweenTwo(act: (nodes: Two) => Promise<void>): Promise<void> {
  const bell = createBell()
  await using skopje = await aWholeNode('skopje.example', bell.ring)
  await using athens = await aWholeNode('athens.example', bell.ring)
  await using there = await faultyLink(athens.url, { delayMs: 20 })
  await using back = await faultyLink(skopje.url, { delayMs: 20 })
  await welcome((await skopje.node().trust()).exchange, there.url, terms)
  await welcome((await athens.node().trust()).exchange, back.url, terms)
  await act({ skopje, athens, until: bell.until })
}

describe('regional environmental monitoring', () => {
  test(
    'a reading above the agreed limit within a set distance of a border opens a notification to the neighbour and the clock to its acknowledgement is visible to both',
    () =>
      betweenTwo(async ({ skopje, athens, until }) => {
        await bring(skopje, [row(plusMs(noon, -hourMs), 150), row(noon, 211)])
        await until('the notification is in Athens', async () => (await shownAt(athens)) !== undefined)

        const [here, there] = [await shownAt(skopje), await shownAt(athens)]
        expect(there?.notification.record).toMatchObject({
          origin: 'skopje.example',
          body: { from: 'MK', to: 'GR', peak: 211, property: 'O3', limit: { kind: 'information' } },
        })
        expect(there?.clock).toEqual(here?.clock)
        expect(there?.clock).toMatchObject({ state: 'waiting', openedAt: noon, remainingMs: 6 * hourMs })

        const late = plusMs(noon, 7 * hourMs)
        for (const node of [skopje, athens]) node.clock.set(late)
        expect((await shownAt(skopje))?.clock.state).toBe('overdue')
        expect((await shownAt(athens))?.clock).toEqual((await shownAt(skopje))?.clock)

        const { notification } = there as NotificationShown
        expect(notification.record.body.nodes).toEqual(['athens.example'])
        const by = { name: 'Eleni Vasiliou', role: 'duty officer' }
        const answered = await acknowledge(athens.node().store, notification, { by, at: late, note: 'Seen.' })
        expect(answered).toMatchObject({ kind: 'written', appended: { kind: 'appended' } })
        await until(
          'the answer is in Skopje',
          async () => (await shownAt(skopje))?.clock.acknowledged !== undefined,
        )

        expect((await shownAt(skopje))?.clock).toEqual((await shownAt(athens))?.clock)
        expect((await shownAt(skopje))?.clock).toMatchObject({
          state: 'acknowledged-late',
          acknowledged: {
            at: late,
            by: { name: 'Eleni Vasiliou', role: 'duty officer' },
            node: 'athens.example',
          },
        })
      }),
    60_000,
  )

  test('readings with wrong unit or impossible value are held back and listed, not silently dropped', async () => {
    const bell = createBell()
    await using skopje = await aWholeNode('skopje.example', bell.ring)

    const outcome = await bring(skopje, [
      row(noon, 92),
      row(plusMs(noon, -hourMs), 95, 'furlongs'),
      row(plusMs(noon, -2 * hourMs), 4000),
      row(plusMs(noon, -3 * hourMs), 'much'),
      row(plusMs(noon, 24 * hourMs), 80),
      row(noon, 0, 'µSv/h', 'dose rate'),
    ])

    expect(outcome).toMatchObject({ read: 7, accepted: 2, quarantined: 5 })
    const held = await skopje.node().store.quarantine.list({ from: service.id, state: 'held' })
    const why = held.map(({ issues, bytes }) => [
      issues[0]?.rule,
      new TextDecoder().decode(bytes).slice(0, 400),
    ])
    expect(new Map(why as [string, string][])).toEqual(
      new Map([
        ['environment/wrong-unit', expect.stringContaining('furlongs')],
        ['environment/impossible-value', expect.stringContaining('gevgelija')],
        ['series/not-a-number', expect.stringContaining('much')],
        ['environment/time-in-future', expect.stringContaining('gevgelija')],
      ]),
    )
    expect(held).toHaveLength(5)
    const readings = await skopje.node().store.read({ types: ['environment.reading'] })
    expect(readings.map(({ record }) => record.body)).toMatchObject([{ value: 92, unit: 'ug/m3' }])
  })
})
