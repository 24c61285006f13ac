/** Single values: code words as the sender spelled them or in another case, whole and decimal numbers of XML Schema. */
export function readWord<Word extends string>(
  words: readonly Word[],
  value: string | undefined,
): Word | undefined {
  if (value === undefined) return undefined
  const lower = value.toLowerCase()
  return words.find((word) => word === value) ?? words.find((word) => word.toLowerCase() === lower)
}

/** xs:integer, as far as a number holds it exactly. */
export const readInteger = (text: string): number | undefined =>
  /^[-+]?\d{1,15}$/.test(text) ? Number(text) : undefined

/** xs:decimal: no exponent, and no more digits than could mean anything. */
export const readDecimal = (text: string): number | undefined =>
  text.length <= 40 && /^[-+]?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : undefined

/** A number as xs:decimal, never with an exponent, and never as minus zero. */
export function writeDecimal(value: number): string {
  const plain = String(value + 0)
  return /e/i.test(plain) ? value.toFixed(12).replace(/\.?0+$/, '') : plain
}
