import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, canonicalOfChecked } from './canonical.ts'
import { InvalidRecord } from './errors.ts'

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/record/${name}.json`, import.meta.url), 'utf8'))

const numbers: readonly { bits: string; text: string | null }[] = vectors('rfc8785-numbers')
const samples: readonly { name: string; input: string; canonical: string }[] = vectors('rfc8785-samples')

describe('the canonical form', () => {
  test.each(numbers)('of the number $bits is $text, as RFC 8785 appendix B says', ({ bits, text }) => {
    const value = Buffer.from(bits, 'hex').readDoubleBE()

    if (text === null) expect(() => canonical(value)).toThrow(InvalidRecord)
    else expect(canonical(value)).toBe(text)
  })

  test.each(samples)('of the sample of $name is the one printed there', ({ input, canonical: expected }) => {
    expect(canonical(JSON.parse(input))).toBe(expected)
  })

  test.each([
    ['undefined', undefined],
    ['undefined in a member', { magnitude: undefined }],
    ['undefined in a list', [undefined]],
    ['not a number', { magnitude: Number.NaN }],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a big integer', { people: 1n }],
    ['a date', { at: new Date(0) }],
    ['a function', { act: () => 1 }],
    ['half a surrogate pair', { name: '\ud83d' }],
    ['half a surrogate pair in a name', { '\ude00': 1 }],
  ])('refuses %s instead of leaving it out', (_, value) => {
    expect(() => canonical(value)).toThrow(InvalidRecord)
  })

  test('refuses a circle', () => {
    const circle: { self?: unknown } = {}
    circle.self = circle

    expect(() => canonical(circle)).toThrow(InvalidRecord)
  })

  test('is the same whatever order the members came in, and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse())

        expect(canonical(turned)).toBe(canonical(value))
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value))
      }),
    )
  })

  test('is the same from the hot path, which trusts what it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalOfChecked(value)).toBe(canonical(value))
        expect(canonicalOfChecked(JSON.parse(canonical(value)))).toBe(canonical(value))
      }),
    )
    for (const { input, canonical: expected } of samples)
      expect(canonicalOfChecked(JSON.parse(input))).toBe(expected)
    expect(canonicalOfChecked({ 10: -0, 9: 1e21, __proto__: null })).toBe('{"10":0,"9":1e+21}')
  })
})
