import { describe, expect, test } from 'vitest'
import { SchemaUnusable, validateXml } from './validate.ts'

const xsd = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="depth" type="xs:decimal"/></xs:schema>`

describe('a document held against a schema', () => {
  test('is valid, or says where it is not', () => {
    expect(validateXml('<depth>10.5</depth>', xsd)).toEqual({ valid: true, issues: [] })

    const { valid, issues } = validateXml('<depth>deep</depth>', xsd)

    expect(valid).toBe(false)
    expect(issues[0]).toMatchObject({ rule: 'xml/schema', place: '/depth' })
  })

  test('that is hostile is refused before the schema sees it', () => {
    const { valid, issues } = validateXml('<!DOCTYPE depth><depth>1</depth>', xsd)
    expect(valid).toBe(false)
    expect(issues[0]?.rule).toBe('xml/doctype')
  })

  test('by a schema that is none is an error of ours and says so', () => {
    expect(() => validateXml('<depth>1</depth>', '<schema/>')).toThrow(SchemaUnusable)
  })
})
