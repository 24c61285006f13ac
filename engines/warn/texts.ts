/**
 * Texts: ICU MessageFormat from a catalogue, in the language's own numbers and plurals and the country's own time.
 *
 * Arguments of a proposal → arguments of a message: an instant becomes a date (the catalogue says how, with an ICU
 * skeleton such as `{time, date, ::yMMMMdHHmm}`; the zone is the country's) and gives `<name>Offset`, for example
 * `UTC+01:00`; a list is joined with commas; a text that begins with `@` is another key of the same catalogue, written
 * with the same arguments. Everything else passes as it is. No clock, no machine's locale or zone: same in, same out.
 *
 * A written text carries whether every catalogue entry it used has a reviewer.
 */
import { IntlMessageFormat } from 'intl-messageformat'
import { type Instant, isInstant, type Language, millis } from '../record/index.ts'
import type { Catalogue, CatalogueEntry, ProposalBody } from './contract.ts'
import { TextUnwritable } from './errors.ts'

export type Written = { readonly text: string; readonly reviewed: boolean }
export type Writer = {
  readonly language: Language
  readonly write: (key: string) => Written
}

/** Keys that every catalogue has, whatever its hazards. */
export const commonKeys = {
  /** Word put before event and headline in an exercise. */
  exercise: 'common.exercise',
  /** The same in the test realm. */
  test: 'common.test',
  /** Said in the description of an exercise, or a test: nothing has happened. */
  exerciseNote: 'common.exercise.note',
  testNote: 'common.test.note',
  unreviewed: 'common.unreviewed',
  /** Said in advice: this is no public warning. */
  advice: 'common.advice',
} as const

export function writerFor(catalogue: Catalogue, args: ProposalBody['args'], timeZone: string): Writer {
  const plain = Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => plainArgument(name, value, timeZone)),
  )
  const references = Object.entries(args).flatMap(([name, value]) =>
    typeof value === 'string' && value.startsWith('@') ? [[name, value.slice(1)] as const] : [],
  )
  const write = (key: string): Written => {
    const entry = entryOf(catalogue, key)
    const used = references.filter(([name]) => entry.text.includes(`{${name}}`))
    const nested = used.map(([name, other]) => [name, writePlain(catalogue, other, plain, timeZone)] as const)
    const texts = Object.fromEntries(nested.map(([name, written]) => [name, written.text]))
    const own = writePlain(catalogue, key, { ...plain, ...texts }, timeZone)
    return { text: own.text, reviewed: own.reviewed && nested.every(([, { reviewed }]) => reviewed) }
  }
  return { language: catalogue.language, write }
}

type Plain = Readonly<Record<string, string | number | Date>>

function plainArgument(
  name: string,
  value: string | number | readonly string[],
  timeZone: string,
): readonly (readonly [string, string | number | Date])[] {
  if (typeof value === 'number') return [[name, value]]
  if (typeof value !== 'string') return [[name, value.join(', ')]]
  if (value.startsWith('@')) return []
  if (!isInstant(value)) return [[name, value]]
  return [
    [name, new Date(millis(value))],
    [`${name}Offset`, offsetOf(value, timeZone)],
  ]
}

function entryOf(catalogue: Catalogue, key: string): CatalogueEntry {
  const entry = catalogue.messages[key]
  if (!entry) throw new TextUnwritable(catalogue.language, key, 'the catalogue has no such key')
  return entry
}

function writePlain(catalogue: Catalogue, key: string, args: Plain, timeZone: string): Written {
  const entry = entryOf(catalogue, key)
  try {
    const text = messageFormat(entry.text, catalogue.locale ?? catalogue.language, timeZone).format({
      ...args,
    })
    return { text: String(text), reviewed: entry.reviewed !== undefined }
  } catch (cause) {
    throw new TextUnwritable(catalogue.language, key, reasonOf(cause), cause)
  }
}

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

/** Parsing is the slow part; texts and zones are few and fixed, so what was parsed is kept. */
const parsed = new Map<string, IntlMessageFormat>()

function messageFormat(text: string, language: Language, timeZone: string): IntlMessageFormat {
  const at = `${language}\n${timeZone}\n${text}`
  const found = parsed.get(at)
  if (found) return found
  const made = new IntlMessageFormat(text, language, undefined, {
    formatters: {
      getNumberFormat: (locales, options) =>
        new Intl.NumberFormat(locales, options as Intl.NumberFormatOptions),
      getDateTimeFormat: (locales, options) => new Intl.DateTimeFormat(locales, { ...options, timeZone }),
      getPluralRules: (locales, options) => new Intl.PluralRules(locales, options),
    },
  })
  parsed.set(at, made)
  return made
}

/** `UTC+01:00`: the same in every language. */
function offsetOf(at: Instant, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(
    millis(at),
  )
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return name.replace('GMT', 'UTC')
}
