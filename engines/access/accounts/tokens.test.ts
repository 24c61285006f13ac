import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anEnrolledUser, minutes, someAccounts } from './accounts.test-support.ts'
import { isToken, newToken } from './secret.ts'
import type { NewToken } from './tokens.ts'

const day = minutes(24 * 60)
const aToken = (parts: Partial<NewToken> = {}): NewToken => ({
  title: 'Nightly export',
  scopes: ['read'],
  purpose: 'health',
  days: 30,
  ...parts,
})

describe('a token', () => {
  test('asks as itself, for its one purpose, with the roles of its scopes', async () => {
    await using here = await someAccounts()
    const { user } = await anEnrolledUser(here, { roles: ['analyst', 'approver', 'oversight'] })
    const reads = await here.accounts.tokens.add(user, aToken())
    const writes = await here.accounts.tokens.add(
      user,
      aToken({ scopes: ['write'], purpose: 'civil-protection' }),
    )

    const reader = (await here.accounts.tokens.of(reads.secret))?.principal
    const writer = (await here.accounts.tokens.of(writes.secret))?.principal

    expect(reader).toEqual({
      kind: 'token',
      id: `token:${reads.token.id}`,
      organisation: 'org-dcp',
      node: 'durres.example',
      standing: 'home',
      roles: ['public', 'reader'],
      clearances: [{ community: '*', upTo: 'TLP:GREEN' }],
      purposes: ['health'],
      police: [],
    })
    expect(writer).toMatchObject({ roles: ['public', 'analyst', 'approver'], clearances: [], purposes: [] })
  })

  test('is never more than its owner: scopes, purposes and days beyond are refused', async () => {
    await using here = await someAccounts()
    const { user } = await anEnrolledUser(here)
    for (const parts of [
      { scopes: ['admin'] },
      { scopes: ['audit'] },
      { scopes: [] },
      { scopes: ['root'] },
      { purpose: 'law-enforcement' },
      { days: 0 },
      { days: 366 },
      { days: 1.5 },
      { days: Number.POSITIVE_INFINITY },
      { title: 'a\nb' },
    ] as readonly Partial<NewToken>[])
      await expect(here.accounts.tokens.add(user, aToken(parts))).rejects.toMatchObject({
        code: expect.stringMatching(/^access\/(token|name)-unfit$/),
      })
  })

  test('loses at once what its owner loses', async () => {
    await using here = await someAccounts()
    const { user } = await anEnrolledUser(here)
    const { secret } = await here.accounts.tokens.add(user, aToken({ scopes: ['read', 'write'] }))
    await here.accounts.users.grant(user.id, { roles: ['reader'], purposes: [], clearances: [] })

    const principal = (await here.accounts.tokens.of(secret))?.principal

    expect(principal).toMatchObject({ roles: ['public', 'reader'], purposes: [], clearances: [] })
    await here.accounts.users.disable(user.id)
    expect(await here.accounts.tokens.of(secret)).toBeUndefined()
  })

  test('ends on its day, and when it is revoked', async () => {
    await using here = await someAccounts()
    const { user } = await anEnrolledUser(here)
    const { tokens } = here.accounts
    const expiring = await tokens.add(user, aToken({ days: 1 }))
    const revoked = await tokens.add(user, aToken())

    expect(await tokens.revoke(revoked.token.id, 'person:somebody@else')).toBe(false)
    expect(await tokens.revoke(revoked.token.id, user.id)).toBe(true)
    expect(await tokens.revoke(revoked.token.id, user.id)).toBe(false)
    expect(await tokens.of(revoked.secret)).toBeUndefined()
    expect(await tokens.of(expiring.secret)).toBeDefined()
    here.pass(day)
    expect(await tokens.of(expiring.secret)).toBeUndefined()
  })

  test('is shown once and kept as a hash; its last use is noted', async () => {
    await using here = await someAccounts()
    const { user } = await anEnrolledUser(here)
    const { tokens } = here.accounts
    const { secret } = await tokens.add(user, aToken())
    await tokens.of(secret)

    const rows = JSON.stringify([...(await here.sql`select * from account_token`)])

    expect(rows).not.toContain(secret.slice(7))
    expect(JSON.stringify(await tokens.list())).not.toContain(secret.slice(7))
    expect((await tokens.list(user.id))[0]).toMatchObject({
      usedAt: here.clock.now(),
      title: 'Nightly export',
    })
  })

  test('is told from what is mistyped by its checksum', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 7, max: 55 }),
        fc.constantFrom(...'0aZ9'),
        (bytes, at, letter) => {
          const token = newToken(() => bytes)
          expect(isToken(token)).toBe(true)
          expect(token).toHaveLength(56)
          const typo = token.slice(0, at) + letter + token.slice(at + 1)
          expect(isToken(typo)).toBe(typo === token)
        },
      ),
    )
  })
})
