import { describe, expect, test } from 'vitest'
import { fromWords, rootTolerance, stateTolerance, tolerateField } from './tolerance.ts'

describe('the tolerance a reference case states', () => {
  test('adds the absolute and the relative part, as the cases define it', () => {
    expect(rootTolerance({ abs: 0.5, rel: 0.1 }).allowed(-20, 'x')).toBe(2.5)
  })

  test('is one in a million where the case states none', () => {
    expect(rootTolerance(undefined).allowed(1, 'x')).toBeCloseTo(2e-6, 12)
  })

  test.each([
    ['abs 0.05 km or rel 2e-3', 100, 0.2],
    ['abs 0.05 km or rel 2e-3', 1, 0.05],
    ['rel 1e-9', 2, 2e-9],
    ['abs 1e-9', 2, 1e-9],
    ['exact integers (sum per bin, then truncated)', 7, 0],
    ['integer, exact (truncation, not rounding)', 7, 0],
  ])('reads "%s" at %d as %d', (words, value, allowed) => {
    expect(fromWords(words)?.allowed(value, 'x')).toBeCloseTo(allowed, 15)
  })

  test('keeps degrees for angles and kilometres for the rest', () => {
    const corners = fromWords('2e-4 deg / 0.02 km')

    expect([corners?.allowed(1, 'lon'), corners?.allowed(1, 'depth')]).toEqual([2e-4, 0.02])
  })

  test('does not guess at words it cannot read: what held above holds', () => {
    const above = rootTolerance({ abs: 0.25 })

    expect(tolerateField({ labels: 'same partition' }, 'labels', above)).toBe(above)
  })

  test('is written out for a share of a value, for named fields, and under the other word of a field', () => {
    const stated = { par: '1e-3*scale', se: 'rel 1e-2', perField: { kap: 1e-5 } } as unknown as Record<
      string,
      string
    >

    const written = stateTolerance(stated, { scale: -200 }, { levelError: 'se' })

    expect(written).toMatchObject({ par: 0.2, levelError: 'rel 1e-2', kap: 'abs 0.00001 rel 0.00001' })
  })

  test('leaves a share of a value that the case does not have unread', () => {
    expect(stateTolerance({ par: '1e-3*scale' }, {})).toEqual({ par: '1e-3*scale' })
  })
})
