/** Users, organisations and tokens from the command line, as an operator has them. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../test/support/database.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

type Ran = { readonly code: number; readonly out: string; readonly talk: string }
function mosaic(...words: readonly string[]): Promise<Ran> {
  const env = { ...process.env, DATABASE_URL: database.url, MOSAIC_PORT: '8420' }
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], { env }, (error, out, talk) =>
      resolve({ code: error ? Number(error.code) : 0, out, talk }),
    )
  })
}

const linkShape = /^http:\/\/localhost:8420\/enrol#[\w-]{43}\n$/
const last = <Answer>({ out }: Ran): Answer => JSON.parse(out.trim().split('\n').at(-1) ?? '')
type Shown = Readonly<Record<string, unknown>> & { readonly id: string; readonly secret: string }

test('an operator adds an organisation and its people, and hands out links, not passwords', async () => {
  const org = await mosaic('org', 'add', 'org-dcp', '--name', 'Civil Protection', '--standing', 'home')
  const again = await mosaic('org', 'add', 'org-dcp', '--name', 'Other')
  const user = await mosaic(
    ...['user', 'add', 'Ana', '--name', 'Ana Hoxha', '--org', 'org-dcp', '--role', 'duty-officer'],
    ...[
      '--role',
      'approver',
      '--clearance',
      '*=TLP:GREEN',
      '--purpose',
      'civil-protection',
      '--police',
      'H1',
    ],
  )

  expect([org.code, again.code, user.code]).toEqual([0, 1, 0])
  expect(again.talk).toContain('access/organisation-taken')
  expect(user.out).toMatch(linkShape)
  expect(last<Shown>(await mosaic('user', 'show', 'ana', '--json'))).toMatchObject({
    login: 'ana',
    roles: ['duty-officer', 'approver'],
    clearances: [{ community: '*', upTo: 'TLP:GREEN' }],
    purposes: ['civil-protection'],
    police: ['H1'],
    means: { recoveryCodesLeft: 0 },
  })
  expect((await mosaic('org', 'list')).out).toContain('org-dcp  home  Civil Protection')
  expect((await mosaic('user', 'list')).out).toContain('duty-officer,approver')
}, 60_000)

test('a grant replaces what it names and leaves the rest', async () => {
  const granted = await mosaic('user', 'grant', 'ana', '--role', 'analyst', '--purpose', 'none', '--json')

  expect(last<Shown>(granted)).toMatchObject({
    roles: ['analyst'],
    purposes: [],
    police: ['H1'],
    organisation: 'org-dcp',
  })
}, 60_000)

test('a token is made, listed without its secret, and revoked', async () => {
  const made = last<Shown>(
    await mosaic('token', 'add', 'ana', '--title', 'Export', '--scope', 'read', '--days', '7', '--json'),
  )
  const list = await mosaic('token', 'list', '--user', 'ana', '--json')

  expect(made.secret).toMatch(/^mosaic_[0-9A-Za-z]{49}$/)
  expect(list.out).not.toContain(made.secret)
  expect(last<Shown>(list)).toMatchObject({ id: made.id, scopes: ['read'], purpose: 'public' })
  expect((await mosaic('token', 'revoke', made.id)).code).toBe(0)
  expect((await mosaic('token', 'revoke', made.id)).code).toBe(1)
}, 60_000)

test('a user is shut out, let in, and reset by a new link', async () => {
  expect((await mosaic('user', 'disable', 'ana')).code).toBe(0)
  expect((await mosaic('user', 'list')).out).toContain('disabled')
  expect((await mosaic('user', 'reset', 'ana')).code).toBe(1)
  expect((await mosaic('user', 'enable', 'ana')).code).toBe(0)
  expect((await mosaic('user', 'reset', 'ana')).out).toMatch(linkShape)
}, 60_000)

test.each([
  [['user', 'show', 'nobody'], 1, 'access/user-unknown'],
  [['user', 'add', 'x', '--name', 'X', '--org', 'nowhere'], 1, 'access/organisation-unknown'],
  [['user', 'add', 'x', '--name', 'X', '--org', 'org-dcp', '--clearance', '*'], 2, 'COMMUNITY=LABEL'],
  [['token', 'add', 'ana', '--title', 'x', '--scope', 'admin'], 1, 'access/token-unfit'],
  [['token', 'add', 'ana'], 2, '--title'],
] as const)(
  'mosaic %s says what is wrong',
  async (words, code, says) => {
    const ran = await mosaic(...words)

    expect(ran).toMatchObject({ code, out: '' })
    expect(ran.talk).toContain(says)
  },
  60_000,
)
