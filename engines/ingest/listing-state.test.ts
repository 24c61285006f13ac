import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Instant, instant, plusMs } from '../record/index.ts'
import { type Advanced, advance, type ListingState, noListing, sameAnswer } from './listing-state.ts'

const rule = { absences: 3, forMs: 60 * 60_000 }
const start = instant('2026-05-14T10:00:00Z')
const at = (minutes: number): Instant => plusMs(start, minutes * 60_000)
const five = ['a', 'b', 'c', 'd', 'e']
const answer = (names: readonly string[], minutes: number, isWhole = true) => ({
  names: new Set(names),
  isWhole,
  at: at(minutes),
})

type Step = readonly [names: readonly string[], minutes: number, isWhole?: boolean]
function walked(...steps: readonly Step[]): Advanced {
  let last: Advanced = { state: noListing, vanished: [], back: [] }
  for (const [names, minutes, isWhole] of steps)
    last = advance(last.state, answer(names, minutes, isWhole), rule)
  return last
}
const without = (name: string) => five.filter((each) => each !== name)

describe('a thing that was listed', () => {
  test('has vanished after three answers without it that span an hour', () => {
    const { vanished } = walked([five, 0], [without('a'), 5], [without('a'), 35], [without('a'), 65])

    expect(vanished).toEqual([{ name: 'a', since: at(5) }])
  })

  test('has not after three answers within a few minutes, nor after two that span an hour', () => {
    expect(walked([five, 0], [without('a'), 5], [without('a'), 10], [without('a'), 15]).vanished).toEqual([])
    expect(walked([five, 0], [without('a'), 5], [without('a'), 90]).vanished).toEqual([])
  })

  test('that one answer has again was never gone', () => {
    const { vanished } = walked(
      [five, 0],
      [without('a'), 5],
      [without('a'), 35],
      [five, 40],
      [without('a'), 70],
    )

    expect(vanished).toEqual([])
  })

  test('vanishes once, and comes back as what had vanished', () => {
    const gone = walked(
      [five, 0],
      [without('a'), 5],
      [without('a'), 35],
      [without('a'), 65],
      [without('a'), 70],
    )
    expect(gone.vanished).toEqual([])

    const { back, state } = advance(gone.state, answer(five, 75), rule)
    expect(back).toEqual(['a'])
    expect(advance(state, answer(five, 80), rule).back).toEqual([])
  })

  test('a source that says "nothing changed" counts as the same answer once more', () => {
    let { state } = walked([five, 0], [without('a'), 5])
    const said = [35, 65].map((minutes) => {
      const next = advance(state, sameAnswer(state, at(minutes)), rule)
      state = next.state
      return next.vanished.length
    })

    expect(said).toEqual([0, 1])
  })
})

describe('an answer that cannot be believed', () => {
  test.each([
    ['empty', [], true],
    ['not read whole', without('a'), false],
    ['without most of what was there', ['e'], true],
  ])('%s makes nothing vanish, however often it comes within a day', (_title, names, isWhole) => {
    const steps = Array.from({ length: 200 }, (_, at): Step => [names, 5 + at * 5, isWhole])

    expect(walked([five, 0], ...steps).vanished).toEqual([])
  })

  test('that stays the same for a day is the new listing, and counting starts there', () => {
    const dayMinutes = 24 * 60
    const before = walked([five, 0], [['e'], 5], [['e'], 600])
    const accepted = advance(before.state, answer(['e'], 5 + dayMinutes), rule)
    expect(accepted.vanished).toEqual([])

    const [one, two] = [40, 80].map((more) => answer(['e'], 5 + dayMinutes + more))
    const once = advance(accepted.state, one ?? answer([], 0), rule)
    expect(
      advance(once.state, two ?? answer([], 0), rule)
        .vanished.map(({ name }) => name)
        .sort(),
    ).toEqual(without('e'))
  })

  test('what it does list is there all the same', () => {
    const { state } = walked([five, 0], [without('a'), 5], [['a'], 10, false])

    expect(state.things['a']).toEqual({ kind: 'listed' })
  })
})

test('whatever comes in whatever order: nothing that the last answer lists has vanished, and nothing vanishes twice', () => {
  const step = fc.record({
    names: fc.subarray(five),
    isWhole: fc.boolean(),
    minutes: fc.integer({ min: 1, max: 2000 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let state: ListingState = noListing
      let now = 0
      const gone = new Set<string>()
      for (const { names, isWhole, minutes } of steps) {
        now += minutes
        const next = advance(state, answer(names, now, isWhole), rule)
        for (const name of next.back) expect(gone.delete(name)).toBe(true)
        for (const { name } of next.vanished) {
          expect(names).not.toContain(name)
          expect(isWhole && names.length > 0).toBe(true)
          expect(gone.has(name)).toBe(false)
          gone.add(name)
        }
        expect(names.filter((name) => next.state.things[name]?.kind !== 'listed')).toEqual([])
        state = next.state
      }
    }),
  )
})
