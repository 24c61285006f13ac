import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCap, readCapBy } from '../cap/read.ts'
import { hostileDocuments } from '../xml/hostile.test-support.ts'
import type { FeedRead } from './contract.ts'
import { readFeed } from './read.ts'

const read = (text: string): FeedRead => readFeed(new TextEncoder().encode(text))
const rules = ({ rejected }: FeedRead): readonly string[] =>
  rejected.flatMap(({ issues }) => issues.map(({ rule }) => rule))
const defects = (feed: FeedRead): readonly string[] => feed.defects.map(({ rule }) => rule)

const message = (id = 'a', prefix = ''): string => {
  const p = prefix === '' ? '' : `${prefix}:`
  const declared = prefix === '' ? 'xmlns' : `xmlns:${prefix}`
  const element = (name: string, text: string): string => `<${p}${name}>${text}</${p}${name}>`
  return `<${p}alert ${declared}="urn:oasis:names:tc:emergency:cap:1.2">${element('identifier', id)}${element('sender', 'a@b.example')}${element('sent', '2026-09-11T08:00:00+02:00')}${element('status', 'Actual')}${element('msgType', 'Alert')}${element('scope', 'Public')}</${p}alert>`
}
const atom = (...entries: readonly string[]): string =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>F</title><updated>2026-09-11T08:00:00Z</updated>${entries.join('')}</feed>`
const entry = (inside: string, id = 'e1'): string =>
  `<entry><id>${id}</id><title>T</title><updated>2026-09-11T08:00:00Z</updated>${inside}</entry>`
const rss = (...items: readonly string[]): string =>
  `<rss version="2.0"><channel><title>F</title><link>https://a.example</link><description>D</description>${items.map((item) => `<item>${item}</item>`).join('')}</channel></rss>`

describe('Atom', () => {
  test.each([
    ['of the registered type', '<link href="https://a.example/1" type="application/cap+xml"/>'],
    [
      'of the older type',
      '<link href="https://a.example/1" type="application/common-alerting-protocol+xml"/>',
    ],
    ['with parameters', '<link href="https://a.example/1" type="application/cap+xml; charset=utf-8"/>'],
    ['without a type', '<link href="https://a.example/1"/>'],
    [
      'beside a page',
      '<link href="https://a.example/p" type="text/html"/><link rel="related" href="https://a.example/1" type="Application/CAP+XML"/>',
    ],
  ])('a link %s is the link to the message', (_, link) => {
    expect(read(atom(entry(link))).entries).toMatchObject([
      { id: 'e1', link: 'https://a.example/1', updated: '2026-09-11T08:00:00Z', title: 'T' },
    ])
  })

  test('a link to a page alone is none, and the entry is kept whole with its reason', () => {
    const feed = read(atom(entry('<link href="https://a.example/p" type="text/html"/>')))

    expect(feed.entries).toEqual([])
    expect(rules(feed)).toEqual(['feed/entry-without-message'])
    expect(new TextDecoder().decode(feed.rejected[0]?.bytes)).toContain('https://a.example/p')
  })

  test('what the feed says of the message stands beside it, in unprefixed names', () => {
    const feed = read(
      atom(
        entry(
          '<link href="/1" type="application/cap+xml"/><cap:event xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2">Wind</cap:event><cap:geocode xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"><valueName>EMMA_ID</valueName><value>HR004</value></cap:geocode>',
        ),
      ),
    )

    expect(feed.entries[0]?.summary).toEqual({ event: 'Wind', geocode: 'EMMA_ID HR004' })
  })

  test('an entry without id is read by its link, one of two with the same id is read too, and both are said', () => {
    const link = '<link href="/1" type="application/cap+xml"/>'
    const feed = read(atom(`<entry><title>T</title>${link}</entry>`, entry(link), entry(link)))

    expect(feed.entries.map(({ id }) => id)).toEqual(['/1', 'e1', 'e1'])
    expect(defects(feed)).toEqual(['feed/entry-without-id', 'feed/id-twice'])
  })

  test('a message inside an entry comes out as a document of its own, whatever its prefix', () => {
    const feed = read(atom(entry(`<content type="text/xml">${message('a', 'cap')}</content>`)))

    expect(readCap(feed.entries[0]?.inline ?? '').alert).toMatchObject({
      identifier: 'a',
      sender: 'a@b.example',
    })
  })

  test('a feed that lists nothing is an empty list, and nothing follows from it', () => {
    expect(read(atom())).toEqual({ kind: 'atom', entries: [], rejected: [], defects: [] })
  })
})

describe('RSS', () => {
  test('the link of an item, or its enclosure of CAP, is the link to the message', () => {
    const feed = read(
      rss(
        '<guid>1</guid><link>https://a.example/1</link><pubDate>Fri, 11 Sep 2026 06:00 GMT</pubDate>',
        '<link>https://a.example/page</link><enclosure url="https://a.example/2" type="application/cap+xml"/>',
      ),
    )

    expect(feed.entries).toMatchObject([
      { id: '1', link: 'https://a.example/1', updated: 'Fri, 11 Sep 2026 06:00 GMT' },
      { id: 'https://a.example/2', link: 'https://a.example/2' },
    ])
  })

  test('an item with neither link nor message is rejected, a channel without a title is said', () => {
    const feed = read('<rss version="2.0"><channel><link>https://a.example</link><item/></channel></rss>')

    expect(rules(feed)).toEqual(['feed/entry-without-id', 'feed/entry-without-message'])
    expect(defects(feed)).toEqual(['feed/channel-incomplete', 'feed/channel-incomplete'])
  })
})

describe('EDXL-DE', () => {
  const envelope = (status: string, content: string): string =>
    `<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><distributionID>d</distributionID><distributionStatus>${status}</distributionStatus>${content}</EDXLDistribution>`
  const object = (inside: string): string =>
    `<contentObject><xmlContent><embeddedXMLContent>${inside}</embeddedXMLContent></xmlContent></contentObject>`

  test('every message in it is an entry, with the status of the envelope', () => {
    const feed = read(envelope('Exercise', object(message('a')) + object(message('b'))))

    expect(feed.entries).toMatchObject([
      { id: 'd#1.1', envelopeStatus: 'Exercise' },
      { id: 'd#2.1', envelopeStatus: 'Exercise' },
    ])
  })

  test('content of another kind is named and left', () => {
    expect(defects(read(envelope('Actual', '<contentObject><nonXMLContent/></contentObject>')))).toEqual([
      'feed/not-carried',
    ])
  })
})

describe('CAP as JSON', () => {
  const alert = {
    identifier: 'a',
    sender: 'a@b.example',
    sent: '2026-09-11T08:00:00+02:00',
    status: 'Actual',
    msgType: 'Alert',
    scope: 'Public',
    incidents: 'one "two three"',
    info: [
      {
        category: ['Met'],
        event: 'Wind & <rain>',
        urgency: 'Future',
        severity: 'Moderate',
        certainty: 'Likely',
        expires: '2026-09-11T20:00:00+02:00',
        area: [
          {
            areaDesc: 'x',
            polygon: ['44,20 44,21 45,21 44,20'],
            geocode: [{ valueName: 'EMMA_ID', value: 'HR004' }],
          },
        ],
      },
    ],
  }

  test('each alert is read by the rules of CAP, in XML or not', () => {
    const [entry] = read(JSON.stringify({ warnings: [{ uuid: 'u', alert }] })).entries

    const verdict = readCap(entry?.inline ?? '')
    expect(entry?.id).toBe('u')
    expect(verdict.alert).toMatchObject({
      incidents: ['one', 'two three'],
      info: [
        {
          event: 'Wind & <rain>',
          area: [
            {
              polygon: [
                [
                  [44, 20],
                  [44, 21],
                  [45, 21],
                  [44, 20],
                ],
              ],
            },
          ],
        },
      ],
    })
  })

  test('what is wrong in it is the same defect, in the same place', () => {
    const wrong = {
      ...alert,
      sent: 'yesterday',
      colour: 'red',
      info: [{ ...alert.info[0], severity: 'Bad' }],
    }
    const [entry] = read(JSON.stringify({ warnings: [{ uuid: 'u', alert: wrong }] })).entries

    const { verdict, defects } = readCap(entry?.inline ?? '')
    expect(verdict).toBe('withhold')
    expect(defects.map(({ rule, place }) => `${rule} ${place}`)).toEqual(
      expect.arrayContaining([
        'cap/time-unreadable /alert/sent',
        'cap/value-unknown /alert/info[1]/severity',
        'cap/element-unknown /alert/colour',
      ]),
    )
  })

  test('one broken alert does not lose the others', () => {
    const feed = read(JSON.stringify({ warnings: [{ uuid: 'u' }, { uuid: 'v', alert }, 7] }))

    expect(feed.entries.map(({ id }) => id)).toEqual(['v'])
    expect(rules(feed)).toEqual(['cap/json-not-an-alert', 'cap/json-not-an-alert'])
  })

  test('an answer without a list of warnings is no empty list: it is refused whole', () => {
    for (const text of ['{"error":"quota"}', '[]', '{"warnings":null}'])
      expect(rules(read(text))).toEqual(['feed/unknown-document'])
    expect(read('{"warnings":[]}')).toMatchObject({ kind: 'cap-json', entries: [], rejected: [] })
  })
})

describe('anything else', () => {
  test.each(
    hostileDocuments.map(({ name, make, rule }) => [name, make, rule] as const),
  )('%s is refused', (_, make, rule) => {
    expect(rules(read(make()))).toEqual([rule])
  })

  test('a page of HTML, half a feed, and nothing are refused whole', () => {
    const half = atom(entry('<link href="/1"/>')).slice(0, 150)
    for (const text of ['<html><body>Sorry</body></html>', half, '', ' ']) {
      const feed = read(text)
      expect(feed.kind).toBeUndefined()
      expect(new TextDecoder().decode(feed.rejected[0]?.bytes)).toBe(text)
    }
  })

  test('one message alone is no list: its bytes are read as they came', () => {
    expect(read(message())).toEqual({ kind: 'cap', entries: [], rejected: [], defects: [] })
  })

  test('never throws, whatever the bytes', () => {
    const soup = fc.array(
      fc.constantFrom(
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        '</feed>',
        '<entry>',
        '</entry>',
        '<id>x</id>',
        '<link href="a"/>',
        '<rss>',
        '</rss>',
        '<channel>',
        '</channel>',
        '<item>',
        '</item>',
        message(),
        '{"warnings":[',
        ']}',
        '{"alert":{}}',
        ',',
        '7',
      ),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          soup.map((parts) => new TextEncoder().encode(parts.join(''))),
        ),
        (bytes) => {
          const feed = readFeed(bytes)
          expect(feed.kind !== undefined || feed.rejected.length === 1).toBe(true)
        },
      ),
    )
  })

  test('any JSON in place of an alert is read or rejected, never lost', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), (warnings) => {
        const feed = read(JSON.stringify({ warnings: warnings.map((alert) => ({ uuid: 'u', alert })) }))
        expect(feed.entries.length + feed.rejected.length).toBe(warnings.length)
        for (const { inline } of feed.entries) expect(readCap(inline ?? '').verdict).toBe('withhold')
      }),
    )
  })
})

describe('signatures', () => {
  const policyOf = (sender: string | undefined) => ({
    signature: sender === 'a@b.example' ? ('require' as const) : ('verify' as const),
  })

  test('the policy is that of the sender, read in the message', () => {
    expect(readCapBy(message(), { policyOf }).verdict.verdict).toBe('withhold')
    expect(readCapBy(message().replace('a@b.example', 'c@d.example'), { policyOf }).verdict.verdict).not.toBe(
      'withhold',
    )
  })
})
