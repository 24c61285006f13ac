/**
 * One pass over the text before any parser sees it, in constant memory and linear time. It knows just enough of
 * XML 1.0 (tags, quoted values, comments, CDATA, processing instructions) to count what a bomb needs much of, and to
 * refuse what we never accept: a DOCTYPE, any entity beyond the five of the standard, and XInclude. Whether the rest
 * is well-formed is libxml2's judgement, not ours.
 */
import type { Issue } from '../../record/index.ts'
import { placeOf, xmlIssue } from './issue.ts'
import type { XmlLimits } from './limits.ts'

const reference = /&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);/y
const doubleQuote = 34
const singleQuote = 39
const greaterThan = 62
const equalsSign = 61
const slash = 47

/** The first reason to refuse this text, or undefined when a parser may have it. */
export function scanXml(text: string, limits: XmlLimits): Issue | undefined {
  const refuse = (rule: string, offset: number, message: string): Issue =>
    xmlIssue(rule, message, placeOf(text, offset), text.slice(offset, offset + 60))
  const foreignEntity = entityFinder(text)
  let depth = 0
  let elements = 0
  let at = 0

  while (at < text.length) {
    const open = text.indexOf('<', at)
    const textEnd = open === -1 ? text.length : open
    const entity = foreignEntity(at, textEnd)
    if (entity !== undefined) return refuse('entity', entity, entityAdvice)
    if (open === -1) return undefined

    const skipped = skipUnparsed(text, open)
    if (skipped !== undefined) {
      if (skipped === 'doctype') return refuse('doctype', open, doctypeAdvice)
      if (skipped === -1) return refuse('not-well-formed', open, 'This markup is never closed.')
      if (skipped - open > limits.markup && !text.startsWith('<![CDATA[', open)) {
        return refuse(
          'markup-too-long',
          open,
          `One piece of markup is longer than ${limits.markup} characters.`,
        )
      }
      at = skipped
      continue
    }

    const tag = endOfTag(text, open, limits)
    if (tag.end === -1) {
      return tag.tooLong
        ? refuse('markup-too-long', open, `One tag is longer than ${limits.markup} characters.`)
        : refuse('not-well-formed', open, 'This tag is never closed.')
    }
    if (tag.attributes > limits.attributes) {
      return refuse('too-many-attributes', open, `One element has more than ${limits.attributes} attributes.`)
    }
    const inside = foreignEntity(open, tag.end)
    if (inside !== undefined) return refuse('entity', inside, entityAdvice)

    if (text.charCodeAt(open + 1) === slash) {
      depth -= 1
    } else {
      elements += 1
      const isEmpty = text.charCodeAt(tag.end - 1) === slash
      if (depth + 1 > limits.depth)
        return refuse('too-deep', open, `Elements are nested deeper than ${limits.depth}.`)
      if (elements > limits.elements)
        return refuse('too-many-elements', open, `There are more than ${limits.elements} elements.`)
      if (!isEmpty) depth += 1
    }
    if (tag.attributes > 0 && isInclude(text.slice(open, tag.end)))
      return refuse('xinclude', open, includeAdvice)
    at = tag.end + 1
  }
  return undefined
}

export const includeAdvice =
  'XInclude is refused: a message must be whole and is never completed from elsewhere.'
const doctypeAdvice =
  'A DOCTYPE is refused: it may name files and addresses, and no format read here needs one.'
const entityAdvice =
  'Only the entities amp, lt, gt, quot, apos and character numbers are read. Write the character itself.'

const isInclude = (tag: string): boolean =>
  tag.includes('w3.org/2001/XInclude') || tag.includes('w3.org/2003/XInclude')

/** Where comment, CDATA section or processing instruction ends; 'doctype' for any other `<!`; undefined for a tag. */
function skipUnparsed(text: string, open: number): number | 'doctype' | undefined {
  const after = (end: string, from: number): number => {
    const found = text.indexOf(end, from)
    return found === -1 ? -1 : found + end.length
  }
  if (text.startsWith('<!--', open)) return after('-->', open + 4)
  if (text.startsWith('<![CDATA[', open)) return after(']]>', open + 9)
  if (text.startsWith('<!', open)) return 'doctype'
  if (text.startsWith('<?', open)) return after('?>', open + 2)
  return undefined
}

type Tag = { readonly end: number; readonly attributes: number; readonly tooLong: boolean }

function endOfTag(text: string, open: number, limits: XmlLimits): Tag {
  const stop = Math.min(text.length, open + limits.markup)
  let quote = 0
  let attributes = 0
  for (let i = open + 1; i < stop; i += 1) {
    const code = text.charCodeAt(i)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === doubleQuote || code === singleQuote) quote = code
    else if (code === equalsSign) attributes += 1
    else if (code === greaterThan) return { end: i, attributes, tooLong: false }
  }
  return { end: -1, attributes, tooLong: stop < text.length }
}

/**
 * Finds the first reference between two offsets that is not one of the standard's. Remembers where the next `&` is:
 * looking for it anew at every tag would make the whole scan quadratic.
 */
function entityFinder(text: string): (from: number, to: number) => number | undefined {
  let next = text.indexOf('&')
  return (from, to) => {
    while (next !== -1 && next < to) {
      const at = next
      if (at >= from) {
        reference.lastIndex = at
        if (!reference.test(text)) return at
      }
      next = text.indexOf('&', at + 1)
    }
    return undefined
  }
}
