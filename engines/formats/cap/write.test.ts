import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { compileSchema } from '../xml/validate.ts'
import { cleanAlerts } from './alert.test-support.ts'
import type { CapAlert } from './alert.ts'
import { readCap } from './read.ts'
import { CapNotClean, writeCap } from './write.ts'

const runs = process.env['MOSAIC_LONG'] === '1' ? 5000 : 300

describe('a warning written as CAP 1.2', () => {
  test('is read back as it was, and clean, whatever it says and in whatever script', () => {
    fc.assert(
      fc.property(cleanAlerts, (alert) => {
        expect(readCap(writeCap(alert))).toEqual({ verdict: 'clean', alert, defects: [] })
      }),
      { numRuns: runs },
    )
  }, 600_000)

  test('gives the same bytes each time, whatever the order in which the program filled its fields', () => {
    fc.assert(
      fc.property(cleanAlerts, (alert) => {
        const shuffled = Object.fromEntries(Object.entries(alert).reverse()) as CapAlert
        expect(writeCap(shuffled)).toBe(writeCap(alert))
      }),
      { numRuns: 30 },
    )
  })

  test('is refused when it would not be clean, with the defects', () => {
    const [alert] = fc.sample(cleanAlerts, { numRuns: 1, seed: 7 })
    if (alert === undefined) throw new Error('no sample')
    const refusals: readonly [what: Partial<CapAlert>, rule: string][] = [
      [{ sent: '2026-01-01T00:00:00Z' }, 'cap/time-letter-zone'],
      [{ sender: 'two words' }, 'cap/sender-characters'],
      [{ msgType: 'Cancel', references: [] }, 'cap/references-missing'],
      [{ scope: 'Private', addresses: [] }, 'cap/addresses-missing'],
      [{ note: '' }, 'cap/element-empty'],
      [{ note: ' padded ' }, 'cap/not-writable'],
      [{ note: 'a bell \u0007' }, 'xml/not-well-formed'],
      [{ version: '1.1' }, 'cap/not-writable'],
      [{ signatures: 1 }, 'cap/not-writable'],
    ]
    for (const [change, rule] of refusals) {
      let thrown: unknown
      try {
        writeCap({ ...alert, ...change })
      } catch (error) {
        thrown = error
      }
      expect(thrown, rule).toBeInstanceOf(CapNotClean)
      expect((thrown as CapNotClean).defects.map((defect) => defect.rule)).toContain(rule)
    }
  })
})

describeWithData('a warning of ours, held against the schema of OASIS', 'hazards/schema', (data) => {
  test('is valid', () => {
    using oasis = compileSchema(readFileSync(data('CAP-v1.2-schema.xsd'), 'utf8'))
    fc.assert(
      fc.property(cleanAlerts, (alert) => {
        expect(oasis.validate(writeCap(alert)).issues).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})
