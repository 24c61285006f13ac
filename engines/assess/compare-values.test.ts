import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareValues } from './compare-values.ts'

describe('every expected value is compared', () => {
  test('counts each number, word, logical and missing value', () => {
    const expected = { a: [1, 'NaN', null], b: { c: true, d: 'red' } }

    expect(
      compareValues(expected, { a: [1, Number.NaN, undefined], b: { c: true, d: 'red' } }, undefined),
    ).toMatchObject({ values: 5, passed: true })
  })

  test('names the value that lies farthest, in tolerances and not in size', () => {
    const expected = { big: [1000], small: [1] }
    const got = { big: [1000.5], small: [1.1] }

    expect(compareValues(expected, got, { abs: 0, rel: 0.01 })).toEqual({
      values: 2,
      passed: false,
      worst: { where: '/small/0', got: 1.1, expected: 1 },
    })
  })

  test.each([
    ['a missing field', { a: [1] }, {}],
    ['a list that is too short', { a: [1, null] }, { a: [1] }],
    ['a list that is too long', { a: [1] }, { a: [1, 2] }],
    ['a number where nothing was expected', { a: null }, { a: 0 }],
    ['an infinity of the other sign', { a: 'Inf' }, { a: Number.NEGATIVE_INFINITY }],
    ['not a number', { a: 1 }, { a: Number.NaN }],
    ['another word', { a: 'red' }, { a: 'orange' }],
    ['no expected value at all', {}, {}],
  ])('fails on %s', (_what, expected, got) => {
    expect(compareValues(expected, got, { abs: 1, rel: 1 }).passed).toBe(false)
  })

  test('a value always equals itself, whatever it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
        const { values, passed } = compareValues(value, structuredClone(value), { abs: 0, rel: 0 })
        return passed || values === 0
      }),
    )
  })
})
