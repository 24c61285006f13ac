/** What real feeds become: recorded files through their decoders, the resolver and fusion, in a real store. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { boundsOf, prepareShape } from '../../engines/place/index.ts'
import { type Draft, instant } from '../../engines/record/index.ts'
import { settle } from '../../engines/store/index.ts'
import { aStore } from '../../engines/store/store.test-support.ts'
import { receivedRecords, resolveReactor } from '../../engines/warn/index.ts'
import { see } from '../../regions/see/region.ts'
import { describeWithData } from '../../test/support/shared-data.ts'
import { decodeGdacs } from './sources/disasters/gdacs.ts'
import { decodeGlide } from './sources/disasters/glide.ts'
import { warningSources } from './sources/warnings/index.ts'
import { eventsOf, fused, node, registryWith, testing } from './tellings.test-support.ts'

const receivedAt = instant('2024-11-10T00:00:00Z')
const payload = (path: string) => ({
  bytes: new Uint8Array(readFileSync(path)),
  mediaType: 'application/json',
  receivedAt,
})
const drafts = (observations: readonly object[]): readonly Draft[] =>
  observations.map(
    (observed) =>
      ({ ...observed, realm: testing, producer: { kind: 'source', name: 'recorded' } }) as unknown as Draft,
  )

describeWithData('recorded disasters', 'hazards/feeds', (data) => {
  test('one drought told in seven episodes stays one event whose area grows', async () => {
    const files = [1, 2, 3, 4, 5, 6, 7].map((at) => `gdacs/drought-1016449/episode-${at}-event.json`)
    const shapes = [1, 4, 7].map((at) => `gdacs/drought-1016449/episode-${at}-geometry.json`)
    const told = (paths: readonly string[]) =>
      drafts(paths.flatMap((path) => decodeGdacs(payload(data(path))).observations))

    const [first] = await eventsOf(told(shapes.slice(0, 1)))
    const [last, ...others] = await eventsOf(told([...files, ...shapes]))

    expect(others).toEqual([])
    expect(last?.record.body.figures?.kind).toBe('drought')
    expect(last?.record.body.members).toHaveLength(1)
    const size = (event: typeof last) => {
      const geometry = event?.record.place?.geometry
      if (geometry === undefined) return 0
      const [west, south, east, north] = boundsOf(prepareShape(geometry))
      return (east - west) * (north - south)
    }
    expect(size(last)).toBeGreaterThan(size(first))
  })

  test('one flood under the names of GDACS and GLIDE is one event', async () => {
    const gdacs = ['1', '2'].flatMap(
      (at) => decodeGdacs(payload(data(`gdacs/flood-1102983/geteventdata-${at}.json`))).observations,
    )
    const glide = decodeGlide(payload(data('other/glide-FL-2024-000199-ESP.json'))).observations

    const [flood, ...others] = await eventsOf(drafts([...gdacs, ...glide]))

    expect(others).toEqual([])
    expect(flood?.record.body.members).toHaveLength(2)
    expect(flood?.record.body.figures?.agencies).toEqual(['GDACS', 'GLIDE'])
    expect(flood?.record.body.joined[0]?.by).toBe('hard-link')
  })

  test("the warnings of one country's feed are a few events, each of one kind", async () => {
    const [source] = warningSources(see.warnings).filter(({ id }) => id === 'meteoalarm-croatia')
    const { observations = [] } = source?.decode(payload(data('meteoalarm/croatia.json'))) ?? {}
    await using open = await aStore({ registry: registryWith(receivedRecords) })
    for (const draft of drafts(observations)) await open.store.append([draft])
    const resolver = resolveReactor(see.warnings.register, node)
    await settle({ store: open.store, reactors: [resolver], realm: testing, retryAfterMs: [] })
    const notices = await open.store.count({ types: ['warn.notice'] })

    const events = await fused(open.store, [])

    expect(notices).toBeGreaterThan(40)
    expect(events.length).toBeLessThan(notices / 4)
    const members = events.reduce((sum, { record }) => sum + record.body.members.length, 0)
    expect(members).toBeLessThanOrEqual(notices)
    expect(events.every(({ record }) => record.body.figures?.countries.join() === 'HR')).toBe(true)
  }, 120_000)
})
