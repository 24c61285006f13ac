import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clear,
  type Handling,
  isLostInJoin,
  isNobody,
  join,
  joinAll,
  leq,
  normalise,
  policeCodes,
  tlpLabels,
} from './handling.ts'
import { instant } from './instant.ts'

const names = fc.uniqueArray(fc.constantFrom('al', 'me', 'mk', 'xk', 'rs'))
const at = fc.integer({ min: 0, max: 5 }).map((day) => instant(Date.UTC(2026, 0, 1 + day)))
const label = fc.constantFrom(...tlpLabels)
const handlings: fc.Arbitrary<Handling> = fc
  .record(
    {
      tlp: label,
      audience: names,
      originatorControl: fc.boolean(),
      purposes: names,
      police: fc.array(fc.constantFrom(...policeCodes)),
      embargoUntil: at,
      fieldMarks: fc.dictionary(fc.constantFrom('/body/name', '/place'), label),
      retainUntil: at,
    },
    { requiredKeys: ['tlp'] },
  )
  .map((one) => normalise(one as Handling))

describe('the join of two handlings', () => {
  test('does not depend on grouping, order or repetition', () => {
    fc.assert(
      fc.property(handlings, handlings, handlings, (a, b, c) => {
        expect(join(join(a, b), c)).toEqual(join(a, join(b, c)))
        expect(join(a, b)).toEqual(join(b, a))
        expect(join(a, a)).toEqual(a)
        expect(join(a, clear)).toEqual(a)
      }),
    )
  })

  test('is never less restrictive than either side, and no more than it must be', () => {
    fc.assert(
      fc.property(handlings, handlings, handlings, (a, b, c) => {
        expect(leq(a, join(a, b))).toBe(true)
        expect(leq(b, join(a, b))).toBe(true)
        expect(leq(a, c) && leq(b, c)).toBe(leq(join(a, b), c))
        expect(leq(b, a)).toBe(JSON.stringify(join(a, b)) === JSON.stringify(join(a, a)))
      }),
    )
  })

  test('keeps the higher label, those who are in both audiences, the later embargo, the earlier end', () => {
    const a: Handling = {
      tlp: 'TLP:GREEN',
      audience: ['al', 'me'],
      embargoUntil: instant('2026-01-01T00:00:00Z'),
      retainUntil: instant('2027-01-01T00:00:00Z'),
      fieldMarks: { '/body/name': 'TLP:AMBER' },
      police: ['H0'],
    }
    const b: Handling = {
      tlp: 'TLP:AMBER',
      audience: ['me', 'mk'],
      embargoUntil: instant('2026-02-01T00:00:00Z'),
      retainUntil: instant('2026-06-01T00:00:00Z'),
      fieldMarks: { '/body/name': 'TLP:RED', '/place': 'TLP:GREEN' },
      police: ['H2', 'H1'],
      originatorControl: true,
    }

    expect(join(a, b)).toEqual({
      tlp: 'TLP:AMBER',
      audience: ['me'],
      originatorControl: true,
      police: ['H1', 'H2'],
      embargoUntil: '2026-02-01T00:00:00.000Z',
      retainUntil: '2026-06-01T00:00:00.000Z',
      fieldMarks: { '/body/name': 'TLP:RED', '/place': 'TLP:GREEN' },
    })
  })

  test('of two audiences with nobody in common leaves nobody, and says that it was the join', () => {
    const parts: Handling[] = [
      { tlp: 'TLP:AMBER', audience: ['al'] },
      { tlp: 'TLP:AMBER', audience: ['mk'] },
    ]

    expect(isNobody(joinAll(parts))).toBe(true)
    expect(isLostInJoin(joinAll(parts), parts)).toBe(true)
    expect(isLostInJoin({ tlp: 'TLP:RED', audience: [] }, [{ tlp: 'TLP:RED', audience: [] }])).toBe(false)
  })

  test('of nothing is TLP:CLEAR', () => {
    expect(joinAll([])).toEqual({ tlp: 'TLP:CLEAR' })
  })
})
