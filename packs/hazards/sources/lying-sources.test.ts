/**
 * Sources that lie, over real HTTP: they answer 200 with nothing, with zeros, with a page of error, with half of what they
 * had. A shock near Durrës has been warned of, a warning of a weather service is in force, a flood of GDACS goes on; after
 * every lie, told again and again for hours, all three stand as they did.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assessReactor } from '../../../engines/assess/index.ts'
import { fuseReactor } from '../../../engines/fuse/index.ts'
import { runSources, type SourceDeclaration } from '../../../engines/ingest/index.ts'
import { openPlaces, type Places } from '../../../engines/place/index.ts'
import {
  actual,
  createRegistry,
  instant,
  nodeId,
  plusMs,
  SettableClock,
} from '../../../engines/record/index.ts'
import { type OpenStore, openStore, settle } from '../../../engines/store/index.ts'
import {
  type IssueRule,
  issueReactor,
  proposeReactor,
  resolveReactor,
  warnCountriesOf,
} from '../../../engines/warn/index.ts'
import { recordTypes, regions } from '../../../node.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { sameEarthquake } from '../fusion.ts'
import { earthquakeImpact } from '../impact.ts'
import { catalogues } from '../texts/index.ts'
import { earthquakeWarning } from '../warnings.ts'
import { gdacs } from './disasters/gdacs.ts'
import { usgsEarthquakes } from './index.ts'
import { warningSources } from './warnings/index.ts'

const start = instant('2026-05-14T10:00:00Z')
const minute = 60_000
const rss = readFileSync(new URL('../fixtures/gdacs.xml', import.meta.url), 'utf8').replace(
  /<item>\s*<title>An item that names no event[\s\S]*?<\/item>/,
  '',
)
const items = rss.match(/<item>[\s\S]*?<\/item>/g) ?? []
const rssOf = (kept: readonly string[]) =>
  `${rss.slice(0, rss.indexOf('<item>'))}${kept.join('')}</channel></rss>`

const aShock = (mag: number, coordinates: readonly number[], updated: number) =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        id: 'us7000lies',
        properties: {
          ...{
            mag,
            place: 'near Durres',
            time: Date.parse(start) - 5 * minute,
            updated: Date.parse(start) + updated,
          },
          ...{
            status: 'reviewed',
            net: 'us',
            code: '7000lies',
            ids: ',us7000lies,',
            magType: 'mww',
            type: 'earthquake',
          },
        },
        geometry: { type: 'Point', coordinates },
      },
    ],
  })

const aWarning = `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>2.49.0.1.70.9.2026.5.14.1</identifier><sender>warnings@weather.example</sender>
  <sent>2026-05-14T09:30:00-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info><language>en</language><category>Met</category><event>Flood warning</event><urgency>Expected</urgency>
  <severity>Severe</severity><certainty>Likely</certainty><onset>2026-05-14T10:00:00-00:00</onset>
  <expires>2026-05-20T10:00:00-00:00</expires><description>The Sava rises.</description>
  <area><areaDesc>Posavina</areaDesc><polygon>44.9,18.0 44.9,18.9 45.1,18.9 45.1,18.0 44.9,18.0</polygon></area></info></alert>`
const feedOf = (inside: string) =>
  `<rss version="2.0"><channel><title>Warnings</title><link>https://weather.example/</link><description>Warnings</description>${
    inside === '' ? '' : `<item><guid>one</guid><link>https://weather.example/1</link>${inside}</item>`
  }</channel></rss>`

type Answer = { readonly status?: number; readonly body: string }
type Name = 'usgs' | 'cap' | 'gdacs'
const truth: Readonly<Record<Name, Answer>> = {
  usgs: { body: aShock(6.4, [19.45, 41.35, 20], 0) },
  cap: { body: feedOf(aWarning) },
  gdacs: { body: rssOf(items) },
}

let answers: Record<Name, Answer> = { ...truth }
const asked: Record<Name, number> = { usgs: 0, cap: 0, gdacs: 0 }
const server = createServer((request, response) => {
  const name = (request.url ?? '').slice(1) as Name
  asked[name] += 1
  response
    .writeHead(answers[name].status ?? 200, { 'content-type': 'application/xml' })
    .end(answers[name].body)
})
const clock = new SettableClock(start)
let store: OpenStore
let database: Awaited<ReturnType<typeof testDatabase>>
let places: Places
let sources: readonly SourceDeclaration[] = []

const register = {
  authorities: [
    {
      id: 'posavina-weather',
      names: { en: 'Weather service of Posavina' },
      senders: ['warnings@weather.example'],
      hosts: [],
      country: 'BA',
      policy: { signature: 'verify' as const },
      mandate: 'Invented for a test',
    },
  ],
  profile: { areaSchemes: ['EMMA_ID'], misnamed: [] },
}
const rule: IssueRule = {
  id: 'all',
  realm: 'actual',
  countries: '*',
  mandate: { kind: 'advice' },
  sender: 'lies.example',
  senderName: { en: 'A node under test' },
}

function polled(source: SourceDeclaration, url: string): SourceDeclaration {
  const { index: _, ...rest } = source
  if (rest.transport.kind !== 'http') throw new Error('polled sources only')
  // Not the time saves it: three answers, however close, are enough here.
  const listing = rest.listing && { ...rest.listing, forMs: 0 }
  return { ...rest, ...(listing && { listing }), transport: { ...rest.transport, url, intervalMs: 20 } }
}

beforeAll(async () => {
  const see = regions['see']
  if (!see) throw new Error('the region is gone')
  places = await openPlaces(see)
  database = await testDatabase()
  const node = nodeId('lies.example')
  store = await openStore({
    url: database.url,
    node,
    clock,
    connections: 4,
    registry: createRegistry([...recordTypes]),
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [cap] = warningSources({
    register,
    feeds: [
      {
        ...{
          id: 'posavina',
          title: { en: 'Posavina' },
          url: `${base}/cap`,
          form: 'messages',
          hosts: [],
          countries: ['BA'],
        },
        attribution: { source: 'Posavina', licence: 'CC0-1.0', credit: 'Posavina' },
        intervalMs: 20,
      },
    ],
  })
  if (cap === undefined) throw new Error('no source')
  sources = [polled(usgsEarthquakes, `${base}/usgs`), cap, polled(gdacs, `${base}/gdacs`)]
}, 60_000)

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

/** Every source has answered so often; minutes go by between the answers. */
async function answered(now: Partial<Record<Name, Answer>>, times: number): Promise<void> {
  answers = { ...truth, ...now }
  const before = { ...asked }
  const stop = new AbortController()
  const running = runSources({
    ...{ store, sources, realm: actual, clock, random: () => 0.5, signal: stop.signal },
    userAgent: 'mosaic-test (duty@lies.example)',
  })
  const names = Object.keys(asked) as Name[]
  // One more than asked for: the last answer may still be on its way in.
  while (names.some((name) => asked[name] - before[name] <= times)) {
    clock.set(plusMs(clock.now(), minute))
    await sleep(20)
  }
  stop.abort()
  await running
}

/** The truth once, so that nobody is backed off from; then what is told; and what came of it is digested. */
async function told(changed: Partial<Record<Name, Answer>>, times = 4): Promise<void> {
  await answered({}, 1)
  await answered(changed, times)
  const node = store.identity.node
  const reactors = [
    fuseReactor(sameEarthquake, nodeId(node)),
    assessReactor(earthquakeImpact, { places }, nodeId(node)),
    proposeReactor(earthquakeWarning),
    issueReactor({
      ...{ rules: [rule], catalogues, countries: warnCountriesOf(places) },
      identity: { node, incarnation: store.identity.incarnation },
    }),
    resolveReactor(register, nodeId(node)),
  ]
  await settle({ store, reactors, realm: actual, retryAfterMs: [] })
}

async function standing() {
  const held = await store.read({
    types: ['warn.warning', 'warn.notice', 'hazards.report', 'hazards.observation'],
  })
  return held
    .map(({ record: { type, key, version, body } }) => {
      const { state, status, evaluationStatus } = body as Record<string, unknown>
      return [type, key, version, state ?? status ?? evaluationStatus].join(' ')
    })
    .sort()
}

describe('a source that lies', () => {
  test('is believed while it tells the truth', { timeout: 90_000 }, async () => {
    await told({}, 1)

    const held = await store.read({ types: ['warn.warning'] })
    expect(held.length).toBeGreaterThan(0)
    expect(await standing()).toContainEqual(expect.stringContaining('warn.notice'))
    expect(await standing()).toContainEqual('hazards.report gdacs:FL9900001 1 active')
  })

  const page = '<!doctype html><html><body>Service temporarily unavailable</body></html>'
  const exception =
    '<?xml version="1.0"?><ServiceExceptionReport><ServiceException>no</ServiceException></ServiceExceptionReport>'
  test.each<readonly [string, Partial<Record<Name, Answer>>]>([
    [
      'answers 200 with nothing in it',
      {
        usgs: { body: '{"type":"FeatureCollection","features":[]}' },
        cap: { body: feedOf('') },
        gdacs: { body: rssOf([]) },
      },
    ],
    [
      'answers 200 with a page of error',
      { usgs: { body: page }, cap: { body: page }, gdacs: { body: page } },
    ],
    [
      'answers 200 with an exception in XML',
      { usgs: { body: exception }, cap: { body: exception }, gdacs: { body: exception } },
    ],
    [
      'answers zeros',
      {
        usgs: { body: aShock(0, [0, 0, 0], 3_600_000) },
        gdacs: {
          body: rss
            .replace(/<geo:(lat|long)>[^<]*/g, '<geo:$1>0')
            .replace(/(eventid|alertscore)>[^<]*/g, '$1>0'),
        },
      },
    ],
    ['answers zeros at the right place', { usgs: { body: aShock(0, [19.45, 41.35, 0], 7_200_000) } }],
    [
      'breaks off in the middle',
      { usgs: { body: truth.usgs.body.slice(0, 200) }, gdacs: { body: truth.gdacs.body.slice(0, 3000) } },
    ],
    [
      'answers 500',
      { usgs: { status: 500, body: '' }, cap: { status: 500, body: '' }, gdacs: { status: 500, body: '' } },
    ],
  ])('and %s erases nothing that is in force', { timeout: 120_000 }, async (_, lie) => {
    const before = await standing()

    await told(lie)

    expect(await standing()).toEqual(before)
  })

  test(
    'takes an alert back by leaving it out of answers that are whole, and gives it back',
    { timeout: 90_000 },
    async () => {
      await told({}, 1)
      const flood = async () =>
        (await standing()).find((line) => line.startsWith('hazards.report gdacs:FL9900001')) ?? ''

      await told({ gdacs: { body: rssOf(items.slice(1)) } }, 5)
      expect(await flood()).toMatch(/withdrawn$/)

      await told({}, 1)
      expect(await flood()).toMatch(/active$/)
    },
  )
})
