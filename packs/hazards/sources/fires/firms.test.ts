import { readFileSync } from 'node:fs'
import { getResolution } from 'h3-js'
import { describe, expect, test } from 'vitest'
import { createRegistry } from '../../../../engines/record/index.ts'
import { describeWithData } from '../../../../test/support/shared-data.ts'
import { type FireDetection, hazardsDetection } from '../../report-records.ts'
import { decodeFirms } from './firms.ts'

const own = readFileSync(new URL('../../fixtures/firms-viirs-noaa20.csv', import.meta.url))
const text = own.toString('utf8')
const decode = (csv: string | Uint8Array, instrument: 'VIIRS' | 'MODIS' = 'VIIRS') =>
  decodeFirms({ bytes: typeof csv === 'string' ? new TextEncoder().encode(csv) : csv }, instrument)
const bodies = (decoded: ReturnType<typeof decode>) =>
  decoded.observations.map(({ body }) => body as FireDetection)

describe('a list of hot spots', () => {
  test('becomes one detection per pass and cell, each hot spot once', () => {
    const { observations, newest } = decode(text)
    const registry = createRegistry([hazardsDetection])

    const athens = bodies(decode(text)).filter(({ acquired }) => acquired === '2026-07-23T10:18:00.000Z')
    expect(athens.reduce((sum, { pixels }) => sum + pixels.length, 0)).toBe(3)
    expect(athens.every(({ satellite, latency }) => satellite === 'NOAA-20' && latency === 'NRT')).toBe(true)
    for (const { body, key, place } of observations) {
      const { cell, acquired } = body as FireDetection
      expect(registry.check('hazards.detection', body)).toEqual([])
      expect(getResolution(cell)).toBe(6)
      expect(place?.cells).toEqual([cell])
      expect(key).toBe(`NOAA-20:${acquired.slice(0, 16)}Z:${cell}`)
    }
    expect(newest).toBe('2026-07-23T10:18:00.000Z')
  })

  test('a time that has lost its zeros is read: 52 is 00:52 UTC', () => {
    expect(bodies(decode(text)).map(({ acquired }) => acquired)).toContain('2026-07-23T00:52:00.000Z')
  })

  test('rows off the Earth, at no time, of no known confidence or cut short are held, each with its line', () => {
    expect(
      decode(text).rejected.map(({ issues }) => issues.map(({ rule, place }) => `${rule} ${place}`)),
    ).toEqual([
      ['csv/column-count line 10'],
      ['firms/out-of-range line 7, longitude'],
      ['firms/out-of-range line 8, acq_date, acq_time'],
      ['firms/out-of-range line 9, confidence'],
    ])
  })

  test('the order of the rows changes nothing', () => {
    const [header, ...rows] = text.trim().split('\n')
    const byKey = (decoded: ReturnType<typeof decode>) =>
      [...decoded.observations].sort((a, b) => (a.key < b.key ? -1 : 1))

    expect(byKey(decode([header, ...rows.reverse()].join('\n')))).toEqual(byKey(decode(text)))
  })

  test('an error page or a refused key is held whole', () => {
    for (const page of ['<html><body>502</body></html>', 'Invalid MAP_KEY.', '']) {
      const { observations, rejected } = decode(page)
      expect(observations).toEqual([])
      expect(rejected.map(({ issues }) => issues[0]?.rule)).toEqual(['csv/columns-missing'])
    }
  })
})

describeWithData('recorded lists of hot spots', 'hazards/feeds/firms', (data) => {
  const read = (name: string, instrument: 'VIIRS' | 'MODIS') =>
    decode(new Uint8Array(readFileSync(data(name))), instrument)

  test('MODIS gives confidence as a number, VIIRS as a word', () => {
    expect(bodies(read('modis-c6.csv', 'MODIS')).flatMap(({ pixels }) => pixels[0]?.confidence)).toEqual([
      80, 41, 60,
    ])
    expect(
      bodies(read('viirs-suomi-npp.csv', 'VIIRS')).flatMap(({ pixels }) => pixels[0]?.confidence),
    ).toEqual(['nominal', 'nominal', 'nominal'])
  })

  test('the next poll repeats rows: they are the same detections', () => {
    const before = new Set(read('modis-c6.csv', 'MODIS').observations.map(({ key }) => key))
    const after = read('modis-c6-update.csv', 'MODIS').observations.map(({ key }) => key)

    expect(after.filter((key) => before.has(key))).toHaveLength(2)
    expect(after.filter((key) => !before.has(key))).toHaveLength(1)
  })

  test('a longitude of 192.9 is held, the file is not lost', () => {
    const { observations, rejected } = read('edited-modis-cluster.csv', 'MODIS')

    expect(observations).toHaveLength(3)
    expect(rejected.map(({ issues }) => issues[0]?.place)).toEqual(['line 4, longitude'])
  })

  test('a MODIS header in a VIIRS file is read by its names', () => {
    const { observations, rejected } = read('edited-suomi-cluster.csv', 'VIIRS')

    expect(rejected.map(({ issues }) => issues[0]?.place)).toEqual(['line 2, longitude'])
    expect((observations[0]?.body as FireDetection).pixels[0]).toMatchObject({
      brightness: 325.2,
      confidence: 80,
    })
  })
})
