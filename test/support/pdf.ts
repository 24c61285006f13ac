/**
 * Just enough of PDF (ISO 32000-1) to read the words of a file back: pages are counted in the page tree, streams inflated,
 * and the codes of shown strings mapped to characters by the font's own ToUnicode table (§9.10.3).
 */
import { inflateSync } from 'node:zlib'

type Stream = { readonly dictionary: string; readonly text: string }

export const pagesIn = (bytes: Uint8Array): number =>
  [...latin(bytes).matchAll(/\/Type\s*\/Page\b(?!s)/g)].length

/** All shown text, in the order of the file, without line breaks. */
export function textIn(bytes: Uint8Array): string {
  const objects = new Map(
    [...latin(bytes).matchAll(/(\d+) 0 obj\b([\s\S]*?)\bendobj/g)].map(([, id, inner]) => [
      Number(id),
      inner ?? '',
    ]),
  )
  return [...objects.values()]
    .flatMap((object) => contentOf(object, objects))
    .map(({ text, fonts }) => shownIn(text, fonts))
    .join(' ')
}

type Objects = ReadonlyMap<number, string>
type Fonts = ReadonlyMap<string, ReadonlyMap<number, string>>

/** What a page or a form shows, with the fonts of its own resources (§7.8.3). */
function contentOf(object: string, objects: Objects): readonly { text: string; fonts: Fonts }[] {
  if (/\/Type\s*\/Page\b(?!s)/.test(object)) {
    const [, contents = ''] = /\/Contents\s+(\d+) 0 R/.exec(object) ?? []
    const stream = streamIn(objects.get(Number(contents)) ?? '')
    return stream ? [{ text: stream.text, fonts: fontsOf(object, objects) }] : []
  }
  if (!/\/Subtype\s*\/Form\b/.test(object)) return []
  const stream = streamIn(object)
  return stream ? [{ text: stream.text, fonts: fontsOf(stream.dictionary, objects) }] : []
}

function fontsOf(dictionary: string, objects: Objects): Fonts {
  const [, elsewhere] = /\/Resources\s+(\d+) 0 R/.exec(dictionary) ?? []
  const resources = elsewhere === undefined ? dictionary : (objects.get(Number(elsewhere)) ?? '')
  const [, named = ''] = /\/Font\s*<<([\s\S]*?)>>/.exec(resources) ?? []
  const fonts = [...named.matchAll(/\/(\w+)\s+(\d+) 0 R/g)].flatMap(([, name = '', id]) => {
    const [, table = ''] = /\/ToUnicode\s+(\d+) 0 R/.exec(objects.get(Number(id)) ?? '') ?? []
    const stream = streamIn(objects.get(Number(table)) ?? '')
    return stream ? [[name, unicodeIn(stream.text)] as const] : []
  })
  return new Map(fonts)
}

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

function streamIn(object: string): Stream | undefined {
  const found = /^([\s\S]*?)\bstream\r?\n([\s\S]*?)\r?\nendstream/.exec(object)
  if (!found) return undefined
  const [, dictionary = '', raw = ''] = found
  if (!dictionary.includes('/FlateDecode')) return { dictionary, text: raw }
  try {
    return { dictionary, text: inflateSync(Buffer.from(raw, 'latin1')).toString('latin1') }
  } catch {
    return undefined // a stream that is cut where its bytes look like an end: fonts, pictures
  }
}

function unicodeIn(table: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  const text = (hex: string) =>
    String.fromCharCode(...(hex.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)))
  for (const [, block = ''] of table.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, code = '', to = ''] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g))
      found.set(Number.parseInt(code, 16), text(to))
  return found
}

function shownIn(content: string, maps: Fonts): string {
  let map: ReadonlyMap<number, string> = new Map()
  const parts: string[] = []
  for (const [, font, hex, text] of content.matchAll(
    /\/(\w+)\s+[\d.]+\s+Tf|<([0-9A-Fa-f]+)>|\(((?:\\[\s\S]|[^\\()])*)\)/g,
  )) {
    if (font !== undefined) map = maps.get(font) ?? new Map()
    const codes =
      hex === undefined
        ? codesOf(text ?? '')
        : (hex.match(/.{4}/g) ?? []).map((one) => Number.parseInt(one, 16))
    parts.push(...codes.map((code) => map.get(code) ?? ''))
  }
  return parts.join('')
}

/** Two bytes a code, escapes undone (§7.3.4.2). */
function codesOf(literal: string): number[] {
  const bytes: number[] = []
  const named: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 }
  for (const [one] of literal.matchAll(/\\[0-7]{1,3}|\\[\s\S]|[\s\S]/g)) {
    if (/^\\[0-7]/.test(one)) bytes.push(Number.parseInt(one.slice(1), 8) & 255)
    else if (one.startsWith('\\')) bytes.push(named[one.charAt(1)] ?? one.charCodeAt(1))
    else bytes.push(one.charCodeAt(0))
  }
  return bytes.flatMap((byte, at) => (at % 2 === 0 ? [(byte << 8) | (bytes[at + 1] ?? 0)] : []))
}
