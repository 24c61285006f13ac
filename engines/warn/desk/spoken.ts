/**
 * A text for a voice: abbreviations and signs written out, thousands without marks, decimals with the word that the
 * language says, times as hours and minutes; in English numbers in words too. Plain text without any mark-up, for
 * announcers and for every kind of speech engine.
 *
 * Known limit: only English has numbers in words; other languages keep the digits, which their voices read in the right
 * form of the word, as no table could. A language that is not in the table keeps its abbreviations.
 */
import type { Language } from '../../record/index.ts'

/** What a voice says for a sign; `point`: between the whole and its decimals. */
type Speech = { readonly point: string; readonly units: Readonly<Record<string, string>> }

const latinSouth: Speech = {
  point: 'zarez',
  units: {
    'km/h': 'kilometara na sat',
    'm/s': 'metara u sekundi',
    km: 'kilometara',
    cm: 'centimetara',
    mm: 'milimetara',
    m: 'metara',
    ha: 'hektara',
    '°C': 'stupnjeva Celzijevih',
    '%': 'posto',
    '°': 'stupnjeva',
  },
}
const serbian: Speech = {
  point: 'zarez',
  units: { ...latinSouth.units, '°C': 'stepeni Celzijusa', '°': 'stepeni', '%': 'odsto' },
}
const serbianCyrillic: Speech = {
  point: 'зарез',
  units: {
    'km/h': 'километара на сат',
    'm/s': 'метара у секунди',
    km: 'километара',
    cm: 'центиметара',
    mm: 'милиметара',
    m: 'метара',
    ha: 'хектара',
    '°C': 'степени Целзијуса',
    '%': 'одсто',
    '°': 'степени',
  },
}

const speech: Readonly<Record<string, Speech>> = {
  en: {
    point: 'point',
    units: {
      'km/h': 'kilometres per hour',
      'm/s': 'metres per second',
      km: 'kilometres',
      cm: 'centimetres',
      mm: 'millimetres',
      m: 'metres',
      ha: 'hectares',
      '°C': 'degrees Celsius',
      '%': 'percent',
      '°': 'degrees',
    },
  },
  sq: {
    point: 'presje',
    units: {
      'km/h': 'kilometra në orë',
      'm/s': 'metra në sekondë',
      km: 'kilometra',
      cm: 'centimetra',
      mm: 'milimetra',
      m: 'metra',
      ha: 'hektarë',
      '°C': 'gradë Celsius',
      '%': 'për qind',
      '°': 'gradë',
    },
  },
  hr: latinSouth,
  bs: { ...serbian, units: { ...serbian.units, '%': 'posto' } },
  cnr: serbian,
  'sr-Latn': serbian,
  'sr-Cyrl': serbianCyrillic,
  mk: {
    point: 'запирка',
    units: {
      'km/h': 'километри на час',
      'm/s': 'метри во секунда',
      km: 'километри',
      cm: 'сантиметри',
      mm: 'милиметри',
      m: 'метри',
      ha: 'хектари',
      '°C': 'степени Целзиусови',
      '%': 'проценти',
      '°': 'степени',
    },
  },
  bg: {
    point: 'цяло и',
    units: {
      'km/h': 'километра в час',
      'm/s': 'метра в секунда',
      km: 'километра',
      cm: 'сантиметра',
      mm: 'милиметра',
      m: 'метра',
      ha: 'хектара',
      '°C': 'градуса по Целзий',
      '%': 'процента',
      '°': 'градуса',
    },
  },
  el: {
    point: 'κόμμα',
    units: {
      'km/h': 'χιλιόμετρα την ώρα',
      'm/s': 'μέτρα το δευτερόλεπτο',
      km: 'χιλιόμετρα',
      cm: 'εκατοστά',
      mm: 'χιλιοστά',
      m: 'μέτρα',
      ha: 'εκτάρια',
      '°C': 'βαθμοί Κελσίου',
      '%': 'τοις εκατό',
      '°': 'μοίρες',
    },
  },
  ro: {
    point: 'virgulă',
    units: {
      'km/h': 'kilometri pe oră',
      'm/s': 'metri pe secundă',
      km: 'kilometri',
      cm: 'centimetri',
      mm: 'milimetri',
      m: 'metri',
      ha: 'hectare',
      '°C': 'grade Celsius',
      '%': 'la sută',
      '°': 'grade',
    },
  },
  de: {
    point: 'Komma',
    units: {
      'km/h': 'Kilometer pro Stunde',
      'm/s': 'Meter pro Sekunde',
      km: 'Kilometer',
      cm: 'Zentimeter',
      mm: 'Millimeter',
      m: 'Meter',
      ha: 'Hektar',
      '°C': 'Grad Celsius',
      '%': 'Prozent',
      '°': 'Grad',
    },
  },
}

/** The same unit in the letters of the script. */
const written: Readonly<Record<string, readonly string[]>> = {
  'km/h': ['km/h', 'км/ч', 'км/сат', 'χλμ/ώρα'],
  'm/s': ['m/s', 'м/с', 'μ/δ'],
  km: ['km', 'км', 'χλμ.', 'χλμ'],
  cm: ['cm', 'см'],
  mm: ['mm', 'мм'],
  m: ['m', 'м', 'μ'],
  ha: ['ha', 'га'],
  '°C': ['°C', '°С'],
  '%': ['%'],
  '°': ['°'],
}

export function spoken(text: string, language: Language, locale: string): string {
  const words = speech[language] ?? speech[language.split('-')[0] ?? '']
  const sentences = text
    .split(/\n+/u)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (/[.!?…:;]$/u.test(line) ? line : `${line}.`))
    .join(' ')
  const grouped = ungrouped(sentences, locale)
  const withUnits = words === undefined ? grouped : unitsSaid(grouped, words)
  const clean = withUnits.replace(/[*_#<>[\]{}|\\^~]/gu, ' ').replace(/[ \t]+/gu, ' ')
  return (language === 'en' ? inWords(clean) : decimalsSaid(clean, words)).trim()
}

/** `12.500` where the dot groups becomes `12500`: voices read the other as a decimal, or as two numbers. */
function ungrouped(text: string, locale: string): string {
  const group = new Intl.NumberFormat(locale, { useGrouping: true })
    .formatToParts(1_234_567)
    .find(({ type }) => type === 'group')?.value
  if (group === undefined) return text
  const mark = /\s/u.test(group) ? '[ \\u00a0\\u202f]' : `[${group}]`
  return text.replace(new RegExp(`(?<![\\d.,])\\d{1,3}(?:${mark}\\d{3})+(?!\\d)`, 'gu'), (number) =>
    number.replace(new RegExp(mark, 'gu'), ''),
  )
}

function unitsSaid(text: string, { units }: Speech): string {
  let said = text
  for (const [unit, forms] of Object.entries(written))
    for (const form of forms) {
      const sign = form.replace(/[.*+?^$|()[\]{}\\/]/g, '\\$&')
      said = said.replace(
        new RegExp(`(\\d)[ \\u00a0\\u202f]?${sign}(?![\\p{L}\\d/])`, 'gu'),
        (_, digit: string) => `${digit} ${units[unit] ?? form}`,
      )
    }
  return said.replace(
    /\bUTC\s?([+-])(\d\d):(\d\d)/gu,
    (_, sign: string, hours: string, minutes: string) =>
      `UTC ${sign === '+' ? 'plus' : 'minus'} ${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`,
  )
}

const decimalsSaid = (text: string, words: Speech | undefined): string =>
  words === undefined
    ? text
    : text.replace(/(?<![\d.,:])(\d+)[.,](\d{1,3})(?![\d.,:]\d|\d)/gu, `$1 ${words.point} $2`)

const ones =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = 'x x twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

/** Up to a billion; above, digit by digit. */
export function englishNumber(value: number): string {
  if (value < 20) return ones[value] ?? ''
  if (value < 100) return `${tens[Math.floor(value / 10)]}${value % 10 === 0 ? '' : `-${ones[value % 10]}`}`
  for (const [size, name] of [
    [1_000_000, 'million'],
    [1000, 'thousand'],
    [100, 'hundred'],
  ] as const) {
    if (value < size) continue
    const rest = value % size
    const tail = rest === 0 ? '' : `${rest < 100 ? ' and ' : ' '}${englishNumber(rest)}`
    return `${englishNumber(Math.floor(value / size))} ${name}${tail}`
  }
  return ''
}

function inWords(text: string): string {
  return text
    .replace(/(?<![\d.,:])(\d{1,2}):(\d\d)(?![\d:])/gu, (_, hours: string, minutes: string) => {
      const rest = Number(minutes)
      const hour = englishNumber(Number(hours))
      if (rest === 0) return `${hour} hundred hours`
      return `${hour} ${rest < 10 ? `oh ${englishNumber(rest)}` : englishNumber(rest)}`
    })
    .replace(
      /(?<![\d.,:\p{L}])(\d{1,9})\.(\d{1,3})(?![\d.])/gu,
      (_, whole: string, part: string) =>
        `${englishNumber(Number(whole))} point ${[...part].map((digit) => ones[Number(digit)]).join(' ')}`,
    )
    .replace(/(?<![\d:\p{L}])(\d{1,9})(?![\d:\p{L}])/gu, (digits: string) =>
      isYear(digits) ? digits : englishNumber(Number(digits)),
    )
}

/** Every voice reads a year as one. */
const isYear = (digits: string): boolean => /^(19|20)\d\d$/.test(digits)
