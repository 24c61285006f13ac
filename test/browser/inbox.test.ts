/** The page of notifications in a real browser: who was told, who has not answered, and that an exercise is one. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exercise, nodeId, plusMs, SettableClock } from '../../engines/record/index.ts'
import { aPeerRecord, arriving } from '../../engines/store/receive.test-support.ts'
import { type AlarmBody, alarmRecord } from '../../packs/environment/pack.ts'
import { aPlayedNode, type PlayedNode, silent } from '../../server/builders.ts'
import { type RunningServer, startServer } from '../../server/index.ts'
import { noon } from '../region/region.test-support.ts'
import { openBrowser } from '../support/browser.ts'

const hour = 3_600_000
const realm = exercise('danube-2026')
const budapest = nodeId('budapest.example')
const belgrade = nodeId('belgrade.example')
const stranger = nodeId('stranger.example')
let played: PlayedNode
let server: RunningServer
let browser: Browser
let alarm = ''
const faults: string[] = []

const addressee = (country: string, seat: string, order: number): AlarmBody['addressees'][number] => ({
  contact: `${country.toLowerCase()}-danube`,
  country,
  nodes: [`${seat}.example`],
  dueAt: plusMs(noon, hour),
  order,
  river: 'danube',
  km: { low: order * 100, high: order * 150 },
  arrival: { from: plusMs(noon, order * 24 * hour), until: plusMs(noon, order * 96 * hour) },
})

const body: AlarmBody = {
  system: 'danube-alarm',
  headline: 'EXERCISE EXERCISE EXERCISE: pollution on the danube (EXERCISE)',
  incident: { what: 'EXERCISE: oil on the water', kind: 'pollution', occurredAt: noon },
  from: { contact: 'hu-danube', country: 'HU' },
  rivers: ['danube'],
  issuedAt: noon,
  speed: { low: 1.5, high: 7, unit: 'km/h', assumed: 'for the test' },
  addressees: [addressee('HR', 'zagreb', 1), addressee('RS', 'belgrade', 2)],
  withoutCentre: [],
}

beforeAll(async () => {
  ;[played, browser] = await Promise.all([
    aPlayedNode({ isPlayed: false, clock: new SettableClock(plusMs(noon, 2 * hour)) }),
    openBrowser(),
  ])
  const common = { realm, recordedAt: noon, valid: { from: noon }, handling: { tlp: 'TLP:CLEAR' } } as const
  const told = aPeerRecord({ ...common, origin: budapest, type: alarmRecord.type, key: 'csepel', body })
  alarm = told.id
  const answerOf = (origin: typeof belgrade, name: string) =>
    aPeerRecord({
      ...{ ...common, origin, type: 'environment.acknowledgement', key: alarm },
      links: [{ type: 'about', id: told.id }],
      body: { notification: alarm, version: 1, at: noon, by: { name } },
    })
  const pretended = aPeerRecord({ ...common, origin: stranger, type: alarmRecord.type, key: 'false', body })
  const { store } = played.node
  await store.receive([arriving(told, { via: budapest })])
  await store.receive([arriving(answerOf(belgrade, 'Jovana Ilić'), { via: belgrade })])
  await store.receive([arriving(answerOf(stranger, 'Nobody'), { via: stranger })])
  await store.receive([arriving(pretended, { via: stranger })])
  const { node } = played
  server = await startServer({ node, host: '127.0.0.1', port: 0, log: silent })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
  await played?.[Symbol.asyncDispose]()
})

async function aPage(path: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript(() => localStorage.setItem('mosaic.language', 'en'))
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
  await page.goto(`${server.address}${path}?realm=${encodeURIComponent(realm)}`)
  return page
}

describe('the page of notifications', () => {
  test('shows who was told in river order, who has answered and who is silent, and cannot be taken for real', async () => {
    const page = await aPage('/inbox')
    const card = page.getByTestId('notification').filter({ hasText: 'budapest.example' })
    await card.waitFor()

    const states = await card
      .getByTestId('addressee')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-state')))
    expect(states).toEqual(['overdue', 'acknowledged'])
    expect(await card.innerText()).toContain('Jovana Ilić')
    expect(await card.getByTestId('mode').innerText()).toMatch(/exercise/i)
    expect(await page.getByTestId('realm-banner').isVisible()).toBe(true)
    const pretender = page.getByTestId('notification').filter({ hasText: 'stranger.example' })
    expect(await pretender.getByTestId('unknown-sender').isVisible()).toBe(true)
    expect(await card.getByTestId('unknown-sender').count()).toBe(0)
    await page.context().close()
  })

  test('shows one whole, with the answer that does not count apart, and offers no act to who is not signed in', async () => {
    const page = await aPage(`/inbox/${alarm}`)
    await page.getByTestId('fields').first().waitFor()

    expect(await page.getByTestId('not-counting').innerText()).toContain('stranger.example')
    expect(await page.getByTestId('acknowledge').count()).toBe(0)
    expect(await page.getByTestId('fields').first().innerText()).toContain('EXERCISE: oil on the water')
    expect(faults).toEqual([])
    await page.context().close()
  })
})
