import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRegistry, instant } from '../../engines/record/index.ts'
import { checklist } from './checklist.ts'
import { example } from './pack.ts'
import { exampleSource } from './source.ts'

const receivedAt = instant('2026-05-01T00:10:00Z')
const decode = (bytes: Uint8Array) =>
  exampleSource.decode({ bytes, mediaType: 'application/json', receivedAt })

describe('the example pack', () => {
  test('its record types stand beside each other in one registry', () => {
    expect(() => createRegistry(example.records)).not.toThrow()
  })

  test('a payload gives its readable reports, and holds the unreadable one with its reason', () => {
    const { observations, rejected } = decode(
      readFileSync(new URL('./fixtures/reports.json', import.meta.url)),
    )

    expect(observations.map(({ key }) => key)).toEqual(['example:r1', 'example:r2'])
    expect(rejected.map(({ issues }) => issues[0]?.place)).toEqual(['/2'])
  })

  test('no bytes whatever make the decoder throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => Array.isArray(decode(bytes).observations)),
    )
  })

  test('every source says whose it is and under which licence', () => {
    for (const { attribution } of example.sources) {
      expect(attribution.licence).not.toBe('')
      expect(attribution.credit).not.toBe('')
    }
  })

  test('every house rule is done, or exempt with a reason', () => {
    const open = Object.entries(checklist).filter(
      ([, state]) => state !== 'done' && state.exempt.trim() === '',
    )

    expect(open).toEqual([])
  })
})
