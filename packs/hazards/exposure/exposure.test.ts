import { describe, expect, test } from 'vitest'
import { assessReactor } from '../../../engines/assess/index.ts'
import { fuseReactor } from '../../../engines/fuse/index.ts'
import {
  actual,
  createRegistry,
  type Draft,
  type Held,
  type MosaicRecord,
  type RecordId,
} from '../../../engines/record/index.ts'
import { settle } from '../../../engines/store/index.ts'
import { aStore } from '../../../engines/store/store.test-support.ts'
import {
  noticeRecord,
  type ProposalBody,
  proposalRecord,
  proposeReactor,
  warnRecords,
} from '../../../engines/warn/index.ts'
import { see } from '../../../regions/see/region.ts'
import { floodsIn } from '../floods/fusion.ts'
import { type HazardFigures, hazardsEvent } from '../records.ts'
import { hazardsReport } from '../report-records.ts'
import { aNotice, aReport, hour, node, seePlaces, square, testing } from '../tellings.test-support.ts'
import { weatherIn } from '../weather/fusion.ts'
import { exposureOf, hazardExposure } from './assess.ts'
import { levelOf } from './level.ts'
import { type ExposureBody, exposureRecord } from './record.ts'
import { hazardWarnings } from './warnings.ts'

const places = await seePlaces()

const someFigures = (parts: Partial<HazardFigures> = {}): HazardFigures => ({
  kind: 'flood',
  time: hour(0),
  until: hour(24),
  longitude: 18.8,
  latitude: 44.9,
  agencies: ['GDACS'],
  countries: [],
  severity: 'Extreme',
  status: 'active',
  measures: [],
  ...parts,
})
const ofShape = (lon: number, lat: number, size: number, parts: Partial<HazardFigures> = {}) =>
  exposureOf(someFigures(parts), { geometry: square(lon, lat, size) }, places)
const relations = (body: Omit<ExposureBody, 'event'>) =>
  body.countries.map(({ code, relation }) => `${code} ${relation}`)

describe('exposure', () => {
  test('counts people as a range, names towns and critical places, and says what it assumed', () => {
    const body = ofShape(20.45, 44.8, 0.4)

    expect(body.people.low).toBeGreaterThan(1_000_000)
    expect(body.people.high).toBeGreaterThan(body.people.low)
    expect(body.critical[0]).toMatchObject({ name: 'Belgrade', why: 'capital', country: 'RS' })
    expect(body.towns[0]?.name).toBe('Belgrade')
    expect(body.assumptions.map(({ key }) => key)).toContain('exposure-towns')
    expect(body.area).toBe('shape')
  })

  test('tells which countries are touched, which are near, and which lie downstream in the order of the river', () => {
    const body = ofShape(18.8, 44.88, 0.3)

    expect(relations(body).slice(0, 2).sort()).toEqual(['BA touched', 'HR touched'])
    const down = body.countries.filter(({ downstream }) => downstream)
    expect(down.map(({ code }) => code).slice(0, 2)).toEqual(['RS', 'RO'])
    expect(down.map(({ downstream }) => downstream?.order)).toEqual(down.map((_, at) => at + 1))
    expect(down[0]?.downstream).toMatchObject({ river: 'sava' })
    expect(down[0]?.downstream?.km.low).toBeLessThan(down[1]?.downstream?.km.low ?? 0)
    expect(ofShape(18.8, 44.88, 0.3, { kind: 'wind' }).countries.some(({ downstream }) => downstream)).toBe(
      false,
    )
  })

  test('of a point takes a circle and says so; of codes alone it counts nobody', () => {
    const point = { geometry: { type: 'Point' as const, coordinates: [20.45, 44.8] } }

    const circle = exposureOf(someFigures(), point, places)
    const coded = exposureOf(someFigures({ isPlaceCoarse: true, countries: ['HR'] }), point, places)

    expect(circle).toMatchObject({ area: 'circle', radiusKm: 25 })
    expect(circle.assumptions.map(({ key }) => key)).toContain('assumed-radius')
    expect(coded).toMatchObject({ area: 'unknown', people: { low: 0, high: 0 }, towns: [] })
    expect(relations(coded)).toEqual(['HR reported'])
    const pole = { geometry: { type: 'Point' as const, coordinates: [0, 89.9] } }
    expect(exposureOf(someFigures({ latitude: 89.9 }), pole, places).area).toBe('unknown')
    expect(coded.assumptions.map(({ key }) => key)).toContain('no-shape')
  })
})

describe('the level', () => {
  const measure = (name: string, high: number, unit = '1') => ({ name, unit, low: 0, high })
  const level = (parts: Partial<Parameters<typeof levelOf>[0]>) =>
    levelOf({ kind: 'flood', severity: undefined, measures: [], people: 0, ...parts })

  test.each<[string, Partial<Parameters<typeof levelOf>[0]>, string]>([
    ['flood, 100 dead', { measures: [measure('dead', 100)] }, 'green'],
    ['flood, 101 dead', { measures: [measure('dead', 101)] }, 'orange'],
    ['flood, 1001 dead', { measures: [measure('deaths', 1001)] }, 'red'],
    ['flood, 80 001 displaced', { measures: [measure('displaced', 80_001)] }, 'orange'],
    ['flood, 800 001 displaced', { measures: [measure('people displaced', 800_001)] }, 'red'],
    [
      'fire, 9999 ha',
      { kind: 'wildfire', measures: [measure('burnt area', 9999, 'ha')], people: 50_000 },
      'green',
    ],
    [
      'fire, 11 000 ha, people',
      { kind: 'wildfire', measures: [measure('burnt area', 11_000, 'ha')], people: 10_001 },
      'orange',
    ],
    [
      'fire, 110 km² in the wild',
      { kind: 'wildfire', measures: [measure('burnt area', 110, 'km2')], people: 9 },
      'green',
    ],
    ['tsunami, 1 m', { kind: 'tsunami', measures: [measure('maximum wave height', 1, 'm')] }, 'orange'],
    ['tsunami, 3 m', { kind: 'tsunami', measures: [measure('maximum wave height', 3, 'm')] }, 'red'],
  ])('by GDACS: %s', (_, parts, expected) => {
    expect(level(parts).level).toBe(expected)
    expect(level(parts).rule.name).toMatch(/^gdacs-/)
  })

  test('is otherwise that of the severity, and the higher of both where both speak', () => {
    expect(level({ severity: 'Extreme' })).toMatchObject({ level: 'red', rule: { name: 'severity' } })
    expect(level({ severity: 'Severe' }).level).toBe('orange')
    expect(level({ severity: 'Moderate' }).level).toBe('yellow')
    expect(level({}).level).toBe('green')
    expect(level({ severity: 'Extreme', measures: [measure('dead', 2)] }).level).toBe('red')
  })
})

describe('proposals', () => {
  const rule = hazardWarnings({ warnings: see.warnings, rivers: see.rivers ?? [] })
  const proposed = (body: Omit<ExposureBody, 'event'>) =>
    rule
      .propose({
        record: {
          body: { ...body, event: 'a'.repeat(40) as RecordId },
          valid: { from: hour(0), until: hour(24) },
          attribution: [{ source: 'gdacs', licence: 'open', credit: 'GDACS' }],
          realm: actual,
        } as unknown as MosaicRecord<ExposureBody>,
      } as Held<ExposureBody>)
      .map(({ body: proposal }) => proposal)

  test('go to every country touched, and to those downstream as what may come', () => {
    const all = proposed(ofShape(18.8, 44.88, 0.3))

    expect(
      all
        .map(({ country }) => country)
        .slice(0, 2)
        .sort(),
    ).toEqual(['BA', 'HR'])
    const serbia = all.find(({ country }) => country === 'RS')
    expect(serbia).toMatchObject({
      urgency: 'Future',
      certainty: 'Possible',
      severity: 'Severe',
      args: { river: 'Sava' },
    })
    expect(serbia?.areas[0]?.circles.length).toBeGreaterThan(0)
    expect(Date.parse(serbia?.onset ?? '')).toBeGreaterThan(Date.parse(hour(0)))
    expect(all.find(({ country }) => country === 'BA')).toMatchObject({
      urgency: 'Immediate',
      severity: 'Extreme',
    })
  })

  test("carry the region's parameters, and the hazard's codes", () => {
    const [first] = proposed(ofShape(18.8, 44.88, 0.3))

    expect(first?.parameter).toContainEqual({ valueName: 'awareness_level', value: '4; red; Extreme' })
    expect(first?.parameter).toContainEqual({ valueName: 'awareness_type', value: '12; flooding' })
    expect(first?.eventCode).toEqual([{ valueName: 'GLIDE', value: 'FL' }])
  })

  test('never go to a country whose own authority warns of it, and name who does', () => {
    const warnedBy = [
      {
        country: 'RS',
        authority: 'rs',
        name: 'Service of Serbia',
        notices: 1,
        severity: 'Severe' as const,
        until: hour(24),
      },
    ]
    const all = proposed(ofShape(18.8, 44.88, 0.3, { warnedBy }))

    expect(all.map(({ country }) => country)).not.toContain('RS')
    expect(all[0]?.because).toContainEqual({
      name: 'other countries’ own warnings of it',
      value: 'RS: Service of Serbia',
    })
  })

  test('are none for what is minor, over, or weather where nobody lives', () => {
    expect(proposed(ofShape(18.8, 44.88, 0.3, { severity: 'Minor' }))).toEqual([])
    expect(proposed(ofShape(18.8, 44.88, 0.3, { status: 'ended' }))).toEqual([])
    expect(proposed(ofShape(19.2, 42.95, 0.02, { kind: 'wind' }))).toEqual([])
    const mild = proposed(ofShape(18.8, 44.88, 0.3, { severity: 'Moderate' }))
    expect(mild.every(({ urgency }) => urgency === 'Immediate')).toBe(true)
  })
})

describe('from report to proposal', () => {
  const registry = createRegistry([hazardsReport, noticeRecord, hazardsEvent, exposureRecord, ...warnRecords])

  async function played(...steps: readonly Draft[]) {
    await using open = await aStore({ registry })
    const { store } = open
    const reactors = [
      fuseReactor(floodsIn(places), node),
      fuseReactor(weatherIn(places), node),
      assessReactor(hazardExposure, { places }, node),
      proposeReactor(hazardWarnings({ warnings: see.warnings, rivers: see.rivers ?? [] })),
    ]
    for (const step of steps) {
      const [outcome] = await store.append([step])
      if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
      await settle({ store, reactors, realm: testing, retryAfterMs: [] })
    }
    expect(await store.quarantine.count()).toBe(0)
    const proposals = (await store.read({ types: [proposalRecord.type] })) as readonly Held<ProposalBody>[]
    const exposures = (await store.read({ types: [exposureRecord.type] })) as readonly Held<ExposureBody>[]
    return {
      proposals: proposals.map(({ record }) => record.body),
      exposures: exposures.map(({ record }) => record.body),
    }
  }
  const flood = aReport({
    id: 'FL1',
    at: [18.8, 44.88],
    geometry: square(18.8, 44.88, 0.3),
    severity: 'Extreme',
  })
  const states = (proposals: readonly ProposalBody[], country: string) =>
    proposals.filter((one) => one.country === country).map(({ state }) => state)

  test('a flood that a system reports is proposed to the countries it touches', async () => {
    const { proposals, exposures } = await played(flood)

    expect(exposures).toMatchObject([{ state: 'active', level: 'red' }])
    expect(states(proposals, 'BA')).toEqual(['warn'])
    expect(states(proposals, 'RS')).toEqual(['warn'])
  })

  test("when a country's own authority warns, the proposal for it ends, and is theirs", async () => {
    const own = aNotice({ id: 'rs', country: 'RS', geometry: square(19.3, 44.95, 0.3) })
    const { proposals, exposures } = await played(flood, own)

    expect(states(proposals, 'RS')).toEqual(['end'])
    expect(states(proposals, 'BA')).toEqual(['warn'])
    expect(exposures[0]?.countries.find(({ code }) => code === 'RS')?.warnedBy?.name).toBe(
      'Weather service, RS',
    )
  })

  test('a report taken back withdraws its exposure and ends every proposal', async () => {
    const back = { ...flood, body: { ...flood.body, status: 'withdrawn' as const, updated: hour(5) } }
    const { proposals, exposures } = await played(flood, back)

    expect(exposures).toMatchObject([{ state: 'withdrawn' }])
    expect(new Set(proposals.map(({ state }) => state))).toEqual(new Set(['end']))
  })
})
