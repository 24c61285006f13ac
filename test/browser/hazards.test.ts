/**
 * Hazards other than shaking, and warnings of other authorities, as people see them in a real browser: a fire that
 * satellites saw, a flood that a system and two neighbours' services speak of, and each service's own warning.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CapAlert } from '../../engines/formats/index.ts'
import { cellsWithin } from '../../engines/place/index.ts'
import { actual, type Draft, type Held, instant } from '../../engines/record/index.ts'
import { settle } from '../../engines/store/index.ts'
import { type AlertBody, alertDraft } from '../../engines/warn/index.ts'
import { see } from '../../regions/see/region.ts'
import { aPlayedNode, type PlayedNode, silent } from '../../server/builders.ts'
import { type RunningServer, startServer } from '../../server/index.ts'
import { openBrowser } from '../support/browser.ts'

const hourMs = 3_600_000
const now = Date.now()
const at = (hours: number): string => new Date(now + hours * hourMs).toISOString()
const cap = (hours: number): string => `${at(hours).slice(0, 19)}-00:00`

let played: PlayedNode
let server: RunningServer
let browser: Browser
const faults: string[] = []

beforeAll(async () => {
  ;[played, browser] = await Promise.all([aPlayedNode({ isPlayed: false }), openBrowser()])
  const { node, replay } = played
  await append(...aFire(), aFlood(), ...warningsOfTwo())
  await settle({ store: node.store, reactors: node.reactors(node.store.identity, []), realm: actual })
  server = await startServer({ node, replay, host: '127.0.0.1', port: 0, log: silent })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
  await played?.[Symbol.asyncDispose]()
})

async function append(...drafts: readonly Draft[]): Promise<void> {
  for (const outcome of await played.node.store.append(drafts))
    if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome))
}

const from = { realm: actual, producer: { kind: 'source', name: 'test' } } as const

/** Two passes over one hillside. */
const aFire = (): readonly Draft[] =>
  [-3, -2].map((hours) => ({
    ...from,
    type: 'hazards.detection',
    key: `noaa-20:${at(hours)}:861eda0a7ffffff`,
    attribution: [
      { source: 'firms', licence: 'public domain', credit: 'NASA FIRMS', url: 'https://firms.example/' },
    ],
    valid: { from: instant(at(hours)) },
    place: { geometry: { type: 'Point', coordinates: [23.9, 38.06] }, cells: cellsWithin([23.9, 38.06], 3) },
    body: {
      kind: 'wildfire',
      source: 'firms',
      agency: 'NOAA-20',
      instrument: 'VIIRS',
      satellite: 'NOAA-20',
      acquired: at(hours),
      cell: '861eda0a7ffffff',
      pixels: [0, 1, 2].map((n) => ({
        latitude: 38.06 + n * 0.006,
        longitude: 23.9 + n * n * 0.006,
        frp: 12.5,
        confidence: 'nominal',
      })),
    },
  }))

const box = [
  [18.6, 44.9],
  [19.2, 44.9],
  [19.2, 45.2],
  [18.6, 45.2],
  [18.6, 44.9],
]

const aFlood = (): Draft => ({
  ...from,
  type: 'hazards.report',
  key: 'gdacs:FL1102983',
  attribution: [{ source: 'gdacs', licence: 'open', credit: 'GDACS' }],
  valid: { from: instant(at(-5)), until: instant(at(40)) },
  place: { geometry: { type: 'Polygon', coordinates: [box] } },
  body: {
    kind: 'flood',
    source: 'gdacs',
    agency: 'GDACS',
    eventId: 'FL1102983',
    ids: ['gdacs:FL1102983'],
    title: 'Flood on the Sava <b>now</b>',
    status: 'active',
    latitude: 45.05,
    longitude: 18.9,
    countries: ['BA', 'HR'],
    level: { scheme: 'GDACS', value: 'Orange', score: 1.5 },
    severity: 'Severe',
    measures: [{ name: 'displaced', value: 1200, unit: '1' }],
    url: 'https://gdacs.example/FL1102983',
    updated: at(-1),
  },
})

type Part = {
  readonly id: string
  readonly sender: string
  readonly area: string
  readonly msgType?: 'Alert' | 'Update'
}

/** An orange flood warning in two languages. */
const warning = (
  { id, sender, area, msgType = 'Alert' }: Part,
  references: CapAlert['references'] = [],
): CapAlert => ({
  version: '1.2',
  identifier: id,
  sender,
  sent: cap(msgType === 'Alert' ? -4 : -3),
  status: 'Actual',
  msgType,
  scope: 'Public',
  addresses: [],
  code: [],
  references,
  incidents: [],
  info: (['hr', 'en'] as const).map((language) => ({
    language,
    category: ['Met'],
    event: language === 'hr' ? 'Poplava' : 'Flooding',
    responseType: ['Prepare'],
    urgency: 'Expected',
    severity: 'Severe',
    certainty: 'Likely',
    eventCode: [],
    onset: cap(-2),
    ...(id.includes('endless') ? {} : { expires: cap(30) }),
    headline: language === 'hr' ? 'Narančasto upozorenje' : 'Orange warning <i>x</i>',
    description: language === 'hr' ? 'Sava raste.' : 'The Sava is rising.',
    instruction: language === 'hr' ? 'Pratite upute.' : 'Follow instructions.',
    parameter: [
      { valueName: 'awareness_level', value: '3; orange; Severe' },
      { valueName: 'awareness_type', value: '12; flooding' },
    ],
    resource: [],
    area: [
      {
        areaDesc: language === 'hr' ? `Područje ${area}` : `Area ${area}`,
        polygon: [],
        circle: [],
        geocode: [{ valueName: 'EMMA_ID', value: area }],
      },
    ],
  })),
  signatures: 0,
})

function warningsOfTwo(): readonly Draft[] {
  const profile = see.warnings?.register.profile
  if (!profile) throw new Error('the region has no profile')
  const first = warning({ id: 'hr-1', sender: 'https://meteo.hr', area: 'HR004' })
  const all = [
    first,
    warning({ id: 'hr-2', sender: 'https://meteo.hr', area: 'HR004', msgType: 'Update' }, [
      { sender: first.sender, identifier: first.identifier, sent: first.sent },
    ]),
    warning({ id: 'hr-3', sender: 'https://meteo.hr', area: 'HR005' }),
    warning({ id: 'endless-1', sender: 'someone@elsewhere.example', area: 'BA003' }),
  ]
  return all.map((alert) => {
    const made = alertDraft(
      {
        verdict: {
          verdict: 'defects',
          alert,
          defects: [
            { rule: 'cap/made-up', place: '/alert/info', value: 'x', message: 'Invented for this test.' },
          ],
        },
        signature: { kind: 'unsigned' },
      } as never,
      profile,
    )
    if (!made.ok) throw new Error(JSON.stringify(made.issues))
    const { isTest: _, ...observed } = made.observed
    return {
      ...from,
      attribution: [{ source: 'dhmz', licence: 'CC BY', credit: 'DHMZ' }],
      ...observed,
      body: observed.body as AlertBody,
    } as Draft
  })
}

type View = { readonly width?: number; readonly language?: string; readonly dark?: boolean }

async function open(path: string, { width = 1280, language = 'en', dark = false }: View = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 860 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  await context.addInitScript((tag) => localStorage.setItem('mosaic.language', tag), language)
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      faults.push(`${path}: ${message.text()}`)
  })
  await page.goto(`${server.address}${path}${path.includes('?') ? '&' : '?'}realm=actual`)
  return page
}

function close(page: Page): Promise<void> {
  page.removeAllListeners()
  return page.context().close()
}

/** Pictures for people who look: MOSAIC_PICTURES names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['MOSAIC_PICTURES']
  if (!folder) return
  await page.waitForTimeout(6000) // until the map has drawn what it has
  await page.screenshot({ path: `${folder}/${name}.png` })
}

const byId = (page: Page, id: string) => page.getByTestId(id)
const drawn = (page: Page) =>
  page.locator('[data-testid=map-canvas][data-ready=true]').waitFor({ timeout: 30_000 })

/** What stands out to the right of the page. */
const overflows = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    return [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > clientWidth + 1)
      .map((one) => `${one.tagName}.${one.className}`)
  })

const eventOf = async (kind: string): Promise<Held['record']> => {
  const events = await played.node.store.read({ realm: actual, types: ['hazards.event'] })
  const found = events.find(
    ({ record }) => (record.body as { figures?: { kind?: string } }).figures?.kind === kind,
  )
  if (!found) throw new Error(`no ${kind}`)
  return found.record
}

describe('the list of events', () => {
  test('holds every kind with its word, drawing and severity, and is filtered by kind', async () => {
    const page = await open('/')
    await byId(page, 'event-row').nth(1).waitFor()
    await drawn(page)
    await picture(page, 'events')

    expect(await byId(page, 'event-list').innerText()).toMatch(/Flood[\s\S]*Severe/)
    await byId(page, 'filter-kind').selectOption('wildfire')
    await expect.poll(() => byId(page, 'event-row').count(), { timeout: 15_000 }).toBe(1)
    expect(await byId(page, 'event-row').innerText()).toContain('Wildfire')
    expect(new URL(page.url()).searchParams.get('kind')).toBe('wildfire')
    await close(page)
  }, 60_000)
})

describe('the page of a flood', () => {
  test('says who reports, what it measures, who lives there, and which authorities warn', async () => {
    const { id } = await eventOf('flood')
    const page = await open(`/events/${id}`)
    await byId(page, 'exposure').waitFor()
    await drawn(page)
    await picture(page, 'flood')

    expect(await byId(page, 'event-title').innerText()).toContain('Flood on the Sava <b>now</b>')
    expect(await byId(page, 'measures').first().innerText()).toMatch(/displaced\s+1,200/)
    expect(await byId(page, 'event-status').innerText()).toBe('going on')
    expect(await byId(page, 'exposure').innerText()).toMatch(/people/)
    await expect.poll(() => page.locator('[data-as=warning]').count(), { timeout: 15_000 }).toBeGreaterThan(0)
    await page.locator('[data-as=warning]').first().locator('summary').click()
    await byId(page, 'observation').getByRole('link', { name: 'Open the warning' }).first().click()
    await byId(page, 'notice-title').waitFor()
    await close(page)
  }, 60_000)

  test('can be cited: an address that answers the same later, with credits and licences', async () => {
    const { id } = await eventOf('flood')
    const page = await open(`/events/${id}`)
    const citation = await byId(page, 'citation').innerText()
    const address = (await byId(page, 'permalink').getAttribute('href')) ?? ''

    expect(citation).toContain(address)
    expect(citation).toMatch(/Version \d+\. What this node knew at \d{4}-/)
    expect(await byId(page, 'credits').innerText()).toContain('GDACS (open)')
    await page.goto(address)
    await byId(page, 'look-back-note').waitFor()
    expect(await byId(page, 'citation').innerText()).toBe(citation)
    await close(page)
  }, 60_000)
})

describe('the page of a fire', () => {
  test('counts passes of satellites with their credit, in any language, in 320 px', async () => {
    const { id } = await eventOf('wildfire')
    const page = await open(`/events/${id}`, { width: 320, language: 'el', dark: true })
    await byId(page, 'observations').waitFor()
    await picture(page, 'fire-320')

    expect(await byId(page, 'event-page').innerText()).toContain('Δασική πυρκαγιά')
    expect(await byId(page, 'observation').count()).toBe(2)
    expect(await byId(page, 'observations').innerText()).toContain('NASA FIRMS (public domain)')
    expect(await overflows(page)).toEqual([])
    await close(page)
  }, 60_000)
})

describe('warnings of authorities', () => {
  test('stand by country, kind and severity; those that differ in their area alone as one', async () => {
    const page = await open('/notices')
    await byId(page, 'notice-row').first().waitFor()
    await picture(page, 'notices')

    expect(await byId(page, 'notice-row').count()).toBeGreaterThanOrEqual(2)
    await byId(page, 'filter-kind').selectOption('flood')
    await byId(page, 'filter-country').selectOption('HR')
    await expect.poll(() => byId(page, 'notice-list').innerText(), { timeout: 15_000 }).not.toContain('BA003')
    expect(await byId(page, 'notice-list').innerText()).toMatch(/Croatia · Flooding[\s\S]*orange/)
    await byId(page, 'filter-severity').selectOption('Extreme')
    await byId(page, 'empty').waitFor()
    await close(page)
  }, 60_000)

  test('each is told in every language, with its chain, signature, defects, and what is wrong with it', async () => {
    const page = await open('/notices')
    await page.getByRole('link', { name: 'Area HR004' }).first().click()
    await byId(page, 'notice-chain').waitFor()
    await picture(page, 'notice')

    expect(await byId(page, 'language-tab').allInnerTexts()).toEqual(['English', 'Hrvatski'])
    expect(await byId(page, 'notice-text').innerText()).toContain('Orange warning <i>x</i>')
    expect(
      await page
        .locator('[data-testid=notice-message]')
        .evaluateAll((all) => all.map((one) => one.dataset['role'])),
    ).toEqual(['first', 'update'])
    expect(await byId(page, 'signature').first().innerText()).toBe('Not signed')
    expect(await byId(page, 'defects').first().innerText()).toContain('1')
    expect(await byId(page, 'without-shape').innerText()).toContain('EMMA_ID HR004')
    await close(page)
  }, 60_000)

  test('a message without an end, of a sender whom nobody knows, says both', async () => {
    const page = await open('/notices', { language: 'de', width: 320 })
    await page.getByRole('link', { name: 'Area BA003' }).first().click()
    await byId(page, 'notice-doubts').waitFor()

    const doubts = await byId(page, 'notice-doubts').innerText()
    expect(doubts).toContain('someone@elsewhere.example')
    expect(doubts).toContain('24 Stunden')
    expect(await overflows(page)).toEqual([])
    await close(page)
  }, 60_000)
})

test('nobody saw a fault on any of these pages', () => {
  expect(faults).toEqual([])
})
