/** Figures and times as people read them. Pure: locale, zone and "now" are handed in. */

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** How long ago, in the largest unit that says at least one. What lies ahead by a clock's error counts as now. */
export function ageOf(
  at: string,
  now: number,
): { readonly unit: 's' | 'min' | 'h' | 'd'; readonly n: number } {
  const ms = Math.max(0, now - Date.parse(at))
  if (ms < minuteMs) return { unit: 's', n: Math.floor(ms / 1000) }
  if (ms < hourMs) return { unit: 'min', n: Math.floor(ms / minuteMs) }
  if (ms < 2 * dayMs) return { unit: 'h', n: Math.floor(ms / hourMs) }
  return { unit: 'd', n: Math.floor(ms / dayMs) }
}

/**
 * `2019-11-26 03:54:12 UTC+1`: ISO 8601 order in the reader's zone (or the one given), the same in every language.
 * Browsers carry no date words for several languages of the region (Albanian, Bosnian, Macedonian in Chromium), and
 * this order is misread nowhere.
 */
export function dateTime(at: string | number, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'shortOffset',
    ...(timeZone ? { timeZone } : {}),
  }).formatToParts(new Date(at))
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  const zone = part('timeZoneName')
    .replace('GMT', 'UTC')
    .replace(/[+-]0$/, '')
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')} ${zone}`
}

/** `02:54:12 UTC`, the same in every language, so that two people on the telephone agree. */
export const utcClock = (at: string | number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`
/** `2019-11-26 02:54:12 UTC` */
export const utcDateTime = (at: string | number): string =>
  `${new Date(at).toISOString().slice(0, 10)} ${utcClock(at)}`

/** `+2:05`, `+1:04:10`: hours, minutes, seconds after something. */
export function delay(ms: number): string {
  const total = Math.round(Math.abs(ms) / 1000)
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const seconds = String(total % 60).padStart(2, '0')
  const sign = ms < 0 ? '−' : '+'
  return hours > 0
    ? `${sign}${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
    : `${sign}${minutes}:${seconds}`
}

/**
 * People are never shown to more digits than the estimate has: two, below 100 to the ten, below 10 each. A part of a
 * person is an expectation, neither nobody nor somebody: `<1`.
 */
export function people(count: number, locale: string): string {
  if (count > 0 && count < 1) return '<1'
  const step = count < 10 ? 1 : 10 ** Math.max(1, Math.floor(Math.log10(count)) - 1)
  return new Intl.NumberFormat(locale, { useGrouping: true }).format(Math.round(count / step) * step)
}

export const decimal = (value: number, locale: string, digits = 1): string =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    value,
  )

/** Whole per cents; what is possible is never shown as 0 %. */
export function percent(share: number, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  return share > 0 && share < 0.005 ? `<${format.format(0.01)}` : format.format(share)
}

/** `41.51° N, 19.53° E` */
export const position = (latitude: number, longitude: number): string =>
  `${Math.abs(latitude).toFixed(2)}° ${latitude < 0 ? 'S' : 'N'}, ${Math.abs(longitude).toFixed(2)}° ${longitude < 0 ? 'W' : 'E'}`

const romans = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII']
/** Intensity as seismologists write it: the nearest whole degree, in Roman numerals. */
export const roman = (mmi: number): string => romans[Math.min(12, Math.max(1, Math.round(mmi)))] ?? ''
