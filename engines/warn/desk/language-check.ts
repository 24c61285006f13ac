/**
 * Do all languages say the same? CAP 1.2 lets every info block say something else; a neighbour who reads the other one
 * must not. The codes, times and areas of a draft stand once for all languages, so they cannot differ; what can differ is
 * compared here: the figures in the words, the places left open, and whether a text is in its language at all.
 */
import type { Language } from '../../record/index.ts'
import { type DraftContent, type DraftText, type Finding, wordNames } from './contract.ts'
import { type Figures, figuresIn } from './figures.ts'
import { foreignLetters, otherScript } from './scripts.ts'

/** The form of numbers and dates of a language where it has several, or CLDR lacks it: from its catalogue. */
export type LocaleOf = (language: Language) => string

export function languageFindings(texts: DraftContent['texts'], localeOf: LocaleOf): readonly Finding[] {
  const all = Object.entries(texts)
  return [
    ...all.flatMap(([language, text]) => ownFindings(language, text)),
    ...figureFindings(all, localeOf),
    ...identicalFindings(all),
  ]
}

function ownFindings(language: Language, text: DraftText): readonly Finding[] {
  const place = `/texts/${language}`
  const whole = wordsOf(text)
  const found: Finding[] = []
  for (const name of wordNames) {
    const words = text[name]
    if (words.trim() === '')
      found.push(error('desk/text-empty', `${place}/${name}`, '', 'This text is empty; write it.'))
    const open = words.match(/\{[^{}]*\}|\[\[[^\]]*\]\]/u)?.[0]
    if (open !== undefined)
      found.push(
        error(
          'desk/placeholder-left',
          `${place}/${name}`,
          open,
          'A placeholder is left; put in what belongs there.',
        ),
      )
  }
  if (!isTag(language))
    found.push(error('desk/language-tag', place, language, 'This is no language tag such as sq or sr-Cyrl.'))
  const script = otherScript(whole, language)
  if (script !== undefined)
    found.push(
      error(
        'desk/script-differs',
        place,
        script,
        `The text is in ${script} letters, which ${language} is not.`,
      ),
    )
  const letters = script === undefined ? foreignLetters(whole, language) : undefined
  if (letters !== undefined)
    found.push({
      ...error(
        'desk/letters-foreign',
        place,
        letters,
        `${language} does not have these letters: is it that language?`,
      ),
      level: 'warning',
    })
  return found
}

/** Against English where there is one, else against the first language. */
function figureFindings(
  all: readonly (readonly [Language, DraftText])[],
  localeOf: LocaleOf,
): readonly Finding[] {
  const figures = all.map(
    ([language, text]) => [language, figuresIn(wordsOf(text), soundLocale(localeOf(language)))] as const,
  )
  const base = figures.find(([language]) => language === 'en') ?? figures[0]
  if (base === undefined) return []
  return figures.flatMap((other) => (other === base ? [] : differences(base, other)))
}

type Counted = readonly [Language, Figures]

function differences([base, one]: Counted, [language, other]: Counted): readonly Finding[] {
  const missing = [...one.values].filter((value) => !other.values.has(value))
  const more = [...other.values].filter((value) => !one.values.has(value))
  const place = `/texts/${language}`
  const found: Finding[] = []
  if (missing.length + more.length > 0)
    found.push({
      ...error(
        'desk/figures-differ',
        place,
        [...missing.map((value) => `-${value}`), ...more.map((value) => `+${value}`)].join(' '),
        `Figures differ from ${base}: ${said('missing here', missing)}${said('only here', more)}make them the same.`,
      ),
      mayOverride: true,
    })
  for (const [value, units] of one.units) {
    const theirs = other.units.get(value)
    if (theirs === undefined || [...units].some((unit) => theirs.has(unit))) continue
    found.push({
      ...error(
        'desk/units-differ',
        place,
        `${value} ${[...theirs].join(', ')}`,
        `${value} stands here with another unit than in ${base} (${[...units].join(', ')}); make them the same.`,
      ),
      mayOverride: true,
    })
  }
  return found
}

const said = (what: string, values: readonly string[]): string =>
  values.length === 0 ? '' : `${what} ${values.join(', ')}; `

/** Serbian and Croatian may say a short thing alike; a whole description word for word is a copy. */
function identicalFindings(all: readonly (readonly [Language, DraftText])[]): readonly Finding[] {
  return all.flatMap(([language, text], at) =>
    all.slice(0, at).flatMap(([earlier, other]) => {
      const isSame = text.description.trim() !== '' && text.description.trim() === other.description.trim()
      return isSame
        ? [
            {
              ...error(
                'desk/texts-identical',
                `/texts/${language}/description`,
                earlier,
                `The same words stand under ${earlier}: was a translation forgotten?`,
              ),
              level: 'warning' as const,
            },
          ]
        : []
    }),
  )
}

const wordsOf = (text: DraftText): string => wordNames.map((name) => text[name]).join('\n')

const error = (rule: string, place: string, value: string, message: string): Finding => ({
  rule,
  level: 'error',
  place,
  value: value.slice(0, 200),
  message,
  mayOverride: false,
})

function isTag(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length === 1
  } catch {
    return false // BCP 47 does not have it
  }
}

const soundLocale = (locale: string): string => (isTag(locale) ? locale : 'en')
