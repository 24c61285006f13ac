import { describe, expect, test } from 'vitest'
import { migrate, sqlMigrations } from '../../store/index.ts'
import {
  aNewUser,
  anEnrolledUser,
  codeAt,
  minutes,
  password,
  signedIn,
  someAccounts,
  type TestAccounts,
} from './accounts.test-support.ts'
import { principalOf } from './index.ts'

async function setUp(here: TestAccounts, secret: string, names: { login?: string; name?: string } = {}) {
  const { step, totp } = await here.accounts.enrolment.begin(secret, names, undefined)
  return { secret, step, password, code: codeAt(totp.key, here.clock.now()) }
}

describe('a node without users', () => {
  test('gives a link that makes its first administrator, once', async () => {
    await using here = await someAccounts()
    const { enrolment, users, organisations } = here.accounts
    const [one, two] = [await enrolment.firstRunLink(), await enrolment.firstRunLink()]
    await expect(enrolment.look(one?.secret ?? '')).rejects.toMatchObject({ code: 'access/link-spent' })
    const given = [
      await setUp(here, two?.secret ?? '', { login: 'Ana', name: 'Ana Hoxha' }),
      await setUp(here, two?.secret ?? '', { login: 'eve', name: 'Eve' }),
    ]

    const outcomes = await Promise.allSettled(given.map((each) => enrolment.withPassword(each)))

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [admin] = await users.list()
    expect(await users.count()).toBe(1)
    expect(admin).toMatchObject({
      organisation: 'org-dcp',
      standing: 'home',
      roles: ['reader', 'administrator'],
    })
    expect(await organisations.list()).toEqual([
      { id: 'org-dcp', name: 'Civil Protection', standing: 'home' },
    ])
    expect(await enrolment.firstRunLink()).toBeUndefined()
    await expect(enrolment.look(two?.secret ?? '')).rejects.toMatchObject({ code: 'access/link-spent' })
  })

  test('gives none that still works when a user was added in between', async () => {
    await using here = await someAccounts()
    const link = await here.accounts.enrolment.firstRunLink()
    const given = await setUp(here, link?.secret ?? '', { login: 'eve', name: 'Eve' })
    await anEnrolledUser(here)

    await expect(here.accounts.enrolment.withPassword(given)).rejects.toMatchObject({
      code: 'access/link-spent',
    })
  })
})

describe('a one-time link', () => {
  test('works once, for a day, and only the newest', async () => {
    await using here = await someAccounts()
    const { user } = await anEnrolledUser(here)
    const { enrolment } = here.accounts
    const older = await enrolment.linkFor(user.id)
    const newer = await enrolment.linkFor(user.id)
    const given = await setUp(here, newer.secret)
    const spent = { code: 'access/link-spent' }

    await expect(enrolment.look(older.secret)).rejects.toMatchObject(spent)
    const twice = await Promise.allSettled([enrolment.withPassword(given), enrolment.withPassword(given)])
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(enrolment.look(newer.secret)).rejects.toMatchObject(spent)
    const late = await enrolment.linkFor(user.id)
    here.pass(minutes(24 * 60))
    await expect(enrolment.look(late.secret)).rejects.toMatchObject(spent)
    await expect(enrolment.look('x'.repeat(43))).rejects.toMatchObject(spent)
  })

  test('is not used up by a weak password or a wrong code', async () => {
    await using here = await someAccounts()
    await here.accounts.organisations.add({ id: 'org-dcp', name: 'Civil Protection', standing: 'home' })
    const user = await here.accounts.users.add(aNewUser())
    const { secret } = await here.accounts.enrolment.linkFor(user.id)
    const given = await setUp(here, secret)
    const { withPassword } = here.accounts.enrolment

    await expect(withPassword({ ...given, password: 'AnaHoxha2026!' })).rejects.toMatchObject({
      code: 'access/password-weak',
    })
    await expect(withPassword({ ...given, code: '000000' })).rejects.toMatchObject({
      code: 'access/code-wrong',
    })
    expect(await withPassword(given)).toMatchObject({ account: user.id })
  })

  test('sets up nobody with the step of another link', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const bora = await anEnrolledUser(here, { login: 'bora' })
    const [a, b] = [
      await here.accounts.enrolment.linkFor(ana.user.id),
      await here.accounts.enrolment.linkFor(bora.user.id),
    ]
    const { step } = await setUp(here, a.secret)
    const given = await setUp(here, b.secret)

    await expect(here.accounts.enrolment.withPassword({ ...given, step })).rejects.toMatchObject({
      code: 'access/session-ended',
    })
  })

  test('goes with the user who is disabled', async () => {
    await using here = await someAccounts()
    const { user } = await anEnrolledUser(here)
    const { secret } = await here.accounts.enrolment.linkFor(user.id)
    await here.accounts.users.disable(user.id)

    await expect(here.accounts.enrolment.look(secret)).rejects.toMatchObject({ code: 'access/link-spent' })
    await expect(here.accounts.enrolment.linkFor(user.id)).rejects.toMatchObject({
      code: 'access/user-unknown',
    })
  })

  test('is kept as a hash', async () => {
    await using here = await someAccounts()
    const link = await here.accounts.enrolment.firstRunLink()

    const rows = await here.sql`select encode(token_hash, 'base64') as hash from account_enrolment`

    expect(JSON.stringify([...rows])).not.toContain(link?.secret)
  })
})

describe('a user', () => {
  test('asks as a person of their organisation, with what was granted', async () => {
    await using here = await someAccounts()
    const { user } = await anEnrolledUser(here, { police: ['H1'] })

    expect(principalOf(user)).toEqual({
      kind: 'person',
      id: 'person:ana@durres.example',
      organisation: 'org-dcp',
      node: 'durres.example',
      standing: 'home',
      roles: ['public', 'reader', 'analyst'],
      clearances: [{ community: '*', upTo: 'TLP:GREEN' }],
      purposes: ['civil-protection', 'health'],
      police: ['H1'],
    })
  })

  test.each([
    [{ login: 'a b' }, 'access/login-unfit'],
    [{ login: 'ana@home' }, 'access/login-unfit'],
    [{ login: '' }, 'access/login-unfit'],
    [{ login: 'ANA' }, 'access/login-taken'],
    [{ login: 'x', name: ' ' }, 'access/name-unfit'],
    [{ login: 'x', name: 'a\u2028b' }, 'access/name-unfit'],
    [{ login: 'x', organisation: 'nobody' }, 'access/organisation-unknown'],
    [{ login: 'x', roles: ['root'] }, 'access/grant-unfit'],
    [{ login: 'x', purposes: ['fun'] }, 'access/grant-unfit'],
    [{ login: 'x', police: ['H9'] }, 'access/grant-unfit'],
    [{ login: 'x', clearances: [{ community: '*', upTo: 'GREEN' }] }, 'access/grant-unfit'],
    [{ login: 'x', clearances: [{ community: 'A B', upTo: 'TLP:RED' }] }, 'access/grant-unfit'],
  ] as const)('%j is refused with its reason', async (parts, code) => {
    await using here = await someAccounts()
    await here.accounts.organisations.add({ id: 'org-dcp', name: 'Civil Protection', standing: 'home' })
    await here.accounts.users.add(aNewUser())

    await expect(here.accounts.users.add(aNewUser(parts as never))).rejects.toMatchObject({ code })
    expect(await here.accounts.users.count()).toBe(1)
  })

  test('who is reset has nothing left but the new link', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const { secret: token } = await here.accounts.tokens.add(ana.user, {
      title: 'x',
      scopes: ['read'],
      purpose: 'public',
      days: 1,
    })

    const link = await here.accounts.reset(ana.user.id)

    expect(await here.accounts.means.of(ana.user.id)).toEqual({
      totps: [],
      passkeys: [],
      recoveryCodesLeft: 0,
      openids: [],
    })
    expect(await here.accounts.tokens.of(token)).toBeUndefined()
    const given = await setUp(here, link.secret)
    expect(await here.accounts.enrolment.withPassword(given)).toMatchObject({ account: ana.user.id })
  })

  test('cannot take away the last means to sign in', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    await signedIn(here, ana)
    const { means } = here.accounts
    const [totp] = (await means.of(ana.user.id)).totps

    for (const [kind, id] of [
      ['totp', totp?.id ?? ''],
      ['password', 'password'],
    ] as const)
      await expect(means.remove(ana.user, kind, id)).rejects.toMatchObject({ code: 'access/last-means' })
    expect((await means.of(ana.user.id)).totps).toHaveLength(1)
  })
})

test('the tables of accounts come by their migration, and hold together', async () => {
  await using here = await someAccounts()

  expect(sqlMigrations().map(({ file }) => file)).toContain('0007-accounts.sql')
  expect(await migrate(here.sql)).toEqual([])
  await expect(here.sql`insert into organisation values ('x', 'X', 'lord', now())`).rejects.toThrow(
    /standing/,
  )
  await expect(here.sql`insert into account_password values ('person:nobody@x', 'x', now())`).rejects.toThrow(
    /foreign key/,
  )
})
