import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  anEnrolledUser,
  aVisitor,
  codeAt,
  minutes,
  password,
  signedIn,
  someAccounts,
} from './accounts.test-support.ts'
import { Hasher } from './password.ts'
import { stepOfCode } from './totp.ts'

const visitor = aVisitor()

describe('signing in with a password', () => {
  test('takes the code of the authenticator too', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)

    const first = await here.accounts.signIn.withPassword({ login: 'Ana ', password }, visitor)
    const step = first.kind === 'second-factor' ? first.step : undefined
    const outcome = await here.accounts.signIn.withCode(step, codeAt(ana.key, here.clock.now()), visitor)

    expect(Object.keys(first).sort()).toEqual(['kind', 'step'])
    expect(outcome).toMatchObject({
      kind: 'signed-in',
      session: { means: 'password+totp', user: { login: 'ana' } },
    })
  })

  test('answers a wrong password, an unknown name and a disabled user with the same', async () => {
    await using here = await someAccounts()
    await anEnrolledUser(here)
    const bora = await anEnrolledUser(here, { login: 'bora' })
    await here.accounts.users.disable(bora.user.id)
    const { signIn } = here.accounts

    const answers = await Promise.all([
      signIn.withPassword({ login: 'ana', password: 'not the password' }, visitor),
      signIn.withPassword({ login: 'nobody', password }, visitor),
      signIn.withPassword({ login: 'bora', password }, visitor),
      signIn.withPassword({ login: "'; drop table account", password }, visitor),
    ])

    expect(answers).toEqual(Array(4).fill({ kind: 'refused' }))
  })

  test('does the same work for an unknown name as for a wrong password', async () => {
    const hasher = new Hasher((size) => new Uint8Array(size))
    const phc = await hasher.hash(password)
    const spent = async (kept: string | undefined) => {
      const times: number[] = []
      for (let turn = 0; turn < 5; turn += 1) {
        const from = performance.now()
        await hasher.fits('not the password', kept)
        times.push(performance.now() - from)
      }
      return Math.min(...times)
    }
    await spent(phc) // warm

    const ratio = (await spent(undefined)) / (await spent(phc))

    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })

  test('holds back whoever keeps guessing, longer each time, whether or not there is such a name', async () => {
    await using here = await someAccounts()
    await anEnrolledUser(here)
    const waits = async (login: string, address: string) => {
      const seen: number[] = []
      for (let turn = 0; turn < 9; turn += 1) {
        const outcome = await here.accounts.signIn.withPassword(
          { login, password: 'x' },
          aVisitor({ address }),
        )
        if (outcome.kind !== 'wait') continue
        const until = Date.parse(outcome.until)
        seen.push((until - Date.parse(here.clock.now())) / 1000)
        here.pass(until - Date.parse(here.clock.now()))
      }
      return seen
    }

    const known = await waits('ana', '192.0.2.1')
    const unknown = await waits('nobody', '192.0.2.2')

    expect(known).toEqual([1, 2])
    expect(unknown).toEqual(known)
  })

  test('counts thirty attempts at once as thirty: five are looked at', async () => {
    await using here = await someAccounts()
    await anEnrolledUser(here)
    const all = Array.from({ length: 30 }, (_, n) =>
      here.accounts.signIn.withPassword(
        { login: 'ana', password: 'x' },
        aVisitor({ address: `192.0.2.${n}` }),
      ),
    )

    const kinds = (await Promise.all(all)).map(({ kind }) => kind)

    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(5)
    expect(kinds.filter((kind) => kind === 'wait')).toHaveLength(25)
  })

  test('forgets failures once somebody has signed in', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    for (let turn = 0; turn < 4; turn += 1)
      await here.accounts.signIn.withPassword({ login: 'ana', password: 'x' }, visitor)
    await signedIn(here, ana)

    const after = await here.accounts.signIn.withPassword({ login: 'ana', password: 'x' }, visitor)

    expect(after).toEqual({ kind: 'refused' })
    const left = await here.sql`select failures from account_attempt where kind = 'login'`
    expect([...left]).toEqual([{ failures: 1 }])
  })

  test('goes on where somebody has signed in before, whoever fails elsewhere on purpose', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const { device } = await signedIn(here, ana)
    const flood = async () => {
      for (let turn = 0; turn < 40; turn += 1)
        await here.accounts.signIn.withPassword({ login: 'ana', password: 'x' }, visitor)
    }
    await flood()
    const attempt = (given: string | undefined, login = 'ana') =>
      here.accounts.signIn.withPassword({ login, password }, aVisitor({ device: given }))

    expect((await attempt(undefined)).kind).toBe('wait')
    expect((await attempt(device)).kind).toBe('second-factor')
    const other = `${device.startsWith('A') ? 'B' : 'A'}${device.slice(1)}`
    expect((await attempt(other)).kind).toBe('wait')
    const kinds: string[] = []
    for (let turn = 0; turn < 7; turn += 1)
      kinds.push(
        (await here.accounts.signIn.withPassword({ login: 'ana', password: 'x' }, aVisitor({ device }))).kind,
      )
    expect(kinds).toEqual([...Array(5).fill('refused'), 'wait', 'wait'])
  })

  test('knows a browser for the name that signed in there, and for no other', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    await anEnrolledUser(here, { login: 'bora' })
    const { device } = await signedIn(here, ana)
    const kinds: string[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      const address = `192.0.2.${turn}`
      const outcome = await here.accounts.signIn.withPassword(
        { login: 'bora', password: 'x' },
        aVisitor({ device, address }),
      )
      kinds.push(outcome.kind)
    }

    const elsewhere = await here.accounts.signIn.withPassword({ login: 'bora', password }, visitor)
    expect(kinds.at(-1)).toBe('wait')
    expect(elsewhere.kind).toBe('wait')
  })

  test('holds back an address that tries many names', async () => {
    await using here = await someAccounts()
    const kinds: string[] = []
    for (let turn = 0; turn < 32; turn += 1)
      kinds.push(
        (await here.accounts.signIn.withPassword({ login: `user${turn}`, password: 'x' }, visitor)).kind,
      )

    expect(kinds.slice(0, 30)).toEqual(Array(30).fill('refused'))
    expect(kinds.at(-1)).toBe('wait')
  })

  test('keeps no login name and no address of a failed attempt readable', async () => {
    await using here = await someAccounts()
    await here.accounts.signIn.withPassword({ login: 'hunter2-my-password', password: 'x' }, visitor)

    const rows = JSON.stringify([
      ...(await here.sql`select kind, encode(subject, 'escape') as subject from account_attempt`),
    ])

    expect(rows).not.toContain('hunter2')
    expect(rows).not.toContain('192.0.2.7')
    expect(JSON.stringify(here.told)).not.toContain('hunter2')
  })

  test('makes the kept string anew when the parameters have changed', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const old = await new Hasher((size) => Buffer.alloc(size, 7), {
      memory: 8192,
      passes: 1,
      parallelism: 1,
    }).hash(password)
    await here.sql`update account_password set phc = ${old}`

    await signedIn(here, ana)

    const [row] = await here.sql`select phc from account_password`
    expect(row?.['phc']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    await signedIn(here, ana)
  })

  test('takes the characters of a password however they are typed', async () => {
    const hasher = new Hasher((size) => Buffer.alloc(size, 1))
    const phc = await hasher.hash('fjalëkalim i gjatë ﬁ')

    expect(await hasher.fits('fjalëkalim i gjatë fi'.normalize('NFD'), phc)).toBe(true)
  })
})

describe('the one-time code', () => {
  test('is that of RFC 6238', () => {
    const key = Buffer.from('12345678901234567890')

    // Appendix B, SHA-1, the last six of the eight digits.
    expect(stepOfCode(key, '287082', '1970-01-01T00:00:59.000Z' as never)).toBe(1)
    expect(stepOfCode(key, '081804', '2005-03-18T01:58:29.000Z' as never)).toBe(0x23523ec)
    expect(stepOfCode(key, '005924', '2009-02-13T23:31:30.000Z' as never)).toBe(0x273ef07)
  })

  test('is taken one step early or late, and not two', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const { signIn } = here.accounts
    const attempt = async (shiftMs: number) => {
      here.pass(minutes(15))
      const first = await signIn.withPassword({ login: 'ana', password }, visitor)
      const code = codeAt(ana.key, new Date(Date.parse(here.clock.now()) + shiftMs).toISOString() as never)
      return (await signIn.withCode(first.kind === 'second-factor' ? first.step : undefined, code, visitor))
        .kind
    }

    expect(await attempt(-30_000)).toBe('signed-in')
    expect(await attempt(30_000)).toBe('signed-in')
    expect(await attempt(-60_000)).toBe('refused')
    expect(await attempt(60_000)).toBe('refused')
  })

  test('works once: whoever saw it typed cannot use it again', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const { signIn } = here.accounts
    const code = codeAt(ana.key, here.clock.now())
    const step = async () => {
      const first = await signIn.withPassword({ login: 'ana', password }, visitor)
      return first.kind === 'second-factor' ? first.step : undefined
    }
    const steps = [await step(), await step()]

    const outcomes = await Promise.all(steps.map((one) => signIn.withCode(one, code, visitor)))

    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['refused', 'signed-in'])
    expect(here.told.map(({ kind }) => kind)).toContain('code-replayed')
  })

  test('is asked for within five minutes of the password', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const first = await here.accounts.signIn.withPassword({ login: 'ana', password }, visitor)
    here.pass(minutes(5))

    const step = first.kind === 'second-factor' ? first.step : undefined
    const outcome = await here.accounts.signIn.withCode(step, codeAt(ana.key, here.clock.now()), visitor)

    expect(outcome).toEqual({ kind: 'expired' })
  })

  test('is not looked at without a right password before', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    const code = codeAt(ana.key, here.clock.now())

    for (const step of [undefined, '', 'x'.repeat(43), "' or true --"])
      expect(await here.accounts.signIn.withCode(step, code, visitor)).toEqual({ kind: 'expired' })
  })

  test('cannot be guessed: after three wrong ones each next must wait, whoever gives the password anew', async () => {
    await using here = await someAccounts()
    await anEnrolledUser(here)
    const kinds: string[] = []
    for (let turn = 0; turn < 5; turn += 1) {
      const first = await here.accounts.signIn.withPassword({ login: 'ana', password }, visitor)
      const step = first.kind === 'second-factor' ? first.step : undefined
      kinds.push((await here.accounts.signIn.withCode(step, '000000', visitor)).kind)
    }

    expect(kinds).toEqual(['refused', 'refused', 'refused', 'wait', 'wait'])
  })

  test('is shut after a hundred wrong ones in a row, until an administrator resets its owner', async () => {
    await using here = await someAccounts()
    const ana = await anEnrolledUser(here)
    await here.sql`update account_totp set failures = 100`
    const first = await here.accounts.signIn.withPassword({ login: 'ana', password }, visitor)
    const step = first.kind === 'second-factor' ? first.step : undefined

    const outcome = await here.accounts.signIn.withCode(step, codeAt(ana.key, here.clock.now()), visitor)

    expect(outcome).toEqual({ kind: 'refused' })
    expect(here.told.map(({ kind }) => kind)).toContain('codes-shut')
  })

  test('has a key that the database alone does not give away when the node keeps its own', async () => {
    await using here = await someAccounts({ key: Buffer.alloc(32, 9) })
    const ana = await anEnrolledUser(here)
    const [row] = await here.sql<{ sealed_key: Buffer }[]>`select sealed_key from account_totp`
    const other = await here.beside({ key: Buffer.alloc(32, 8) })
    const first = await other.signIn.withPassword({ login: 'ana', password }, visitor)
    const step = first.kind === 'second-factor' ? first.step : undefined

    await expect(
      other.signIn.withCode(step, codeAt(ana.key, here.clock.now()), visitor),
    ).rejects.toMatchObject({
      code: 'access/seal-broken',
    })
    expect(row?.sealed_key.includes(Buffer.from(ana.key))).toBe(false)
    expect([...(await here.sql`select * from account_key`)]).toEqual([])
  })
})

describe('a recovery code', () => {
  test('stands for the one-time code, once', async () => {
    await using here = await someAccounts()
    const { recoveryCodes } = await anEnrolledUser(here)
    const { signIn } = here.accounts
    const attempt = async (code: string) => {
      const first = await signIn.withPassword({ login: 'ana', password }, visitor)
      return (
        await signIn.withRecoveryCode(first.kind === 'second-factor' ? first.step : undefined, code, visitor)
      ).kind
    }
    const [one = '', two = ''] = recoveryCodes

    expect(new Set(recoveryCodes).size).toBe(10)
    expect(one).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(await attempt(one)).toBe('signed-in')
    expect(await attempt(one)).toBe('refused')
    expect(await attempt(` ${two.toLowerCase().replaceAll('-', ' ')}`)).toBe('signed-in')
  })

  test('is never enough alone, and is kept as a hash', async () => {
    await using here = await someAccounts()
    const { recoveryCodes } = await anEnrolledUser(here)

    const outcome = await here.accounts.signIn.withRecoveryCode(undefined, recoveryCodes[0] ?? '', visitor)
    const rows = await here.sql<{ code_hash: Buffer }[]>`select code_hash from account_recovery_code`

    expect(outcome).toEqual({ kind: 'expired' })
    expect(rows.map(({ code_hash }) => code_hash.toString('hex'))).toContain(
      createHash('sha256')
        .update(recoveryCodes[0] ?? '')
        .digest('hex'),
    )
  })
})
