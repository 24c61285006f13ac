/**
 * Fields of an item of unknown shape. `null`, absence and white space are the same: the source does not say. A number may
 * come as text. A time without a zone is UTC, since every system read here says that its times are.
 */
import { type Instant, instant } from '../../../../engines/record/index.ts'

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {})
export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export function textIn(value: unknown, most = 400): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).replace(/\s+/g, ' ').trim()
  return text === '' ? undefined : text.slice(0, most)
}

export function numberIn(value: unknown): number | undefined {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

/** A count or an amount: not below zero. */
export function amountIn(value: unknown): number | undefined {
  const found = numberIn(value)
  return found !== undefined && found >= 0 ? found : undefined
}

const isoShape = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/i
const mailShape = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? (GMT|UTC|[+-]\d{4})$/

/** ISO 8601, or as in mail (RFC 5322 §3.3, RSS): `Tue, 27 Jul 2021 01:00 GMT`. Anything else is no time. */
export function timeIn(value: unknown): Instant | undefined {
  const text = textIn(value)
  if (text === undefined) return undefined
  const iso = isoShape.exec(text)
  if (iso === null && !mailShape.test(text)) return undefined
  const zoned = iso === null ? text : withZone(text, iso)
  try {
    return instant(iso === null ? Date.parse(zoned) : zoned)
  } catch {
    return undefined // 31 February is no time
  }
}

function withZone(text: string, [, clock, , , zone]: RegExpExecArray): string {
  const day = clock === undefined ? `${text.slice(0, 10)}T00:00:00` : text.replace(' ', 'T')
  return zone === undefined ? `${day}Z` : day
}

export const earliest = (times: readonly (Instant | undefined)[]): Instant | undefined =>
  times.filter((time) => time !== undefined).sort()[0]
export const latest = (times: readonly (Instant | undefined)[]): Instant | undefined =>
  times
    .filter((time) => time !== undefined)
    .sort()
    .at(-1)
