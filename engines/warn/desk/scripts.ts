/**
 * Whether a text is in the script of its language tag, and in its letters. The script of a tag is what CLDR calls likely
 * (`sr` is Cyrillic, `sr-Latn` Latin, `el` Greek). Letters: of the languages below, those of their script that their
 * alphabet does not have; names of foreign towns bring some in, so a few are no finding.
 */
import type { Language } from '../../record/index.ts'

const scripts = ['Latin', 'Cyrillic', 'Greek'] as const
const codes: Readonly<Record<string, (typeof scripts)[number]>> = {
  Latn: 'Latin',
  Cyrl: 'Cyrillic',
  Grek: 'Greek',
}
const letters = Object.fromEntries(
  scripts.map((script) => [script, new RegExp(`\\p{Script=${script}}`, 'gu')]),
) as Readonly<Record<(typeof scripts)[number], RegExp>>

/** The script that the text is mostly in, when that is another than the tag's; undefined: it fits, or is too short. */
export function otherScript(text: string, language: Language): string | undefined {
  const expected = scriptOf(language)
  const counts = scripts.map((script) => [script, text.match(letters[script])?.length ?? 0] as const)
  const all = counts.reduce((sum, [, count]) => sum + count, 0)
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  if (expected === undefined || most === undefined || all < 3) return undefined
  return most[0] !== expected && most[1] * 2 > all ? most[0] : undefined
}

function scriptOf(language: Language): string | undefined {
  try {
    return codes[new Intl.Locale(language).maximize().script ?? '']
  } catch {
    return undefined // the tag itself is a finding of its own
  }
}

/** Letters that the language does not write. Croatian, Bosnian, Montenegrin and Serbian share theirs. */
const foreign: Readonly<Record<string, string>> = {
  bg: 'ѓѕјљњќџђћіїєґыэё',
  mk: 'ђћщъыьэюяйёіїєґ',
  'sr-Cyrl': 'ѓѕќйщъыьэюяёіїєґ',
  uk: 'ѓѕјљњќџђћыэъё',
  hr: 'ëçăâîșțğıöüőűáéíóúàèìòùßäå',
  bs: 'ëçăâîșțğıöüőűáéíóúàèìòùßäå',
  'sr-Latn': 'ëçăâîșțğıöüőűáéíóúàèìòùßäå',
  sl: 'đćëçăâîșțğıöüőűáéíóúàèìòùßäå',
  sq: 'čćđšžăâîșțğıöüőűáéíóúàèìòùßäå',
  hu: 'čćđšžëçăâîșțğıàèìòùßäå',
  ro: 'čćđšžëçğıöüőűáéíóúàèìòùßäå',
  de: 'čćđšžëçăâîșțğıőűáéíóúàèìòù',
}

/** Too many letters of another language; undefined: they fit. */
export function foreignLetters(text: string, language: Language): string | undefined {
  const strange = foreign[language]
  if (strange === undefined) return undefined
  const found = [...text.normalize('NFC').toLowerCase()].filter((letter) => strange.includes(letter))
  const all = text.match(/\p{L}/gu)?.length ?? 0
  return found.length > Math.max(2, all * 0.02) ? [...new Set(found)].join('') : undefined
}
