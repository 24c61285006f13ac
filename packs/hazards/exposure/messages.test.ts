/** Every proposal becomes a CAP message that our own validator calls clean, in every language at once. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capSeverities, readCap, writeCap } from '../../../engines/formats/index.ts'
import { clear, exercise, type Held, plusMs, type RecordId } from '../../../engines/record/index.ts'
import { type Mandate, messageOf, type ProposalBody, type WarnCountry } from '../../../engines/warn/index.ts'
import { see } from '../../../regions/see/region.ts'
import { hazardKinds } from '../kinds.ts'
import type { HazardFigures } from '../records.ts'
import { hour, seePlaces, square } from '../tellings.test-support.ts'
import { catalogues } from '../texts/index.ts'
import { exposureOf } from './assess.ts'
import type { ExposureBody } from './record.ts'
import { hazardWarningParameters } from './warning-settings.ts'
import { hazardWarnings } from './warnings.ts'

const places = await seePlaces()
const rule = hazardWarnings({ warnings: see.warnings, rivers: see.rivers ?? [] })

const everywhere: WarnCountry = {
  languages: Object.keys(catalogues),
  timeZone: 'Europe/Belgrade',
  name: () => 'Bosnien und Herzegowina',
}

const written = (body: ProposalBody, msgType: 'Alert' | 'Update' | 'Cancel', mandate: Mandate) =>
  messageOf({
    proposal: { ...body, args: { ...body.args, reason: 'withdrawn' } },
    realm: exercise('flood-2026'),
    rule: {
      id: 'r',
      realm: 'exercise:*',
      countries: '*',
      mandate,
      sender: 'warnings@durres.example',
      senderName: { en: 'Exercise desk' },
    },
    msgType,
    identifier: 'mosaic.durres.example.a1.0',
    sent: plusMs(hour(0), 300_000),
    expires: body.expires,
    references:
      msgType === 'Alert'
        ? []
        : [{ sender: 'warnings@durres.example', identifier: 'one', sent: '2026-05-14T06:01:00-00:00' }],
    handling: clear,
    country: everywhere,
    catalogues,
  })

type Kind = HazardFigures['kind']
const kinds = hazardKinds.filter((kind): kind is Kind => kind !== 'earthquake')

describe('the CAP message of a hazard', () => {
  test('is clean in all languages at once, whatever the hazard, as Alert, Update, Cancel and advice', () => {
    const cases = fc.record({
      kind: fc.constantFrom(...kinds),
      severity: fc.constantFrom(...capSeverities.slice(0, 3)),
      status: fc.constantFrom('active' as const, 'forecast' as const),
      at: fc.constantFrom([18.8, 44.88] as const, [20.45, 44.8] as const, [19.2, 42.95] as const),
      size: fc.constantFrom(0.05, 0.3, 2),
      msgType: fc.constantFrom('Alert' as const, 'Update' as const, 'Cancel' as const),
      mandate: fc.constantFrom<Mandate>({ kind: 'advice' }, { kind: 'authority', of: '*', text: 'law' }),
    })
    let messages = 0

    fc.assert(
      fc.property(cases, ({ kind, severity, status, at, size, msgType, mandate }) => {
        const figures: HazardFigures = {
          ...{ kind, severity, status, time: hour(0), until: hour(36), longitude: at[0], latitude: at[1] },
          ...{ agencies: ['GDACS'], countries: [], measures: [] },
        }
        const body = exposureOf(figures, { geometry: square(at[0], at[1], size) }, places)
        const held = {
          record: {
            body: { ...body, event: 'a'.repeat(40) as RecordId },
            valid: { from: hour(0), until: hour(36) },
            attribution: [{ source: 'gdacs', licence: 'open', credit: 'GDACS' }],
          },
        } as unknown as Held<ExposureBody>
        for (const { body: proposal } of rule.propose(held)) {
          messages += 1
          const verdict = readCap(writeCap(written(proposal, msgType, mandate).alert))
          expect(verdict.verdict).toBe('clean')
          expect(verdict.alert?.info).toHaveLength(Object.keys(catalogues).length)
        }
      }),
      { numRuns: process.env['MOSAIC_LONG'] ? 200 : 25 },
    )
    expect(messages).toBeGreaterThan(10)
  })

  test('has parameters whose defaults lie in their ranges and name their source', () => {
    for (const { value, range, source, unit } of Object.values(hazardWarningParameters)) {
      expect(value).toBeGreaterThanOrEqual(range[0])
      expect(value).toBeLessThanOrEqual(range[1])
      expect(source).not.toBe('')
      expect(unit).not.toBe('')
    }
  })
})
