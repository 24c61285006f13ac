/**
 * What a duty officer meets in a real browser beside signing in by hand: the button of an OpenID provider (a real one),
 * the buttons that answer a proposed warning, and an event that another node saw, too.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Accounts, openAccounts } from '../../engines/access/index.ts'
import { fuseReactor } from '../../engines/fuse/index.ts'
import { actual, type Draft, exercise, nodeId, systemClock } from '../../engines/record/index.ts'
import { type Store, settle } from '../../engines/store/index.ts'
import { aProof } from '../../engines/store/receive.test-support.ts'
import { aStore } from '../../engines/store/store.test-support.ts'
import { aPlayedNode, type PlayedNode, silent } from '../../server/builders.ts'
import { type RunningServer, startServer } from '../../server/index.ts'
import { aProvider, client, type TestProvider } from '../../server/sign-in/provider.test-support.ts'
import { openBrowser } from '../support/browser.ts'

const realm = exercise('durres-2019')
const skopje = nodeId('skopje.example')
let played: PlayedNode
let provider: TestProvider
let accounts: Accounts
let server: RunningServer
let browser: Browser
let address = ''
const faults: string[] = []

beforeAll(async () => {
  const port = await aFreePort()
  address = `http://localhost:${port}`
  ;[played, browser, provider] = await Promise.all([
    aPlayedNode(),
    openBrowser(),
    aProvider(`${address}/api/v1/session/oidc/national/callback`),
  ])
  accounts = await openAccounts({
    sql: played.node.store.database,
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
  const { node, replay } = played
  server = await startServer({ node, replay, host: '127.0.0.1', port, log: silent, signIn: { accounts } })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
  await provider?.[Symbol.asyncDispose]()
  await played?.[Symbol.asyncDispose]()
})

async function aFreePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  taken.close()
  await once(taken, 'close')
  return port
}

async function aPage(path: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
  await page.context().addInitScript(() => localStorage.setItem('mosaic.language', 'en'))
  await page.goto(`${address}${path}`)
  return page
}

/** Their account and the link by which they come in first. */
async function invited(login: string): Promise<string> {
  const user = await accounts.users.add({
    login,
    name: 'Ana Kola',
    organisation: 'org-home',
    roles: ['duty-officer'],
    clearances: [{ community: '*', upTo: 'TLP:GREEN' }],
    purposes: ['civil-protection'],
    police: [],
  })
  return `/enrol#${(await accounts.enrolment.linkFor(user.id)).secret}`
}

describe('who has an account at a provider', () => {
  test('links it by the one-time link, signs in by its button, and finds it in the account', async () => {
    provider.letIn('ana-4711')
    const first = await aPage(await invited('ana'))
    await first.getByRole('button', { name: 'Continue' }).click()
    await first.getByRole('button', { name: 'Sign in with National login' }).click()
    await first.getByTestId('account').waitFor()
    await first.context().close()

    const page = await aPage('/account')
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
    await page.getByTestId('provider').click()
    await page.getByTestId('account').waitFor()
    await page.getByTestId('account').getByRole('link').click()

    await page.getByText('National login · ana-4711').waitFor()
    await page.context().close()
  }, 60_000)

  test('whom nobody linked is told what to do', async () => {
    provider.letIn('somebody-else')
    const page = await aPage('/sign-in')
    await page.getByTestId('provider').click()

    await page.getByText('No account of this node is linked to that one').waitFor()
    expect(await page.getByRole('alert').first().innerText()).toContain('sign-in/unlinked')
    await page.context().close()
  }, 60_000)
})

describe('a proposed warning', () => {
  test('is declined by a duty officer with a reason, under their own name', async () => {
    provider.letIn('ana-4711')
    const event = await proposeAgain()
    const page = await aPage('/sign-in')
    await page.getByTestId('provider').click()
    await page.getByTestId('account').waitFor()
    await page.goto(`${address}/events/${event}`)
    const form = page.getByTestId('decide').first()
    await form.getByRole('button', { name: 'Decline' }).click() // without a reason nothing is sent
    expect(await page.getByText('Decided.').count()).toBe(0)
    await form.getByLabel('Because').fill('Nothing was felt.')
    await form.getByRole('button', { name: 'Decline' }).click()
    await page.getByText('Decided.').waitFor()

    const decided = await played.node.store.read({ realm, types: ['warn.decision'] })
    expect(decided.at(-1)?.record).toMatchObject({
      producer: { kind: 'person', name: 'Ana Kola', role: 'duty-officer' },
      body: { decision: 'decline', because: 'Nothing was felt.' },
    })
    await page.reload()
    await page.getByTestId('event-title').waitFor()
    expect(await page.getByTestId('decide').count()).toBe(0)
    const decisions = await page.getByTestId('decisions').innerText() // it stays to be read
    expect(decisions).toContain('Decline')
    expect(decisions).toContain('Ana Kola')
    expect(decisions).toContain('Nothing was felt.')
    await page.context().close()
  }, 60_000)
})

describe('an event that another node saw, too', () => {
  test('stands in the list once, with who else saw it, and leads to theirs', async () => {
    await seenByBoth()
    const page = await aPage('/?realm=actual')
    await page.getByTestId('also-seen-by').first().waitFor()
    expect(await page.getByTestId('also-seen-by').first().innerText()).toBe('Also seen by skopje.example')
    await page.locator('[data-testid=event-row]:has([data-testid=also-seen-by]) a').first().click()
    await page.getByTestId('elsewhere').getByRole('link', { name: 'skopje.example' }).click()

    await expect
      .poll(() => page.getByTestId('elsewhere').innerText(), { timeout: 15_000 })
      .toContain('durres.example')
    await page.context().close()
  }, 60_000)
})

test('nobody saw a fault on any of these pages', () => {
  expect(faults).toEqual([])
})

/** One more proposal, which no rule answers; returns the event that it is about. */
async function proposeAgain(): Promise<string> {
  const store = played.replay.setting.store
  const [held] = await store.read({ realm, types: ['warn.proposal'], order: '-index' } as never)
  if (!held) throw new Error('the scenario proposes nothing')
  const { type, key, producer, attribution, valid, links, body } = held.record
  const [made] = await store.append([
    {
      ...{ type, realm, producer, attribution, valid, links },
      key: `${key}:by-hand`,
      body: { ...(body as object), country: 'GR' },
    },
  ])
  if (made?.kind !== 'appended') throw new Error(JSON.stringify(made))
  return (body as { readonly event: string }).event
}

/** Both fuse the same report; the neighbour's event comes over the border. */
async function seenByBoth(): Promise<void> {
  await using peer = await aStore({ node: skopje, registry: played.node.registry })
  const [held] = await played.replay.setting.store.read({ types: ['hazards.observation'], limit: 1 })
  if (!held) throw new Error('the scenario reports nothing')
  const { type, key, producer, attribution, valid, place, body } = held.record
  const report = { type, key, realm: actual, producer, attribution, valid, body, ...(place && { place }) }
  await fused(peer.store, skopje, report)
  await fused(played.node.store, nodeId('durres.example'), report)
  for (const { record } of await peer.store.read({ types: ['hazards.event'], realm: actual })) {
    const [source] = await peer.store.provenance([record])
    if (source) await played.node.store.receive([{ parcel: source.parcel, via: skopje, proof: aProof() }])
  }
}

async function fused(store: Store, node: typeof skopje, report: Draft): Promise<void> {
  await store.append([report])
  const reactors = played.node.packs.flatMap(({ fusion }) => fusion.map((rule) => fuseReactor(rule, node)))
  await settle({ store, reactors, realm: actual })
}
