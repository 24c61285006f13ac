/** What every source of this pack must keep, run by each on its own payload. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { getResolution, latLngToCell } from 'h3-js'
import { describe, expect, test } from 'vitest'
import type { Decoded, SourceDeclaration } from '../../../engines/ingest/index.ts'
import { createRegistry, instant } from '../../../engines/record/index.ts'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { type EarthquakeObservation, hazardsEvent, hazardsObservation } from '../records.ts'
import { emscEarthquakes, emscEarthquakesLive, usgsEarthquakes } from './index.ts'

const sources = [usgsEarthquakes, emscEarthquakes, emscEarthquakesLive]
const receivedAt = instant('2025-05-01T10:20:00Z')
const registry = createRegistry([hazardsObservation, hazardsEvent])
const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/${name}`, import.meta.url))
const decode = (source: SourceDeclaration, bytes: Uint8Array, at = receivedAt): Decoded =>
  source.decode({ bytes: new Uint8Array(bytes), mediaType: 'application/json', receivedAt: at })
const bodies = (decoded: Decoded): EarthquakeObservation[] =>
  decoded.observations.map(({ body }) => body as EarthquakeObservation)

describe.each(sources.map((source) => [source.id, source] as const))('%s', (id, source) => {
  const payload = fixture(`${id}.json`)

  test('turns its payload into the observations and rejections that are written beside it', () => {
    const { observations, rejected, newest } = decode(source, payload)

    expect({
      observations: observations.map(({ key, valid, place, body }) => ({ key, valid, place, body })),
      rejected: rejected.map(({ issues }) => issues.map(({ rule, place }) => ({ rule, place }))),
      newest,
    }).toEqual(JSON.parse(fixture(`${id}.expected.json`).toString('utf8')))
  })

  test('gives bodies that the record type accepts', () => {
    for (const { body } of decode(source, payload).observations) {
      expect(registry.check('hazards.observation', body)).toEqual([])
    }
  })

  test('gives keys that begin with the catalogue, validity at the origin time, and the cell of the epicentre', () => {
    const { observations } = decode(source, payload)

    expect(observations.length).toBeGreaterThan(0)
    for (const { key, valid, place, body } of observations) {
      const { eventId, origin } = body as EarthquakeObservation
      expect(key).toBe(`${id.split('-')[0]}:${eventId}`)
      expect(valid).toEqual({ from: origin.time, until: origin.time })
      expect(place?.geometry).toEqual({ type: 'Point', coordinates: [origin.longitude, origin.latitude] })
      expect(place?.cells).toEqual([latLngToCell(origin.latitude, origin.longitude, 5)])
      expect(getResolution(place?.cells?.[0] ?? '')).toBe(5)
    }
  })

  test('decodes the same bytes to the same observations, whenever they come', () => {
    expect(decode(source, payload, instant('2026-01-01T00:00:00Z')).observations).toEqual(
      decode(source, payload).observations,
    )
  })

  test('an empty list is no observation and no mistake', () => {
    expect(decode(source, Buffer.from('{"type":"FeatureCollection","features":[]}'))).toEqual({
      observations: [],
      rejected: [],
      defects: [],
    })
  })

  test.each([
    ['a page of HTML', '<!doctype html><html><body>Sorry</body></html>'],
    ['half an answer', payload.toString('utf8').slice(0, payload.length / 2)],
    ['something else', '[1, 2, 3]'],
    ['nothing', ''],
  ])('%s is rejected whole, with its bytes and its reason', (_, text) => {
    const { observations, rejected } = decode(source, Buffer.from(text))

    expect(observations).toEqual([])
    expect(rejected).toHaveLength(1)
    expect(Buffer.from(rejected[0]?.bytes ?? []).toString('utf8')).toBe(text)
    expect(rejected[0]?.issues.length).toBeGreaterThan(0)
  })

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          const { observations, rejected } = decode(source, bytes)
          expect(observations.length === 0 || rejected.length === 0).toBe(true)
        },
      ),
    )
  })

  test('names its licence and credit, and asks by a safe path no more than once a minute', () => {
    const { attribution, transport, title } = source

    expect([attribution.licence, attribution.credit, attribution.source, title['en']]).not.toContain('')
    // The texts put "Data:" before the credit, each in its own language.
    expect(attribution.credit).not.toContain(':')
    expect(transport.url).toMatch(/^(https|wss):\/\//)
    expect(transport.kind === 'http' ? transport.intervalMs : transport.silenceMs).toBeGreaterThanOrEqual(
      60_000,
    )
  })
})

describe('the EMSC catalogue by its two paths', () => {
  test('the same report is the same observation, byte for byte', () => {
    const [asked] = decode(emscEarthquakes, fixture('emsc-earthquakes.json')).observations
    const [heard] = decode(emscEarthquakesLive, fixture('emsc-earthquakes-live.json')).observations

    expect(heard).toEqual(asked)
    expect(emscEarthquakesLive.family).toBe(emscEarthquakes.family)
    expect(emscEarthquakesLive.attribution).toEqual(emscEarthquakes.attribution)
  })
})

describeWithData('recorded feeds', 'hazards/feeds', (data) => {
  const later = instant('2026-11-01T00:00:00Z')

  test.each([
    ['usgs/detail-us6000pi9w.json', usgsEarthquakes, 1],
    ['usgs/summary-edited.json', usgsEarthquakes, 1],
    ['emsc/fdsn-json-croatia-2026-09.json', emscEarthquakes, 20],
    ['emsc/fdsn-text-2016-05-08.txt', emscEarthquakes, 3],
    ['emsc/quakeml-1.0-turkey-2012.xml', emscEarthquakes, 3],
    ['emsc/ws-create-flores-2026-08-17.json', emscEarthquakesLive, 1],
    ['emsc/ws-create-switzerland-2024-12-14.json', emscEarthquakesLive, 1],
    ['emsc/ws-create-western-turkey-2025-03-05.json', emscEarthquakesLive, 1],
  ])('%s becomes observations that the record type accepts', (path, source, count) => {
    const decoded = decode(source, readFileSync(data(path)), later)

    expect(decoded.rejected).toEqual([])
    expect(bodies(decoded)).toHaveLength(count)
    for (const body of bodies(decoded)) expect(registry.check('hazards.observation', body)).toEqual([])
  })
})
