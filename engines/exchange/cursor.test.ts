import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, nodeId } from '../record/index.ts'
import { createCursors, type Place } from './cursor.ts'

const tirana = nodeId('tirana.example')
const skopje = nodeId('skopje.example')
const cursors = createCursors(new Uint8Array(32).fill(7), randomBytes)

const at = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => instant(ms))
const index = fc.integer({ min: -1, max: 2 ** 40 })
const epoch = fc.integer({ min: 1, max: 2 ** 48 }).map((value) => value.toString(16).padStart(16, '0'))
const places: fc.Arbitrary<Place> = fc.record(
  {
    epoch,
    live: index,
    embargo: at,
    backlog: fc.record(
      {
        stage: fc.constantFrom('valid' as const, 'history' as const),
        after: index,
        upTo: index,
        since: at,
        beyond: epoch,
      },
      { requiredKeys: ['stage', 'after', 'upTo', 'since'] },
    ),
    ended: fc.record({ to: at, after: index }),
  },
  { requiredKeys: ['epoch', 'live', 'embargo'] },
)

describe('a cursor', () => {
  test('brings back the place that was sealed', () => {
    fc.assert(
      fc.property(places, (place) => {
        expect(cursors.open(tirana, cursors.seal(tirana, place))).toEqual(place)
      }),
    )
  })

  test('is of one length and looks different each time, so it tells nothing of what was not given', () => {
    fc.assert(
      fc.property(places, places, (one, other) => {
        expect(cursors.seal(tirana, one).length).toBe(cursors.seal(tirana, other).length)
        expect(cursors.seal(tirana, one)).not.toBe(cursors.seal(tirana, one))
      }),
    )
  })

  test('is of no use to another peer, to another node, or after a change', () => {
    const cursor = cursors.seal(tirana, { epoch: '00000000000000aa', live: 7, embargo: instant(0) })

    expect(cursors.open(skopje, cursor)).toBeUndefined()
    expect(createCursors(new Uint8Array(32).fill(8), randomBytes).open(tirana, cursor)).toBeUndefined()
    for (let at = 0; at < cursor.length; at += 5) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1)
      expect(cursors.open(tirana, changed)).toBeUndefined()
    }
    expect(cursors.open(tirana, 'garbage')).toBeUndefined()
  })
})
