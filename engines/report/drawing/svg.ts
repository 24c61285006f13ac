/**
 * SVG 1.1 as text. Every text and attribute passes `escaped`, so nothing that came from outside is ever markup; what XML
 * cannot hold (Char, XML 1.0 §2.2) becomes U+FFFD. Numbers are written to a hundredth, so equal drawings are equal bytes.
 */
export type Svg = { readonly svg: string }
export type Attributes = Readonly<Record<string, string | number | undefined>>

export function element(name: string, attributes: Attributes, ...children: readonly (Svg | string)[]): Svg {
  const written = Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${attribute(value)}"`]))
    .join('')
  const inner = children.map((child) => (typeof child === 'string' ? escaped(child) : child.svg)).join('')
  return { svg: inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>` }
}

export const group = (children: readonly Svg[], attributes: Attributes = {}): Svg =>
  element('g', attributes, ...children)

/** What a drawing is as a whole. `id` names it for assistive technology, once in a document. */
export function drawing(
  { id, title, width, height }: { id: string; title: string; width: number; height: number },
  children: readonly Svg[],
): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title`,
      'font-family': "'Libertinus Serif', Georgia, 'Times New Roman', serif",
      'font-size': 12,
    },
    element('title', { id: `${id}-title` }, title),
    ...children,
  ).svg
}

export const line = (
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  attributes: Attributes = {},
): Svg => element('line', { x1, y1, x2, y2, stroke: ink.rule, ...attributes })

export const words = (x: number, y: number, text: string, attributes: Attributes = {}): Svg =>
  element('text', { x, y, fill: ink.text, ...attributes }, text)

/** Colours that keep apart in grey and for those who do not see red from green (Okabe and Ito 2008). */
export const ink = {
  text: '#1a1a1a',
  rule: '#8a8f98',
  grid: '#d9dce1',
  land: '#f4f1ea',
  sea: '#dbe7f0',
  border: '#a39e93',
  area: '#d55e00',
  reach: '#0072b2',
  centre: '#a3003f',
  over: '#b9bec6',
  series: ['#0072b2', '#d55e00', '#009e73', '#7b4ea3', '#1a1a1a'],
} as const

/** About how wide a text is; there is no font to measure with. */
export const widthOf = (text: string, size = 12): number => [...text].length * size * 0.5

export const escaped = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML cannot hold
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

const attribute = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : escaped(value)
