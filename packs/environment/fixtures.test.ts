import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Decoded } from '../../engines/ingest/index.ts'
import { instant } from '../../engines/record/index.ts'
import { checklist } from './checklist.ts'
import { directiveLimits } from './limits.ts'
import { unitOfProperty } from './properties.ts'
import type { ReadingBody } from './records.ts'
import { alarmParameters, formParameters, notificationParameters } from './settings.ts'
import { readTableMapping } from './sources/mapping.ts'
import { type SeriesFormat, seriesSource } from './sources/services.ts'

const receivedAt = instant('2026-01-10T12:00:00Z')
const contentOf = (file: string) => readFileSync(new URL(`fixtures/${file}`, import.meta.url))

function decode(file: string, format: SeriesFormat): Decoded {
  const attribution = { source: 'test', licence: 'CC0-1.0', credit: 'Test' }
  const source = seriesSource({
    id: 'test',
    title: 'Test',
    url: 'https://stations.example/',
    format,
    attribution,
  })
  return source.decode({ bytes: contentOf(file), mediaType: '', receivedAt })
}
const readingsOf = ({ observations }: Decoded) =>
  observations.flatMap(({ type, body }) => (type === 'environment.reading' ? [body as ReadingBody] : []))

describe('the payloads of the pack', () => {
  test('a gauge in centimetres is kept in metres, and what is missing says why', () => {
    const decoded = decode('gauge.xml', { kind: 'water-ml' })

    expect(readingsOf(decoded)).toMatchObject([
      {
        property: 'water-level',
        value: 2.12,
        unit: 'm',
        received: { value: 212, unit: 'cm' },
        quality: 'good',
      },
      { missing: 'missing' },
    ])
    expect(decoded.observations[0]?.place?.cells).toHaveLength(1)
  })

  test('two properties in different units come from one SensorThings station', () => {
    expect(readingsOf(decode('air.json', { kind: 'sensor-things' }))).toMatchObject([
      { property: 'NO2', value: 42.1, time: '2026-01-10T08:00:00.000Z' },
      { property: 'NO2', missing: 'null' },
      { property: 'O3', value: expect.closeTo(41.913, 3), received: { value: 21, unit: '[ppb]' } },
    ])
  })

  test('a table gives what can be, and holds the rest with its reason', () => {
    const read = readTableMapping(contentOf('air.mapping.json'))
    if (!read.ok) throw new Error('the mapping is wrong')
    const decoded = decode('air.csv', { kind: 'table', mapping: read.mapping })

    expect(readingsOf(decoded).map(({ property, value }) => [property, value])).toEqual([
      ['NO2', 42.1],
      ['NO2', expect.closeTo(59.303, 3)],
      ['PM10', 88],
    ])
    expect(decoded.rejected.map(({ issues }) => issues[0]?.rule)).toEqual([
      'environment/wrong-unit',
      'environment/impossible-value',
    ])
  })

  test('the same payload gives the same bytes', () => {
    expect(JSON.stringify(decode('gauge.xml', { kind: 'water-ml' }))).toBe(
      JSON.stringify(decode('gauge.xml', { kind: 'water-ml' })),
    )
  })
})

describe('what the pack declares', () => {
  test('house rules are done, or exempt with a reason', () => {
    const open = Object.values(checklist).filter((state) => state !== 'done' && state.exempt.trim() === '')

    expect(Object.keys(checklist).length).toBeGreaterThan(5)
    expect(open).toEqual([])
  })

  test('limits are in the unit that their property is kept in, and cite their source', () => {
    expect(directiveLimits.filter(({ property, unit }) => unitOfProperty(property) !== unit)).toEqual([])
    expect(directiveLimits.every(({ source }) => source.includes('2008/50/EC'))).toBe(true)
  })

  test('parameters lie in their range and say where they come from', () => {
    for (const { value, range, source, unit } of Object.values({
      ...notificationParameters,
      ...alarmParameters,
      ...formParameters,
    })) {
      expect(value >= range[0] && value <= range[1]).toBe(true)
      expect(source.length * unit.length).toBeGreaterThan(0)
    }
  })
})
