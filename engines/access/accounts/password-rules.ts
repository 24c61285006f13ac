/**
 * Which passwords are not taken (NIST SP 800-63B §5.1.1.2): the short, the endless, and those that somebody would try
 * first. No rule of composition: no digit, no sign, no capital is asked for, and none expires.
 *
 * "Would try first": all but at most four characters are made of words that people choose (the commonest passwords, and
 * the names that stand around this account), of rows of the keyboard, of counting, of years, or of one character over and over.
 * The words come from the published lists of the most used passwords, as stems; what is commonly hung on them
 * ("Password1234!") is what the four characters and the rows are for.
 */
import { prepared } from './password.ts'

export const passwordLength = { min: 12, max: 256 } as const

export type Weakness = 'too-short' | 'too-long' | 'easily-guessed'

const spareCharacters = 4

const words = [
  ...[
    'password',
    'passwort',
    'passord',
    'lozinka',
    'parola',
    'parole',
    'fjalekalimi',
    'geslo',
    'jelszo',
    'sifre',
  ],
  ...[
    'kodikos',
    'heslo',
    'pass',
    'word',
    'secret',
    'login',
    'signin',
    'welcome',
    'hello',
    'letmein',
    'changeme',
  ],
  ...['change', 'default', 'admin', 'administrator', 'root', 'toor', 'user', 'guest', 'test', 'temp', 'demo'],
  ...[
    'master',
    'super',
    'server',
    'system',
    'computer',
    'internet',
    'access',
    'account',
    'database',
    'oracle',
  ],
  ...['monkey', 'dragon', 'shadow', 'sunshine', 'princess', 'football', 'baseball', 'basketball', 'soccer'],
  ...['superman', 'batman', 'pokemon', 'starwars', 'trustno', 'whatever', 'michael', 'jordan', 'charlie'],
  ...[
    'iloveyou',
    'love',
    'lovely',
    'forever',
    'always',
    'baby',
    'angel',
    'flower',
    'summer',
    'winter',
    'spring',
  ],
  ...['autumn', 'january', 'february', 'march', 'april', 'june', 'july', 'august', 'september', 'october'],
  ...[
    'november',
    'december',
    'monday',
    'friday',
    'sunday',
    'samsung',
    'google',
    'facebook',
    'yahoo',
    'mosaic',
  ],
  ...['my', 'new', 'the', 'your', 'this', 'is', 'and', 'for'],
]

const rows = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'yxcvbnm',
  'zxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  'qazwsxedcrfvtgbyhnujm',
]
const longestRow = Math.max(...rows.map(({ length }) => length))
const bothWays = [...rows, ...rows.map((row) => [...row].reverse().join(''))]

/** `names`: login and display name, organisation, node: what anybody who knows the person would try. */
export function weaknessOf(password: string, names: readonly string[] = []): Weakness | undefined {
  const { length } = [...prepared(password)]
  if (length < passwordLength.min) return 'too-short'
  if (length > passwordLength.max) return 'too-long'
  const known = [...words, ...names.flatMap(wordsOf)]
  const text = plain(password)
  const spare = Math.min(unguessable(text, known), unguessable(lettersFor(text), known))
  return spare <= spareCharacters ? 'easily-guessed' : undefined
}

/** How many characters are not part of any word, row or repetition, at best. */
function unguessable(text: string, known: readonly string[]): number {
  const least = [0]
  for (let end = 1; end <= text.length; end += 1) {
    let best = (least[end - 1] ?? 0) + 1
    for (const word of known)
      if (text.endsWith(word, end)) best = Math.min(best, least[end - word.length] ?? best)
    for (let start = end - 3; start >= 0 && end - start <= longestRow; start -= 1)
      if (isPattern(text.slice(start, end))) best = Math.min(best, least[start] ?? best)
    least.push(best)
  }
  return least[text.length] ?? 0
}

const isPattern = (part: string): boolean =>
  /^(19|20)\d\d$/.test(part) ||
  part === part.charAt(0).repeat(part.length) ||
  bothWays.some((row) => row.includes(part))

const wordsOf = (name: string): string[] =>
  plain(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= 3)

/** Lower case, without marks on letters. */
const plain = (text: string): string => prepared(text).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const standsFor: Readonly<Record<string, string>> = {
  '@': 'a',
  $: 's',
  '!': 'i',
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
}

/** Signs and digits that are written for letters, as those letters: `p4$$w0rd`. */
const lettersFor = (text: string): string => text.replace(/[@$!013457]/g, (sign) => standsFor[sign] ?? sign)
