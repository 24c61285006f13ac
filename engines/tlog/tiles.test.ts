import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  entryBundle,
  levelsOf,
  maxTileLevel,
  parseBundle,
  parseTilePath,
  tileOf,
  tilePath,
  tilesAt,
  widthOf,
} from './tiles.ts'

const widths = (size: number) =>
  levelsOf(size).map((level) => {
    const tiles = [...tilesAt(level, size)]
    const partial = tiles.filter(({ width }) => width < 256).map(({ width }) => width)
    return { full: tiles.length - partial.length, partial }
  })

describe('the sizes that the specification works out', () => {
  test('256: a full tile, and one of width 1 above', () => {
    expect(widths(256)).toEqual([
      { full: 1, partial: [] },
      { full: 0, partial: [1] },
    ])
  })

  test('70,000: 273 full and 112, one full and 17, and 1', () => {
    expect(widths(70_000)).toEqual([
      { full: 273, partial: [112] },
      { full: 1, partial: [17] },
      { full: 0, partial: [1] },
    ])
  })

  test('1,234,067: the last leaf stands in the tile x004/820, and a tile of that number is x001/x234/067', () => {
    expect(widths(1_234_067)).toEqual([
      { full: 4820, partial: [147] },
      { full: 18, partial: [212] },
      { full: 0, partial: [18] },
    ])
    expect(tilePath({ level: 0, n: 4820, width: 147 })).toBe('tile/0/x004/820.p/147')
    expect(tilePath({ level: 0, n: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067')
  })

  test('0: no tile', () => {
    expect(levelsOf(0)).toEqual([])
    expect(widthOf(0, 0, 0)).toBe(0)
  })
})

const names = fc.record({
  level: fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: maxTileLevel })),
  n: fc.oneof(fc.nat(2000), fc.nat({ max: 2 ** 40 })),
  width: fc.integer({ min: 1, max: 256 }),
})

test('a path is read back as the tile it names', () => {
  fc.assert(
    fc.property(names, (name) => {
      expect(parseTilePath(tilePath(name))).toEqual(name)
    }),
  )
})

test('only the one spelling of a path names a tile', () => {
  const wrong = [
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/0/x000/001',
    'tile/00/000',
    'tile/-1/000',
    'tile/7/000',
    'tile/63/000',
    'tile/0/001/234',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000/',
    'tile/0/000\n',
    '/tile/0/000',
    'tile/0/../000',
    'tile/entries/000.p/300',
    'tile/data/000',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
    `tile/0/${'x000/'.repeat(100)}000`,
  ]

  expect(wrong.map(parseTilePath)).toEqual(wrong.map(() => undefined))
})

test('whatever else comes as a path is no tile, or is its own spelling', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^tile\/(entries|\d{1,2})\/[x0-9/]{1,12}(\.p\/\d{1,4})?$/), (path) => {
      const name = parseTilePath(path)
      if (name) expect(tilePath(name)).toBe(path)
    }),
  )
})

test('a complete subtree is made of hashes of one tile', () => {
  expect(tileOf({ level: 0, index: 300 })).toEqual({ level: 0, n: 1, start: 44, count: 1 })
  expect(tileOf({ level: 7, index: 3 })).toEqual({ level: 0, n: 1, start: 128, count: 128 })
  expect(tileOf({ level: 8, index: 3 })).toEqual({ level: 1, n: 0, start: 3, count: 1 })
  expect(tileOf({ level: 17, index: 200 })).toEqual({ level: 2, n: 1, start: 144, count: 2 })
})

test('a bundle gives back its entries, and a cut one says where it breaks off', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 }), fc.nat(), (entries, cut) => {
      const bundle = entryBundle(entries)

      const whole = parseBundle(bundle)
      expect(whole.kind === 'entries' && whole.entries.map((entry) => [...entry.bytes])).toEqual(
        entries.map((entry) => [...entry]),
      )
      const part = parseBundle(bundle.subarray(0, cut % (bundle.length + 1)))
      if (part.kind === 'entries') expect(part.entries.length).toBeLessThanOrEqual(entries.length)
      else expect(part.at).toBeLessThanOrEqual(bundle.length)
    }),
  )
})
