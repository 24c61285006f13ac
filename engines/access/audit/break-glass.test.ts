import { describe, expect, test } from 'vitest'
import { instant, plusMs } from '../../record/index.ts'
import { anOfficer, asking, aTrail, morning, type Trail } from './audit.test-support.ts'
import { type BrokenGlass, glass } from './break-glass.ts'
import { brokenGlassOf } from './break-glass-rows.ts'
import { defaultAuditPolicy } from './policy.ts'
import { verifyAudit } from './verify.ts'

const duty = asking(anOfficer({ roles: ['duty-officer'] }))
const overseer = asking(anOfficer({ id: 'person:vera@durres.example', roles: ['oversight'] }), 'oversight')
const emergency = {
  asking: duty,
  reason: 'Dam at Vjosa overtops, need the plans',
  minutes: 30,
  isFresh: true,
}
const justified = { asking: overseer, verdict: 'justified' as const }

function theGlassOf({ database, clock, auditor }: Trail) {
  const alarms: BrokenGlass[] = []
  const policy = defaultAuditPolicy.breakGlass
  return { alarms, ...glass({ database, clock, auditor, policy, alarm: (one) => alarms.push(one) }) }
}

async function brokenIn(trail: Trail): Promise<BrokenGlass> {
  const broken = await theGlassOf(trail).break(emergency)
  if (broken.kind === 'refused') throw new Error(broken.reason.code)
  return broken.glass
}

describe('breaking glass', () => {
  test('opens for minutes, rings the alarm, and stands on the trail', async () => {
    await using trail = await aTrail()
    const { alarms, break: breaks } = theGlassOf(trail)

    const broken = await breaks(emergency)

    const until = plusMs(morning, 30 * 60_000)
    expect(broken).toMatchObject({ kind: 'broken', glass: { until, principal: duty.principal.id } })
    expect(alarms).toHaveLength(1)
    expect(await brokenGlassOf(trail.database, duty.principal.id, morning)).toBe(until)
    expect(await brokenGlassOf(trail.database, duty.principal.id, until)).toBeUndefined()
    expect(await brokenGlassOf(trail.database, overseer.principal.id, morning)).toBeUndefined()
    expect((await trail.auditor.trail({ limit: 5 })).items).toMatchObject([
      { act: 'break-glass', outcome: 'done', reason: emergency.reason },
    ])
  })

  test.each([
    ['without a credential shown again', { isFresh: false }, 'access/step-up-required'],
    ['without a reason', { reason: '  test  ' }, 'access/reason-required'],
    ['for more than an hour', { minutes: 61 }, 'access/minutes-refused'],
    ['for no time', { minutes: 0 }, 'access/minutes-refused'],
    ['by a reader', { asking: asking(anOfficer({ roles: ['reader'] })) }, 'access/role-missing'],
    [
      'by a program',
      { asking: asking(anOfficer({ kind: 'token', roles: ['duty-officer'] })) },
      'access/person-needed',
    ],
  ])('%s is refused, rings nothing, and is on the trail', async (_, parts, code) => {
    await using trail = await aTrail()
    const { alarms, break: breaks, list } = theGlassOf(trail)

    expect(await breaks({ ...emergency, ...parts })).toMatchObject({ kind: 'refused', reason: { code } })

    expect(alarms).toEqual([])
    expect(await list()).toEqual([])
    expect((await trail.auditor.trail({ limit: 5 })).items).toMatchObject([
      { outcome: 'refused', reason: code },
    ])
  })

  test('is not possible when the trail cannot be written', async () => {
    await using trail = await aTrail({ patienceMs: 0 })
    await trail.database`alter table audit_entry rename to audit_entry_away`

    await expect(theGlassOf(trail).break(emergency)).rejects.toThrow()

    expect(await brokenGlassOf(trail.database, duty.principal.id, morning)).toBeUndefined()
  })
})

describe('the review', () => {
  test('by a second person, once the glass is whole again, settles it', async () => {
    await using trail = await aTrail()
    const { review, list } = theGlassOf(trail)
    const { id, until } = await brokenIn(trail)
    trail.clock.set(until)

    const reviewed = await review({ ...justified, id, note: 'Plans were needed.' })

    expect(reviewed).toMatchObject({
      kind: 'reviewed',
      glass: {
        review: { by: 'person:vera@durres.example', verdict: 'justified', note: 'Plans were needed.' },
      },
    })
    expect(await list({ unreviewed: true })).toEqual([])
    expect(await verifyAudit(trail.database, { now: until })).toMatchObject({ kind: 'sound', entries: 2 })
  })

  test('by the same person is refused, whatever roles that person has', async () => {
    await using trail = await aTrail()
    const { id, until } = await brokenIn(trail)
    trail.clock.set(until)
    const same = asking(anOfficer({ roles: ['duty-officer', 'oversight', 'approver'] }))

    expect(await theGlassOf(trail).review({ ...justified, id, asking: same })).toMatchObject({
      kind: 'refused',
      reason: { code: 'access/second-person-needed' },
    })
  })

  test('that approves waits for the end; one that does not ends it at once', async () => {
    await using trail = await aTrail()
    const { review } = theGlassOf(trail)
    const { id } = await brokenIn(trail)
    const soon = instant('2024-03-01T08:10:00Z')
    trail.clock.set(soon)

    const early = await review({ ...justified, id })
    const stopped = await review({ ...justified, id, verdict: 'not-justified' })

    expect(early).toMatchObject({ kind: 'refused', reason: { code: 'access/glass-still-broken' } })
    expect(stopped).toMatchObject({ kind: 'reviewed', glass: { until: soon } })
    expect(await brokenGlassOf(trail.database, duty.principal.id, soon)).toBeUndefined()
  })

  test('happens once, though two review at the same time', async () => {
    await using trail = await aTrail()
    const { review } = theGlassOf(trail)
    const { id, until } = await brokenIn(trail)
    trail.clock.set(until)
    const other = asking(anOfficer({ id: 'person:besa@durres.example', roles: ['approver'] }))

    const both = await Promise.all([
      review({ ...justified, id }),
      review({ ...justified, id, asking: other }),
    ])

    expect(both.map(({ kind }) => kind).sort()).toEqual(['refused', 'reviewed'])
  })

  test('of what is not there, or by who may not, is refused', async () => {
    await using trail = await aTrail()
    const { review } = theGlassOf(trail)

    expect(await review({ ...justified, id: 'none' })).toMatchObject({
      reason: { code: 'access/no-broken-glass' },
    })
    expect(await review({ ...justified, id: 'none', asking: duty })).toMatchObject({
      reason: { code: 'access/role-missing' },
    })
  })

  test('cannot be changed or taken back in the database', async () => {
    await using trail = await aTrail()
    const { id, until } = await brokenIn(trail)
    trail.clock.set(until)
    await theGlassOf(trail).review({ ...justified, id })

    for (const statement of [
      "update break_glass set verdict = 'not-justified'",
      'delete from break_glass',
      "update break_glass set until = until + interval '1 hour'",
    ])
      await expect(trail.database.unsafe(statement)).rejects.toThrow('stays on record')
  })
})
