import { describe, expect, test } from 'vitest'
import { aNotice, aReport, eventsOf, membersOf, square } from '../tellings.test-support.ts'

describe('other disasters', () => {
  test('a drought with seven episodes stays one event, and its area grows', async () => {
    const episodes = Array.from({ length: 7 }, (_, at) => ({
      ...aReport({
        id: 'DR1016449',
        kind: 'drought',
        at: [26, 45],
        episode: at + 1,
        until: 24 * 10 * (at + 1),
        geometry: square(26, 45, 1 + at / 2),
      }),
    })).map((draft, at) => ({
      ...draft,
      body: { ...draft.body, updated: draft.valid.until ?? draft.body.updated, episode: at + 1 },
    }))
    const [drought, ...others] = await eventsOf(episodes)

    expect(others).toEqual([])
    expect(drought?.record.version).toBeGreaterThan(1)
    expect(drought?.record.place?.geometry).toEqual(square(26, 45, 4))
    expect(drought?.record.body.members).toHaveLength(1)
  })

  test('two systems join alone only where place, time and country agree; else a person is asked', async () => {
    const volcano = (id: string, agency: string, at: readonly [number, number], countries: string[]) =>
      aReport({ id, agency, kind: 'volcano', at, countries })
    const near = await eventsOf([
      volcano('a', 'GDACS', [15, 37.7], ['IT']),
      volcano('b', 'GLIDE', [15.02, 37.7], ['IT']),
    ])
    const unsure = await eventsOf([
      volcano('a', 'GDACS', [15, 37.7], ['IT']),
      volcano('b', 'GLIDE', [15.2, 37.8], []),
    ])

    expect(membersOf(near)).toEqual([2])
    expect(membersOf(unsure)).toEqual([1, 1])
  })

  test('two reports of one system are two disasters, unless it gives them one name', async () => {
    const slide = (id: string, ids: readonly string[]) =>
      aReport({ id, kind: 'landslide', at: [15, 37.7], countries: ['IT'], ids: [...ids] })
    expect(membersOf(await eventsOf([slide('a', ['gdacs:a']), slide('b', ['gdacs:b'])]))).toEqual([1, 1])
    expect(membersOf(await eventsOf([slide('a', ['glide:x']), slide('b', ['glide:x'])]))).toEqual([2])
  })

  test('one warning for several areas is one event', async () => {
    const tsunami = (id: string, lon: number) =>
      aNotice({
        id,
        country: 'GR',
        geometry: square(lon, 37),
        parts: { kind: [{ scheme: 'SAME', code: 'TSW' }] },
      })
    const events = await eventsOf([tsunami('a', 22), tsunami('b', 26)])

    expect(membersOf(events)).toEqual([2])
    expect(events[0]?.record.body.figures?.kind).toBe('tsunami')
  })

  test('a report that its system took back makes no event, and ends the one it made', async () => {
    const report = aReport({ id: 'VO1', kind: 'volcano', at: [15, 37.7] })
    const back = {
      ...report,
      body: {
        ...report.body,
        status: 'withdrawn' as const,
        updated: report.body.updated.replace('07:', '08:') as typeof report.body.updated,
      },
    }

    expect(await eventsOf([report, back])).toEqual([])
  })
})
