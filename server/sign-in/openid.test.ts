import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aNewUser } from '../../engines/access/accounts/accounts.test-support.ts'
import type { OpenIdProvider } from '../../engines/access/index.ts'
import { aProvider, client, type TestProvider } from './provider.test-support.ts'
import { anEnrolledBrowser, aSignIn, Browser, type TestSignIn } from './sign-in.test-support.ts'

const callback = 'http://localhost:8420/api/v1/session/oidc/national/callback'
let provider: TestProvider
beforeAll(async () => {
  provider = await aProvider(callback)
})
afterAll(() => provider[Symbol.asyncDispose]())

const national = (parts: Partial<OpenIdProvider> = {}): OpenIdProvider => ({
  id: 'national',
  title: 'National login',
  issuer: provider.issuer,
  clientId: client.id,
  clientSecret: { value: client.secret },
  ...parts,
})

const here = (parts: Partial<OpenIdProvider> = {}) => aSignIn({ providers: [national(parts)] })

/** Sends the browser to the provider and back, with what came back changed on the way if asked. */
async function roundTrip(
  browser: Browser,
  body: object = {},
  change: (url: URL) => void = () => {},
): Promise<string | undefined> {
  const { body: started } = await browser.ask('POST', '/session/oidc/national/start', body)
  return comeBack(browser, await provider.visit(started.url), change)
}

async function comeBack(browser: Browser, to: string, change: (url: URL) => void = () => {}) {
  const url = new URL(to)
  change(url)
  const { status, headers } = await browser.ask('GET', `/session/oidc/national/callback${url.search}`)
  expect(status).toBe(303)
  await whoIs(browser) // as the page does: the token of the new session
  return headers.location
}

const whoIs = async (browser: Browser) => (await browser.ask('GET', '/session')).body

/** Ana, who linked her account at the provider by her invitation. */
async function aLinkedUser(test: TestSignIn, subject = 'ana-4711') {
  await test.accounts.organisations.add({ id: 'org-dcp', name: 'Civil Protection', standing: 'home' })
  const user = await test.accounts.users.add(aNewUser())
  const { secret: token } = await test.accounts.enrolment.linkFor(user.id)
  provider.letIn(subject)
  const browser = new Browser(test.app)
  return { user, token, browser, location: await roundTrip(browser, { token }) }
}

describe('signing in through an OpenID provider', () => {
  test('asks with code, PKCE, state and nonce', async () => {
    await using test = await here()
    const { body } = await new Browser(test.app).ask('POST', '/session/oidc/national/start', {})

    expect(Object.fromEntries(new URL(body.url).searchParams)).toEqual({
      client_id: client.id,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: callback,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test('links by an invitation, and opens the account from then on', async () => {
    await using test = await here()
    const { browser, location, token } = await aLinkedUser(test)
    const later = new Browser(test.app)

    expect(location).toBe('/')
    expect(await whoIs(browser)).toMatchObject({ kind: 'person', user: { login: 'ana' } })
    expect(await roundTrip(later)).toBe('/')
    expect(await whoIs(later)).toMatchObject({ kind: 'person', user: { login: 'ana' } })
    expect((await later.ask('POST', '/enrolment', { token })).body.code).toBe('access/link-spent')
  })

  test('gives nobody more than was granted here, whatever the provider says', async () => {
    await using test = await here()
    const { browser } = await aLinkedUser(test)

    expect((await whoIs(browser)).roles).toEqual(['public', 'reader', 'analyst'])
  })

  test('is refused to whom no account here belongs, and makes none', async () => {
    await using test = await here()
    await aLinkedUser(test)
    provider.letIn('somebody-else')
    const browser = new Browser(test.app)

    expect(await roundTrip(browser)).toBe('/sign-in?problem=sign-in%2Funlinked')
    expect((await whoIs(browser)).kind).toBe('public')
    expect(await test.accounts.users.count()).toBe(1)
  })

  test('links for who is signed in and fresh, and one account of the provider to one user', async () => {
    await using test = await here()
    await aLinkedUser(test)
    const { browser, signInAgain } = await anEnrolledBrowser(test, { login: 'bora' })
    provider.letIn('bora-4712')
    expect(await roundTrip(browser, { intent: 'link' })).toBe('/')
    expect((await browser.ask('GET', '/credentials')).body.openids).toMatchObject([{ subject: 'bora-4712' }])

    await signInAgain()
    provider.letIn('ana-4711')
    expect(await roundTrip(browser, { intent: 'link' })).toBe('/sign-in?problem=access%2Fsubject-taken')
    test.pass(6 * 60_000)
    const stale = await browser.ask('POST', '/session/oidc/national/start', { intent: 'link' })
    expect(stale.body.code).toBe('sign-in/show-again')
  })

  test.each([
    ['the state is another', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['there is no state', (url: URL) => url.searchParams.delete('state')],
    ['the code is another', (url: URL) => url.searchParams.set('code', 'x'.repeat(43))],
    ['the issuer is another', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
    [
      'the provider refused',
      (url: URL) => {
        url.searchParams.delete('code')
        url.searchParams.set('error', 'access_denied')
      },
    ],
  ])('fails when %s', async (_, change) => {
    await using test = await here()
    await aLinkedUser(test)
    const browser = new Browser(test.app)

    expect(await roundTrip(browser, {}, change)).toBe('/sign-in?problem=access%2Fprovider-failed')
    expect((await whoIs(browser)).kind).toBe('public')
  })

  test.each([
    ['nonce', 'N'.repeat(43)],
    ['verifier', 'V'.repeat(43)],
  ])('fails when the %s is not that of this sign-in', async (name, value) => {
    await using test = await here()
    await aLinkedUser(test)
    const browser = new Browser(test.app)
    const { body } = await browser.ask('POST', '/session/oidc/national/start', {})
    const to = await provider.visit(body.url)
    await test.sql`update account_step set facts = (facts::jsonb || ${test.sql.json({ [name]: value })}::jsonb)::json`

    expect(await comeBack(browser, to)).toBe('/sign-in?problem=access%2Fprovider-failed')
    expect((await whoIs(browser)).kind).toBe('public')
  })

  test('is bound to the browser that began it, and done once', async () => {
    await using test = await here()
    await aLinkedUser(test)
    const [mine, theirs] = [new Browser(test.app), new Browser(test.app)]
    const { body } = await mine.ask('POST', '/session/oidc/national/start', {})
    const to = await provider.visit(body.url)

    expect(await comeBack(theirs, to)).toBe('/sign-in?problem=sign-in%2Fbegin-again')
    expect((await whoIs(theirs)).kind).toBe('public')
    expect(await comeBack(mine, to)).toBe('/')
    await mine.ask('DELETE', '/session')
    expect(await comeBack(mine, to)).toBe('/sign-in?problem=sign-in%2Fbegin-again')
  })

  test('can ask the provider for a second factor', async () => {
    await using test = await here({ needsAmr: ['mfa', 'hwk'] })
    const { browser, location, token } = await aLinkedUser(test)
    expect(location).toBe('/sign-in?problem=access%2Fprovider-failed')

    provider.letIn('ana-4711', ['pwd', 'mfa'])
    expect(await roundTrip(browser, { token })).toBe('/')
  })

  test.each([
    ['an issuer over plain HTTP', { issuer: 'http://login.example' }, 500, 'access/provider-unfit'],
    ['an issuer that says it is another', { issuer: 'LOCALHOST' }, 502, 'access/provider-failed'],
    ['an issuer that is not there', { issuer: 'http://127.0.0.1:9' }, 502, 'access/provider-failed'],
    [
      'a secret that cannot be read',
      { clientSecret: { file: '/nowhere/secret' } },
      500,
      'access/provider-unfit',
    ],
  ] as const)('does not begin at %s', async (_, parts, status, code) => {
    const issuer =
      'issuer' in parts
        ? parts.issuer.replace('LOCALHOST', provider.issuer.replace('127.0.0.1', 'localhost'))
        : provider.issuer
    await using test = await aSignIn({ providers: [national({ ...parts, issuer })] })
    const { body } = await new Browser(test.app).ask('POST', '/session/oidc/national/start', {})

    expect(body).toMatchObject({ status, code })
    expect(JSON.stringify(body)).not.toContain(client.secret)
  })

  test('does not begin at a provider that the node does not know', async () => {
    await using test = await here()
    const { body } = await new Browser(test.app).ask('POST', '/session/oidc/evil/start', {})

    expect(body).toMatchObject({ status: 404, code: 'access/provider-unknown' })
  })
})
