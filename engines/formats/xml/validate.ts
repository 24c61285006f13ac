/**
 * XSD validation through libxml2. The schema's text comes from us, never from the document (schemaLocation is
 * ignored), and must be whole: an import or include in it finds nothing, because no input provider is registered.
 */
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm'
import { type Issue, MosaicError } from '../../record/index.ts'
import { xmlIssue } from './issue.ts'
import { defaultXmlLimits, type XmlLimits } from './limits.ts'
import { openXml } from './open.ts'

export class SchemaUnusable extends MosaicError {
  override readonly name = 'SchemaUnusable'
  override readonly code = 'formats/schema-unusable'
}

export type XmlValidation = { readonly valid: boolean; readonly issues: readonly Issue[] }
export type XmlValidator = Disposable & {
  validate(source: Uint8Array | string): XmlValidation
  /** Of a document that is open already (`openXml`): the same without reading it again. */
  issuesOf(document: XmlDocument): readonly Issue[]
}

/** A schema compiled once for many documents. Dispose it when done: it owns wasm memory. */
export function compileSchema(xsdText: string, limits: Partial<XmlLimits> = {}): XmlValidator {
  const schema = compile(xsdText)
  return {
    validate(source) {
      const opened = openXml(source, { ...defaultXmlLimits, ...limits }, (document) =>
        issuesOf(schema, document),
      )
      if (!opened.ok) return { valid: false, issues: [opened.issue] }
      return { valid: opened.value.length === 0, issues: opened.value }
    },
    issuesOf: (document) => issuesOf(schema, document),
    [Symbol.dispose]: () => schema.dispose(),
  }
}

export function validateXml(source: Uint8Array | string, xsdText: string): XmlValidation {
  using validator = compileSchema(xsdText)
  return validator.validate(source)
}

function compile(xsdText: string): XsdValidator {
  try {
    using document = XmlDocument.fromString(xsdText)
    return XsdValidator.fromDoc(document)
  } catch (cause) {
    const advice = 'Give the schema as one whole text; imports are not followed.'
    throw new SchemaUnusable(`The XML schema cannot be compiled. ${advice}`, { cause })
  }
}

function issuesOf(schema: XsdValidator, document: XmlDocument): Issue[] {
  try {
    schema.validate(document)
    return []
  } catch (cause) {
    if (!(cause instanceof XmlValidateError)) throw cause
    return cause.details.map(({ message, line, xpath }) =>
      xmlIssue('schema', message.trim(), xpath ?? `line ${line}`),
    )
  }
}
