import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEmscJson } from '../../engines/formats/index.ts'
import { cluster, type Report } from '../../engines/fuse/index.ts'
import {
  actual,
  clear,
  createRegistry,
  type Held,
  instant,
  nodeId,
  plusMs,
  type RecordId,
} from '../../engines/record/index.ts'
import { describeWithData } from '../../test/support/shared-data.ts'
import { sameEarthquake } from './fusion.ts'
import {
  type EarthquakeFigures,
  type EarthquakeObservation,
  hazardsEvent,
  hazardsObservation,
} from './records.ts'
import { epicentre, observationOf } from './sources/observation.ts'

const { merge, ask } = sameEarthquake.marks
const mainShock = instant('2020-12-29T11:19:54Z')

describe('two reports of one shock', () => {
  test('within seconds and a few tens of kilometres are one event without asking', () => {
    const usgs = aReport('usgs-earthquakes', { seconds: 0, latitude: 45.42, longitude: 16.26, mag: 6.4 })
    const emsc = aReport('emsc-earthquakes', { seconds: 2.5, latitude: 45.4, longitude: 16.19, mag: 6.3 })

    expect(sameEarthquake.match(usgs, emsc).score).toBeGreaterThan(0.9)
  })

  test('an early automatic solution that is off by 60 km and 10 s is still the same shock', () => {
    const early = aReport('emsc-earthquakes', { seconds: 10, latitude: 45.94 })

    expect(sameEarthquake.match(aReport('usgs-earthquakes'), early).score).toBeGreaterThan(merge)
  })

  test('16 s and 100 km apart is a question for a person', () => {
    const { score } = sameEarthquake.match(
      aReport('usgs-earthquakes'),
      aReport('emsc-earthquakes', { seconds: 16, latitude: 46.3 }),
    )

    expect(score).toBeGreaterThan(ask)
    expect(score).toBeLessThan(merge)
  })

  test('a shock half a minute later at the same place is never joined by itself', () => {
    const later = aReport('emsc-earthquakes', { seconds: 30, mag: 4.9 })

    expect(sameEarthquake.match(aReport('usgs-earthquakes'), later).score).toBeLessThan(ask)
  })

  test('first estimates more than a unit of magnitude apart are less sure but one shock', () => {
    const low = sameEarthquake.match(
      aReport('usgs-earthquakes', { mag: 6.4 }),
      aReport('emsc-earthquakes', { seconds: 3, mag: 5.2 }),
    )
    const close = sameEarthquake.match(
      aReport('usgs-earthquakes', { mag: 6.4 }),
      aReport('emsc-earthquakes', { seconds: 3, mag: 6.3 }),
    )

    expect(low.score).toBeLessThan(close.score)
    expect(low.score).toBeGreaterThan(merge)
  })

  test('depth changes nothing', () => {
    const shallow = aReport('emsc-earthquakes', { depth: 2_000 })
    const deep = aReport('emsc-earthquakes', { depth: 80_000 })

    expect(sameEarthquake.match(aReport('usgs-earthquakes'), shallow)).toEqual(
      sameEarthquake.match(aReport('usgs-earthquakes'), deep),
    )
  })

  test('the reasons are named with their units and add up to the score', () => {
    const { score, reasons } = sameEarthquake.match(
      aReport('usgs-earthquakes', { mag: 6.4 }),
      aReport('emsc-earthquakes', { seconds: 9, latitude: 45.6, mag: 5.4 }),
    )

    expect(reasons.map(({ name, unit }) => [name, unit])).toEqual([
      ['time', 's'],
      ['distance', 'km'],
      ['magnitude', 'magnitude'],
    ])
    expect(reasons.map(({ value }) => value)).toEqual([9, 20.02, 1])
    expect(1 + reasons.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(score, 3)
  })

  test('which of the two is asked first does not matter', () => {
    fc.assert(
      fc.property(anyReport('usgs-earthquakes'), anyReport('emsc-earthquakes'), (a, b) => {
        expect(sameEarthquake.match(a, b)).toEqual(sameEarthquake.match(b, a))
      }),
    )
  })
})

describe('two real shocks', () => {
  test('128 s and 1.4 km apart, M1.8 and M1.3, stay two', () => {
    const first = aReport('emsc-earthquakes', { latitude: 45.62, longitude: 14.36, mag: 1.3 })
    const second = aReport('usgs-earthquakes', { seconds: 128, latitude: 45.61, longitude: 14.35, mag: 1.8 })

    expect(sameEarthquake.match(first, second).score).toBe(0)
    expect(groupsOf([first, second])).toBe(2)
  })

  test('that one catalogue lists apart stay two, however close', () => {
    const one = aReport('emsc-earthquakes', { eventId: 'a1' })
    const two = aReport('emsc-earthquakes', { eventId: 'a2', seconds: 4 })

    expect(groupsOf([one, two])).toBe(2)
  })

  test('300 km apart at the same second stay two', () => {
    const far = aReport('emsc-earthquakes', { latitude: 48.1 })

    expect(sameEarthquake.match(aReport('usgs-earthquakes'), far).score).toBe(0)
  })
})

describe('ids that name the same shock', () => {
  test('join reports whatever the figures say', () => {
    const old = aReport('usgs-earthquakes', { eventId: 'at00xyz', ids: ['at00xyz'], seconds: 40 })
    const now = aReport('usgs-earthquakes', { eventId: 'us7000xyz', ids: ['us7000xyz', 'at00xyz'] })

    expect(groupsOf([old, now])).toBe(1)
  })

  test('a bare number links only within its catalogue', () => {
    const one = aReport('emsc-earthquakes', { eventId: '505183', ids: ['505183'] }).record.body
    const two = aReport('usgs-earthquakes', { eventId: '505183', ids: ['505183'] }).record.body

    expect(sameEarthquake.hardLinks(one)).toEqual(['emsc:505183'])
    expect(sameEarthquake.hardLinks(two)).toEqual(['usgs:505183'])
  })

  test('a quarry blast and a withdrawn report are no earthquake', () => {
    const { body } = aReport('usgs-earthquakes').record

    expect(sameEarthquake.applies(body)).toBe(true)
    expect(sameEarthquake.applies({ ...body, eventType: 'quarry blast' })).toBe(false)
    expect(sameEarthquake.applies({ ...body, evaluationStatus: 'rejected' })).toBe(false)
  })
})

describe('the figures of an event', () => {
  test('are those of the reviewed report, not of the latest automatic one, with the range of all', () => {
    const automatic = aReport('emsc-earthquakes', {
      seconds: 2,
      latitude: 45.4,
      mag: 6.1,
      updatedAfter: 9_000_000,
    })
    const reviewed = aReport('usgs-earthquakes', { mag: 6.4, reviewed: true, updatedAfter: 3_600_000 })

    const summary = sameEarthquake.summarise([automatic, reviewed])

    expect(summary.preferred).toBe(reviewed.record.id)
    expect(summary.valid).toEqual({ from: mainShock, until: mainShock })
    expect(summary.figures).toMatchObject({
      magnitude: 6.4,
      magnitudeRange: [6.1, 6.4],
      agencies: ['emsc', 'usgs'],
      mode: 'manual',
      spreadKm: 2.22,
    })
  })

  test('of two of the same standing the later revision counts', () => {
    const early = aReport('usgs-earthquakes', { mag: 6.0, updatedAfter: 60_000 })
    const late = aReport('emsc-earthquakes', { mag: 6.3, updatedAfter: 120_000 })

    expect(sameEarthquake.summarise([early, late]).preferred).toBe(late.record.id)
  })

  test('do not depend on the order of the members, and are what the record type accepts', () => {
    const registry = createRegistry([hazardsObservation, hazardsEvent])
    const members = fc.uniqueArray(anyReport('usgs-earthquakes'), {
      minLength: 1,
      maxLength: 6,
      selector: ({ record }) => record.id,
    })
    fc.assert(
      fc.property(
        members.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          const summary = sameEarthquake.summarise(all)
          expect(sameEarthquake.summarise(shuffled)).toEqual(summary)
          const body = { state: 'active', members: [], joined: [], figures: summary.figures }
          expect(registry.check('hazards.event', body)).toEqual([])
        },
      ),
    )
  })
})

describeWithData('recorded shocks', 'hazards', (data) => {
  test('five agencies, up to 13.4 km apart, describe one Petrinja earthquake', () => {
    const rows = readFileSync(data('reference/petrinja-2020-agency-solutions.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
    const reports = rows.map((row, at) => {
      const [source = '', longitude, latitude, depth, , , , mag] = row.split(',')
      const seconds = [0, 1.8, -1.2, 0.6, 2.4][at] ?? 0
      return aReport(`${source.toLowerCase()}-solution`, {
        seconds,
        longitude: Number(longitude),
        latitude: Number(latitude),
        depth: Number(depth) * 1000,
        mag: Number(mag),
      })
    })

    const { figures } = sameEarthquake.summarise(reports)

    expect(groupsOf(reports)).toBe(1)
    expect((figures as EarthquakeFigures).spreadKm).toBeCloseTo(13.4, 1)
    expect(figures).toMatchObject({ magnitudeRange: [6.3, 6.4] })
  })

  test('twenty small shocks of one month stay twenty, even were each from another catalogue', () => {
    const bytes = new Uint8Array(readFileSync(data('feeds/emsc/fdsn-json-croatia-2026-09.json')))
    const { events } = readEmscJson(bytes, { receivedAt: instant('2026-11-01T00:00:00Z') })
    const reports = events.map((event, at) => {
      const from = { catalogue: 'x', source: `agency${at}-list`, agency: 'x' }
      return held(observationOf(event, from))
    })

    expect(groupsOf(reports)).toBe(20)
    for (const [at, a] of reports.entries()) {
      for (const b of reports.slice(at + 1)) expect(sameEarthquake.match(a, b).score).toBe(0)
    }
  })
})

type Parts = {
  readonly eventId?: string
  readonly ids?: readonly string[]
  readonly seconds?: number
  readonly latitude?: number
  readonly longitude?: number
  readonly depth?: number
  readonly mag?: number | undefined
  readonly reviewed?: boolean
  readonly updatedAfter?: number
}

function aReport(source: string, parts: Parts = {}): Held<EarthquakeObservation> {
  const { seconds = 0, latitude = 45.42, longitude = 16.22, depth = 10_000, reviewed = false } = parts
  const mag = 'mag' in parts ? parts.mag : 6.3
  const agency = source.split('-')[0] ?? source
  const eventId = parts.eventId ?? `${agency}0001`
  const time = plusMs(mainShock, seconds * 1000)
  return held({
    kind: 'earthquake',
    source,
    agency,
    eventId,
    ids: [...(parts.ids ?? [eventId])],
    origin: { time, latitude, longitude, depth },
    ...(mag === undefined ? {} : { magnitude: { mag, type: 'mw' } }),
    eventType: 'earthquake',
    evaluationMode: reviewed ? 'manual' : 'automatic',
    evaluationStatus: reviewed ? 'reviewed' : 'preliminary',
    updated: plusMs(mainShock, parts.updatedAfter ?? 300_000),
  })
}

let count = 0
function held(body: EarthquakeObservation): Held<EarthquakeObservation> {
  const index = count++
  return {
    index,
    receivedAt: body.updated,
    record: {
      id: index.toString(16).padStart(40, '0') as RecordId,
      version: 1,
      type: 'hazards.observation',
      schemaVersion: 1,
      origin: nodeId('zagreb.example'),
      key: `${body.source}:${body.eventId}`,
      realm: actual,
      producer: { kind: 'source', name: body.source },
      attribution: [],
      recordedAt: body.updated,
      valid: { from: body.origin.time, until: body.origin.time },
      place: epicentre(body.origin.longitude, body.origin.latitude),
      handling: clear,
      links: [],
      body,
    },
  }
}

function anyReport(source: string): fc.Arbitrary<Held<EarthquakeObservation>> {
  return fc
    .record({
      seconds: fc.integer({ min: -60, max: 60 }),
      latitude: fc.integer({ min: 4400, max: 4700 }).map((value) => value / 100),
      longitude: fc.integer({ min: 1500, max: 1800 }).map((value) => value / 100),
      mag: fc.option(
        fc.integer({ min: 10, max: 90 }).map((value) => value / 10),
        { nil: undefined },
      ),
      reviewed: fc.boolean(),
      updatedAfter: fc.integer({ min: 0, max: 5 }).map((value) => value * 60_000),
      eventId: fc.stringMatching(/^[a-z]{2}[0-9]{4}$/),
    })
    .map((parts) => aReport(source, parts))
}

function groupsOf(all: readonly Held<EarthquakeObservation>[]): number {
  const reports = all.map(
    (one): Report<EarthquakeObservation> => ({ held: one, isWithdrawn: false, firstIndex: one.index }),
  )
  return cluster(sameEarthquake, reports, []).groups.length
}
