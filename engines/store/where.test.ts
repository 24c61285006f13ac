import { latLngToCell } from 'h3-js'
import { describe, expect, test } from 'vitest'
import { type Draft, type Held, instant, plusMs, type RecordId, testRealm } from '../record/index.ts'
import type { Condition } from './condition.ts'
import type { OpenStore } from './open-store.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'

const durres = latLngToCell(41.51, 19.53, 7)
const upToGreen: Condition = { kind: 'tlp-at-most', label: 'TLP:GREEN' }
const told = (held: readonly Held[]) => held.map(({ record }) => `${record.key} v${record.version}`)

async function appendOne(store: OpenStore, parts: Partial<Draft> = {}): Promise<RecordId> {
  const [outcome] = await store.append([aReport(parts)])
  if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
  return outcome.record.id
}

describe('what somebody may not have', () => {
  test('changes nothing that he finds: the newest version is chosen among those that he may have', async () => {
    await using opened = await aStore()
    const { store } = opened
    const inAlbania: Condition = { kind: 'area-in', areas: [{ scheme: 'ISO3166-1', code: 'AL' }] }
    const at = (code: string) => ({ place: { areas: [{ scheme: 'ISO3166-1', code }] } })
    const id = await appendOne(store, at('AL'))
    const before = await store.read({ where: inAlbania })

    await store.append([aReport(at('MK')), aReport({ ...at('AL'), key: 'other', realm: testRealm })])

    expect(await store.read({ where: inAlbania, ids: [id] })).toEqual(before)
    expect(await store.count({ where: inAlbania, ids: [id] })).toBe(1)
    expect(told(await store.read({ ids: [id] }))).toEqual(['us70006d0m v2'])
    expect(await store.read({ ids: [id], matching: inAlbania })).toEqual([])
  })

  test('is not found by a place that is marked, unless who asks looks at each record himself', async () => {
    await using opened = await aStore()
    const { store } = opened
    const areas = [{ scheme: 'ISO3166-1', code: 'AL' }]
    const marked = { tlp: 'TLP:CLEAR', fieldMarks: { '/place': 'TLP:RED' } } as const
    await store.append([
      aReport({ key: 'open', place: { cells: [durres], areas } }),
      aReport({ key: 'marked', place: { cells: [durres], areas }, handling: marked }),
    ])

    expect(told(await store.read({ cells: [durres], where: upToGreen }))).toEqual(['open v1'])
    expect(await store.count({ cells: [durres], where: upToGreen })).toBe(1)
    const inAlbania = {
      kind: 'any',
      of: [
        { kind: 'not', of: { kind: 'area-in', areas } },
        { kind: 'area-in', areas },
      ],
    }
    expect(told(await store.read({ matching: inAlbania as Condition, where: upToGreen }))).toEqual([
      'open v1',
    ])
    expect(await store.count({ where: upToGreen })).toBe(2)
    expect(await store.count({ cells: [durres], where: upToGreen, byMarked: true })).toBe(2)
    expect(await store.count({ cells: [durres] })).toBe(2)
  })

  test('is not found by a link that is marked, and is by another of its links', async () => {
    await using opened = await aStore()
    const { store } = opened
    const [a, b] = [await appendOne(store, { key: 'a' }), await appendOne(store, { key: 'b' })]
    await store.append([
      aReport({
        key: 'linking',
        links: [
          { type: 'about', id: a },
          { type: 'partOf', id: b },
        ],
        handling: { tlp: 'TLP:CLEAR', fieldMarks: { '/links/1': 'TLP:AMBER' } },
      }),
    ])

    expect(await store.count({ linkedTo: [a], where: upToGreen })).toBe(1)
    expect(await store.count({ linkedTo: [b], where: upToGreen })).toBe(0)
    expect(await store.count({ linkedTo: [a, b], linkType: 'partOf', where: upToGreen })).toBe(0)
    expect(await store.count({ linkType: 'partOf', where: upToGreen })).toBe(0)
    expect(await store.count({ linkType: 'about', where: upToGreen })).toBe(1)
    expect(await store.count({ linkedTo: [b], where: upToGreen, byMarked: true })).toBe(1)
    expect(await store.count({ linkedTo: [b] })).toBe(1)
  })

  test('is passed over by who follows the log, who comes to the head all the same', async () => {
    await using opened = await aStore()
    const { store } = opened
    const red = { handling: { tlp: 'TLP:RED' } } as const
    await store.append([
      ...Array.from({ length: 5 }, (_, at) => aReport({ key: `red ${at}`, ...red })),
      aReport({ key: 'open' }),
    ])
    const stop = new AbortController()
    const seen: string[] = []

    for await (const batch of store.follow({ after: -1, batch: 2, where: upToGreen, signal: stop.signal })) {
      seen.push(...told(batch))
      if (seen.length === 1) await store.append([aReport({ key: 'red 6', ...red }), aReport({ key: 'late' })])
      else stop.abort()
    }

    expect(seen).toEqual(['open v1', 'late v1'])
  })

  test('is judged anew at each look of who follows', async () => {
    await using opened = await aStore()
    const { store, clock } = opened
    const embargoUntil = plusMs(atMainShock, 1000)
    const embargoed = (key: string) => aReport({ key, handling: { tlp: 'TLP:CLEAR', embargoUntil } })
    const stop = new AbortController()
    const where = (): Condition => ({ kind: 'embargo-over', at: clock.now() })
    const seen: string[] = []
    await store.append([embargoed('before'), aReport({ key: 'open' })])

    for await (const batch of store.follow({ after: -1, where, signal: stop.signal })) {
      seen.push(...told(batch))
      clock.set(embargoUntil)
      if (seen.length === 1) await store.append([embargoed('after')])
      else stop.abort()
    }

    expect(seen).toEqual(['open v1', 'after v1'])
  })
})

describe('a page of a list', () => {
  test('begins after the place where the one before ended, also among equal times', async () => {
    await using opened = await aStore()
    const { store } = opened
    await store.append(
      Array.from({ length: 11 }, (_, at) =>
        aReport({ key: `k${at}`, valid: { from: plusMs(atMainShock, at < 5 ? 0 : at) } }),
      ),
    )
    const seen: string[] = []
    let past: { readonly validFrom: ReturnType<typeof instant>; readonly index: number } | undefined
    for (;;) {
      const page = await store.read({
        order: '-valid',
        limit: 2,
        where: upToGreen,
        ...(past ? { past } : {}),
      })
      seen.push(...page.map(({ record }) => record.key))
      const last = page.at(-1)
      if (!last) break
      past = { validFrom: instant(last.record.valid.from), index: last.index }
    }

    const whole = await store.read({ order: '-valid' })
    expect(seen).toEqual(whole.map(({ record }) => record.key))
    expect(new Set(seen).size).toBe(11)
  })
})
