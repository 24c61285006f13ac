/** The words of the trail in the reader's language; a word that a newer node writes stands as it came. */
import { isKey } from '../text/catalogue.ts'
import type { Say } from '../text/use-text.tsx'

export const acts = [
  'read',
  'search',
  'export',
  'disclose',
  'change',
  'erase',
  'subject-access',
  'correct',
  'refuse',
  'sign-in',
  'sign-out',
  'administer',
  'break-glass',
  'review',
  'oversee',
] as const
export const outcomes = ['asked', 'done', 'refused', 'failed'] as const

const saying =
  (kind: 'act' | 'outcome' | 'purpose') =>
  (say: Say, word: string): string => {
    const key = `${kind}.${word}`
    return isKey(key) ? say(key) : word
  }

export const sayAct = saying('act')
export const sayOutcome = saying('outcome')
export const sayPurpose = saying('purpose')

/** What was asked, in the machine's own words: the route with its question, or the command with its words. */
export function askedIn(query: unknown): string {
  if (!isFacts(query)) return ''
  const { route, command, asked, words, options, ...rest } = query
  if (typeof route === 'string') return [`${route}${question(asked)}`, facts(rest)].filter(Boolean).join(' ')
  if (typeof command !== 'string') return facts(query)
  const said = Array.isArray(words) ? words.map(String) : []
  return [`mosaic ${command}`, ...said, facts(options), facts(rest)].filter(Boolean).join(' ')
}

type Facts = Readonly<Record<string, unknown>>
const isFacts = (value: unknown): value is Facts => typeof value === 'object' && value !== null

const pairs = (value: unknown): string[] =>
  isFacts(value)
    ? Object.entries(value).map(
        ([name, one]) => `${name}=${isFacts(one) ? JSON.stringify(one) : String(one)}`,
      )
    : []
const facts = (value: unknown): string => shortened(pairs(value).join(' '))
const question = (asked: unknown): string => shortened(isFacts(asked) ? `?${pairs(asked).join('&')}` : '')

const shortened = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text)
