import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJson } from './json.ts'
import { readUtf8 } from './utf8.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('JSON from outside', () => {
  test('a broken text is refused with line, column and pointer', () => {
    const read = readJson(bytes('{"features": [\n  {"a": 1},\n  {"a": tru}\n]}'))

    expect(read).toMatchObject({
      ok: false,
      issue: { rule: 'json/malformed', place: 'line 3 column 9, /features/1/a' },
    })
  })

  test('a text that was cut off is refused at its end', () => {
    expect(readJson(bytes('{"a": [1, 2'))).toMatchObject({
      ok: false,
      issue: {
        rule: 'json/malformed',
        place: 'line 1 column 12, /a',
        message: expect.stringContaining('end of the text'),
      },
    })
  })

  test('a page of HTML is named as one', () => {
    expect(readJson(bytes('<!doctype html><title>Sorry</title>'))).toMatchObject({
      ok: false,
      issue: { rule: 'json/markup-instead' },
    })
  })

  test.each([
    ['UTF-16 with its mark', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
    ['UTF-16 without a mark', new Uint8Array([0x7b, 0x00, 0x7d, 0x00])],
    ['big-endian UTF-16', new Uint8Array([0x00, 0x7b, 0x00, 0x7d])],
    ['Latin-1', new Uint8Array([0x22, 0xe8, 0x22])],
  ])('%s is refused as the wrong encoding', (_, given) => {
    expect(readJson(given)).toMatchObject({ ok: false, issue: { rule: 'text/wrong-encoding' } })
  })

  test('the place of a byte that is not UTF-8 is told', () => {
    expect(readUtf8(new Uint8Array([...bytes('Durrës'), 0xc3, 0x28, 0x41]))).toMatchObject({
      ok: false,
      issue: { place: 'byte 8' },
    })
  })

  test('a byte order mark is skipped and noted', () => {
    expect(readJson(bytes('\ufeff{"a":1}'))).toMatchObject({
      ok: true,
      value: { a: 1 },
      defects: [{ rule: 'text/byte-order-mark' }],
    })
  })

  test('a million open brackets are refused before anything is built', () => {
    const started = performance.now()

    expect(readJson(bytes('['.repeat(1_000_000)))).toMatchObject({
      ok: false,
      issue: { rule: 'json/too-deep' },
    })
    expect(performance.now() - started).toBeLessThan(1000)
  })

  test.each([
    ['a string', `["${'a'.repeat(8_000_000)}`],
    ['a number', `[${'1'.repeat(8_000_000)}`],
    ['white space', `[${' '.repeat(8_000_000)}`],
    ['a list', `[${'1,'.repeat(4_000_000)}`],
  ])('%s of eight million characters that never ends is refused, not run into', (_, text) => {
    expect(readJson(bytes(text))).toMatchObject({ ok: false, issue: { rule: 'json/malformed' } })
  })

  test('more bytes than allowed are refused', () => {
    expect(readJson(bytes('[1,2,3]'), { maxBytes: 6, maxDepth: 9 })).toMatchObject({
      ok: false,
      issue: { rule: 'text/too-large' },
    })
  })

  test('whatever is JSON reads as JSON.parse reads it, and any bytes at all get an answer', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(readJson(bytes(text))).toEqual({ ok: true, value: JSON.parse(text), defects: [] })
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (given) => {
        const read = readJson(given)
        expect(read.ok || read.issue.message.length > 0).toBe(true)
      }),
    )
  })

  test('the place of an error is found in any text that was changed by one character', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom('{', ']', '"', ',', 'x', '\\'),
        (text, at, put) => {
          const where = at % (text.length + 1)
          const read = readJson(bytes(text.slice(0, where) + put + text.slice(where + 1)))
          expect(read.ok || read.issue.place.length > 0 || read.issue.rule === 'json/empty').toBe(true)
        },
      ),
    )
  })
})
