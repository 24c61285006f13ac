import { expect, test } from 'vitest'
import { aRun, aServer, aStore } from '../../../engines/ingest/builders.ts'
import { openAq } from './openaq-live.ts'

const licence = { name: 'CC BY 4.0', attribution: { name: 'Agency of the example', url: null } }
const location = (id: number, sensors: readonly number[]) => ({
  id,
  name: `Station ${id}`,
  coordinates: { latitude: 41.3, longitude: 19.8 },
  sensors: sensors.map((sensor) => ({ id: sensor, parameter: { name: 'no2', units: 'µg/m³' } })),
  licenses: [licence],
  datetimeLast: { utc: '2025-05-01T09:00:00Z' },
})
const latest = (sensorsId: number, value: number) => ({
  results: [{ sensorsId, value, datetime: { utc: '2025-05-01T09:00:00Z' } }],
})

const pages: Readonly<Record<string, unknown>> = {
  '/v3/locations?bbox=19,39,21,43': { results: [location(1, [10]), location(2, [20]), { id: 'three' }] },
  '/v3/locations/1/latest': latest(10, 41),
  '/v3/locations/2/latest': latest(20, 55),
}

test('the list of locations leads to the newest values of each, with the key that lets us in', async () => {
  await using at = await aStore()
  await using server = await aServer((request, response) => {
    const page = pages[request.url ?? '']
    if (request.headers['x-api-key'] !== 'the key') response.writeHead(401).end()
    else if (page === undefined) response.writeHead(404).end()
    else response.end(JSON.stringify(page))
  })
  const source = openAq.open({
    url: new URL('/v3/locations?bbox=19,39,21,43', server.url).href,
    credentials: () => ({ 'X-API-Key': 'the key' }),
  })

  await using run = aRun(at.store, source)
  await run.until('ingested')

  const series = await at.store.read({ types: ['environment.series'] })
  const readings = await at.store.read({ types: ['environment.reading'] })
  expect(series.map(({ record }) => record.key).sort()).toEqual(['openaq:10', 'openaq:20'])
  expect(readings.map(({ record }) => (record.body as { value?: number }).value).sort()).toEqual([41, 55])
  expect(await at.store.quarantine.count()).toBe(1)
  expect(JSON.stringify(await at.store.sources.all())).not.toContain('the key')
})
