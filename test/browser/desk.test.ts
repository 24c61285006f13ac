/**
 * The warning desk in a real browser, with a real node and two people who sign in: one composes, draws, saves, submits and
 * issues; the other approves. Then the duty screen, the update, and a colleague who was faster.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Accounts, openAccounts, type Role } from '../../engines/access/index.ts'
import { actual, nodeId, systemClock } from '../../engines/record/index.ts'
import { settle } from '../../engines/store/index.ts'
import { type MosaicNode, openNode, regions } from '../../node.ts'
import { silent } from '../../server/builders.ts'
import { type RunningServer, startServer } from '../../server/index.ts'
import { aProvider, client, type TestProvider } from '../../server/sign-in/provider.test-support.ts'
import { openBrowser } from '../support/browser.ts'
import { testDatabase } from '../support/database.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let node: MosaicNode
let provider: TestProvider
let accounts: Accounts
let server: RunningServer
let browser: Browser
let address = ''
const faults: string[] = []

beforeAll(async () => {
  const region = regions['see']
  if (!region) throw new Error('the region is gone')
  const port = await aFreePort()
  address = `http://localhost:${port}`
  database = await testDatabase()
  node = await openNode(
    {
      name: nodeId('durres.example'),
      title: { en: 'Node of the tests' },
      dataFolder: '',
      databaseUrl: database.url,
      region,
      issueRules: [
        {
          id: 'albania',
          realm: 'actual',
          countries: ['AL'],
          mandate: { kind: 'authority', of: ['AL'], text: 'Law 45/2019' },
          issues: 'by-person',
          sender: 'warnings@durres.example',
          senderName: { en: 'Civil protection' },
        },
      ],
      userAgent: 'test',
    },
    systemClock,
  )
  ;[browser, provider] = await Promise.all([
    openBrowser(),
    aProvider(`${address}/api/v1/session/oidc/national/callback`),
  ])
  accounts = await openAccounts({
    sql: node.store.database,
    clock: systemClock,
    random: randomBytes,
    node: 'durres.example',
    title: 'Node of the tests',
    home: { id: 'org-home', name: 'Home' },
    providers: [
      {
        id: 'national',
        title: 'National login',
        issuer: provider.issuer,
        clientId: client.id,
        clientSecret: { value: client.secret },
      },
    ],
  })
  await accounts.organisations.add({ id: 'org-home', name: 'Home', standing: 'home' })
  server = await startServer({ node, host: '127.0.0.1', port, log: silent, signIn: { accounts } })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
  await provider?.[Symbol.asyncDispose]()
  await node?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

async function aFreePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  taken.close()
  await once(taken, 'close')
  return port
}

/** What follows from what people did: the node's own reactors. */
const run = () =>
  settle({
    store: node.store,
    realm: actual,
    reactors: node.reactors(node.store.identity, node.settings.issueRules),
  })

type Person = { readonly login: string; readonly name: string; readonly role: Role }
type View = { readonly width?: number; readonly language?: string }
const ana: Person = { login: 'ana', name: 'Ana Kola', role: 'duty-officer' }
const besa: Person = { login: 'besa', name: 'Besa Hoxha', role: 'approver' }

/** Signed in at their provider, with their one-time link; each once, in a browser of their own. */
async function signedIn({ login, name, role }: Person): Promise<Page> {
  const user = await accounts.users.add({
    login,
    name,
    organisation: 'org-home',
    roles: [role],
    clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
    purposes: ['civil-protection'],
    police: [],
  })
  provider.letIn(`${login}-4711`)
  const page = await aPage(`/enrol#${(await accounts.enrolment.linkFor(user.id)).secret}`)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Sign in with National login' }).click()
  await page.getByTestId('account').waitFor()
  return page
}

async function aPage(path: string, { width = 1280, language = 'en' }: View = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' })
  await context.addInitScript((tag) => localStorage.setItem('mosaic.language', tag), language)
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
  await page.goto(`${address}${path}`)
  return page
}

/** Pictures for people who look: MOSAIC_PICTURES names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['MOSAIC_PICTURES']
  if (!folder) return
  await page.waitForTimeout(3000) // until the map has drawn what it has
  await page.locator('main').evaluate((main) => main.scrollTo(0, 0))
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 1280, height: 2600 })
  await page.screenshot({ path: `${folder}/${name}.png` })
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 1280, height: 900 })
}

const patient = { timeout: 15_000 }
const byId = (page: Page, id: string) => page.getByTestId(id)
const state = (page: Page) => byId(page, 'draft-state').innerText()

type Words = {
  readonly event: string
  readonly headline: string
  readonly description: string
  readonly instruction: string
}
const words: Readonly<Record<string, Words>> = {
  English: {
    event: 'Flood',
    headline: 'Flood on the lower Drin',
    description: 'Water rises to 3.2 m by 18:00.',
    instruction: 'Go to higher ground.',
  },
  Shqip: {
    event: 'Përmbytje',
    headline: 'Përmbytje në Drin',
    description: 'Uji ngjitet në 3,2 m deri në orën 18:00.',
    instruction: 'Shkoni më lart.',
  },
}

/** Fills in every language that the country is warned in. */
async function write(page: Page, of: Readonly<Record<string, Words>> = words): Promise<void> {
  for (const [language, said] of Object.entries(of)) {
    await page.getByRole('tab', { name: language }).click()
    const panel = page.getByRole('tabpanel').filter({ has: byId(page, 'text-event') })
    for (const [name, text] of Object.entries(said)) await panel.getByTestId(`text-${name}`).fill(text)
    await panel.getByLabel('Name of area 1').fill(language === 'English' ? 'Lower Drin' : 'Drini i poshtëm')
    await panel.getByLabel('I speak this language').check()
  }
}

const saved = async (page: Page) => {
  await byId(page, 'save').click()
  await page.getByText(/Saved as version/).waitFor()
}

let officer: Page
let approver: Page
let draft = ''

describe('the warning desk', () => {
  beforeAll(async () => {
    officer = await signedIn(ana)
    approver = await signedIn(besa)
  }, 60_000)

  test('is for who has the desk: others read whom it is for', async () => {
    const page = await aPage('/desk')
    await page.getByText('This page is for duty officers and approvers.').waitFor()
    await page.context().close()
  }, 60_000)

  test('a draft is composed by keyboard: codes, an area drawn on the map, words in each language', async () => {
    await officer.getByRole('navigation').getByRole('link', { name: 'Warning desk' }).click()
    await byId(officer, 'desk-page').getByText('No drafts').waitFor()
    const form = byId(officer, 'new-draft')
    await form.getByLabel('Country').selectOption('AL')
    await form.getByLabel('Kind of hazard').selectOption('flood')
    await form.getByRole('button', { name: 'Compose' }).click()
    await byId(officer, 'editor').waitFor()
    draft = new URL(officer.url()).pathname
    expect(await byId(officer, 'issuer').innerText()).toContain('Law 45/2019')
    expect(Number(await byId(officer, 'findings').getAttribute('data-errors'))).toBeGreaterThan(0)

    await byId(officer, 'choose-severity').selectOption('Extreme')
    await byId(officer, 'choose-urgency').selectOption('Immediate')
    await byId(officer, 'choose-certainty').selectOption('Observed')
    await byId(officer, 'add-area').click()
    await byId(officer, 'draw-polygon').click()
    await officer.locator('[data-testid=draw-map][data-ready=true]').waitFor()
    const canvas = officer.locator('.draw-map canvas')
    await canvas.focus()
    for (const keys of [['Enter'], ['ArrowRight', 'Enter'], ['ArrowDown', 'Enter']])
      for (const key of keys) {
        await canvas.press(key)
        await officer.waitForTimeout(400) // the map glides to where the arrow sends it
      }
    await byId(officer, 'draw-finish').click()
    expect((await byId(officer, 'area-points').inputValue()).split('\n')).toHaveLength(4)
    await byId(officer, 'area-points').fill('19.5, 41.7\n19.7, 41.7\n19.7, 41.9')
    await write(officer)
    await officer.getByLabel('Met').check()
    await officer.getByLabel('Prepare').check()
    await saved(officer)

    await expect.poll(() => byId(officer, 'findings').getAttribute('data-errors'), patient).toBe('0')
    await picture(officer, 'desk-draft')
  }, 90_000)

  test('the preview shows the message, plain text, a short message and the spoken one', async () => {
    await byId(officer, 'preview-short').click()
    expect(await byId(officer, 'short-length').first().innerText()).toMatch(/\d+\/(160|70) (GSM-7|UCS-2)/)
    await byId(officer, 'preview-spoken').click()
    expect(await byId(officer, 'preview').innerText()).toContain('Drin')
    await byId(officer, 'preview-cap').click()
    expect(await byId(officer, 'preview').innerText()).toContain('urn:oasis:names:tc:emergency:cap:1.2')
  }, 60_000)

  test('languages that say different figures are told beside their words', async () => {
    await officer.getByRole('tab', { name: 'Shqip' }).click()
    await byId(officer, 'text-description').fill('Uji ngjitet në 4,2 m deri në orën 18:00.')
    await saved(officer)
    await officer.getByRole('tab', { name: 'Shqip' }).click()
    await expect.poll(() => byId(officer, 'language-findings').innerText(), patient).toMatch(/figures/)
    await write(officer)
    await saved(officer)
    await expect.poll(() => byId(officer, 'findings').getAttribute('data-errors'), patient).toBe('0')
  }, 60_000)

  test('nobody approves their own: a second person approves what was submitted, then it is issued and frozen', async () => {
    await byId(officer, 'step-submit').click()
    await expect.poll(() => state(officer), patient).toBe('Submitted')
    expect(await byId(officer, 'step-issue').isEnabled()).toBe(false)

    await approver.goto(`${address}${draft}`)
    await byId(approver, 'step-approve').click()
    await expect.poll(() => state(approver), patient).toBe('Approved')
    expect(await byId(approver, 'draft-history').innerText()).toContain('Besa Hoxha')

    await officer.reload()
    const issued = officer.waitForResponse((answer) => answer.url().endsWith('/steps') && answer.ok())
    await byId(officer, 'step-issue').click()
    await issued
    await run()
    await officer.reload()
    await expect.poll(() => state(officer), patient).toBe('Issued')
    await picture(officer, 'desk-issued')
    expect(await byId(officer, 'save').count()).toBe(0)
    await byId(officer, 'issued-warning').click()
    await byId(officer, 'warning-body').waitFor()
    expect(await byId(officer, 'warning-page').innerText()).toContain('Flood on the lower Drin')
  }, 90_000)

  test('an emergency calls on every page and stays after it is acknowledged; it cannot be silenced', async () => {
    await byId(officer, 'duty-banner').waitFor()
    await officer.goto(`${address}/desk`)
    const alarm = byId(officer, 'alarm').first()
    await alarm.waitFor()
    await picture(officer, 'desk')
    expect(await alarm.getAttribute('data-state')).toBe('emergency')
    expect(await alarm.getByTestId('duty-silence').isEnabled()).toBe(false)
    await alarm.getByTestId('duty-acknowledge').click()

    await alarm.getByText(/Acknowledged: Ana Kola/).waitFor()
    expect(await byId(officer, 'duty-banner').innerText()).toContain('EMERGENCY')
  }, 60_000)

  test('an update refers to what holds; who saves second loses nothing and is told', async () => {
    await officer.goto(`${address}${draft}`)
    await byId(officer, 'step-update').click()
    await expect.poll(() => new URL(officer.url()).pathname, patient).not.toBe(draft)
    await byId(officer, 'editor').waitFor()
    const update = new URL(officer.url()).pathname
    const other = await officer.context().newPage()
    await other.goto(`${address}${update}`)
    await byId(other, 'editor').waitFor()
    await byId(other, 'choose-severity').selectOption('Severe')
    await saved(other)
    await byId(officer, 'choose-severity').selectOption('Moderate')
    await byId(officer, 'save').click()

    await officer.getByText('Somebody else has changed it meanwhile').waitFor()
    expect(await byId(officer, 'choose-severity').inputValue()).toBe('Moderate')
    await officer.getByRole('button', { name: 'Load theirs' }).click()
    await expect.poll(() => byId(officer, 'choose-severity').inputValue(), patient).toBe('Severe')
    await other.close()
  }, 60_000)

  test('fits a narrow screen', async () => {
    for (const path of ['/desk', draft]) {
      await officer.setViewportSize({ width: 320, height: 800 })
      await officer.goto(`${address}${path}`)
      await byId(officer, path === '/desk' ? 'new-draft' : 'preview').waitFor()
      await picture(officer, `desk-320-${path === '/desk' ? 'list' : 'draft'}`)
      expect(await officer.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    }
  }, 60_000)
})

test('nobody saw a fault on any of these pages', () => {
  expect(faults).toEqual([])
})
