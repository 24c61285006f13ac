import { describe, expect, test } from 'vitest'
import { fingerprintOf, sameFingerprint } from './fingerprint.ts'
import { parseRules, rulesText } from './rules.ts'

describe('sharing rules as an operator writes them', () => {
  test('say types, label, areas, realms and purposes', () => {
    expect(parseRules('warn.* hazards.event,hazards.impact:AMBER@RS,NUTS:RS22/test[health]')).toEqual([
      { types: ['warn.*'], upTo: 'TLP:GREEN' },
      {
        types: ['hazards.event', 'hazards.impact'],
        upTo: 'TLP:AMBER',
        areas: ['RS', 'NUTS:RS22'],
        realms: ['test'],
        purposes: ['health'],
      },
    ])
  })

  test.each([
    '*',
    'warn.*:AMBER+STRICT@RS,BA',
    'a.b:CLEAR/exercise:durres-2019[border,health]',
  ])('%s is written back as it means', (text) => {
    expect(parseRules(rulesText(parseRules(text)))).toEqual(parseRules(text))
  })

  test.each([
    'Warn',
    'warn.*:PINK',
    '*/nowhere',
    '*[fun]',
    '*@',
    ':GREEN',
  ])('%s is refused with what to write', (text) => {
    expect(() => parseRules(text)).toThrow(/is no rule/)
  })
})

describe('a fingerprint', () => {
  test('is ten groups of four, and the same however it is typed', () => {
    const fingerprint = fingerprintOf({ key: Buffer.alloc(32, 1).toString('base64') })

    expect(fingerprint).toMatch(/^([0-9a-f]{4} ){9}[0-9a-f]{4}$/)
    expect(sameFingerprint(fingerprint, fingerprint.toUpperCase().replaceAll(' ', '-'))).toBe(true)
    expect(sameFingerprint(fingerprint, fingerprint.slice(5))).toBe(false)
    expect(sameFingerprint('', '')).toBe(false)
  })
})
