/**
 * Our own XML Schema of CAP 1.2 (`cap-1.2.xsd`), compiled when first asked for and kept: it is the same for every
 * message of the process. It accepts and refuses exactly what the schema of OASIS does; a test compares the two.
 */
import { readFileSync } from 'node:fs'
import type { XmlDocument } from 'libxml2-wasm'
import { compileSchema, type XmlValidator } from '../xml/validate.ts'

let text: string | undefined
let validator: XmlValidator | undefined

/** The text of the schema. */
export function capSchema(): string {
  text ??= readFileSync(new URL('./cap-1.2.xsd', import.meta.url), 'utf8')
  return text
}

/** Where and how an open message breaks the schema, or undefined when it does not. */
export function breaksSchema(
  document: XmlDocument,
): { readonly place: string; readonly message: string } | undefined {
  validator ??= compileSchema(capSchema())
  const [issue] = validator.issuesOf(document)
  return issue === undefined ? undefined : { place: issue.place, message: issue.message }
}
