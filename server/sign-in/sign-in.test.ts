import { describe, expect, test } from 'vitest'
import { codeAt, minutes, password } from '../../engines/access/accounts/accounts.test-support.ts'
import { SoftwareAuthenticator } from '../../engines/access/accounts/authenticator.test-support.ts'
import { anApp, anEnrolledBrowser, aSignIn, Browser, type TestSignIn } from './sign-in.test-support.ts'

describe('a node without users', () => {
  test('answers everybody as the public, and asks nothing of programs', async () => {
    await using here = await aSignIn()
    const browser = new Browser(here.app)

    const session = await browser.ask('GET', '/session')
    const asking = await browser.ask('GET', '/asking')
    const search = await browser.ask('POST', '/search')

    expect(session.body).toMatchObject({
      kind: 'public',
      hasUsers: false,
      purposes: ['public'],
      purpose: 'public',
    })
    expect(session.body.csrf).toBeUndefined()
    expect(asking.body).toMatchObject({ principal: { kind: 'public', id: 'public' }, purpose: 'public' })
    expect(search.status).toBe(200)
    expect((await browser.ask('POST', '/approve')).body).toMatchObject({
      status: 401,
      code: 'sign-in/not-signed-in',
    })
  })

  test('is set up by its link: names, authenticator, password; and its administrator is signed in', async () => {
    await using here = await aSignIn()
    const browser = new Browser(here.app)
    const { secret: token = '' } = (await here.accounts.enrolment.firstRunLink()) ?? {}

    const look = await browser.ask('POST', '/enrolment', { token })
    const begun = await browser.ask('POST', '/enrolment/begin', { token, login: 'ana', name: 'Ana Hoxha' })
    const code = codeAt(begun.body.totp.key, here.clock.now())
    const done = await browser.ask('POST', '/enrolment/password', { token, password, code })

    expect(look.body).toEqual({ kind: 'first-administrator' })
    expect(begun.body.totp.uri).toMatch(/^otpauth:\/\/totp\/Mosaic%20Durr%C3%ABs:ana\?/)
    expect(done.body.recoveryCodes).toHaveLength(10)
    expect(done.body.session).toMatchObject({ kind: 'person', roles: ['public', 'reader', 'administrator'] })
    expect((await browser.ask('GET', '/session')).body).toMatchObject({
      hasUsers: true,
      user: { login: 'ana' },
    })
    expect((await browser.ask('POST', '/enrolment', { token })).body).toMatchObject({
      status: 410,
      code: 'access/link-spent',
    })
  })
})

describe('signing in', () => {
  test('says no more than that it does not fit, with the same answer for every reason', async () => {
    await using here = await aSignIn()
    await anEnrolledBrowser(here)
    const attempt = (login: string, given: string) =>
      new Browser(here.app).ask('POST', '/session/password', { login, password: given })

    const known = await attempt('ana', 'wrong password')
    const unknown = await attempt('nobody', 'wrong password')

    expect(known.status).toBe(401)
    expect(known.text).toBe(unknown.text)
    expect(Object.keys(known.headers).sort()).toEqual(Object.keys(unknown.headers).sort())
    expect(known.headers['set-cookie']).toBeUndefined()
  })

  test('says when to try again, for names that exist and that do not', async () => {
    await using here = await aSignIn()
    await anEnrolledBrowser(here)
    const last = async (login: string) => {
      const browser = new Browser(here.app)
      let answer = await browser.ask('POST', '/session/password', { login, password: 'x' })
      for (let turn = 0; turn < 5; turn += 1)
        answer = await browser.ask('POST', '/session/password', { login, password: 'x' })
      return answer
    }

    const [known, unknown] = [await last('ana'), await last('nobody')]

    expect(known).toMatchObject({ status: 429, body: { code: 'sign-in/wait' } })
    expect(known.headers['retry-after']).toBe('1')
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text])
  })

  test('gives a cookie that scripts and other sites do not get', async () => {
    await using here = await aSignIn()
    const { browser } = await anEnrolledBrowser(here)

    expect(browser.setCookies.find((line) => /^mosaic=[\w-]{43};/.test(line))).toMatch(
      /^mosaic=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
    )
  })

  test('over HTTPS gives a cookie bound to this host alone', async () => {
    await using here = await aSignIn()
    const { ana } = await anEnrolledBrowser(here)
    const browser = new Browser(here.app, { host: 'mosaic.example', 'x-forwarded-proto': 'https' })
    here.pass(minutes(1))
    await browser.ask('POST', '/session/password', { login: 'ana', password })
    await browser.ask('POST', '/session/totp', { code: codeAt(ana.key, here.clock.now()) })

    expect(browser.setCookies.find((line) => /^__Host-mosaic=[\w-]{43};/.test(line))).toMatch(
      /^__Host-mosaic=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect((await browser.ask('GET', '/session')).body.kind).toBe('person')
    const { ['__Host-mosaic']: secret = '' } = Object.fromEntries(browser.cookies)
    const planted = new Browser(here.app, { host: 'mosaic.example', 'x-forwarded-proto': 'https' })
    planted.cookies.set('mosaic', secret) // a neighbouring name can set this one
    expect((await planted.ask('GET', '/session')).body.kind).toBe('public')
  })

  test('is refused over plain HTTP from elsewhere, before the password is looked at', async () => {
    await using here = await aSignIn()
    await anEnrolledBrowser(here)
    const browser = new Browser(here.app, { host: 'mosaic.example' })

    const answer = await browser.ask('POST', '/session/password', { login: 'ana', password })

    expect(answer.body).toMatchObject({ status: 403, code: 'sign-in/not-secure' })
  })

  test('ends the session that was there, whoever planted it', async () => {
    await using here = await aSignIn()
    const { browser: eve } = await anEnrolledBrowser(here, { login: 'eve' })
    const { browser: ana, signInAgain } = await anEnrolledBrowser(here)
    await ana.ask('DELETE', '/session')
    for (const [name, value] of eve.cookies) ana.cookies.set(name, value)
    ana.headers['mosaic-csrf'] = eve.headers['mosaic-csrf'] ?? ''

    expect((await signInAgain()).body).toMatchObject({ user: { login: 'ana' } })

    expect((await eve.ask('GET', '/session')).body.kind).toBe('public')
    expect(ana.cookies.get('mosaic')).not.toBe(eve.cookies.get('mosaic'))
  })

  test('with a passkey works by a name, and not by an IP address', async () => {
    await using here = await aSignIn()
    const { browser, signInAgain } = await anEnrolledBrowser(here)
    const authenticator = new SoftwareAuthenticator('http://localhost:8420')
    await signInAgain()
    const making = await browser.ask('POST', '/credentials/passkey/options')
    const response = authenticator.create(making.body.options)
    const added = await browser.ask('POST', '/credentials/passkey', { response, title: 'Key on my ring' })
    const other = new Browser(here.app)

    const { body } = await other.ask('POST', '/session/passkey/options')
    const verified = await other.ask('POST', '/session/passkey/verify', {
      response: authenticator.get(body.options),
    })

    expect(added).toMatchObject({ status: 200, body: { kind: 'person' } })
    expect(verified).toMatchObject({ status: 200, body: { user: { login: 'ana' } } })
    const byAddress = new Browser(here.app, { host: '127.0.0.1:8420' })
    expect((await byAddress.ask('GET', '/session')).body.passkeys).toBe(false)
    expect((await byAddress.ask('POST', '/session/passkey/options')).body.code).toBe(
      'sign-in/no-passkeys-here',
    )
  })

  test('takes a body that is no passkey for none', async () => {
    await using here = await aSignIn()
    const browser = new Browser(here.app)
    await browser.ask('POST', '/session/passkey/options')

    const response = { id: 'x', rawId: 'x', type: 'public-key', response: {}, clientExtensionResults: {} }
    const answer = await browser.ask('POST', '/session/passkey/verify', { response })

    expect(answer.body).toMatchObject({ status: 401, code: 'sign-in/refused' })
  })
})

describe('a session', () => {
  test('changes nothing without the token that belongs to it, nor with that of another', async () => {
    await using here = await aSignIn()
    const { browser } = await anEnrolledBrowser(here)
    const { browser: other } = await anEnrolledBrowser(here, { login: 'bora' })
    const choose = (headers: Record<string, string>) =>
      browser.ask('POST', '/session/purpose', { purpose: 'health' }, headers)

    expect((await choose({ 'mosaic-csrf': '' })).body.code).toBe('sign-in/no-csrf-token')
    expect((await choose({ 'mosaic-csrf': other.headers['mosaic-csrf'] ?? '' })).body.code).toBe(
      'sign-in/no-csrf-token',
    )
    expect((await choose({ 'sec-fetch-site': 'cross-site' })).body.code).toBe('server/cross-site')
    expect((await choose({ origin: 'https://evil.example' })).body.code).toBe('server/cross-site')
    expect((await choose({})).status).toBe(200)
  })

  test('asks for the purpose it chose, and a request may ask for another of its own', async () => {
    await using here = await aSignIn()
    const { browser } = await anEnrolledBrowser(here)
    const before = await browser.ask('GET', '/asking')
    const chosen = await browser.ask('POST', '/session/purpose', {
      purpose: 'health',
      caseNumber: 'C 17/2026',
    })
    const after = await browser.ask('GET', '/asking')
    const other = await browser.ask('GET', '/asking', undefined, {
      'mosaic-purpose': 'civil-protection',
      'mosaic-case': 'D-4',
    })

    expect(before.body.purpose).toBe('public')
    expect(chosen.body).toMatchObject({ purpose: 'health', caseNumber: 'C 17/2026' })
    expect(after.body).toMatchObject({ purpose: 'health', caseNumber: 'C 17/2026' })
    expect(other.body).toMatchObject({ purpose: 'civil-protection', caseNumber: 'D-4' })
  })

  test.each([
    [{ 'mosaic-purpose': 'border' }, 403, 'sign-in/purpose-not-yours'],
    [{ 'mosaic-purpose': 'fun' }, 400, 'sign-in/no-purpose'],
    [{ 'mosaic-case': '<script>' }, 400, 'sign-in/no-case-number'],
    [{ 'mosaic-case': 'x'.repeat(101) }, 400, 'sign-in/no-case-number'],
  ])('does not ask with %j', async (headers, status, code) => {
    await using here = await aSignIn()
    const { browser } = await anEnrolledBrowser(here)

    expect((await browser.ask('GET', '/asking', undefined, headers as never)).body).toMatchObject({
      status,
      code,
    })
  })

  test('that is over says so where a purpose is asked for, rather than answering as the public', async () => {
    await using here = await aSignIn()
    const { browser } = await anEnrolledBrowser(here)
    here.pass(minutes(31))

    const answer = await browser.ask('GET', '/asking', undefined, { 'mosaic-purpose': 'health' })

    expect(answer.body).toMatchObject({ status: 401, code: 'sign-in/not-signed-in' })
  })

  test('takes showing who one is again for what a passer-by must not do, and is another after', async () => {
    await using here = await aSignIn()
    const { browser, signInAgain } = await anEnrolledBrowser(here, { roles: ['approver'] })
    here.pass(minutes(6))
    const cookie = browser.cookies.get('mosaic')
    const stale = await browser.ask('POST', '/approve')
    const token = { title: 'x', scopes: ['read'], purpose: 'health', days: 1 }
    const staleToken = await browser.ask('POST', '/tokens', token)

    await signInAgain()

    expect([stale.body.code, staleToken.body.code]).toEqual(['sign-in/show-again', 'sign-in/show-again'])
    expect(browser.cookies.get('mosaic')).not.toBe(cookie)
    expect((await browser.ask('POST', '/approve')).status).toBe(200)
    expect((await browser.ask('POST', '/tokens', token)).status).toBe(200)
  })

  test('gets a new secret, and the others end, when what one signs in with changes', async () => {
    await using here = await aSignIn()
    const { ana, browser, signInAgain } = await anEnrolledBrowser(here)
    const elsewhere = new Browser(here.app)
    here.pass(minutes(1))
    await elsewhere.ask('POST', '/session/password', { login: ana.user.login, password })
    await elsewhere.ask('POST', '/session/totp', { code: codeAt(ana.key, here.clock.now()) })
    await signInAgain()
    const stolen = new Browser(here.app)
    stolen.cookies.set('mosaic', browser.cookies.get('mosaic') ?? '')

    const changed = await browser.ask('POST', '/credentials/password', { password: 'lantern-walnut-fog-71' })

    expect(changed.status).toBe(200)
    expect((await browser.ask('GET', '/session')).body.kind).toBe('person')
    expect((await stolen.ask('GET', '/session')).body.kind).toBe('public')
    expect((await elsewhere.ask('GET', '/session')).body.kind).toBe('public')
  })

  test('is listed and ended by its person, and by nobody else', async () => {
    await using here = await aSignIn()
    const { browser } = await anEnrolledBrowser(here)
    const { browser: bora } = await anEnrolledBrowser(here, { login: 'bora' })
    const { body } = await browser.ask('GET', '/sessions')
    const [mine] = body.items

    expect(body.items).toMatchObject([{ isThis: true, means: 'password+totp' }])
    expect((await bora.ask('DELETE', `/sessions/${mine.id}`)).status).toBe(404)
    expect((await browser.ask('DELETE', `/sessions/${mine.id}`)).status).toBe(200)
    expect((await browser.ask('GET', '/sessions')).body.code).toBe('sign-in/not-signed-in')
  })

  test('leaves nothing behind when its person signs out', async () => {
    await using here = await aSignIn()
    const { browser } = await anEnrolledBrowser(here)
    const kept = browser.cookies.get('mosaic') ?? ''
    await browser.ask('DELETE', '/session')

    expect([...browser.cookies.keys()]).toEqual(['mosaic-device'])
    browser.cookies.set('mosaic', kept)
    expect((await browser.ask('GET', '/session')).body.kind).toBe('public')
  })

  test('lets nothing that was made for it be kept on the way', async () => {
    await using here = await aSignIn()
    const { browser } = await anEnrolledBrowser(here)

    const { headers } = await browser.ask('GET', '/asking')

    expect(headers['cache-control']).toBe('private, no-cache')
    expect(headers['vary']).toContain('cookie')
    expect((await browser.ask('GET', '/session')).headers['cache-control']).toBe('no-store')
  })
})

describe('a token', () => {
  const withToken = async (here: TestSignIn, scopes: readonly string[]) => {
    const { browser } = await anEnrolledBrowser(here, { roles: ['approver'] })
    const made = await browser.ask('POST', '/tokens', {
      title: 'Export',
      scopes,
      purpose: 'health',
      days: 30,
    })
    const program = new Browser(here.app, { authorization: `Bearer ${made.body.secret}` })
    return { browser, program, made: made.body }
  }

  test('asks for its one purpose, without cookie and CSRF token', async () => {
    await using here = await aSignIn()
    const { program, made } = await withToken(here, ['read'])

    const asking = await program.ask('GET', '/asking')

    expect(made.secret).toMatch(/^mosaic_[0-9A-Za-z]{49}$/)
    expect(asking.body).toMatchObject({
      principal: { kind: 'token', roles: ['public', 'reader'] },
      purpose: 'health',
    })
    const other = { 'mosaic-purpose': 'civil-protection' }
    expect((await program.ask('GET', '/asking', undefined, other)).body.code).toBe(
      'sign-in/purpose-not-yours',
    )
  })

  test('without the scope write only reads', async () => {
    await using here = await aSignIn()
    const { program } = await withToken(here, ['read'])

    expect((await program.ask('POST', '/approve')).body).toMatchObject({
      status: 403,
      code: 'sign-in/scope-missing',
    })
    expect((await program.ask('POST', '/search')).status).toBe(200)
    expect((await program.ask('POST', '/nothing')).status).toBe(403)
  })

  test('looks after no sessions, credentials and tokens, whatever its scopes', async () => {
    await using here = await aSignIn()
    const { program } = await withToken(here, ['read', 'write'])

    for (const [method, path, body] of [
      ['GET', '/sessions'],
      ['GET', '/credentials'],
      ['GET', '/tokens'],
      ['DELETE', '/session'],
      ['POST', '/credentials/totp/options'],
      ['POST', '/session/purpose', { purpose: 'health' }],
      ['POST', '/tokens', { title: 'x', scopes: ['read'], purpose: 'health', days: 1 }],
    ] as const)
      expect([path, (await program.ask(method, path, body)).body.code]).toEqual([
        path,
        'sign-in/person-needed',
      ])
  })

  test('that is revoked, expired, mistyped or invented is refused, not taken for the public', async () => {
    await using here = await aSignIn()
    const { browser, program, made } = await withToken(here, ['read'])
    await browser.ask('DELETE', `/tokens/${made.token.id}`)

    for (const bearer of [made.secret, `${made.secret.slice(0, -1)}x`, 'mosaic_x', 'eyJhbGciOi'])
      expect(
        (await program.ask('GET', '/asking', undefined, { authorization: `Bearer ${bearer}` })).body,
      ).toMatchObject({ status: 401, code: 'sign-in/token-refused' })
  })
})

test('a long request learns that its person is not signed in any more', async () => {
  await using here = await aSignIn()
  const app = await anApp(here.parts)
  const seen: unknown[] = []
  app.get('/api/v1/long', async (request) => {
    seen.push((await request.asksStill())?.principal.id)
    await here.accounts.users.grant(request.asking.principal.id, { roles: ['reader'] })
    seen.push(await request.asksStill())
    return {}
  })
  const { browser } = await anEnrolledBrowser(here)
  const other = new Browser(app)
  for (const [name, value] of browser.cookies) other.cookies.set(name, value)

  await other.ask('GET', '/long')

  expect(seen).toEqual(['person:ana@durres.example', undefined])
  await app.close()
})

test('no answer of a refusal holds what was sent', async () => {
  await using here = await aSignIn()
  const browser = new Browser(here.app)
  const secret = 'kettle-orbit-violin-moss-secret'
  const answers = [
    await browser.ask('POST', '/session/password', { login: 'ana', password: secret }),
    await browser.ask('POST', '/session/password', { login: 'ana', password: secret.repeat(40) }),
    await browser.ask('POST', '/session/password', { password: secret }),
    await browser.ask('POST', '/enrolment', { token: secret }),
    await browser.ask('POST', '/session/totp', { code: secret }),
  ]

  for (const { text, status } of answers) {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(text).not.toContain(secret)
  }
})
