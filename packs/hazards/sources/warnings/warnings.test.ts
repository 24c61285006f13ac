import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SourceDeclaration } from '../../../../engines/ingest/index.ts'
import { instant } from '../../../../engines/record/index.ts'
import type { RegionWarnings } from '../../../../engines/warn/index.ts'
import { warningSources } from './index.ts'

const attribution = { source: 'Weather', licence: 'CC0-1.0', credit: 'Weather' }
const region: RegionWarnings = {
  register: {
    authorities: [],
    profile: { areaSchemes: ['EMMA_ID'], misnamed: [] },
  },
  feeds: [
    {
      id: 'morava-json',
      title: { en: 'Warnings of Morava' },
      url: 'https://weather.example/warnings.json',
      form: 'messages',
      hosts: [],
      countries: ['XA'],
      attribution,
      intervalMs: 300_000,
    },
    {
      id: 'una-rss',
      title: { en: 'Warnings of Una' },
      url: 'https://una.example/rss.xml',
      form: 'index',
      hosts: ['files.una.example'],
      countries: ['XB'],
      attribution,
      intervalMs: 300_000,
    },
  ],
}
const [json, rss] = warningSources(region) as readonly [SourceDeclaration, SourceDeclaration]
const payload = (text: string) => ({
  bytes: new TextEncoder().encode(text),
  mediaType: 'text/plain',
  receivedAt: instant('2026-09-11T08:00:00Z'),
})

describe('sources of other people’s warnings', () => {
  test('are one family, so that a message by two of them is one record', () => {
    expect([json.family, rss.family]).toEqual(['cap', 'cap'])
    expect([json.id, rss.id]).toEqual(['morava-json', 'una-rss'])
  })

  test('only an index is followed, on its own host and those that the region names', () => {
    expect(json.index).toBeUndefined()
    expect(rss.index?.hosts).toEqual(['files.una.example'])
    const links = rss.index?.links(
      payload('<rss version="2.0"><channel><item><guid>1</guid><link>/1.xml</link></item></channel></rss>'),
    )
    expect(links).toEqual([{ id: '1', url: '/1.xml' }])
  })

  test('a page of error is rejected whole; an empty list is no observation and no mistake', () => {
    expect(json.decode(payload('<html>Sorry</html>')).rejected).toHaveLength(1)
    expect(json.decode(payload('{"error":"quota"}')).rejected).toHaveLength(1)
    expect(json.decode(payload('{"warnings":[]}'))).toEqual({ observations: [], rejected: [], defects: [] })
  })

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          const given = { ...payload(''), bytes }
          expect(json.decode(given).observations).toEqual([])
          expect(rss.index?.links(given)).toEqual([])
        },
      ),
    )
  })
})
