import { describe, expect, test } from 'vitest'
import { thePublic } from '../principals.ts'
import { anOfficer, asking } from './audit.test-support.ts'
import { caseNumberCondition, caseNumberMissing, isCaseNumber } from './case-number.ts'
import { defaultAuditPolicy } from './policy.ts'

const { caseNumber: rule } = defaultAuditPolicy
const police = asking(anOfficer(), 'law-enforcement')

describe('a case number', () => {
  test('is demanded for law enforcement and border, and the refusal says so', () => {
    expect(caseNumberMissing(rule, police)).toEqual({
      code: 'access/case-number-required',
      because: { kind: 'purpose', purpose: 'law-enforcement' },
    })
    expect(caseNumberMissing(rule, { ...police, caseNumber: 'K-17/24' })).toBeUndefined()
    expect(caseNumberMissing(rule, asking())).toBeUndefined()
  })

  test('is demanded for every police-coded record, whatever the purpose', () => {
    expect(caseNumberMissing(rule, asking(), ['H1'])).toMatchObject({
      because: { kind: 'police-code', codes: ['H1'] },
    })
  })

  test('that is none is as good as missing', () => {
    for (const text of ['', '-', ' ', 'a\nb', 'a\0b', 'x'.repeat(101)])
      expect(caseNumberMissing(rule, { ...police, caseNumber: text })).toBeDefined()
    for (const text of ['KP 123/2024', 'К-17', 'ДП-5/24']) expect(isCaseNumber(text)).toBe(true)
  })

  test('is not asked of the public, whose lists simply hold no police-coded record', () => {
    expect(caseNumberMissing(rule, asking(thePublic, 'public'))).toBeUndefined()
  })

  test('makes of a list a condition: nothing, all but police-coded, or all', () => {
    expect(caseNumberCondition(rule, police)).toMatchObject({ of: { kind: 'any', of: [] } })
    expect(caseNumberCondition(rule, asking())).toMatchObject({ of: { kind: 'police-within', codes: [] } })
    expect(caseNumberCondition(rule, { ...police, caseNumber: 'K-17/24' })).toMatchObject({
      of: { kind: 'all', of: [] },
    })
  })
})
