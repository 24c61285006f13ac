import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant } from '../../record/index.ts'
import { anOfficer, asking, aTrail, morning } from './audit.test-support.ts'
import type { QuotaRule } from './policy.ts'
import { quotas } from './quota.ts'

const tenReads: QuotaRule = { id: 'ten-reads', acts: ['read'], perDay: 10 }
const tomorrow = instant('2024-03-02T00:00:00Z')

describe('a quota', () => {
  test('refuses with its reason and with when it opens again, and opens the next day', async () => {
    await using trail = await aTrail()
    const { take } = quotas(trail.database, trail.clock, [{ ...tenReads, perDay: 2 }])

    const given = [await take(asking(), 'read'), await take(asking(), 'read'), await take(asking(), 'read')]
    trail.clock.set(tomorrow)

    expect(given.map(({ kind }) => kind)).toEqual(['taken', 'taken', 'refused'])
    expect(given[2]).toMatchObject({
      reason: { code: 'access/quota-exceeded', rule: 'ten-reads', perDay: 2, opensAgainAt: tomorrow },
    })
    expect(await take(asking(), 'read')).toEqual({ kind: 'taken' })
  })

  test('is never exceeded by concurrent requests, and none is refused while there is room', async () => {
    await using trail = await aTrail()
    const { take } = quotas(trail.database, trail.clock, [
      tenReads,
      { ...tenReads, id: 'a-second', perDay: 12 },
    ])

    const given = await Promise.all(Array.from({ length: 40 }, () => take(asking(), 'read')))

    expect(given.filter(({ kind }) => kind === 'taken')).toHaveLength(10)
  })

  test('counts each officer, and only the acts, purposes, roles and organisations that it names', async () => {
    await using trail = await aTrail()
    const rule = {
      ...tenReads,
      perDay: 1,
      purposes: ['law-enforcement'],
      roles: ['analyst'],
      organisations: ['org-dcp'],
    } as const
    const { take } = quotas(trail.database, trail.clock, [rule])
    const police = asking(anOfficer(), 'law-enforcement')
    await take(police, 'read')

    const others = [
      await take(asking(anOfficer({ id: 'person:bo@durres.example' }), 'law-enforcement'), 'read'),
      await take(police, 'export'),
      await take(asking(anOfficer(), 'civil-protection'), 'read'),
      await take(asking(anOfficer({ roles: ['liaison'] }), 'law-enforcement'), 'read'),
      await take(asking(anOfficer({ organisation: 'org-b' }), 'law-enforcement'), 'read'),
    ]

    expect(await take(police, 'read')).toMatchObject({ kind: 'refused' })
    expect(others.map(({ kind }) => kind)).toEqual(['taken', 'taken', 'taken', 'taken', 'taken'])
  })

  test('whatever is taken in whatever amounts, no rule gives more than its day, and a refusal counts nothing', async () => {
    await using trail = await aTrail()
    let officer = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(6), { maxLength: 12 }),
        fc.nat(12),
        fc.nat(12),
        async (amounts, a, b) => {
          const rules = [
            { ...tenReads, id: 'a', perDay: a },
            { ...tenReads, id: 'b', perDay: b },
          ]
          const { take, left } = quotas(trail.database, trail.clock, rules)
          const who = asking(anOfficer({ id: `person:${officer++}@durres.example` }))

          const given = await Promise.all(amounts.map((amount) => take(who, 'read', amount)))

          const sum = amounts.reduce((all, amount, n) => all + (given[n]?.kind === 'taken' ? amount : 0), 0)
          expect(sum).toBeLessThanOrEqual(Math.min(a, b))
          expect((await left(who)).map((one) => one.perDay - one.left)).toEqual([sum, sum])
        },
      ),
      { numRuns: 40 },
    )
  })

  test('is shown to the officer as what is left, and to oversight as what was used', async () => {
    await using trail = await aTrail()
    const { take, left, used } = quotas(trail.database, trail.clock, [tenReads])

    await take(asking(), 'read', 4)

    expect(await left(asking())).toEqual([
      { rule: 'ten-reads', acts: ['read'], perDay: 10, left: 6, opensAgainAt: tomorrow },
    ])
    expect(await used(morning)).toEqual([
      { rule: 'ten-reads', principal: 'person:ana@durres.example', used: 4 },
    ])
  })
})
