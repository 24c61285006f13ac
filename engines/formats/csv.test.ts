import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCsv } from './csv.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const cellsOf = (text: string, required: readonly string[] = ['a']) => {
  const read = readCsv(bytes(text), { required })
  if (!read.ok) throw new Error(read.issue.message)
  return read.rows.map(({ cells }) => cells)
}

describe('a table of comma-separated values', () => {
  test('is read by its header, whatever the order, the line ends and a byte order mark', () => {
    expect(cellsOf('b,a\r\n2,1\r\n')).toEqual([{ a: '1', b: '2' }])
    expect(cellsOf('\uFEFFa,b\n1,2')).toEqual([{ a: '1', b: '2' }])
  })

  test('leaves out what is empty, and knows quotes, commas and breaks inside them', () => {
    expect(cellsOf('a,b,c\n"x, ""y""\nz",,3\n')).toEqual([{ a: 'x, "y"\nz', c: '3' }])
  })

  test('holds a line with too few or too many cells, and reads the others', () => {
    const read = readCsv(bytes('a,b\n1,2\n3\n4,5,6\n7,8\n'), { required: ['a', 'b'] })

    if (!read.ok) throw new Error(read.issue.message)
    expect(read.rows.map(({ line, cells }) => [line, cells['a']])).toEqual([
      [2, '1'],
      [5, '7'],
    ])
    expect(read.rejected.map(({ issues }) => issues[0]?.place)).toEqual(['line 3', 'line 4'])
    expect(read.rejected.map(({ raw }) => raw.trim())).toEqual(['3', '4,5,6'])
  })

  test.each([
    ['an error page', '<!doctype html>\n<html></html>', 'csv/columns-missing'],
    ['a refusal in one line', 'Invalid MAP_KEY.', 'csv/columns-missing'],
    ['nothing', '', 'csv/columns-missing'],
    ['more rows than the bound', 'a\n1\n2\n3\n4', 'csv/too-many-rows'],
  ])('%s is refused whole, with the reason', (_, text, rule) => {
    expect(readCsv(bytes(text), { required: ['a'], maxRows: 3 })).toMatchObject({
      ok: false,
      issue: { rule },
    })
  })

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (any) => {
        const read = readCsv(any, { required: [] })
        expect(typeof read.ok).toBe('boolean')
      }),
    )
  })

  test('reads back every table that is written by the rules', () => {
    const cell = fc.string({ maxLength: 8 }).map((text) => text.trim().replaceAll('\r', ''))
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 6 }), (table) => {
        const text = ['a,b', ...table.map((row) => row.map(quoted).join(','))].join('\r\n')
        const expected = table.map(([a, b]) => ({ ...(a && { a }), ...(b && { b }) }))

        expect(cellsOf(text)).toEqual(expected)
      }),
    )
  })
})
