import { describe, expect, test } from 'vitest'
import { instant, plusMs } from '../../record/index.ts'
import { anOfficer, asking, aTrail, morning, record } from './audit.test-support.ts'
import { auditor, precedes } from './auditor.ts'
import { AuditUnavailable } from './errors.ts'
import { verifyAudit } from './verify.ts'

describe('the trail', () => {
  test('says who read which record, for what purpose, under which case number, and when', async () => {
    await using trail = await aTrail()

    await trail.auditor.noteBefore({
      asking: { ...asking(anOfficer(), 'law-enforcement'), caseNumber: 'K-17/24' },
      act: 'read',
      subjects: [record(1)],
    })

    const { items } = await trail.auditor.trail({ limit: 10 })
    expect(items).toEqual([
      expect.objectContaining({
        seq: 0,
        at: morning,
        principal: 'person:ana@durres.example',
        organisation: 'org-dcp',
        roles: ['analyst'],
        purpose: 'law-enforcement',
        caseNumber: 'K-17/24',
        act: 'read',
        outcome: 'done',
        records: [record(1)],
      }),
    ])
  })

  test('keeps a search as data with the number of its results, and a refusal with its reason', async () => {
    await using trail = await aTrail()

    trail.auditor.note({ asking: asking(), act: 'search', query: { text: 'Vjosa' }, results: 12 })
    trail.auditor.note({
      asking: asking(),
      act: 'read',
      outcome: 'refused',
      reason: 'label',
      subjects: [record(2)],
    })
    await trail.auditor.flush()

    const { items } = await trail.auditor.trail({ limit: 10 })
    expect(items).toMatchObject([
      { act: 'read', outcome: 'refused', reason: 'label', records: [record(2)] },
      { act: 'search', query: { text: 'Vjosa' }, results: 12, records: [] },
    ])
  })

  test('keeps every record of a large export, in several entries', async () => {
    await using trail = await aTrail()
    const subjects = Array.from({ length: 2500 }, (_, n) => record(n + 1))

    await trail.auditor.noteBefore({ asking: asking(), act: 'export', subjects })

    const { items } = await trail.auditor.trail({ limit: 10 })
    expect(items.map(({ subjects }) => [subjects?.part, subjects?.parts, subjects?.count])).toEqual([
      [3, 3, 500],
      [2, 3, 1000],
      [1, 3, 1000],
    ])
    expect(new Set(items.flatMap(({ records }) => records))).toEqual(new Set(subjects))
  })

  test('is given page by page, newest first, and narrowed by what is asked', async () => {
    await using trail = await aTrail()
    for (let n = 0; n < 25; n++) {
      trail.clock.set(plusMs(morning, n * 1000))
      trail.auditor.note({
        asking: asking(
          anOfficer({ id: n % 2 === 0 ? 'person:ana@durres.example' : 'person:bo@durres.example' }),
        ),
        act: n % 5 === 0 ? 'export' : 'read',
        subjects: [record(n)],
      })
    }
    await trail.auditor.flush()

    const seen: number[] = []
    for (let before: number | undefined; ; ) {
      const page = await trail.auditor.trail({ limit: 7, ...(before === undefined ? {} : { before }) })
      seen.push(...page.items.map(({ seq }) => seq))
      if (page.next === undefined) break
      before = page.next
    }
    const exports = await trail.auditor.trail({
      limit: 100,
      act: 'export',
      principal: 'person:ana@durres.example',
      from: plusMs(morning, 5000),
    })

    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => 24 - n))
    expect(exports.items.map(({ seq }) => seq)).toEqual([20, 10])
    expect((await trail.auditor.trail({ limit: 5, record: record(3) })).items).toHaveLength(1)
  })

  test('bears what people type: no character breaks it, and a huge query is kept as its digest', async () => {
    await using trail = await aTrail()

    await trail.auditor.noteBefore({
      asking: asking(),
      act: 'search',
      reason: 'a\0b \uD800 c',
      query: { text: 'x\0', all: 'y'.repeat(10_000) },
    })

    const { items } = await trail.auditor.trail({ limit: 1 })
    expect(items[0]?.reason).toBe('a\uFFFDb \uFFFD c')
    expect(items[0]?.query).toMatchObject({ tooLarge: expect.any(Number), sha256: expect.any(String) })
    expect(await verifyAudit(trail.database, { now: morning })).toMatchObject({ kind: 'sound', entries: 1 })
  })
})

describe('writing', () => {
  test('noted before means durable when answered; noted means soon, in one batch', async () => {
    await using trail = await aTrail({ batchMs: 20 })

    for (let n = 0; n < 100; n++) trail.auditor.note({ asking: asking(), act: 'read', subjects: [record(n)] })
    await trail.auditor.noteBefore({ asking: asking(), act: 'export' })

    expect(await countOf(trail)).toBe(101)
  })

  test('several processes on one database make one chain', async () => {
    await using trail = await aTrail()
    await using other = auditor(trail.database, trail.clock)

    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        (n % 2 === 0 ? trail.auditor : other).noteBefore({
          asking: asking(),
          act: 'read',
          subjects: [record(n)],
        }),
      ),
    )

    expect(await verifyAudit(trail.database, { now: morning })).toMatchObject({ kind: 'sound', entries: 60 })
  })

  test('a closed auditor has written all that was noted', async () => {
    await using trail = await aTrail({ batchMs: 10_000 })

    trail.auditor.note({ asking: asking(), act: 'read', subjects: [record(1)] })
    trail.auditor.countPublic('read', '/events')
    await trail.auditor[Symbol.asyncDispose]()

    expect(await countOf(trail)).toBe(1)
    expect(() => trail.auditor.note({ asking: asking(), act: 'read' })).toThrow(AuditUnavailable)
  })

  test('what cannot be noted is refused; what was answered already is kept and written when the trail is back', async () => {
    await using trail = await aTrail({ batchMs: 1, patienceMs: 0 })
    await trail.database`alter table audit_entry rename to audit_entry_away`

    trail.auditor.note({ asking: asking(), act: 'read', subjects: [record(1)] })
    await expect(trail.auditor.noteBefore({ asking: asking(), act: 'export' })).rejects.toThrow(
      AuditUnavailable,
    )
    expect(() => trail.auditor.note({ asking: asking(), act: 'read' })).toThrow(AuditUnavailable)
    await trail.database`alter table audit_entry_away rename to audit_entry`
    await expect.poll(() => countOf(trail), { timeout: 10_000 }).toBe(1)

    const { items } = await trail.auditor.trail({ limit: 10 })
    expect(items).toMatchObject([{ act: 'read', records: [record(1)] }])
    await trail.auditor.noteBefore({ asking: asking(), act: 'export' })
    expect(await verifyAudit(trail.database, { now: morning })).toMatchObject({ kind: 'sound', entries: 2 })
  })
})

describe('who must be on record first', () => {
  test.each([
    ['an export', 'export', {}, [], true],
    ['a disclosure', 'disclose', {}, [], true],
    ['a read of a police-coded record', 'read', {}, [{ police: ['H1'] as const }], true],
    ['anything under broken glass', 'read', { breakGlassUntil: instant('2024-03-01T09:00:00Z') }, [], true],
    ['a plain read', 'read', {}, [{}], false],
    ['a search', 'search', {}, [], false],
  ] as const)('%s', (_, act, principal, handlings, expected) => {
    expect(precedes(act, principal, handlings)).toBe(expected)
  })
})

describe('the owner of a record', () => {
  test('learns who looked as organisation, role and purpose; names only when it may', async () => {
    await using trail = await aTrail()
    const node = anOfficer({ kind: 'node', id: 'node:tirana.example', organisation: 'org-tir', roles: [] })
    await trail.auditor.noteBefore({ asking: asking(), act: 'read', subjects: [record(1), record(2)] })
    await trail.auditor.noteBefore({ asking: asking(node), act: 'disclose', subjects: [record(1)] })
    await trail.auditor.noteBefore({
      asking: asking(),
      act: 'read',
      outcome: 'refused',
      subjects: [record(1)],
    })
    await trail.auditor.noteBefore({ asking: asking(), act: 'read', subjects: [record(3)] })

    const looks = await trail.auditor.looks({ ids: [record(1)] })
    const named = await trail.auditor.looks({ ids: [record(1)], named: true })

    expect(looks.items).toMatchObject([
      { act: 'disclose', principal: 'node:tirana.example' },
      { act: 'read', organisation: 'org-dcp', roles: ['analyst'], purpose: 'civil-protection', at: morning },
    ])
    expect(JSON.stringify(looks)).not.toContain('ana@')
    expect(named.items[1]).toMatchObject({ principal: 'person:ana@durres.example' })
  })
})

describe('oversight', () => {
  test('sees counts by day, organisation, purpose, act and outcome, without names, ids or content', async () => {
    await using trail = await aTrail()
    for (let n = 0; n < 3; n++)
      trail.auditor.note({ asking: asking(), act: 'read', subjects: [record(n)], query: { text: 'secret' } })
    trail.auditor.note({ asking: asking(), act: 'read', outcome: 'refused' })
    for (let n = 0; n < 5; n++) trail.auditor.countPublic('read', '/events')
    await trail.auditor.flush()

    const figures = await trail.auditor.figures({ from: morning, until: plusMs(morning, 1) })

    const common = { day: '2024-03-01', organisation: 'org-dcp', purpose: 'civil-protection', act: 'read' }
    expect(figures).toEqual({
      figures: [
        { ...common, outcome: 'done', count: 3 },
        { ...common, outcome: 'refused', count: 1 },
      ],
      public: [{ day: '2024-03-01', act: 'read', what: '/events', count: 5 }],
    })
  })
})

async function countOf({ database }: Awaited<ReturnType<typeof aTrail>>): Promise<number> {
  const [row] = await database<{ count: number }[]>`select count(*) as count from audit_entry`.catch(() => [
    { count: -1 },
  ])
  return row?.count ?? 0
}
