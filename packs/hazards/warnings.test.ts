import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileSchema, readCap, writeCap } from '../../engines/formats/index.ts'
import {
  clear,
  exercise,
  type Held,
  type Instant,
  instant,
  plusMs,
  type RecordId,
} from '../../engines/record/index.ts'
import { type Mandate, messageOf, type ProposalBody, type WarnCountry } from '../../engines/warn/index.ts'
import { sharedData } from '../../test/support/shared-data.ts'
import type { ImpactBody } from './impact-record.ts'
import { catalogues } from './texts/index.ts'
import { warningParameters } from './warning-settings.ts'
import { earthquakeWarning, earthquakeWarnings } from './warnings.ts'

const time = instant('2019-11-26T02:54:12Z')
const eventId = 'e'.repeat(40) as RecordId

type Town = ImpactBody['towns'][number]

const town = (
  name: string,
  country: string,
  mmi: number,
  people = 10_000,
  at: [number, number] = [19.5, 41.4],
): Town => ({
  id: name.length,
  name,
  country,
  at,
  people,
  distanceKm: 20,
  mmi,
  mmiLow: mmi - 0.7,
  mmiHigh: mmi + 0.7,
  isCapital: false,
})

const countryOf = (code: string, exposed: ImpactBody['countries'][number]['exposed'] = []) => ({
  code,
  maxMmi: 5,
  nearestMmi: 5,
  nearestKm: 10,
  exposed,
})

function anImpact(
  parts: Partial<ImpactBody> = {},
  recordedAt: Instant = plusMs(time, 240_000),
): Held<ImpactBody> {
  const body: ImpactBody = {
    kind: 'earthquake',
    state: 'active',
    event: eventId,
    magnitude: 6.4,
    latitude: 41.51,
    longitude: 19.53,
    depthKm: 22,
    models: [],
    level: 'orange',
    rule: { name: 'pager-fatality', value: 50, thresholds: { yellow: 1, orange: 100, red: 1000 } },
    maxMmi: 7.2,
    feltRadiusKm: 300,
    towns: [
      town('Mamurras', 'AL', 7.1),
      town('Durrës', 'AL', 6.9, 120_000, [19.45, 41.32]),
      town('Korçë', 'AL', 4.6, 58_000, [20.78, 40.62]),
      town('Bar', 'ME', 5.1, 14_000, [19.1, 42.09]),
      town('Bari', 'IT', 3.2, 277_000, [16.87, 41.12]),
    ],
    cells: [],
    countries: [
      countryOf('AL', [
        { mmi: 5, low: 900_000, high: 1_400_000 },
        { mmi: 6, low: 300_000, high: 610_000 },
        { mmi: 7, low: 12_345, high: 98_765 },
      ]),
      countryOf('ME', [{ mmi: 4, low: 20_000, high: 81_000 }]),
      countryOf('IT'),
    ],
    fatalities: { expected: 20, low: 2, high: 190, G: 1.5, ranges: [] },
    critical: [],
    assumptions: [],
    ...parts,
  }
  return {
    index: 1,
    receivedAt: recordedAt,
    record: {
      id: 'f'.repeat(40) as RecordId,
      version: 1,
      type: 'hazards.impact',
      schemaVersion: 1,
      origin: 'durres.example' as Held['record']['origin'],
      key: eventId,
      realm: exercise('durres-2019'),
      producer: { kind: 'method', name: 'hazards.earthquake-impact', version: '1' },
      attribution: [
        { source: 'usgs', licence: 'public domain', credit: 'USGS' },
        { source: 'emsc', licence: 'CC-BY-4.0', credit: 'EMSC' },
      ],
      recordedAt,
      valid: { from: time, until: time },
      handling: { tlp: 'TLP:CLEAR' },
      links: [],
      body,
    },
  }
}

const proposed = (impact = anImpact(), rule = earthquakeWarning) =>
  rule.propose(impact).map(({ body }) => body)
const only = (mmi: number) => {
  const [body] = proposed(anImpact({ towns: [town('Vlorë', 'AL', mmi)] }))
  if (!body) throw new Error(`nothing was proposed at MMI ${mmi}`)
  return body
}

describe('the earthquake rule', () => {
  it('proposes a warning for each country with a town at the threshold, and for no other', () => {
    expect(proposed().map(({ country }) => country)).toEqual(['AL', 'ME'])
    const lower = earthquakeWarnings({ threshold: 3 })
    expect(proposed(anImpact(), lower).map(({ country }) => country)).toEqual(['AL', 'ME', 'IT'])
  })

  it('lets a warning stand, but starts none, a little below the threshold', () => {
    const at = (mmi: number) => earthquakeWarning.propose(anImpact({ towns: [town('Bar', 'ME', mmi)] }))
    expect(at(3.8).map(({ body, onlyKeeps }) => [body.country, onlyKeeps])).toEqual([['ME', true]])
    expect(at(3.6)).toEqual([])
  })

  it('takes severity, urgency and advice from the strongest town', () => {
    const steps = [4, 5.5, 6.5, 7.5].map(only)
    expect(steps.map(({ severity }) => severity)).toEqual(['Minor', 'Moderate', 'Severe', 'Extreme'])
    expect(steps.map(({ urgency }) => urgency)).toEqual(['Past', 'Immediate', 'Immediate', 'Immediate'])
    expect(steps.map(({ texts }) => texts.instruction.split('.').at(-1))).toEqual([
      'light',
      'moderate',
      'severe',
      'severe',
    ])
  })

  it('names the shaking by the rounded intensity, in words and numeral', () => {
    expect(only(6.4).args).toMatchObject({ shaking: '@earthquake.shaking.strong', mmi: 'VI' })
    expect(only(6.5).args).toMatchObject({ shaking: '@earthquake.shaking.very-strong', mmi: 'VII' })
  })

  it('names the largest of the most shaken towns first, and leaves out those shaken far less', () => {
    expect(proposed()[0]?.args['towns']).toEqual(['Durrës', 'Mamurras'])
  })

  it('counts people where damage begins, else where it is felt, as a range of two figures', () => {
    const [albania, montenegro] = proposed()
    expect(albania?.args).toMatchObject({ peopleMmi: 'VI', peopleLow: 310_000, peopleHigh: 710_000 })
    expect(montenegro?.args).toMatchObject({ peopleMmi: 'IV', peopleLow: 20_000, peopleHigh: 81_000 })
  })

  it('draws the area around the shaken towns of that country only', () => {
    const [albania, montenegro] = earthquakeWarning.propose(anImpact())
    const lats = (one: typeof albania) => one?.body.areas[0]?.polygons[0]?.map(([lat]) => lat) ?? []
    expect(Math.min(...lats(albania))).toBeLessThan(40.62)
    expect(Math.min(...lats(montenegro))).toBeGreaterThan(41.9)
    expect(albania?.place?.areas).toEqual([{ scheme: 'ISO3166-1', code: 'AL' }])
  })

  it('holds for a day from the shock', () => {
    expect(proposed()[0]).toMatchObject({ onset: time, expires: plusMs(time, 24 * 3_600_000) })
  })

  it('proposes nothing for a withdrawn impact, and says that it is withdrawn', () => {
    const impact = anImpact({ state: 'withdrawn' })
    expect(proposed(impact)).toEqual([])
    expect(earthquakeWarning.withdrawn?.(impact)).toBe(true)
    expect(earthquakeWarning.withdrawn?.(anImpact())).toBe(false)
  })

  it('has parameters whose defaults lie in their ranges and name their source', () => {
    for (const { value, range, source, unit } of Object.values(warningParameters)) {
      expect(value).toBeGreaterThanOrEqual(range[0])
      expect(value).toBeLessThanOrEqual(range[1])
      expect(source).not.toBe('')
      expect(unit).not.toBe('')
    }
  })
})

describe('the CAP message of an earthquake', () => {
  const everywhere: WarnCountry = {
    languages: Object.keys(catalogues),
    timeZone: 'Europe/Tirane',
    name: () => 'Bosnien und Herzegowina',
  }
  const figures = fc.record({
    magnitude: fc.double({ min: 3, max: 8.5, noNaN: true }),
    depthKm: fc.double({ min: 0, max: 300, noNaN: true }),
    latitude: fc.double({ min: 34, max: 49, noNaN: true }),
    longitude: fc.double({ min: 13, max: 45, noNaN: true }),
    towns: fc.array(
      fc.double({ min: 4, max: 10, noNaN: true }).map((mmi) => town('Durrës', 'AL', mmi)),
      { minLength: 1, maxLength: 8 },
    ),
  })

  const written = (body: ProposalBody, msgType: 'Alert' | 'Update' | 'Cancel', mandate: Mandate) =>
    messageOf({
      proposal: { ...body, args: { ...body.args, reason: 'withdrawn' } },
      realm: exercise('durres-2019'),
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
      sent: plusMs(time, 300_000),
      expires: body.expires,
      references:
        msgType === 'Alert'
          ? []
          : [{ sender: 'warnings@durres.example', identifier: 'one', sent: '2019-11-26T02:56:00-00:00' }],
      handling: clear,
      country: everywhere,
      catalogues,
    })
  const schema = sharedData('hazards/schema/CAP-v1.2-schema.xsd')

  it.skipIf(schema === undefined)("is valid under OASIS's own schema", () => {
    using oasis = compileSchema(readFileSync(schema ?? '', 'utf8'))
    for (const body of proposed())
      for (const msgType of ['Alert', 'Update', 'Cancel'] as const)
        for (const mandate of [{ kind: 'advice' }, { kind: 'authority', of: '*', text: 'law' }] as const)
          expect(oasis.validate(writeCap(written(body, msgType, mandate).alert))).toEqual({
            valid: true,
            issues: [],
          })
  })

  it('is clean in all languages at once, whatever the figures, as Alert, Update, Cancel and advice', () => {
    const kinds = fc.constantFrom('Alert' as const, 'Update' as const, 'Cancel' as const)
    const mandates = fc.constantFrom(
      { kind: 'advice' } as const,
      { kind: 'authority', of: '*', text: 'law' } as const,
    )
    fc.assert(
      fc.property(figures, kinds, mandates, (parts, msgType, mandate) => {
        for (const { body } of earthquakeWarning.propose(anImpact(parts))) {
          const { alert } = written(body, msgType, mandate)
          const verdict = readCap(writeCap(alert))
          expect(verdict.verdict).toBe('clean')
          expect(verdict.alert?.info).toHaveLength(Object.keys(catalogues).length)
        }
      }),
      { numRuns: 12 },
    )
  })
})
