/**
 * Where a body speaks of a person: by identifier, or by name.
 *
 * Letters are compared without accents and case (NFKD, combining marks taken off; đ, ł, ø and ı are letters of their own
 * and are mapped by hand); signs between them count as spaces.
 *
 * - An identifier fits where a text, without spaces and signs, is the identifier or holds it between other characters than
 *   letters and digits.
 * - A name fits where one text holds all its words, in any order, or where the texts of one object do together (`given`
 *   and `family` apart).
 *
 * Known limits: one script (Петровић is not found as Petrović: ask under both spellings); no nicknames, no misspellings.
 * Who answers the person reads the records; this finds them.
 */
import { pointerStep } from '../../record/index.ts'

export type Sought = { readonly names: readonly string[]; readonly ids: readonly string[] }

export type Match = {
  /** JSON pointer of the text, or of the object whose texts fit together. */
  readonly place: string
  readonly by: 'name' | 'id'
}

export function matchesIn(value: unknown, sought: Sought, place: string): readonly Match[] {
  const names = sought.names.map(wordsOf).filter((words) => words.length > 0)
  const ids = sought.ids.map(compact).filter((id) => id.length > 0)
  const found: Match[] = []
  visit(value, place, { names, ids, found })
  return found
}

/** Objects that speak of somebody: a member with one of these names holds a text or number. */
const personMembers = new Set(
  [
    ...['name', 'fullName', 'givenName', 'given', 'firstName', 'familyName', 'family', 'lastName', 'surname'],
    ...[
      'birthDate',
      'dateOfBirth',
      'born',
      'nationality',
      'sex',
      'gender',
      'passport',
      'idNumber',
      'nationalId',
    ],
    ...['taxNumber', 'phone', 'telephone', 'email', 'address', 'plate', 'iban', 'photo', 'alias', 'aliases'],
  ].map((name) => name.toLowerCase()),
)

/** Objects in a body that seem to speak of other persons than those matched: the reviewing officer decides. */
export function thirdPartiesIn(value: unknown, matches: readonly Match[], place: string): readonly string[] {
  const found: string[] = []
  const isAbout = (at: string) => matches.some((match) => match.place === at || parentOf(match.place) === at)
  walkObjects(value, place, (object, at) => {
    if (Object.entries(object).some(isPersonal) && !isAbout(at)) found.push(at)
  })
  return found
}

const parentOf = (place: string): string => place.slice(0, Math.max(0, place.lastIndexOf('/')))

const isPersonal = ([name, value]: readonly [string, unknown]): boolean =>
  personMembers.has(name.toLowerCase()) && (typeof value === 'string' || typeof value === 'number')

type Search = {
  readonly names: readonly (readonly string[])[]
  readonly ids: readonly string[]
  readonly found: Match[]
}

function visit(value: unknown, place: string, search: Search): void {
  if (typeof value === 'string' || typeof value === 'number') visitText(String(value), place, search)
  if (typeof value !== 'object' || value === null) return
  const before = search.found.length
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  for (const [name, member] of members) visit(member, `${place}${pointerStep(name)}`, search)
  const hasNamed = search.found.slice(before).some(({ by }) => by === 'name')
  if (!Array.isArray(value) && !hasNamed && fitsTogether(value, search))
    search.found.push({ place, by: 'name' })
}

function visitText(text: string, place: string, { names, ids, found }: Search): void {
  const words = new Set(wordsOf(text))
  if (names.some((name) => name.every((word) => words.has(word)))) found.push({ place, by: 'name' })
  if (ids.some((id) => holdsId(text, id))) found.push({ place, by: 'id' })
}

function fitsTogether(value: object, { names }: Search): boolean {
  const texts = Object.values(value).filter((member) => typeof member === 'string')
  if (texts.length < 2) return false
  const words = new Set(texts.flatMap(wordsOf))
  return names.some((name) => name.length > 1 && name.every((word) => words.has(word)))
}

/** As a whole, or as one of the pieces that spaces and signs leave, or as several of them in a row. */
function holdsId(text: string, id: string): boolean {
  if (compact(text) === id) return true
  const pieces = wordsOf(text)
  return pieces.some((_, from) => {
    let joined = ''
    for (let at = from; at < pieces.length && joined.length < id.length; at++) joined += pieces[at]
    return joined === id
  })
}

const ownLetters: Readonly<Record<string, string>> = { đ: 'd', ł: 'l', ø: 'o', ı: 'i', ß: 'ss' }

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[đłøıß]/g, (letter) => ownLetters[letter] ?? letter)

const wordsOf = (text: string): readonly string[] => plain(text).match(/[\p{L}\p{N}]+/gu) ?? []
const compact = (text: string): string => wordsOf(text).join('')

function walkObjects(value: unknown, place: string, tell: (object: object, place: string) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) tell(value, place)
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  for (const [name, member] of members) walkObjects(member, `${place}${pointerStep(name)}`, tell)
}
