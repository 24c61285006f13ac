/**
 * A warning as one short message: what it is, where, until when, what to do, cut at a word.
 *
 * Length is counted as networks count it (3GPP TS 23.038): in the GSM 7-bit default alphabet 160 units, characters of its
 * extension table two each; a text with any other character goes out in UCS-2, 70 units of UTF-16. Beyond that a message
 * is joined of parts of 153 or 67 units.
 */
export type Encoding = 'GSM-7' | 'UCS-2'
export type ShortMessage = {
  readonly text: string
  readonly encoding: Encoding
  readonly length: number
  readonly limit: number
  readonly segments: number
  /** The end is left out, and three dots stand for it. */
  readonly isCut: boolean
}

/** 3GPP TS 23.038 §6.2.1; without the escape. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** §6.2.1.1: each takes an escape before it. */
const extension = new Set('\f^{}\\[~]|€')

export function encodingOf(text: string): Encoding {
  return [...text].every((letter) => basic.has(letter) || extension.has(letter)) ? 'GSM-7' : 'UCS-2'
}

export function unitsIn(text: string, encoding: Encoding): number {
  if (encoding === 'UCS-2') return text.length
  return [...text].reduce((sum, letter) => sum + (extension.has(letter) ? 2 : 1), 0)
}

const limits = { 'GSM-7': { one: 160, part: 153 }, 'UCS-2': { one: 70, part: 67 } } as const

export function measured(text: string): Omit<ShortMessage, 'isCut'> {
  const encoding = encodingOf(text)
  const length = unitsIn(text, encoding)
  const { one, part } = limits[encoding]
  return { text, encoding, length, limit: one, segments: length <= one ? 1 : Math.ceil(length / part) }
}

/**
 * As many of these sentences, in their order, as 160 characters hold; the first is always there, cut where it must be.
 * 160 characters also where the script needs UCS-2: the message then goes out in parts, which is better than half of it.
 */
export function shortMessage(sentences: readonly string[]): ShortMessage {
  const wanted = sentences.map((each) => each.replace(/\s+/gu, ' ').trim()).filter((each) => each !== '')
  let text = ''
  for (const sentence of wanted) {
    const longer = text === '' ? sentence : `${text} ${sentence}`
    if (sizeOf(longer) <= 160) text = longer
    else if (text === '') return { ...measured(cut(sentence)), isCut: true }
    else return { ...measured(text), isCut: true }
  }
  return { ...measured(text), isCut: false }
}

const sizeOf = (text: string): number => Math.max(unitsIn(text, encodingOf(text)), [...text].length)

function cut(sentence: string): string {
  const words = sentence.split(' ')
  while (words.length > 1 && sizeOf(`${words.join(' ')}...`) > 160) words.pop()
  const text = `${words.join(' ')}...`
  return sizeOf(text) <= 160 ? text : `${[...sentence].slice(0, 70).join('')}...`
}
