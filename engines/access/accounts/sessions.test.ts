import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { anEnrolledUser, aVisitor, minutes, signedIn, someAccounts } from './accounts.test-support.ts'
import { csrfTokenOf, isCsrfTokenOf, isFresh } from './sessions.ts'

describe('a session', () => {
  test('is kept as a hash: the database opens none', async () => {
    await using here = await someAccounts()
    const { secret } = await signedIn(here, await anEnrolledUser(here))
    const [row] = await here.sql<{ token_hash: Buffer }[]>`select token_hash from account_session`

    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(row?.token_hash).toEqual(createHash('sha256').update(secret).digest())
    expect(await here.accounts.sessions.of(row?.token_hash.toString('base64url') ?? '')).toBeUndefined()
  })

  test('ends after half an hour without use, and after twelve hours with', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const idle = await signedIn(here, ana)
    const used = await signedIn(here, ana)
    const { sessions } = here.accounts
    let alive = 0
    while ((await sessions.of(used.secret)) !== undefined) {
      here.pass(minutes(10))
      alive += 10
    }

    expect(await sessions.of(idle.secret)).toBeUndefined()
    expect(alive).toBeGreaterThanOrEqual(710)
    expect(alive).toBeLessThanOrEqual(720)
  })

  test('is not kept alive by being asked for', async () => {
    await using here = await someAccounts()
    const { secret } = await signedIn(here, await anEnrolledUser(here))
    const { sessions } = here.accounts
    for (let turn = 0; turn < 4; turn += 1) {
      here.pass(minutes(8))
      await sessions.of(secret, false)
    }

    expect(await sessions.of(secret)).toBeUndefined()
  })

  test('is a new one after each sign-in, and the one that the browser brought is over', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const first = await signedIn(here, ana)
    await here.accounts.sessions.choose(first.session.id, { purpose: 'health', caseNumber: 'C 1/26' })

    const second = await signedIn(here, ana, aVisitor({ session: first.secret }))

    expect(second.secret).not.toBe(first.secret)
    expect(await here.accounts.sessions.of(first.secret)).toBeUndefined()
    expect(second.session).toMatchObject({ purpose: 'health', caseNumber: 'C 1/26' })
  })

  test('planted by somebody else is worth nothing after sign-in, and hands nothing over', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const bora = await anEnrolledUser(here, { login: 'bora' })
    const planted = await signedIn(here, bora)
    await here.accounts.sessions.choose(planted.session.id, { purpose: 'health' })

    const { session } = await signedIn(here, ana, aVisitor({ session: planted.secret }))

    expect(await here.accounts.sessions.of(planted.secret)).toBeUndefined()
    expect(session.purpose).toBeUndefined()
    expect(session.user.login).toBe('ana')
  })

  test('ends with a change of what its person may do, when they are disabled, and when they are reset', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const { sessions, users } = here.accounts
    const granted = await signedIn(here, ana)
    await users.grant(ana.user.id, { roles: ['analyst', 'approver'] })
    const disabled = await signedIn(here, ana)
    await users.disable(ana.user.id)
    await users.enable(ana.user.id)
    const reset = await signedIn(here, ana)
    await here.accounts.reset(ana.user.id)

    for (const { secret } of [granted, disabled, reset]) expect(await sessions.of(secret)).toBeUndefined()
  })

  test('is listed to its person and ended by them, one or all others', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const bora = await anEnrolledUser(here, { login: 'bora' })
    const mine = await signedIn(here, ana, aVisitor({ agent: 'Firefox' }))
    const other = await signedIn(here, ana, aVisitor({ agent: 'Phone' }))
    const hers = await signedIn(here, bora)
    const { sessions } = here.accounts
    const list = await sessions.list(ana.user.id)

    expect(list.map(({ agent }) => agent).sort()).toEqual(['Firefox', 'Phone'])
    expect(JSON.stringify(list)).not.toContain(mine.secret)
    expect(await sessions.end(ana.user.id, hers.session.id)).toBe(false)
    expect(await sessions.end(ana.user.id, other.session.id)).toBe(true)
    expect(await sessions.of(other.secret)).toBeUndefined()
    expect(await sessions.of(mine.secret)).toBeDefined()
    expect(await sessions.of(hers.secret)).toBeDefined()
  })

  test('rotates to a new secret, and the old one is over', async () => {
    await using here = await someAccounts()
    const { secret, session } = await signedIn(here, await anEnrolledUser(here))

    const again = await here.accounts.sessions.rotate(secret)

    expect(again?.session.id).toBe(session.id)
    expect(await here.accounts.sessions.of(secret)).toBeUndefined()
    expect(await here.accounts.sessions.of(again?.secret ?? '')).toBeDefined()
  })

  test('is fresh for five minutes', async () => {
    await using here = await someAccounts()
    const { session } = await signedIn(here, await anEnrolledUser(here)) // a minute ago
    expect(isFresh(session, here.clock.now())).toBe(true)
    here.pass(minutes(4) + 1)
    expect(isFresh(session, here.clock.now())).toBe(false)
  })

  test('has a CSRF token that follows from its secret and fits no other', () => {
    const token = csrfTokenOf('one')
    expect(isCsrfTokenOf('one', token)).toBe(true)
    expect(isCsrfTokenOf('two', token)).toBe(false)
    expect(isCsrfTokenOf('one', '')).toBe(false)
  })

  test('is not looked for under what is none', async () => {
    await using here = await someAccounts()
    for (const text of ['', 'x', "' or 1=1 --", 'x'.repeat(10_000)])
      expect(await here.accounts.sessions.of(text)).toBeUndefined()
  })

  test('and all else that has expired is swept away', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    await signedIn(here, ana)
    await here.accounts.enrolment.linkFor(ana.user.id)
    await here.accounts.signIn.withPassword({ login: 'x', password: 'y' }, aVisitor())
    here.pass(minutes(60 * 25))

    const stop = new AbortController()
    const living = here.accounts.live(stop.signal)
    await expect.poll(() => here.sql`select * from account_attempt`).toEqual([])
    stop.abort()
    await living

    for (const table of ['account_session', 'account_step', 'account_enrolment', 'account_attempt'])
      expect([table, ...(await here.sql`select * from ${here.sql(table)}`)]).toEqual([table])
  })
})
