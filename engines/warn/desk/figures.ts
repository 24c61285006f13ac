/**
 * The figures of a text, in one form whatever its language, so that two languages can be compared: numbers by the
 * separators of the language (`12.500,5` in Croatian is `12,500.5` in English), times of day (`2:54 pm` is `14:54`;
 * a full hour is the bare hour, since many write `18 Uhr`), dates with the names of months from CLDR (`26. studenoga
 * 2019.` is `26 November 2019` is `2019-11-26`), distances from UTC, and the unit that stands behind a number.
 *
 * Known limit: numbers in words are no figures here, so "two" in one language and "2" in another differ. A person can
 * set the finding aside.
 */
export type Figures = {
  /** `12500.5`, `time:14:54`, `month-day:11-26`, `utc:+01:00`. */
  readonly values: ReadonlySet<string>
  /** Value → units that stood behind it, as far as known. */
  readonly units: ReadonlyMap<string, ReadonlySet<string>>
}

export function figuresIn(text: string, locale: string): Figures {
  const values = new Set<string>()
  const units = new Map<string, Set<string>>()
  let rest = withMonths(text.normalize('NFKC').toLowerCase(), locale)
  const take = (pattern: RegExp, found: (match: RegExpExecArray) => readonly string[] | undefined) => {
    rest = rest.replace(pattern, (...parts) => {
      const match = parts.slice(0, -2) as unknown as RegExpExecArray
      const taken = found(match)
      if (taken === undefined) return match[0]
      for (const one of taken) values.add(one)
      return ' '
    })
  }
  take(/\b(?:utc|gmt)\s*([+-]|\u2212)\s*(\d{1,2})(?::?(\d\d))?/gu, ([, sign, hours = '', minutes = '00']) => [
    `utc:${sign === '+' ? '+' : '-'}${two(hours)}:${minutes}`,
  ])
  take(/(\d{4})-(\d\d)-(\d\d)(?!\d)/gu, ([, year = '', month = '', day = '']) => dated(year, month, day))
  take(/(\d{4})\.?\s*@(\d\d)\s*(\d{1,2})(?!\d)/gu, ([, year = '', month = '', day = '']) =>
    dated(year, month, day),
  )
  take(
    /(?<!\d)(\d{1,2})\.?\s*(?:de\s+)?@(\d\d)[.,]?\s*(?:de\s+)?(\d{4})?(?!\d)/gu,
    ([, day = '', month = '', year]) => dated(year, month, day),
  )
  take(/@(\d\d)\s+(\d{1,2})(?!\d|:)(?:,?\s*(\d{4})(?!\d))?/gu, ([, month = '', day = '', year]) =>
    dated(year, month, day),
  )
  take(/(?<!\d)(\d{1,2})[./]\s?(\d{1,2})[./]\s?(\d{4})(?!\d)/gu, ([, day = '', month = '', year]) =>
    Number(month) <= 12 ? dated(year, month, day) : undefined,
  )
  take(
    /(?<![\d.,])(\d{1,2}):(\d\d)(?::\d\d)?(?![\d])\s*(a\.?m\.?(?!\p{L})|p\.?m\.?(?!\p{L})|[πμ]\.μ\.|e (?:para|pas)dites)?/gu,
    ([, hour = '', minute = '', half]) => [timeOf(Number(hour), minute, half)],
  )
  take(/(?<![\d.,])(\d{1,2})\s*(a\.?m\.?(?!\p{L})|p\.?m\.?(?!\p{L})|[πμ]\.μ\.)/gu, ([, hour = '', half]) => [
    timeOf(Number(hour), '00', half),
  ])
  for (const { number, unit } of numbersIn(rest, locale)) {
    values.add(number)
    if (unit === undefined) continue
    const known = units.get(number)
    if (known === undefined) units.set(number, new Set([unit]))
    else known.add(unit)
  }
  return { values, units }
}

const two = (digits: string) => digits.padStart(2, '0')

const dated = (year: string | undefined, month: string, day: string): readonly string[] => [
  `month-day:${two(month)}-${two(day)}`,
  ...(year === undefined ? [] : [year]),
]

function timeOf(hour: number, minute: string, half: string | undefined): string {
  const isAfternoon = half !== undefined && /^p|^μ|pasdites/.test(half)
  const isMorning = half !== undefined && !isAfternoon
  const full = isAfternoon && hour < 12 ? hour + 12 : isMorning && hour === 12 ? 0 : hour
  return minute === '00' ? String(full) : `time:${two(String(full))}:${minute}`
}

/** Names of months become `@11`; CLDR has them as they stand after a day, and alone. */
function withMonths(text: string, locale: string): string {
  let changed = text
  for (const [name, month] of monthsOf(locale)) {
    if (!changed.includes(name)) continue
    const whole = new RegExp(`(?<!\\p{L})${name.replace(/[.*+?^$|()[\]{}\\]/g, '\\$&')}(?!\\p{L})`, 'gu')
    changed = changed.replace(whole, `@${two(String(month))}`)
  }
  return changed
}

const months = new Map<string, readonly (readonly [string, number])[]>()

function monthsOf(locale: string): readonly (readonly [string, number])[] {
  const known = months.get(locale)
  if (known !== undefined) return known
  const forms = [{ month: 'long', day: 'numeric' }, { month: 'long' }] as const
  const found = new Map<string, number>()
  for (const form of forms) {
    const format = new Intl.DateTimeFormat(locale, { ...form, timeZone: 'UTC', calendar: 'gregory' })
    for (let month = 0; month < 12; month += 1) {
      const part = format.formatToParts(Date.UTC(2019, month, 15)).find(({ type }) => type === 'month')
      const name = part?.value.normalize('NFKC').toLowerCase() ?? ''
      if (/\p{L}{3}/u.test(name)) found.set(name, month + 1)
    }
  }
  const longestFirst = [...found].sort(([a], [b]) => b.length - a.length)
  months.set(locale, longestFirst)
  return longestFirst
}

type NumberFound = { readonly number: string; readonly unit: string | undefined }

function* numbersIn(text: string, locale: string): Generator<NumberFound> {
  const { decimal, group } = separatorsOf(locale)
  const spaced = /\s/u.test(group) ? '|[ \\u00a0\\u202f](?=\\d{3}(?!\\d))' : ''
  const shape = new RegExp(`\\d+(?:(?:[.,'’](?=\\d)${spaced})\\d+)*`, 'gu')
  for (const match of text.matchAll(shape)) {
    const after = text.slice(match.index + match[0].length)
    yield { number: plainValue(match[0], decimal, group), unit: unitAt(after) }
  }
}

/** `1.234` is a thousand where the dot groups, and one and a bit where it does not. */
function plainValue(written: string, decimal: string, group: string): string {
  const bare = written.replace(/[\s'’]/gu, '')
  const groups = group === decimal ? '' : group
  const isGrouped =
    (groups === '.' || groups === ',') && new RegExp(`^\\d{1,3}(?:\\${groups}\\d{3})+(?!\\d)`).test(bare)
  const ungrouped = isGrouped ? bare.replaceAll(groups, '') : bare
  const plain = Number(ungrouped.replace(',', '.'))
  return Number.isFinite(plain) ? String(plain) : ungrouped
}

const separators = new Map<string, { readonly decimal: string; readonly group: string }>()

function separatorsOf(locale: string) {
  const known = separators.get(locale)
  if (known !== undefined) return known
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).formatToParts(1_234_567.8)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  const found = { decimal: part('decimal'), group: part('group').replace(/[\u00a0\u202f]/u, ' ') }
  separators.set(locale, found)
  return found
}

/** Abbreviations in the scripts of Europe; longer ones first. */
const unitForms: readonly (readonly [string, readonly string[]])[] = [
  ['km/h', ['km/h', 'км/ч', 'км/год', 'км/сат', 'km/óra', 'km/orë', 'χλμ/ώρα', 'χλμ./ώρα']],
  ['m/s', ['m/s', 'м/с', 'μ/δ']],
  ['m3/s', ['m3/s', 'м3/с']],
  ['ug/m3', ['µg/m3', 'μg/m3', 'мкг/м3']],
  ['km2', ['km2', 'км2', 'τ.χλμ']],
  ['mm', ['mm', 'мм', 'χιλ.']],
  ['cm', ['cm', 'см', 'εκ.']],
  ['km', ['km', 'км', 'χλμ']],
  ['ha', ['ha', 'га']],
  ['hpa', ['hpa', 'гпа', 'хпа']],
  ['degC', ['°c', '℃', '°с']],
  ['deg', ['°']],
  ['%', ['%']],
  ['m', ['m', 'м', 'μ']],
]

function unitAt(after: string): string | undefined {
  const text = after.replace(/^[ \u00a0\u202f]/u, '')
  for (const [unit, forms] of unitForms)
    for (const form of forms)
      if (text.startsWith(form) && !/^[\p{L}\d/]/u.test(text.slice(form.length))) return unit
  return undefined
}
