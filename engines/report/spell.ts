/**
 * What the typesetter's own text font can write of what this region writes: Latin with its accents, Greek, Cyrillic, and
 * the signs that go with them. Anything else is spelt by its code, `[U+4E2D]`, so that nothing disappears and nothing is a
 * box. Marks that turn the direction of writing are spelt too: they would reorder what stands around them.
 *
 * The font is Libertinus Serif, which is inside the compiler. Only its characters are listed, and no second font is asked:
 * text inside drawings is set with one font. A test writes each of these characters and fails where one has no glyph.
 */
const written: readonly (readonly [from: number, to: number])[] = [
  [0x20, 0x7e],
  [0xa0, 0x17f],
  [0x1c4, 0x1cc],
  [0x218, 0x21b],
  [0x386, 0x386],
  [0x388, 0x38a],
  [0x38c, 0x38c],
  [0x38e, 0x3a1],
  [0x3a3, 0x3ce],
  [0x400, 0x45f],
  [0x490, 0x491],
  [0x2010, 0x2015],
  [0x2018, 0x201e],
  [0x2020, 0x2022],
  [0x2026, 0x2026],
  [0x202f, 0x2030],
  [0x2032, 0x2033],
  [0x2039, 0x203a],
  [0x20ac, 0x20ac],
  [0x2116, 0x2116],
  [0x2122, 0x2122],
  [0x2190, 0x2193],
  [0x2212, 0x2212],
  [0x221e, 0x221e],
  [0x2248, 0x2248],
  [0x2260, 0x2260],
  [0x2264, 0x2265],
]

export const writtenCharacters = (): readonly number[] =>
  written.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at))

export const spellForPrint = (text: string): string =>
  [...text.toWellFormed().normalize('NFC')].map((character) => spelt(character)).join('')

function spelt(character: string): string {
  if (character === '\n') return character
  if (character === '\t') return ' '
  const code = character.codePointAt(0) ?? 0xfffd
  if (written.some(([from, to]) => code >= from && code <= to)) return character
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`
}
