/**
 * The three list-valued elements of `alert` (CAP 1.2 §3.2.1): `references` are triples `sender,identifier,sent` parted
 * by white space; `addresses` and `incidents` are words parted by white space, in double quotes when they hold some.
 */
import type { CapReference } from './alert.ts'

export type ReferencesRead = {
  readonly references: readonly CapReference[]
  readonly unreadable: readonly string[]
}

export function readReferences(text: string): ReferencesRead {
  const references: CapReference[] = []
  const unreadable: string[] = []
  for (const part of text.split(/\s+/).filter((each) => each !== '')) {
    const [sender, identifier, sent, ...more] = part.split(',')
    if (sender && identifier && sent && more.length === 0) references.push({ sender, identifier, sent })
    else unreadable.push(part)
  }
  return { references, unreadable }
}

export const writeReferences = (references: readonly CapReference[]): string =>
  references.map(({ sender, identifier, sent }) => `${sender},${identifier},${sent}`).join(' ')

export const readWords = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|([^\s"]+)/g)]
    .map(([, quoted, bare]) => quoted ?? bare ?? '')
    .filter((each) => each !== '')

export const writeWords = (words: readonly string[]): string =>
  words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ')
