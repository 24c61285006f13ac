/**
 * JSON from outside (RFC 8259): bounded in size and depth before anything is built, strictly UTF-8, and every refusal
 * says where: line, column and the JSON pointer (RFC 6901) of the value that was being read.
 *
 * Two passes. A linear scan counts brackets outside strings, so that a thousand-fold `[[[[` costs nothing; then the
 * engine's own `JSON.parse`. Only when that fails does a small reader walk the text again to find the place, because
 * the engine's message differs between versions and names no pointer.
 */
import type { Issue } from '../record/index.ts'
import { locateJsonError } from './json-place.ts'
import { readUtf8 } from './utf8.ts'

export type JsonLimits = { readonly maxBytes: number; readonly maxDepth: number }
export const jsonLimits: JsonLimits = { maxBytes: 32 * 1024 * 1024, maxDepth: 64 }

export type JsonRead =
  | { readonly ok: true; readonly value: unknown; readonly defects: readonly Issue[] }
  | { readonly ok: false; readonly issue: Issue }

export function readJson(bytes: Uint8Array, limits: JsonLimits = jsonLimits): JsonRead {
  const decoded = readUtf8(bytes, limits.maxBytes)
  if (!decoded.ok) return decoded
  const { text } = decoded
  if (text.trim() === '') return refused('json/empty', '', 'There is nothing here; JSON was expected.')
  const tooDeepAt = firstDeeperThan(text, limits.maxDepth)
  if (tooDeepAt !== undefined) {
    const place = lineAndColumn(text, tooDeepAt)
    return refused('json/too-deep', place, `This is nested deeper than ${limits.maxDepth} levels.`)
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown, defects: decoded.defects }
  } catch {
    return { ok: false, issue: describe(text) }
  }
}

function describe(text: string): Issue {
  const { offset, pointer, expected } = locateJsonError(text)
  const where = lineAndColumn(text, offset)
  const found = offset >= text.length ? 'the end of the text' : JSON.stringify(text[offset])
  const looksLikeMarkup = text.trimStart().startsWith('<')
  return {
    rule: looksLikeMarkup ? 'json/markup-instead' : 'json/malformed',
    place: pointer === '' ? where : `${where}, ${pointer}`,
    value: text.slice(Math.max(0, offset - 20), offset + 60),
    message: looksLikeMarkup
      ? 'This is a page or a document in markup, not JSON; the address may have moved or a proxy answered.'
      : `${expected} was expected and ${found} stands here.`,
  }
}

const refused = (rule: string, place: string, message: string): JsonRead => ({
  ok: false,
  issue: { rule, place, message },
})

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return `line ${line} column ${offset - before.lastIndexOf('\n')}`
}

function firstDeeperThan(text: string, maxDepth: number): number | undefined {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isInString) {
      if (code === 0x5c) at++
      else if (code === 0x22) isInString = false
    } else if (code === 0x22) isInString = true
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return at
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return undefined
}
