import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Handling, instant, isPublic, plusMs } from '../record/index.ts'
import { aReport, aStore, atMainShock, type TestStore } from './store.test-support.ts'

const later = plusMs(atMainShock, 3_600_000)
const earlier = plusMs(atMainShock, -3_600_000)
const marks: Readonly<Record<string, Handling>> = {
  clear: { tlp: 'TLP:CLEAR' },
  green: { tlp: 'TLP:GREEN' },
  amber: { tlp: 'TLP:AMBER' },
  'for some': { tlp: 'TLP:CLEAR', audience: ['durres.example'] },
  'for nobody': { tlp: 'TLP:CLEAR', audience: [] },
  'for one purpose': { tlp: 'TLP:CLEAR', purposes: ['relief'] },
  'with a police code': { tlp: 'TLP:CLEAR', police: ['H1'] },
  'with a marked field': { tlp: 'TLP:CLEAR', fieldMarks: { '/body/magnitude': 'TLP:AMBER' } },
  'under its originator': { tlp: 'TLP:CLEAR', originatorControl: true },
  'embargoed still': { tlp: 'TLP:CLEAR', embargoUntil: later },
  'embargoed until now': { tlp: 'TLP:CLEAR', embargoUntil: atMainShock },
  'kept still': { tlp: 'TLP:CLEAR', retainUntil: later },
  'to be erased': { tlp: 'TLP:CLEAR', retainUntil: earlier },
}

let opened: TestStore
beforeAll(async () => {
  opened = await aStore()
  await opened.store.append(
    Object.entries(marks).map(([key, handling], at) =>
      aReport({ key, handling, valid: { from: plusMs(atMainShock, at < 5 ? 0 : at) } }),
    ),
  )
})
afterAll(() => opened[Symbol.asyncDispose]())

describe('what anybody may have', () => {
  test('is TLP:CLEAR without another mark, past its embargo, within its retention', async () => {
    const held = await opened.store.read({ public: true })

    const keys = held.map(({ record }) => record.key)
    expect(keys).toEqual(['clear', 'embargoed until now', 'kept still'])
    expect(await opened.store.count({ public: true })).toBe(3)
  })

  test('is the same to the database and to the program', async () => {
    const shown = new Set((await opened.store.read({ public: true })).map(({ record }) => record.key))

    for (const [key, handling] of Object.entries(marks))
      expect([key, shown.has(key)]).toEqual([key, isPublic(handling, atMainShock)])
  })

  test('becomes more when an embargo passes', async () => {
    const beside = await opened.beside({ clock: { now: () => plusMs(later, 1) } })

    const keys = (await beside.read({ public: true })).map(({ record }) => record.key)
    expect(keys).toEqual(['clear', 'embargoed still', 'embargoed until now'])
  })

  test('is not the earlier version of what is restricted now', async () => {
    await using other = await aStore()
    await other.store.append([aReport()])
    await other.store.append([aReport({ handling: { tlp: 'TLP:AMBER' } })])

    expect(await other.store.read({ public: true })).toEqual([])
  })
})

describe('a page of a list', () => {
  test('begins after the place where the one before ended, also among equal times', async () => {
    const seen: string[] = []
    let past: { readonly validFrom: ReturnType<typeof instant>; readonly index: number } | undefined
    for (;;) {
      const page = await opened.store.read({ order: '-valid', limit: 2, ...(past ? { past } : {}) })
      seen.push(...page.map(({ record }) => record.key))
      const last = page.at(-1)
      if (!last) break
      past = { validFrom: instant(last.record.valid.from), index: last.index }
    }

    const whole = await opened.store.read({ order: '-valid' })
    expect(seen).toEqual(whole.map(({ record }) => record.key))
    expect(new Set(seen).size).toBe(Object.keys(marks).length)
  })
})
