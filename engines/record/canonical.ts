/**
 * Canonical JSON, RFC 8785 (JCS): members sorted by UTF-16 code units, numbers as ECMAScript prints them, no white space.
 * Every digest in Mosaic is over the UTF-8 bytes of this form, so two nodes that hold the same record hash the same bytes.
 *
 * The npm package `canonicalize` writes the form; like JSON.stringify it leaves `undefined` out in silence, which here
 * would let two different values share one digest. So what JSON cannot hold is refused first.
 */
import canonicalize from 'canonicalize'
import { InvalidRecord } from './errors.ts'
import { jsonIssues } from './json.ts'

/** Throws `record/invalid` for what JSON cannot hold. */
export function canonical(value: unknown): string {
  const [first] = jsonIssues(value)
  if (first !== undefined) throw new InvalidRecord(`At "${first.place}": ${first.message}`)
  return canonicalize(value) ?? ''
}

/**
 * The same for a value that `jsonIssues` has passed: the hot path of append and receive, where the package's care for
 * circles, dates and `toJSON` was a third of all the work. What is in order already, as all that was read back from its
 * canonical form, the engine writes itself: half the time, and no chain of pieces is left behind. A property test holds
 * all three to the same text.
 */
export function canonicalOfChecked(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  return isInOrder(value) ? JSON.stringify(value) : textOf(value)
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return listText(value)
  const members = value as { readonly [name: string]: unknown }
  let text = ''
  for (const name of Object.keys(members).sort())
    text += `${text === '' ? '' : ','}${quoted(name)}:${textOf(members[name])}`
  return `{${text}}`
}

/** Are the members of this and of all below it sorted? */
function isInOrder(value: object): boolean {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) if (!isScalarOrInOrder(value[at])) return false
    return true
  }
  const members = value as { readonly [name: string]: unknown }
  let before: string | undefined
  for (const name in members) {
    if ((before !== undefined && name < before) || !isScalarOrInOrder(members[name])) return false
    before = name
  }
  return true
}

const isScalarOrInOrder = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || isInOrder(value)

function listText(items: readonly unknown[]): string {
  let text = ''
  for (let at = 0; at < items.length; at++) text += (at === 0 ? '' : ',') + textOf(items[at])
  return `[${text}]`
}

/** Most strings are plain ASCII with nothing to escape. */
const quoted = (text: string): string => (/^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text))
