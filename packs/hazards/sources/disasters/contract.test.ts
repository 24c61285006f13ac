/** What every source of disasters must keep, run by each on its own payload. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decoded, SourceDeclaration } from '../../../../engines/ingest/index.ts'
import { createRegistry, instant } from '../../../../engines/record/index.ts'
import { hazardsObservation } from '../../records.ts'
import { hazardsReport } from '../../report-records.ts'
import { floodNotices } from '../floods/flood-notices.ts'
import { copernicusEms } from './copernicus-ems.ts'
import { effis } from './effis.ts'
import { gdacs, gdacsPastDay } from './gdacs.ts'
import { glide } from './glide.ts'
import { pdc } from './pdc.ts'

const login = {
  url: 'https://partner.example/notices',
  credentials: () => ({ authorization: 'Bearer secret' }),
}
const sources: readonly (readonly [string, SourceDeclaration, string])[] = [
  ['gdacs', gdacs, 'gdacs.xml'],
  ['gdacs-24h', gdacsPastDay, 'gdacs.xml'],
  ['gdacs, shapes of an episode', gdacs, 'gdacs-area.json'],
  ['copernicus-ems', copernicusEms, 'copernicus-ems-activation.json'],
  ['glide', glide, 'glide.json'],
  ['effis', effis, 'effis.json'],
  ['efas', floodNotices.open(login), 'efas.json'],
  ['pdc', pdc.open(login), 'pdc.json'],
]
const registry = createRegistry([hazardsObservation, hazardsReport])
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url))
const decode = (source: SourceDeclaration, bytes: Uint8Array, at = '2026-05-14T10:00:00Z'): Decoded =>
  source.decode({
    bytes: new Uint8Array(bytes),
    mediaType: 'application/octet-stream',
    receivedAt: instant(at),
  })

describe.each(sources)('%s', (_, source, file) => {
  const payload = fixture(file)

  test('gives bodies that the record type accepts, each under a key of its own', () => {
    const { observations } = decode(source, payload)

    expect(observations.length).toBeGreaterThan(0)
    for (const { type, body } of observations) expect(registry.check(type, body)).toEqual([])
    expect(new Set(observations.map(({ key }) => key)).size).toBe(observations.length)
  })

  test('gives every observation a place with cells, and a validity that does not run backwards', () => {
    for (const { place, valid } of decode(source, payload).observations) {
      expect(place?.cells?.length).toBeGreaterThan(0)
      expect(place?.geometry).toBeDefined()
      expect((valid.until ?? valid.from) >= valid.from).toBe(true)
    }
  })

  test('decodes the same bytes to the same observations, whenever they come', () => {
    expect(decode(source, payload, '2031-01-01T00:00:00Z')).toEqual(decode(source, payload))
  })

  test.each([
    ['a page of HTML', '<!doctype html><html><body>Sorry</body></html>'],
    [
      'an error of a map server',
      '<?xml version="1.0"?><ServiceExceptionReport><ServiceException>no</ServiceException></ServiceExceptionReport>',
    ],
    ['half an answer', payload.toString('utf8').slice(0, payload.length / 2)],
    ['something else', '"ok"'],
  ])('%s is held whole, with its bytes and its reason', (_title, text) => {
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
          expect(decode(source, bytes).observations).toEqual([])
        },
      ),
    )
  })

  test('never throws for a document of its form with anything in it', () => {
    const anything = fc.jsonValue({ maxDepth: 3 })
    const item = fc.dictionary(
      fc.constantFrom(
        'properties',
        'geometry',
        'code',
        'aois',
        'id',
        'type',
        'event',
        'number',
        'hazard_ID',
        'centroid',
      ),
      anything,
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(item, anything)), (items) => {
        const forms = [
          items,
          { results: items },
          { glideset: items },
          { notifications: items },
          { type: 'FeatureCollection', features: items },
        ]
        for (const form of forms) {
          const { observations } = decode(source, new TextEncoder().encode(JSON.stringify(form)))
          for (const { type, body } of observations) expect(registry.check(type, body)).toEqual([])
        }
      }),
    )
  })

  test('names its licence and credit, and asks by a safe path no more often than every five minutes', () => {
    const { attribution, transport, title } = source

    expect([attribution.licence, attribution.credit, attribution.source, title['en']]).not.toContain('')
    expect(attribution.credit).not.toContain(':')
    expect(transport.url).toMatch(/^https:\/\//)
    expect(transport.kind === 'http' && transport.intervalMs).toBeGreaterThanOrEqual(300_000)
  })
})

test('a partner’s key is nowhere in what a list or a log could show of a source', () => {
  for (const partner of [floodNotices, pdc])
    expect(JSON.stringify(partner.open(login))).not.toContain('secret')
})
