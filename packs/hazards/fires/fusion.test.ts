import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EventBody, fuseReactor } from '../../../engines/fuse/index.ts'
import {
  createRegistry,
  type Draft,
  type Held,
  instant,
  nodeId,
  type Realm,
} from '../../../engines/record/index.ts'
import { settle } from '../../../engines/store/index.ts'
import { aStore } from '../../../engines/store/store.test-support.ts'
import { type HazardFigures, hazardsEvent } from '../records.ts'
import { hazardsDetection, hazardsReport } from '../report-records.ts'
import { decodeFirms } from '../sources/fires/firms.ts'
import { sameFire } from './fusion.ts'

const realm = 'test' as Realm
const registry = createRegistry([hazardsDetection, hazardsReport, hazardsEvent])
const reactor = fuseReactor(sameFire, nodeId('durres.example'))

/** Hot spots as a list gives them: [lat, lon, HHMM, confidence]. */
type Spot = readonly [lat: number, lon: number, time: string, confidence?: string]

const columns =
  'latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,frp,daynight'
const listOf = (spots: readonly Spot[]): string =>
  [
    columns,
    ...spots.map(
      ([lat, lon, time, confidence = 'nominal']) =>
        `${lat},${lon},330,0.4,0.4,2026-07-${time.slice(0, 2)},${time.slice(3)},N,${confidence},2.0NRT,10,D`,
    ),
  ].join('\n')

const detections = (...spots: readonly Spot[]): readonly Draft[] =>
  decodeFirms({ bytes: new TextEncoder().encode(listOf(spots)) }, 'VIIRS').observations.map((draft) => ({
    ...draft,
    realm,
    producer: { kind: 'source', name: 'firms' },
  }))

const aReport = (key: string, [longitude, latitude]: readonly [number, number], day = '23'): Draft => ({
  type: hazardsReport.type,
  key,
  realm,
  producer: { kind: 'source', name: 'gdacs' },
  valid: { from: instant(`2026-07-${day}T09:00:00Z`) },
  place: { geometry: { type: 'Point', coordinates: [longitude, latitude] } },
  body: {
    kind: 'wildfire',
    source: 'gdacs',
    agency: 'GDACS',
    eventId: key,
    ids: [`gdacs:${key}`],
    title: 'Forest fire in Greece',
    status: 'active',
    latitude,
    longitude,
    countries: ['GR'],
    severity: 'Severe',
    measures: [],
    updated: instant(`2026-07-${day}T12:00:00Z`),
  },
})

async function firesOf(drafts: readonly Draft[]): Promise<readonly Held<EventBody<HazardFigures>>[]> {
  await using open = await aStore({ registry })
  for (const draft of drafts) {
    const [outcome] = await open.store.append([draft])
    if (outcome?.kind === 'refused') throw new Error(JSON.stringify(outcome))
  }
  await settle({ store: open.store, reactors: [reactor], realm, retryAfterMs: [] })
  expect(await open.store.quarantine.count()).toBe(0)
  const all = (await open.store.read({ types: ['hazards.event'] })) as readonly Held<
    EventBody<HazardFigures>
  >[]
  return all.filter(({ record }) => record.body.state === 'active')
}

describe('hot spots become fires', () => {
  test('passes of one day that touch are one fire, however far it wanders; another valley is another fire', async () => {
    const wandering = detections(
      [38.0, 23.9, '23 0100'],
      [38.0, 23.918, '23 1200'],
      [38.0, 23.936, '24 0100'],
      [38.0, 23.954, '24 1200'],
      [38.0, 23.972, '25 0100'],
    )
    const fires = await firesOf([...wandering, ...detections([38.3, 23.2, '23 1200'])])

    expect(fires.map(({ record }) => record.body.members.length).sort()).toEqual([1, 5])
  })

  test('the same ground two days later is a new fire', async () => {
    expect(await firesOf(detections([38.0, 23.9, '23 0100'], [38.0, 23.9, '25 0200']))).toHaveLength(2)
  })

  test('figures tell of spots, passes, the strongest pass and an outline that holds every spot', async () => {
    const [fire] = await firesOf(
      detections([38.0, 23.9, '23 0100'], [38.004, 23.904, '23 0100'], [38.002, 23.902, '23 1200']),
    )

    expect(fire?.record.body.figures).toMatchObject({
      kind: 'wildfire',
      status: 'active',
      severity: 'Minor',
      time: '2026-07-23T01:00:00.000Z',
      until: '2026-07-23T12:00:00.000Z',
    })
    const measured = fire?.record.body.figures?.measures.map(({ name, high }) => [name, high])
    expect(measured).toContainEqual(['hot spots', 3])
    expect(measured).toContainEqual(['passes', 2])
    expect(measured).toContainEqual(['fire radiative power, strongest pass', 20])
  })

  test('a warm roof of low confidence starts nothing', async () => {
    expect(await firesOf(detections([41.3, 19.8, '23 0100', 'low']))).toEqual([])
  })

  test("another system's report of the fire joins it and gives its name", async () => {
    const [fire, ...others] = await firesOf([
      ...detections([38.0, 23.9, '23 0100']),
      aReport('WF1000', [23.95, 38.02]),
    ])

    expect(others).toEqual([])
    expect(fire?.record.body.figures).toMatchObject({ title: 'Forest fire in Greece', severity: 'Severe' })
  })

  test('any order of arrival gives the same fires', async () => {
    const all = detections(
      [38.0, 23.9, '23 0100'],
      [38.0, 23.918, '23 1200'],
      [38.0, 23.936, '24 0100'],
      [38.1, 23.936, '24 0100'],
      [38.1, 23.95, '24 1200'],
    )
    const told = async (drafts: readonly Draft[]) =>
      (await firesOf(drafts))
        .map(({ record }) =>
          JSON.stringify([record.body.members.map(({ id }) => id).sort(), record.body.figures]),
        )
        .sort()
    const expected = await told(all)

    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...all], { minLength: all.length }), async (shuffled) => {
        expect(await told(shuffled)).toEqual(expected)
      }),
      { numRuns: process.env['MOSAIC_LONG'] ? 40 : 4 },
    )
  })
})
