import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { actual, type Held, instant, nodeId, type RecordId } from '../../record/index.ts'
import { contingency, wilson } from './contingency.ts'
import type { IssuedForecast, Observed, Sighting } from './contract.ts'
import { areaScore } from './overlap.ts'
import { type Seen, scoreWarning } from './score.ts'
import { groupedBy, summarise } from './summary.ts'

const rule = {
  name: 'test.floods',
  tolerance: { name: 'test', beforeMs: 6 * 3_600_000, afterMs: 12 * 3_600_000, km: 10 },
  isObservable: (matter: string) => matter === 'flood',
}

const box = (west: number, south: number, east: number, north: number) => ({
  type: 'Polygon' as const,
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
})

const aForecast = (parts: Partial<IssuedForecast> = {}): IssuedForecast => ({
  matter: 'flood',
  issuer: { id: 'service-a', name: 'Service A', country: 'XA' },
  standing: 'warning',
  countries: ['XA'],
  issuedAt: instant('2014-05-14T06:00:00Z'),
  from: instant('2014-05-14T12:00:00Z'),
  until: instant('2014-05-15T12:00:00Z'),
  level: 'Severe',
  certainty: 'Likely',
  geometry: box(18, 44, 19, 45),
  isFirst: true,
  assumptions: [],
  ...parts,
})

const aSighting = (parts: Partial<Sighting> = {}): Sighting => ({
  onset: instant('2014-05-14T20:00:00Z'),
  end: instant('2014-05-16T00:00:00Z'),
  geometry: box(18.5, 44, 19.5, 45),
  by: 'gauge',
  ...parts,
})

const anObservation = ({ matter = 'flood', ...parts }: Seeing): Observed => ({
  matter,
  level: 'Extreme',
  countries: ['XA'],
  sightings: [aSighting(parts)],
})
type Seeing = Partial<Sighting> & { readonly matter?: string }

const held = (name: string): Held => ({
  record: {
    id: name.padEnd(40, '0') as RecordId,
    version: 1,
    type: 'test.thing',
    schemaVersion: 1,
    origin: nodeId('a.example'),
    key: name,
    realm: actual,
    producer: { kind: 'source', name: 'test' },
    attribution: [],
    recordedAt: instant('2014-05-14T06:00:00Z'),
    valid: { from: instant('2014-05-14T06:00:00Z') },
    handling: { tlp: 'TLP:CLEAR' },
    links: [],
    body: {},
  },
  receivedAt: instant('2014-05-14T06:00:00Z'),
  index: 0,
})

const score = (forecast: Partial<IssuedForecast> = {}, ...seen: readonly Seeing[]) =>
  scoreWarning(
    rule,
    { warning: held('aa'), forecast: aForecast(forecast), evidence: [] },
    seen.map((one, at): Seen => ({ event: held(`b${at}`), observed: anObservation(one) })),
  ).body

describe('a warning held against what was observed', () => {
  test('is a hit when the flood came, with the time that people had and the ground it got right', () => {
    const body = score({}, {})

    expect(body).toMatchObject({ outcome: 'hit', leadTimeS: 14 * 3600, isCounted: true })
    expect(body.area?.warnedShareHit).toBeCloseTo(0.5, 1)
    expect(body.area?.observedShareWarned).toBeCloseTo(0.5, 1)
    expect(body.area?.threatScore).toBeCloseTo(1 / 3, 1)
  })

  test('is a false alarm when nothing came, or another thing, elsewhere or at another time', () => {
    const none = [
      score(),
      score({}, { matter: 'drought' }),
      score({}, { geometry: box(20, 44, 21, 45) }),
      score({}, { onset: instant('2014-05-16T00:00:01Z') }),
      score({}, { onset: instant('2014-05-13T00:00:00Z'), end: instant('2014-05-14T05:59:59Z') }),
    ]

    expect(none.map(({ outcome }) => outcome)).toEqual(none.map(() => 'false-alarm'))
    expect(none.every(({ because }) => because.length > 0)).toBe(true)
  })

  test('is let off by the tolerance and no more, and the score says by how much', () => {
    const late = score({}, { onset: instant('2014-05-16T00:00:00Z') })
    const near = score({}, { geometry: box(19.1, 44, 19.5, 45) })

    expect(late).toMatchObject({ outcome: 'hit', because: [{ value: 12, bound: 12 }, { value: 0 }] })
    expect(near.outcome).toBe('hit')
    expect(Number(near.because[1]?.value)).toBeGreaterThan(7)
  })

  test('that came after the onset is a hit with less than no time', () => {
    expect(score({}, { onset: instant('2014-05-14T05:00:00Z') }).leadTimeS).toBe(-3600)
  })

  test('that was taken back before it began is withdrawn; taken back later, it warned until then', () => {
    expect(score({ endedAt: instant('2014-05-14T11:00:00Z') }, {})).toMatchObject({
      outcome: 'withdrawn',
      isCounted: false,
      observed: [],
    })
    const ended = { endedAt: instant('2014-05-14T14:00:00Z') }
    expect(score(ended, {}).outcome).toBe('hit')
    expect(score(ended, { onset: instant('2014-05-15T03:00:00Z') }).outcome).toBe('false-alarm')
  })

  test('of what nobody observes here is neither right nor wrong, and is not counted', () => {
    const body = score({ matter: 'wind', probability: 0.9 })

    expect(body).toMatchObject({ outcome: 'not-verified', isCounted: false })
    expect(body).not.toHaveProperty('brier')
    expect(summarise([body])).toMatchObject({ hits: 0, falseAlarms: 0, notVerified: 1 })
  })

  test('with a probability has the Brier score of one forecast', () => {
    expect(score({ probability: 0.8 }, {}).brier).toBeCloseTo(0.04, 9)
    expect(score({ probability: 0.8 }).brier).toBeCloseTo(0.64, 9)
  })

  test('is held against what came where it warned, not against the hour at which the same flood was elsewhere', () => {
    const flood: Observed = {
      ...anObservation({}),
      sightings: [
        aSighting({ onset: instant('2014-05-13T00:00:00Z'), geometry: box(30, 44, 31, 45), by: 'upstream' }),
        aSighting({ onset: instant('2014-05-14T18:00:00Z') }),
      ],
    }

    const { body } = scoreWarning(rule, { warning: held('aa'), forecast: aForecast(), evidence: [] }, [
      { event: held('b0'), observed: flood },
    ])

    expect(body).toMatchObject({ outcome: 'hit', leadTimeS: 12 * 3600, observed: [{ by: ['gauge'] }] })
  })

  test('gives the same score in whatever order events are looked at', () => {
    const parts = [{ onset: instant('2014-05-14T20:00:00Z') }, { onset: instant('2014-05-15T01:00:00Z') }]
    const seen = parts.map((one, at): Seen => ({ event: held(`b${at}`), observed: anObservation(one) }))
    const warned = { warning: held('aa'), forecast: aForecast(), evidence: [] }

    expect(scoreWarning(rule, warned, seen.toReversed()).body).toEqual(scoreWarning(rule, warned, seen).body)
  })
})

describe('warnings counted together', () => {
  test('give the ratios of the contingency table, with intervals that say how little a few cases show', () => {
    const { pod, far, csi, bias } = contingency({ hits: 8, misses: 2, falseAlarms: 4 })

    expect([pod?.value, far?.value, csi?.value, bias]).toEqual([0.8, 4 / 12, 8 / 14, 1.2])
    // Wilson's interval for 8 of 10, as Brown, Cai and DasGupta (2001) and statsmodels give it.
    expect(pod?.low).toBeCloseTo(0.4902, 4)
    expect(pod?.high).toBeCloseTo(0.9433, 4)
  })

  test('say nothing where there is nothing to divide by', () => {
    expect(contingency({ hits: 0, misses: 0, falseAlarms: 0 })).toEqual({
      hits: 0,
      misses: 0,
      falseAlarms: 0,
    })
  })

  test('keep every interval around its share and within 0 … 1', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (successes, others) => {
        const share = wilson(successes, successes + others)
        if (share === undefined) return successes + others === 0
        const { value, low, high } = share
        return low >= 0 && low <= value && value <= high && high <= 1
      }),
    )
  })

  test('stand per issuer, matter and country, and every score in its group', () => {
    const one = score({ probability: 0.7 }, {})
    const other = score({
      issuer: { id: 'service-b', name: 'Service B' },
      probability: 0.2,
      countries: ['XB'],
    })
    const update = { ...one, isCounted: false }

    const all = summarise([one, other, update])

    expect(all).toMatchObject({
      hits: 1,
      falseAlarms: 1,
      misses: 0,
      scores: 3,
      leadTime: { hits: 1, late: 0 },
    })
    expect(all.probability).toMatchObject({ forecasts: 2 })
    expect(all.probability?.brier).toBeCloseTo((0.09 + 0.04) / 2, 9)
    expect(all.certainty).toMatchObject([{ word: 'Likely', happened: { value: 0.5, of: 2 } }])
    expect(groupedBy([one, other], 'issuer').map(({ name, summary }) => [name, summary.hits])).toEqual([
      ['service-a', 1],
      ['service-b', 0],
    ])
    expect(groupedBy([one, other], 'country').map(({ name }) => name)).toEqual(['XA', 'XB'])
  })
})

describe('two areas', () => {
  test('share what both cover, in square kilometres of the sphere', () => {
    const area = areaScore(box(18, 44, 19, 45), box(18, 44, 19, 45))

    expect(area).toMatchObject({ warnedShareHit: 1, observedShareWarned: 1, threatScore: 1 })
    // One degree by one degree between 44° and 45° north.
    expect(area?.warnedKm2).toBeGreaterThan(8790)
    expect(area?.warnedKm2).toBeLessThan(8880)
  })

  test('have no score where one is a point, and 0 where they lie apart', () => {
    expect(areaScore(box(18, 44, 19, 45), { type: 'Point', coordinates: [18.5, 44.5] })).toBeUndefined()
    expect(areaScore(box(18, 44, 19, 45), box(20, 44, 21, 45))?.threatScore).toBe(0)
  })
})
