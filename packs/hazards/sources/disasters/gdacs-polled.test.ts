/** GDACS as the node asks it: the list, then the shapes of what lies near, from a network that these tests play. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runSources } from '../../../../engines/ingest/index.ts'
import { actual, instant, plusMs } from '../../../../engines/record/index.ts'
import { aStore } from '../../../../engines/store/store.test-support.ts'
import { gdacs } from './gdacs.ts'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')

test('a flood is told by the list, then gains its area; asking again changes nothing and asks for no shape twice', async () => {
  await using opened = await aStore()
  const { store, clock } = opened
  clock.set(instant('2026-05-14T10:00:00Z'))
  const asked: string[] = []
  const network: typeof fetch = async (address) => {
    const url = new URL(String(address))
    asked.push(url.pathname)
    const isShape = url.pathname.endsWith('/getgeometry')
    if (isShape) expect(url.searchParams.get('eventid')).toBe('9900001')
    return new Response(fixture(isShape ? 'gdacs-area.json' : 'gdacs.xml'), {
      headers: { 'content-type': isShape ? 'application/json' : 'application/xml' },
    })
  }
  const stop = new AbortController()
  const { transport } = gdacs
  if (transport.kind !== 'http') throw new Error('GDACS is polled')
  const running = runSources({
    ...{
      store,
      realm: actual,
      clock,
      random: () => 0.5,
      signal: stop.signal,
      userAgent: 'mosaic-test',
      fetch: network,
    },
    sources: [{ ...gdacs, transport: { ...transport, intervalMs: 20 } }],
  })
  const lists = () => asked.filter((path) => path.endsWith('/rss.xml')).length
  while (lists() < 5) {
    clock.set(plusMs(clock.now(), 60_000))
    await sleep(20)
  }
  stop.abort()
  await running

  const told = await store.read({
    types: ['hazards.report'],
    key: 'gdacs:FL9900001',
    versions: 'all',
    order: 'index',
  })
  expect(told.map(({ record }) => record.place?.geometry?.type)).toEqual(['Point', 'MultiPolygon'])
  expect(told[1]?.record.body).toEqual(told[0]?.record.body)
  expect(asked.filter((path) => path.endsWith('/getgeometry'))).toHaveLength(1)
  expect(await store.sources.get('gdacs')).toMatchObject({ errorsInARow: 0 })
})
