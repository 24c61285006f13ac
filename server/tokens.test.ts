import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTokens } from './tokens.ts'

const tokens = createTokens(Buffer.alloc(32, 7), 'aa11')
const mine = { principal: 'person:ana@durres.example', realm: 'actual', route: '/events' }
const place = ['2019-11-26T02:54:12.000Z', 41]

describe('a token', () => {
  test('brings its asker back to the place it was given at', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer(), fc.string({ maxLength: 40 })), { maxLength: 4 }),
        (some) => {
          expect(tokens.open(tokens.seal(some, mine), mine)).toEqual(some)
        },
      ),
    )
  })

  test('opens for no other asker, realm or route', () => {
    const token = tokens.seal(place, mine)

    for (const other of [{ principal: 'public' }, { realm: 'test' }, { route: '/warnings' }])
      expect(tokens.open(token, { ...mine, ...other })).toBeUndefined()
  })

  test('opens in another process of the node, and no longer after a restore', () => {
    const token = tokens.seal(place, mine)

    expect(createTokens(Buffer.alloc(32, 7), 'aa11').open(token, mine)).toEqual(place)
    expect(createTokens(Buffer.alloc(32, 7), 'bb22').open(token, mine)).toBeUndefined()
    expect(createTokens(Buffer.alloc(32, 8), 'aa11').open(token, mine)).toBeUndefined()
  })

  test('is never given twice, and is as long for the first record as for the last', () => {
    const many = [0, 9, 10, 999_999, Number.MAX_SAFE_INTEGER].map((at) => tokens.seal([at], mine))

    expect(new Set(many.map(({ length }) => length)).size).toBe(1)
    expect(tokens.seal(place, mine)).not.toBe(tokens.seal(place, mine))
  })

  test('with any one bit altered is none', () => {
    const bytes = Buffer.from(tokens.seal(place, mine), 'base64url')
    fc.assert(
      fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
        const altered = Buffer.from(bytes)
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(tokens.open(altered.toString('base64url'), mine)).toBeUndefined()
      }),
    )
  })

  test('made up by somebody is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(tokens.open(text, mine)).toBeUndefined()
      }),
    )
  })
})
