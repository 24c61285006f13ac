/**
 * Signing in, handling and peers as people meet them, in a real browser against a real node: an administrator comes in by
 * the one-time link, a reader signs in with password and code, and a record says what is withheld from whom.
 */
import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Accounts, openAccounts } from '../../engines/access/index.ts'
import { exercise, systemClock } from '../../engines/record/index.ts'
import { aPlayedNode, type PlayedNode, silent } from '../../server/builders.ts'
import { type RunningServer, startServer } from '../../server/index.ts'
import { openBrowser } from '../support/browser.ts'

const realm = exercise('durres-2019')
const password = 'kettle-orbit-violin-moss'
let played: PlayedNode
let accounts: Accounts
let server: RunningServer
let browser: Browser
let address = ''
let record = ''
const faults: string[] = []

beforeAll(async () => {
  ;[played, browser] = await Promise.all([aPlayedNode(), openBrowser()])
  accounts = await openAccounts({
    sql: played.node.store.database,
    clock: systemClock,
    random: randomBytes,
    node: 'durres.example',
    title: 'Node of the tests',
    home: { id: 'org-home', name: 'Home' },
  })
  await accounts.organisations.add({ id: 'org-home', name: 'Home', standing: 'home' })
  server = await startServer({
    node: played.node,
    replay: played.replay,
    host: '127.0.0.1',
    port: 0,
    log: silent,
    signIn: { accounts },
  })
  address = server.address.replace('127.0.0.1', 'localhost')
  const [outcome] = await played.node.store.append([
    {
      type: 'crime.sighting',
      key: 'sighting-1',
      realm,
      producer: { kind: 'person', name: 'Vera Hoxha' },
      valid: { from: played.node.clock.now() },
      handling: {
        tlp: 'TLP:CLEAR',
        fieldMarks: { '/body/reporter/name': 'TLP:AMBER', '/place': 'TLP:GREEN' },
      },
      place: { areas: [{ scheme: 'ISO3166-1', code: 'AL' }] },
      body: {
        what: 'A boat without lights',
        seen: [{ at: '02:10' }],
        reporter: { name: 'Besnik Leka', role: 'fisher' },
      },
    },
  ])
  if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
  record = outcome.record.id
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
  await played?.[Symbol.asyncDispose]()
})

async function open(path: string, page?: Page, width = 1280): Promise<Page> {
  const shown =
    page ??
    (await (
      await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: 'reduce' })
    ).newPage())
  if (!page) {
    shown.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
    await shown.context().addInitScript(() => localStorage.setItem('mosaic.language', 'en'))
  }
  await shown.goto(`${address}${path}`)
  return shown
}

const shot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['MOSAIC_SCREENSHOTS']
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}

describe('who comes with a one-time link', () => {
  test('sets up a password and an authenticator, is given recovery codes, and can sign in again', async () => {
    const user = await accounts.users.add({
      login: 'ana',
      name: 'Ana Kola',
      organisation: 'org-home',
      roles: ['duty-officer', 'liaison'],
      clearances: [{ community: '*', upTo: 'TLP:GREEN' }],
      purposes: ['civil-protection', 'health'],
      police: [],
    })
    const link = await accounts.enrolment.linkFor(user.id)
    const page = await open(`/enrol#${link.secret}`)
    await page.getByRole('button', { name: 'Continue' }).click()
    const key = (await page.locator('.qr code').textContent()) ?? ''
    await page.getByLabel('Password').fill(password)
    await page.getByLabel('Code from your authenticator').fill(codeOf(key))
    await shot(page, 'enrol')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.locator('.codes li').first().waitFor()
    const [recovery] = await page.locator('.codes code').allTextContents()
    await shot(page, 'codes')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByTestId('account').waitFor()
    expect(await page.getByTestId('account').textContent()).toContain('Ana Kola')
    await shot(page, 'signed-in')

    await page.getByTestId('sign-out').click()
    await page.getByTestId('sign-in').click()
    await page.getByLabel('Login name').fill('ana')
    await shot(page, 'sign-in')
    await page.getByLabel('Password').fill('not her password')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Not accepted').waitFor()
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Use a recovery code instead' }).click()
    await shot(page, 'second-factor')
    await page.getByLabel('Recovery code').fill(recovery ?? '')
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await page.getByTestId('account').waitFor()

    await page.getByTestId('purpose').selectOption('health')
    await expect.poll(() => page.getByTestId('purpose').inputValue(), { timeout: 15_000 }).toBe('health')
    await page.getByRole('link', { name: 'Peers' }).click()
    await page.getByText('No peers yet').waitFor()
    await shot(page, 'peers')

    await open(`/records/${record}`, page)
    await page.getByTestId('record-page').getByRole('heading', { level: 1 }).waitFor()
    expect(await page.getByTestId('withheld-field').count()).toBe(1)
    expect(await page.content()).not.toContain('Besnik')
    await shot(page, 'record-reader')
  }, 60_000)
})

describe('who has a passkey', () => {
  test('sets it up by the link, and signs in with it alone', async () => {
    const user = await accounts.users.add({
      login: 'besa',
      name: 'Besa Leka',
      organisation: 'org-home',
      roles: ['reader'],
      clearances: [],
      purposes: ['civil-protection'],
      police: [],
    })
    const link = await accounts.enrolment.linkFor(user.id)
    const page = await open(`/enrol#${link.secret}`)
    const devices = await page.context().newCDPSession(page)
    await devices.send('WebAuthn.enable')
    await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    })
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Set up a passkey' }).click()
    await page.locator('output').getByRole('button', { name: 'Go on' }).click()
    await page.getByTestId('sign-out').click()
    await page.getByTestId('sign-in').click()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByTestId('account').waitFor()

    expect(await page.getByTestId('account').textContent()).toContain('Besa Leka')
    expect(await page.getByTestId('replay-toggle').count()).toBe(0) // she does not run the node
  }, 60_000)
})

describe('anybody', () => {
  test('sees a record with what is withheld marked where it would stand', async () => {
    const page = await open(`/records/${record}`)
    await page.getByTestId('withheld').waitFor()

    expect(await page.getByTestId('withheld-field').count()).toBe(2)
    expect(await page.getByTestId('withheld').textContent()).toContain('/body/reporter/name')
    expect(await page.content()).not.toContain('Besnik')
    await shot(page, 'record-public')
    const narrow = await open(`/records/${record}`, undefined, 380)
    await narrow.getByTestId('withheld').waitFor()
    await shot(narrow, 'record-narrow')
  })

  test('is told whom the page of peers is for', async () => {
    const page = await open('/peers')

    await page.getByText('liaison officers').waitFor()
    await shot(page, 'peers-public')
  })

  test('sees no fault on any of these pages', () => {
    expect(faults).toEqual([])
  })
})

const codeOf = (key: string): string => new TOTP({ secret: Secret.fromBase32(key.trim()) }).generate()
