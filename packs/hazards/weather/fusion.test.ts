import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aNotice, eventsOf, membersOf, square } from '../tellings.test-support.ts'

describe('weather: kind, code, time, across borders', () => {
  test('one storm over a border is one event; rain of the same hour is another', async () => {
    const events = await eventsOf([
      aNotice({ id: 'hr', country: 'HR', type: 1, geometry: square(17, 45.2) }),
      aNotice({ id: 'ba', country: 'BA', type: 1, geometry: square(17.2, 45.2), from: 6 }),
      aNotice({ id: 'rain', country: 'BA', type: 10, geometry: square(17.2, 45.2), from: 6 }),
    ])

    expect(membersOf(events)).toEqual([1, 2])
    expect(events.map(({ record }) => record.body.figures?.kind).sort()).toEqual(['rain', 'wind'])
  })

  test('the next day without a break goes on; after a night without warning it is new', async () => {
    const day = (id: string, from: number, until: number) =>
      aNotice({ id, country: 'HR', type: 1, codes: ['HR004'], from, until })
    const events = await eventsOf([day('a', 0, 12), day('b', 12, 30), day('c', 60, 72)])

    expect(membersOf(events)).toEqual([1, 2])
  })

  test('areas far apart, and codes of two countries without shapes, are events of their own', async () => {
    const events = await eventsOf([
      aNotice({ id: 'hr', country: 'HR', type: 1, geometry: square(15, 45) }),
      aNotice({ id: 'bg', country: 'BG', type: 1, geometry: square(25, 42.5) }),
      aNotice({ id: 'ro', country: 'RO', type: 1, codes: ['RO011'] }),
      aNotice({ id: 'md', country: 'MD', type: 1, codes: ['MD001'] }),
    ])

    expect(membersOf(events)).toEqual([1, 1, 1, 1])
  })

  test('any order of arrival gives the same events', async () => {
    const all = [
      aNotice({ id: 'hr', country: 'HR', type: 1, geometry: square(17, 45.2) }),
      aNotice({ id: 'ba', country: 'BA', type: 1, geometry: square(17.2, 45.2), from: 6 }),
      aNotice({ id: 'ba2', country: 'BA', type: 1, geometry: square(17.9, 45), from: 10, until: 40 }),
      aNotice({ id: 'coded', country: 'BA', type: 1, codes: ['BA003'], from: 3 }),
    ]
    const told = async (drafts: typeof all) =>
      (await eventsOf(drafts))
        .map(({ record }) =>
          JSON.stringify([record.body.members.map(({ id }) => id).sort(), record.body.figures, record.place]),
        )
        .sort()
    const expected = await told(all)

    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), async (shuffled) => {
        expect(await told(shuffled)).toEqual(expected)
      }),
      { numRuns: process.env['MOSAIC_LONG'] ? 40 : 3 },
    )
  })
})
