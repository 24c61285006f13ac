import { describe, expect, test } from 'vitest'
import { type Draft, type Handling, type Link, leq, plusMs, type RecordId } from '../record/index.ts'
import type { OpenStore } from './open-store.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'

const amber: Handling = { tlp: 'TLP:AMBER', audience: ['org-a', 'org-b'] }
const from = (...ids: readonly RecordId[]): { links: readonly Link[] } => ({
  links: ids.map((id) => ({ type: 'derivedFrom', id })),
})

async function appendOne(store: OpenStore, key: string, parts: Partial<Draft> = {}): Promise<RecordId> {
  const [outcome] = await store.append([aReport({ key, ...parts })])
  if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
  return outcome.record.id
}

describe('a later version', () => {
  test('binds the earlier ones, so that nobody gets what was said before of what he may not have now', async () => {
    await using opened = await aStore()
    const { store } = opened
    const id = await appendOne(store, 'seen')
    await appendOne(store, 'seen', { handling: amber })
    await appendOne(store, 'seen', { body: {}, handling: { tlp: 'TLP:GREEN' } })

    expect(await store.get(id, 1)).toMatchObject({
      effective: amber,
      record: { handling: { tlp: 'TLP:CLEAR' } },
    })
    expect(await store.get(id, 2)).toMatchObject({ record: { handling: amber } })
    expect(await store.get(id, 3)).toMatchObject({ record: { handling: { tlp: 'TLP:GREEN' } } })
    expect(await store.read({ where: { kind: 'tlp-at-most', label: 'TLP:CLEAR' } })).toEqual([])
    expect(
      (await store.read({ where: { kind: 'audience-open' } })).map(({ record }) => record.version),
    ).toEqual([3])
  })

  test('that is embargoed leaves the one before in the open until then', async () => {
    await using opened = await aStore()
    const { store, clock } = opened
    const id = await appendOne(store, 'figure')
    await appendOne(store, 'figure', {
      body: { magnitude: 6.5 },
      handling: { tlp: 'TLP:CLEAR', embargoUntil: plusMs(atMainShock, 1) },
    })
    const versionSeen = async () =>
      (await store.read({ ids: [id], where: { kind: 'embargo-over', at: clock.now() } })).map(
        ({ record }) => record.version,
      )

    expect(await versionSeen()).toEqual([1])
    clock.set(plusMs(atMainShock, 1))
    expect(await versionSeen()).toEqual([2])
  })
})

describe('tightening a record', () => {
  test('binds every version of it and all that is derived from it, and nothing else', async () => {
    await using opened = await aStore()
    const { store } = opened
    const seen = await appendOne(store, 'seen')
    await appendOne(store, 'seen', { body: { magnitude: 6.2 } })
    const event = await appendOne(store, 'event', from(seen))
    const warning = await appendOne(store, 'warning', from(event))
    const other = await appendOne(store, 'other', { links: [{ type: 'about', id: seen }] })

    const stricter = await store.tighten(seen, amber)

    const names = stricter.map(({ id, version }) => `${id}@${version}`).sort()
    expect(names).toEqual([`${seen}@1`, `${seen}@2`, `${event}@1`, `${warning}@1`].sort())
    for (const held of await store.read({ ids: [seen, event, warning], versions: 'all' })) {
      expect(held.effective).toEqual(amber)
      expect(held.record.handling).toEqual({ tlp: 'TLP:CLEAR' })
    }
    expect((await store.get(other))?.effective).toBeUndefined()
    expect(await store.count({ where: { kind: 'audience-names', names: ['org-b'] } })).toBe(3)
    expect((await store.derivedFrom(seen)).map(({ id }) => id).sort()).toEqual([event, warning].sort())
  })

  test('only ever tightens: again, or with less, it changes nothing; to nobody it may', async () => {
    await using opened = await aStore()
    const { store } = opened
    const id = await appendOne(store, 'seen')

    expect(await store.tighten(id, amber)).toHaveLength(1)
    expect(await store.tighten(id, amber)).toEqual([])
    expect(await store.tighten(id, { tlp: 'TLP:CLEAR' })).toEqual([])
    expect(await store.tighten(id, { tlp: 'TLP:GREEN', audience: ['org-c'] })).toHaveLength(1)

    expect((await store.get(id))?.effective).toEqual({ tlp: 'TLP:AMBER', audience: [] })
    expect(await store.count({ where: { kind: 'audience-open' } })).toBe(0)
  })

  test('ends in a circle, and does not reach what was made of a version without it', async () => {
    await using opened = await aStore()
    const { store } = opened
    const a = await appendOne(store, 'a')
    const b = await appendOne(store, 'b')
    const ofB1 = await appendOne(store, 'of b 1', { links: [{ type: 'derivedFrom', id: b, version: 1 }] })
    await appendOne(store, 'b', { ...from(a), body: { magnitude: 5 } })
    await appendOne(store, 'a', {
      links: [{ type: 'derivedFrom', id: b, version: 2 }],
      body: { magnitude: 5 },
    })

    const stricter = await store.tighten(a, { tlp: 'TLP:GREEN' })

    expect(stricter.map(({ id, version }) => `${id}@${version}`).sort()).toEqual(
      [`${a}@1`, `${a}@2`, `${b}@2`].sort(),
    )
    expect((await store.get(ofB1))?.effective).toBeUndefined()
  })

  test('reaches whatever is derived meanwhile, by whoever writes beside it', async () => {
    await using opened = await aStore({ connections: 4 })
    const { store } = opened
    const beside = await opened.beside()
    const root = await appendOne(store, 'root')
    const children = Array.from({ length: 24 }, (_, at) => at)

    await Promise.all([
      ...children.map((at) =>
        (at % 2 ? store : beside).append([
          aReport({ key: `child ${at}`, ...from(root) }),
          ...Array.from({ length: 20 }, (_, n) => aReport({ key: `more ${at} ${n}`, ...from(root) })),
        ]),
      ),
      store.tighten(root, { tlp: 'TLP:GREEN' }),
      beside.tighten(root, amber),
      ...children.map((at) => store.append([aReport({ key: `late ${at}`, ...from(root) })])),
    ])

    const held = await store.read({})
    expect(held).toHaveLength(1 + 24 * 22)
    expect(held.filter(({ record, effective }) => !leq(amber, effective ?? record.handling))).toEqual([])
    expect(await store.count({ where: { kind: 'audience-open' } })).toBe(0)
  })
})
