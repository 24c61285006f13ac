/** Accounts on a fresh database with a clock that stands, people who have set up their means, and what went on. */
import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { testDatabase } from '../../../test/support/database.ts'
import { type Instant, instant, millis, plusMs, SettableClock } from '../../record/index.ts'
import { connect, type Sql } from '../../store/index.ts'
import {
  type AccountHappening,
  type AccountOptions,
  type Accounts,
  type NewUser,
  openAccounts,
  type User,
  type Visitor,
} from './index.ts'

export const atNoon = instant('2026-03-02T12:00:00.000Z')
export const password = 'kettle-orbit-violin-moss'
export const minutes = (count: number): number => count * 60_000

export type TestAccounts = AsyncDisposable & {
  readonly accounts: Accounts
  readonly clock: SettableClock
  readonly sql: Sql
  readonly url: string
  readonly told: AccountHappening[]
  readonly pass: (ms: number) => void
  /** Another process on the same database. */
  readonly beside: (options?: Partial<AccountOptions>) => Promise<Accounts>
}

export async function someAccounts(options: Partial<AccountOptions> = {}): Promise<TestAccounts> {
  const database = await testDatabase()
  const sql = connect(database.url, { max: 6 })
  const clock = new SettableClock(atNoon)
  const told: AccountHappening[] = []
  const settings: AccountOptions = {
    sql,
    clock,
    random: randomBytes,
    node: 'durres.example',
    title: 'Mosaic Durrës',
    home: { id: 'org-dcp', name: 'Civil Protection' },
    on: (happening) => told.push(happening),
    ...options,
  }
  return {
    accounts: await openAccounts(settings),
    clock,
    sql,
    url: database.url,
    told,
    pass: (ms) => clock.set(plusMs(clock.now(), ms)),
    beside: (other = {}) => openAccounts({ ...settings, ...other }),
    async [Symbol.asyncDispose]() {
      await sql.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

export const aVisitor = (parts: Partial<Visitor> = {}): Visitor => ({
  address: '192.0.2.7',
  agent: 'Firefox',
  ...parts,
})

/** What an authenticator application shows at that moment. */
export const codeAt = (key: string, at: Instant): string =>
  new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: millis(at) })

export type Enrolled = {
  readonly user: User
  readonly key: string
  readonly recoveryCodes: readonly string[]
}

export const aNewUser = (parts: Partial<NewUser> = {}): NewUser => ({
  login: 'ana',
  name: 'Ana Hoxha',
  organisation: 'org-dcp',
  roles: ['analyst'],
  clearances: [{ community: '*', upTo: 'TLP:GREEN' }],
  purposes: ['civil-protection', 'health'],
  ...parts,
})

/** A user, and their password and authenticator, set up by a one-time link. */
export async function anEnrolledUser(test: TestAccounts, parts: Partial<NewUser> = {}): Promise<Enrolled> {
  const { accounts, clock } = test
  if ((await accounts.organisations.get('org-dcp')) === undefined)
    await accounts.organisations.add({ id: 'org-dcp', name: 'Civil Protection', standing: 'home' })
  const user = await accounts.users.add(aNewUser(parts))
  const { secret } = await accounts.enrolment.linkFor(user.id)
  const { step, totp } = await accounts.enrolment.begin(secret, {}, undefined)
  const code = codeAt(totp.key, clock.now())
  const { recoveryCodes = [] } = await accounts.enrolment.withPassword({ secret, step, password, code })
  test.pass(minutes(1))
  return { user, key: totp.key, recoveryCodes }
}

/** Signs in with both factors; the clock goes on by a step, so that the next code is another. */
export async function signedIn(test: TestAccounts, { user, key }: Enrolled, visitor = aVisitor()) {
  const { signIn } = test.accounts
  const first = await signIn.withPassword({ login: user.login, password }, visitor)
  if (first.kind !== 'second-factor') throw new Error(`the password was answered with ${first.kind}`)
  const outcome = await signIn.withCode(first.step, codeAt(key, test.clock.now()), visitor)
  if (outcome.kind !== 'signed-in') throw new Error(`the code was answered with ${outcome.kind}`)
  test.pass(minutes(1))
  return outcome
}
