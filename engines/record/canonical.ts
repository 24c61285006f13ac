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
 * The same for a value that `jsonIssues` has passed: the hot path of append, where the package's care for circles, dates
 * and `toJSON` was a third of all the work. A property test holds the two to the same text.
 */
export function canonicalOfChecked(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return listText(value)
  const members = value as { readonly [name: string]: unknown }
  let text = ''
  for (const name of Object.keys(members).sort())
    text += `${text === '' ? '' : ','}${quoted(name)}:${canonicalOfChecked(members[name])}`
  return `{${text}}`
}

function listText(items: readonly unknown[]): string {
  let text = ''
  for (let at = 0; at < items.length; at++) text += (at === 0 ? '' : ',') + canonicalOfChecked(items[at])
  return `[${text}]`
}

/** Most strings are plain ASCII with nothing to escape. */
const quoted = (text: string): string => (/^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text))
