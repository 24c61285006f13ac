/**
 * EMSC sends "create" for shocks that are hours or days old, when an institute adds them late. What counts is the time in
 * the message: an old shock raises no fresh warning, and one that was warned of already is not warned of again.
 */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { assessReactor } from '../../../engines/assess/index.ts'
import { fuseReactor } from '../../../engines/fuse/index.ts'
import { dryRunPayload, ingestPayload, type SourceDeclaration } from '../../../engines/ingest/index.ts'
import { openPlaces, type Places } from '../../../engines/place/index.ts'
import { actual, type Instant, instant, nodeId, plusMs } from '../../../engines/record/index.ts'
import { settle } from '../../../engines/store/index.ts'
import { aStore, type TestStore } from '../../../engines/store/store.test-support.ts'
import { type IssueRule, issueReactor, proposeReactor, warnCountriesOf } from '../../../engines/warn/index.ts'
import { regions } from '../../../node.ts'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { sameEarthquake } from '../fusion.ts'
import { earthquakeImpact } from '../impact.ts'
import type { EarthquakeObservation } from '../records.ts'
import { catalogues } from '../texts/index.ts'
import { earthquakeWarning } from '../warnings.ts'
import { emscEarthquakesLive, usgsEarthquakes } from './index.ts'

const shockAt = instant('2026-05-14T02:00:00Z')
const hourMs = 3_600_000
const rule: IssueRule = {
  ...{ id: 'all', realm: 'actual', countries: '*', mandate: { kind: 'advice' }, sender: 'late.example' },
  senderName: { en: 'A node under test' },
}
let places: Places

beforeAll(async () => {
  const see = regions['see']
  if (!see) throw new Error('the region is gone')
  places = await openPlaces(see)
})

const created = (told: Instant) => ({
  action: 'create',
  data: {
    type: 'Feature',
    id: '20260514_9000001',
    geometry: { type: 'Point', coordinates: [19.45, 41.35, -20] },
    properties: {
      ...{
        unid: '20260514_9000001',
        source_id: '9000001',
        source_catalog: 'EMSC-RTS',
        flynn_region: 'ALBANIA',
      },
      ...{ time: shockAt, lastupdate: told, lat: 41.35, lon: 19.45, depth: 20, mag: 6.4, magtype: 'mw' },
      ...{ evtype: 'ke', auth: 'INVENTED' },
    },
  },
})

const reported = {
  type: 'FeatureCollection',
  features: [
    {
      ...{ type: 'Feature', id: 'us7000late', geometry: { type: 'Point', coordinates: [19.47, 41.36, 22] } },
      properties: {
        ...{
          mag: 6.4,
          magType: 'mww',
          place: 'near Durres',
          type: 'earthquake',
          status: 'reviewed',
          net: 'us',
        },
        ...{
          time: Date.parse(shockAt) + 1500,
          updated: Date.parse(shockAt) + 600_000,
          ids: ',us7000late,',
          code: '7000late',
        },
      },
    },
  ],
}

/** Told at that instant, and digested. */
async function tell({ store, clock }: TestStore, source: SourceDeclaration, at: Instant, message: unknown) {
  clock.set(at)
  const payload = {
    bytes: new TextEncoder().encode(JSON.stringify(message)),
    mediaType: 'application/json',
    receivedAt: at,
  }
  const outcome = await ingestPayload({ store, source, payload, realm: actual, clock })
  expect([outcome.accepted, outcome.quarantined]).toEqual([1, 0])
  const node = nodeId(store.identity.node)
  const reactors = [
    fuseReactor(sameEarthquake, node),
    assessReactor(earthquakeImpact, { places }, node),
    proposeReactor(earthquakeWarning),
    issueReactor({
      ...{ rules: [rule], catalogues, countries: warnCountriesOf(places) },
      identity: { node, incarnation: store.identity.incarnation },
    }),
  ]
  await settle({ store, reactors, realm: actual, retryAfterMs: [] })
  expect(await store.quarantine.count()).toBe(0)
}
const warnings = async ({ store }: TestStore) =>
  (await store.read({ types: ['warn.warning'], versions: 'all' })).map(
    ({ record }) => `${record.key}@${record.version}`,
  )

describe('a "create" of EMSC', { timeout: 60_000 }, () => {
  test('minutes after a strong shock raises warnings', async () => {
    await using opened = await aStore()

    await tell(opened, emscEarthquakesLive, plusMs(shockAt, 5 * 60_000), created(plusMs(shockAt, 4 * 60_000)))

    expect((await warnings(opened)).length).toBeGreaterThan(0)
  })

  test('of the same shock, two days late, raises none: its event is kept, as what was', async () => {
    await using opened = await aStore()
    const late = plusMs(shockAt, 48 * hourMs)

    await tell(opened, emscEarthquakesLive, plusMs(late, 60_000), created(late))

    expect(await warnings(opened)).toEqual([])
    expect(await opened.store.count({ types: ['hazards.event'] })).toBe(1)
  })

  test('hours late for a shock that another agency had told joins its event, and nobody is warned again', async () => {
    await using opened = await aStore()
    await tell(opened, usgsEarthquakes, plusMs(shockAt, 15 * 60_000), reported)
    const before = await warnings(opened)

    await tell(
      opened,
      emscEarthquakesLive,
      plusMs(shockAt, 20 * hourMs),
      created(plusMs(shockAt, 20 * hourMs)),
    )

    expect(before.length).toBeGreaterThan(0)
    expect(await warnings(opened)).toEqual(before)
    const events = await opened.store.read({ types: ['hazards.event'] })
    expect(events.map(({ record }) => (record.body as { members: unknown[] }).members.length)).toEqual([2])
  })
})

describeWithData('recorded messages', 'hazards/feeds/emsc', (data) => {
  test.each([
    ['ws-create-switzerland-2024-12-14.json', '2024-12-14T09:39:47.200Z', 24 * 60],
    ['ws-create-flores-2026-08-17.json', '2026-08-17T17:02:02.000Z', 5],
    ['ws-create-western-turkey-2025-03-05.json', '2025-03-05T09:45:07.000Z', 20],
  ])('%s happened at %s, whatever its action says', (name, time, minutesLate) => {
    const bytes = new Uint8Array(readFileSync(data(name)))
    const payload = { bytes, mediaType: 'application/json', receivedAt: instant('2026-09-01T00:00:00Z') }
    const { drafts } = dryRunPayload({ source: emscEarthquakesLive, payload, realm: actual })
    const body = drafts[0]?.body as EarthquakeObservation

    expect(drafts[0]?.valid).toEqual({ from: time, until: time })
    expect(body.origin.time).toBe(time)
    expect((Date.parse(body.updated) - Date.parse(time)) / 60_000).toBeGreaterThan(minutesLate)
  })
})
