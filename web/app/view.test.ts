import { describe, expect, test } from 'vitest'
import { nodeTime } from './clock.tsx'
import { questionsAbout } from './line.tsx'
import { readSearch } from './view.ts'

describe('what the address says', () => {
  test('keeps filters and the instant looked back to, and drops what it does not know', () => {
    expect(
      readSearch({ level: 'orange', q: '', at: '2019-11-26T04:10:00+01:00', page: 3, realm: 'exercise:x' }),
    ).toEqual({ level: 'orange', at: '2019-11-26T03:10:00.000Z', realm: 'exercise:x' })
  })

  test('a mistyped instant shows the present rather than an error', () => {
    expect(readSearch({ at: 'yesterday', country: 'AL' })).toEqual({ country: 'AL' })
  })
})

describe("the node's clock", () => {
  const node = { now: '2026-01-01T00:00:00.000Z', askedAt: 1000 }
  const replay = {
    time: '2019-11-26T02:54:12.000Z',
    until: '2019-11-26T03:00:00.000Z',
    speed: 60,
    askedAt: 1000,
  }

  test('runs with the scenario while it plays, and never past its end', () => {
    expect(nodeTime(node, { ...replay, state: 'playing' }, 3000)).toBe(Date.parse('2019-11-26T02:56:12.000Z'))
    expect(nodeTime(node, { ...replay, state: 'playing' }, 9_000_000)).toBe(Date.parse(replay.until))
  })

  test('stands while the scenario is paused', () => {
    expect(nodeTime(node, { ...replay, state: 'paused' }, 60_000)).toBe(Date.parse(replay.time))
  })

  test('is the wall clock of the node, not of the reader, when nothing is replayed', () => {
    expect(nodeTime(node, undefined, 3000)).toBe(Date.parse('2026-01-01T00:00:02.000Z'))
  })
})

describe('what a record on the stream makes old', () => {
  test('an issued warning changes the lists of warnings and of events', () => {
    expect(questionsAbout('warn.warning')).toEqual([
      'warnings',
      'warning',
      'notices',
      'notice',
      'desk',
      'events',
      'event',
    ])
    expect(questionsAbout('hazards.impact')).toEqual(['events', 'event'])
  })
})
