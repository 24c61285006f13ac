/** Whatever a text holds, it comes out as that text: no markup, no code, no file, no missing sign. */
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { pagesIn, textIn } from '../../test/support/pdf.ts'
import { openPlaces, type Places } from '../place/index.ts'
import { aBody, aReportOf, aText } from './builders.ts'
import { escaped } from './drawing/index.ts'
import { reportHtml } from './html.ts'
import { reportPdf } from './pdf.ts'
import { spellForPrint, writtenCharacters } from './spell.ts'

let places: Places
beforeAll(async () => {
  places = await openPlaces({
    ...{ id: 'nowhere', title: { en: 'Nowhere' }, countries: [], languages: ['en'], folder: '' },
    bounds: [0, 0, 1, 1],
  })
})

const report = (text: string) => aReportOf(aBody({ state: 'issued', texts: { en: aText(text) } }))
const html = (text: string) => reportHtml({ report: report(text), places, language: 'en' })
const pdf = (text: string) => reportPdf({ report: report(text), places }, 'en')

const nasty = [
  '#read("/etc/passwd")',
  '#import "@preview/tablex:0.0.8": *',
  '#let x = 1; *bold* _it_ $a^2$ `raw` <label> @ref // comment /* c */',
  '</style></title><script>alert(1)</script><img src=x onerror=alert(1)>',
  '"]]>&lt;!--<svg/onload=alert(1)>',
  "'); drop table record; --",
  '\\u{202e} \\ ~ -- --- ... "quoted" \'single\'',
  '{"data": "#{process.exit(1)}"}',
  '\u202egnp.exe\u2066 中文 עברית 🌊 e\u0301',
]

describe('HTML', () => {
  test.each([...nasty, ...nasty.map((text) => text.repeat(3))])('shows %j as text', (text) => {
    const page = html(text)

    expect(page).toContain(escaped(text))
    expect(page).not.toContain('<script')
    expect(page).not.toContain('<img')
    expect(page).not.toMatch(/<[^>]*\son\w+=/)
  })

  test('has the elements of the report and no other, whatever the texts say', () => {
    const elements = (page: string) => [...page.matchAll(/<[a-z][^>\s]*/g)].map(([one]) => one)
    const expected = elements(html('x'))
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const page = html(`x${text.replaceAll('\n', ' ')}`)
        expect(elements(page)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})

describe('PDF', () => {
  test.each(nasty)('shows %j as text, and reads nothing', async (text) => {
    const { bytes, pages } = await pdf(text)
    const letters = (all: string) => all.replaceAll(/[\s\u00ad]/g, '')

    expect(pagesIn(bytes)).toBe(pages)
    expect(letters(textIn(bytes))).toContain(letters(spellForPrint(text)))
    expect(textIn(bytes)).not.toContain('root:x')
  })

  test('can be set of any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const { pages } = await pdf(text)
        expect(pages).toBeGreaterThan(0)
      }),
      { numRuns: 40 },
    )
  })

  test('has a glyph for every character that it claims to write', async () => {
    const all = writtenCharacters().map((code) => String.fromCodePoint(code))
    const { bytes } = await pdf(all.join(' '))

    expect(bytes.length).toBeGreaterThan(10_000)
  })

  test('spells by its code what its fonts cannot write', () => {
    expect(spellForPrint('中 🌊 \u202e')).toBe('[U+4E2D] [U+1F30A] [U+202E]')
    expect(spellForPrint('Tiranë, Скопје, Αθήνα, Ђаковица, İzmir, Kyiv – Київ')).toBe(
      'Tiranë, Скопје, Αθήνα, Ђаковица, İzmir, Kyiv – Київ',
    )
  })

  test('of one record is the same bytes every time', async () => {
    const [one, two] = [await pdf('Ujë i lartë'), await pdf('Ujë i lartë')]

    expect(Buffer.compare(one.bytes, two.bytes)).toBe(0)
    expect(existsSync(new URL('no-files-for-the-typesetter', import.meta.url))).toBe(false)
  })
})
