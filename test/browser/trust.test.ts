/**
 * What people who do not fully trust each other see of it, in a real browser before two real nodes that are peers: how it
 * stands with the other, who obeyed a recall, a record that proves itself, the audit and broken glass, one's own account.
 */
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../engines/access/index.ts'
import type { MosaicRecord } from '../../engines/record/index.ts'
import { systemClock } from '../../engines/record/index.ts'
import type { MosaicNode } from '../../node.ts'
import { aPlayedNode, type PlayedNode, silent } from '../../server/builders.ts'
import { type RunningServer, startServer } from '../../server/index.ts'
import { aRegion, type Region, type RegionNode } from '../region/region.test-support.ts'
import { openBrowser } from '../support/browser.ts'

const password = 'kettle-orbit-violin-moss'
let region: Region
let durres: RegionNode
let tirana: RegionNode
let played: PlayedNode
let server: RunningServer
let browser: Browser
let address = ''
let report: MosaicRecord
const faults: string[] = []

beforeAll(async () => {
  ;[region, played, browser] = await Promise.all([
    aRegion(['durres.example', 'tirana.example']),
    aPlayedNode({ isPlayed: false }),
    openBrowser(),
  ])
  ;[durres, tirana] = region.nodes as [RegionNode, RegionNode]
  for (const { clock } of region.nodes) clock.set(systemClock.now())
  report = await durres.write({ key: 'flood-1', body: { text: 'The river is rising.', seenBy: 'Agim Hoti' } })
  await region.join(durres, tirana)
  durres.live()
  tirana.live()
  await region.until('it crosses', () => tirana.holds(report.id))
  const trust = durres.trust()
  await trust.accounts.organisations.add({ id: 'org-dcp', name: 'Civil Protection', standing: 'home' })
  const { settings, places, registry, packs, sources, warningKey } = played.node
  const [clock, store] = [durres.clock, durres.store()]
  const desk = () => played.node.desk({ store, clock })
  const node = { settings, places, registry, packs, sources, warningKey, desk, clock, store }
  server = await startServer({
    node: node as unknown as MosaicNode, // the maps of the one, the records of the other
    host: '127.0.0.1',
    port: 0,
    log: silent,
    signIn: { accounts: trust.accounts, withGlass: trust.audit.withGlass },
    audit: { audit: trust.audit, looksElsewhere: trust.looksElsewhere },
    transparencyLog: trust,
    exchange: trust.exchange,
    recalls: trust.recalls,
    confirmations: trust,
  })
  address = server.address.replace('127.0.0.1', 'localhost')
}, 90_000)

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
  await region?.[Symbol.asyncDispose]()
  await played?.[Symbol.asyncDispose]()
})

async function aPage(dark = false): Promise<Page> {
  const page = await (
    await browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    })
  ).newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  await page.context().addInitScript(() => localStorage.setItem('mosaic.language', 'en'))
  return page
}

const go = (page: Page, path: string) => page.goto(`${address}${path}`)

/** Somebody of the home organisation, in by their one-time link. */
async function signedIn(name: string, roles: readonly Role[]): Promise<Page> {
  const { accounts } = durres.trust()
  const user = await accounts.users.add({
    login: name.toLowerCase().replace(' ', '-'),
    name,
    organisation: 'org-dcp',
    roles,
    clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
    purposes: ['civil-protection', 'oversight'],
    police: [],
  })
  const { secret } = await accounts.enrolment.linkFor(user.id)
  const page = await aPage()
  await go(page, `/enrol#${secret}`)
  await page.getByRole('button', { name: 'Continue' }).click()
  const key = ((await page.locator('.qr code').textContent()) ?? '').trim()
  await page.getByLabel('Password').fill(password)
  await page.getByLabel('Code from your authenticator').fill(codeOf(key))
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.locator('.codes li').first().waitFor()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByTestId('account').waitFor()
  return page
}

const codeOf = (key: string): string =>
  new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: Date.parse(durres.clock.now()) })

/** Wide and narrow, light and dark; nothing may be wider than the telephone. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env['MOSAIC_SCREENSHOTS']
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [380, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
      `${name} at ${width}`,
    ).toBeLessThanOrEqual(0)
    if (folder) await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true })
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  expect(await page.getByRole('heading', { level: 1 }).count(), name).toBe(1)
  expect(await namelessControls(page), name).toEqual([])
}

describe('a liaison officer', () => {
  test('sees how it stands with the peer, and is warned when it shows two histories', async () => {
    const page = await signedIn('Ana Kola', ['liaison', 'duty-officer'])
    await go(page, '/peers')
    await page.locator('[data-testid=peer][data-state=active]').waitFor()
    expect(await page.getByTestId('peer').innerText()).toContain('tirana.example')
    await durres.trust().exchange.peers.setState(tirana.name, 'forked', 'Two roots of one size.')
    await page.reload()
    await page.locator('[data-testid=peer][data-state=forked]').waitFor()

    expect(await page.getByRole('alert').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('two histories')]),
    )
    await look(page, 'trust-peers')
    await durres.trust().exchange.peers.setState(tirana.name, 'active')
    await page.context().close()
  }, 60_000)

  test('checks a record, withdraws it, and sees who has confirmed', async () => {
    const page = await signedIn('Besa Leka', ['liaison'])
    await go(page, `/records/${report.id}`)
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Check this record' }).click()
          await page.locator('[data-testid=check] .notice').first().waitFor()
          return page
            .getByTestId('checked')
            .getAttribute('data-kind', { timeout: 1000 })
            .catch(() => 'not yet')
        },
        { timeout: 20_000 },
      )
      .toBe('good')
    expect(await page.getByTestId('checked').innerText()).toContain('that the origin signed')
    expect(await page.getByTestId('checked-what').innerText()).toMatch(
      /key durres\.example\/log\+[0-9a-f]{8}/,
    )
    await page.getByRole('button', { name: 'Who looked' }).click()
    await page.getByTestId('looks').waitFor()
    await page.getByText('Take back, or make stricter').click()
    await look(page, 'trust-record')
    await page.getByLabel('Reason; every holder reads it').fill('It names who saw it.')
    await page.getByRole('button', { name: 'Withdraw everywhere' }).click()
    await page.getByText('peers that are told: 1').waitFor()
    await region.until(
      'it obeys',
      async () => (await durres.trust().recalls.ordered())[0]?.isComplete === true,
    )
    await go(page, '/recalls?realm=actual')

    await page.locator('[data-testid=holder][data-confirmed=true]').waitFor()
    expect(await page.getByTestId('recall').innerText()).toMatch(/Confirmed by all[\s\S]*Besa Leka/)
    await look(page, 'trust-recalls')
    await page.context().close()
  }, 90_000)
})

describe('a record that is somewhere else already', () => {
  test('is made stricter everywhere, and the recall says so', async () => {
    const other = await durres.write({ key: 'flood-2', body: { text: 'The bridge holds.' } })
    await region.until('it crosses', () => tirana.holds(other.id))
    const page = await signedIn('Mira Doda', ['liaison'])
    await go(page, `/records/${other.id}`)
    await page.getByText('Take back, or make stricter').click()
    await page.getByLabel('Reason; every holder reads it').fill('Only for those who work on it.')
    await page.getByLabel('Handling').selectOption('TLP:AMBER')
    await page.getByRole('button', { name: 'Make stricter everywhere' }).click()
    await page.getByText('peers that are told: 1').waitFor()
    await region.until('it obeys', async () =>
      (await durres.trust().recalls.ordered()).every(({ isComplete }) => isComplete),
    )
    await go(page, `/records/${other.id}`)

    await page.getByText('made its handling stricter').waitFor()
    expect(await page.locator('h1 .tlp').innerText()).toBe('TLP:AMBER')
    await page.context().close()
  }, 90_000)

  test('of an origin that cannot be reached is marked, with since when', async () => {
    const theirs = await tirana.write({ key: 'theirs-1', body: { text: 'A road is closed.' } })
    await region.until('it crosses', () => durres.holds(theirs.id))
    const page = await signedIn('Jeta Brahimi', ['duty-officer'])
    await go(page, `/records/${theirs.id}`)
    await page.getByTestId('record-page').getByRole('heading', { level: 1 }).waitFor()
    expect(await page.getByTestId('not-confirmed').count()).toBe(0)
    await tirana.away()
    region.pass(3 * 60_000)
    await go(page, `/records/${theirs.id}`)

    expect(await page.getByTestId('not-confirmed').innerText()).toMatch(/not confirmed since \d{4}-/)
    await tirana.back()
    await page.context().close()
  }, 90_000)
})

describe('broken glass', () => {
  test('is loud for who broke it, and reviewed by a second person before the figures and the trail', async () => {
    const officer = await signedIn('Drita Marku', ['duty-officer'])
    await go(officer, '/audit')
    await officer.getByText('for oversight and administrators').waitFor()
    expect(await officer.getByRole('button', { name: 'Break the glass' }).count()).toBe(0)
    await officer.getByRole('link', { name: 'Emergency access' }).click()
    await officer.getByTestId('break').waitFor()
    await look(officer, 'trust-break')
    await officer.getByLabel('Why; a second person will read it').fill('A child is missing since noon.')
    await officer.getByRole('button', { name: 'Break the glass' }).click() // not before it is ticked
    expect(await officer.getByTestId('glass-banner').count()).toBe(0)
    await officer.getByLabel('I need it now').check()
    await officer.getByRole('button', { name: 'Break the glass' }).click()
    await officer.getByTestId('glass-banner').waitFor()
    await look(officer, 'trust-glass')
    await officer.context().close()

    const overseer = await signedIn('Vera Hoxha', ['oversight'])
    region.pass(60_000) // figures are of what was before now
    await go(overseer, '/audit')
    await overseer.getByTestId('figures').waitFor()
    await overseer.getByTestId('trail').waitFor()
    await look(overseer, 'trust-audit')
    await overseer.getByRole('link', { name: 'Emergency access' }).click()
    const card = overseer.locator('[data-testid=broken-glass]')
    await card.getByLabel('Verdict').selectOption('not-justified')
    await card.getByLabel('Note').fill('The police had it already.')
    await card.getByRole('button', { name: 'Review' }).click()
    await overseer.locator('[data-testid=broken-glass][data-reviewed=true]').waitFor()
    await go(overseer, '/audit')
    await overseer.getByTestId('trail').waitFor()
    expect(await overseer.getByTestId('trail').innerText()).toContain('break the glass')
    await overseer.getByLabel('Outcome').selectOption('refused')
    await overseer.getByRole('button', { name: 'Search' }).click()
    await expect.poll(() => overseer.getByTestId('trail').innerText()).toContain('refused')
    await overseer.context().close()
  }, 90_000)
})

describe('one’s own account', () => {
  test('gives new recovery codes and a token once, and shows where one is signed in', async () => {
    const page = await signedIn('Lule Prifti', ['reader'])
    await page.getByTestId('account').getByRole('link').click()
    await page.getByRole('button', { name: 'Make new ones' }).click()
    await page.getByTestId('new-codes').locator('li').nth(9).waitFor()
    await page.getByRole('region', { name: 'Tokens' }).getByLabel('Name it').fill('A dashboard')
    await page.getByRole('button', { name: 'Make a token' }).click()
    await page.getByTestId('token-secret').waitFor()

    expect(await page.getByTestId('token-secret').innerText()).toMatch(/mosaic_/)
    expect(await page.getByTestId('token').innerText()).toContain('A dashboard')
    expect(await page.getByTestId('session').count()).toBe(1)
    await look(page, 'trust-account')
    await page.reload()
    await page.getByTestId('token').waitFor()
    expect(await page.getByTestId('token-secret').count()).toBe(0)
    await page.context().close()
  }, 60_000)
})

describe('anybody', () => {
  test.each([
    '/peers',
    '/recalls',
    '/audit',
    '/emergency',
    '/account',
  ])('is told whom %s is for', async (path) => {
    const page = await aPage()
    await go(page, path)

    await page.getByTestId('empty').waitFor()
    await look(page, `trust-public${path.replace('/', '-')}`)
    await page.context().close()
  }, 30_000)

  test('finds the way in by keyboard alone', async () => {
    const page = await aPage()
    await go(page, '/sign-in')
    await page.getByLabel('Login name').focus()
    await page.keyboard.type('nobody')
    await page.keyboard.press('Tab')
    await page.keyboard.type('no such password')
    await page.keyboard.press('Enter')

    await page.getByText('Not accepted').waitFor()
    await page.context().close()
  }, 30_000)

  test('sees no fault on any of these pages', () => {
    expect(faults).toEqual([])
  })
})

/** Controls that a screen reader could only call "button". */
const namelessControls = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('a[href], button, input, select, textarea')]
      .filter((one) => {
        const labels =
          'labels' in one
            ? [...((one as HTMLInputElement).labels ?? [])].map((label) => label.textContent)
            : []
        const words = [one.textContent, one.getAttribute('aria-label'), one.getAttribute('title'), ...labels]
        return one.getClientRects().length > 0 && !words.some((word) => (word ?? '').trim() !== '')
      })
      .map((one) => one.outerHTML.slice(0, 120)),
  )
