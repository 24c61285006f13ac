/**
 * A plan written in one language. What its catalogue lacks stands in English, with its language marked; what others
 * wrote stands in the language that they chose. Names of countries come from the region, with the note that was agreed
 * for them at the foot.
 *
 * Nothing that came from outside is ever read as a key or a pattern: it is handed to the message as a value.
 */
import { type Instant, inLanguage, type Language, type MultilingualText } from '../record/index.ts'
import { type Catalogue, type ProposalBody, TextUnwritable, writerFor } from '../warn/index.ts'
import { type Argument, mapBlock, type Plan, type Section, type Words, type Written } from './contract.ts'

export type CountryWords = (
  code: string,
) => { readonly names: MultilingualText; readonly footnote?: MultilingualText } | undefined

export type Writing = {
  readonly language: Language
  readonly catalogues: Readonly<Record<Language, Catalogue>>
  readonly country: CountryWords
  /** IANA zone of times in sentences. */
  readonly timeZone: string
}

export type WrittenPlan = {
  readonly title: Written
  readonly sections: readonly Section<Written>[]
  readonly notes: readonly Written[]
}

export function writePlan(writing: Writing, plan: Plan): WrittenPlan {
  const write = (words: Words) => written(writing, words)
  return {
    title: write(plan.title),
    sections: plan.sections.map(({ heading, blocks, ...section }) => ({
      ...section,
      heading: write(heading),
      blocks: blocks.map((block) => mapBlock(block, write)),
    })),
    notes: notesOf(writing, countriesIn(plan)),
  }
}

export function written(writing: Writing, words: Words): Written {
  const { language } = writing
  switch (words.kind) {
    case 'said':
      return fromCatalogue(writing, words.key, words.args)
    case 'quoted':
      return marked(inLanguage(words.text, language) ?? { language, text: '' }, language)
    case 'plain':
      return { text: words.text }
    case 'number':
      return { text: withUnit(figure(writing, words.value, words.digits), words.unit) }
    case 'range': {
      const [low, high] = [words.low, words.high].map((value) => figure(writing, value, words.digits))
      return { text: withUnit(low === high ? `${low}` : `${low}–${high}`, words.unit) }
    }
    case 'time':
      return { text: utc(words.at) }
    case 'countries':
      return { text: words.codes.map((code) => nameOf(writing, code)).join(', ') }
  }
}

/** `2019-11-26 02:54 UTC`: the same in every language, and sorted as it reads. */
export const utc = (at: Instant): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`

function fromCatalogue(writing: Writing, key: string, args: Readonly<Record<string, Argument>>): Written {
  const { catalogues, language, timeZone } = writing
  const chosen = [language, 'en'].find((one) => catalogues[one]?.messages[key] !== undefined)
  const catalogue = chosen === undefined ? undefined : catalogues[chosen]
  if (chosen === undefined || !catalogue)
    throw new TextUnwritable(language, key, 'neither its catalogue nor the English one has this key')
  const inChosen = { ...writing, language: chosen }
  const values = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, argument(inChosen, value)]),
  )
  return marked({ language: chosen, text: writerFor(catalogue, values, timeZone).write(key).text }, language)
}

/** A text in a list of one passes as it is: the writer reads no reference and no time in it. */
function argument(writing: Writing, value: Argument): ProposalBody['args'][string] {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return [value]
  return value.kind === 'time' ? value.at : [written(writing, value).text]
}

const marked = (given: { readonly language: Language; readonly text: string }, wanted: Language): Written =>
  given.language === wanted || wanted.startsWith(`${given.language}-`)
    ? { text: given.text }
    : { text: given.text, language: given.language }

function figure({ catalogues, language }: Writing, value: number, digits: number): string {
  const locale = catalogues[language]?.locale ?? language
  return new Intl.NumberFormat(locale, {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  }).format(value)
}
const withUnit = (text: string, unit: string | undefined) =>
  unit === undefined ? text : `${text}\u00a0${unit}`

const nameOf = ({ country, language }: Writing, code: string): string => {
  const names = country(code)?.names
  return (names && inLanguage(names, language)?.text) ?? code
}

const notesOf = ({ country, language }: Writing, codes: readonly string[]): readonly Written[] =>
  codes.flatMap((code) => {
    const note = country(code)?.footnote
    const given = note && inLanguage(note, language)
    if (!given) return []
    const text = given.text.startsWith('*') ? given.text : `* ${given.text}`
    return [marked({ language: given.language, text }, language)]
  })

/** Every country that the plan names, sorted. */
function countriesIn(plan: Plan): readonly string[] {
  const found = new Set<string>()
  const look = (words: Words): Words => {
    if (words.kind === 'countries') for (const code of words.codes) found.add(code)
    if (words.kind === 'said')
      for (const value of Object.values(words.args)) if (typeof value === 'object') look(value)
    return words
  }
  look(plan.title)
  for (const { heading, blocks } of plan.sections) {
    look(heading)
    for (const block of blocks) mapBlock(block, look)
  }
  return [...found].sort()
}
