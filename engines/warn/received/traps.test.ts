/**
 * The traps that recorded feeds and messages hold, row by row, and every recorded sample of CAP, of its feeds and of CAP
 * as JSON: read, or refused for the reason that its collection gives. Traps of other sources (disaster lists, fire and
 * earthquake catalogues) stand with the packs that read those.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { createRegistry, type Issue, instant } from '../../record/index.ts'
import { aRegister, known } from './alerts.test-support.ts'
import type { Register, Resolved } from './contract.ts'
import { alertDecoder } from './decode.ts'
import { noticeBody } from './notice-draft.ts'
import { type AlertBody, receivedRecords } from './records.ts'
import { resolverFor } from './resolve.ts'

const register: Register = {
  authorities: [
    {
      id: 'hr-meteo',
      names: { en: 'Weather service' },
      senders: [],
      hosts: ['meteo.hr'],
      country: 'HR',
      policy: { signature: 'verify' },
      mandate: 'of these tests',
    },
  ],
  profile: aRegister.profile,
}
const decoder = alertDecoder(register)
const resolve = resolverFor(register)
const registry = createRegistry(receivedRecords)
const receivedAt = instant('2026-10-20T12:00:00Z')

type Read = {
  readonly bodies: readonly AlertBody[]
  readonly tests: number
  readonly rejected: readonly string[]
  readonly defects: readonly string[]
  readonly links: readonly string[]
  readonly notices: readonly Resolved[]
}

function readBytes(bytes: Uint8Array): Read {
  const payload = { bytes, mediaType: 'application/octet-stream', receivedAt }
  const decoded = decoder.decode(payload)
  const bodies = decoded.observations.map(({ body }) => body as AlertBody)
  for (const body of bodies) expect(registry.check('warn.alert', body)).toEqual([])
  const notices = resolve(
    bodies.map(({ alert, signature }) => known(alert, { isForged: signature.kind === 'failed' })),
  )
  for (const notice of notices)
    expect(registry.check('warn.notice', noticeBody(notice, undefined))).toEqual([])
  const rules = (issues: readonly Issue[]) => issues.map(({ rule }) => rule)
  return {
    bodies,
    tests: decoded.observations.filter(({ isTest }) => isTest).length,
    rejected: decoded.rejected.flatMap(({ issues }) => rules(issues)),
    defects: [
      ...new Set([
        ...rules(decoded.defects),
        ...bodies.flatMap(({ defects }) => defects.map(({ rule }) => rule)),
      ]),
    ],
    links: decoder.linksIn(payload).map(({ url }) => url),
    notices,
  }
}

describeWithData('the traps', 'hazards', (data) => {
  const read = (path: string): Read => readBytes(new Uint8Array(readFileSync(data(path))))

  test('30 blocks in one message, codes only, no headline, onset before sent: 15 notices in two languages', () => {
    const { bodies, notices, rejected } = read('cap/valid/dhmz-croatia-2026-09-11.xml')

    expect(rejected).toEqual([])
    expect(bodies).toHaveLength(1)
    expect(notices).toHaveLength(15)
    for (const notice of notices) {
      const { texts, areas, authority } = noticeBody(notice, undefined)
      expect(Object.keys(texts.description).sort()).toEqual(['en', 'hr'])
      expect(areas.codes).toMatchObject([{ scheme: 'EMMA_ID', code: expect.stringMatching(/^HR\d{3}$/) }])
      expect([texts.headline, areas.polygons, authority.id]).toEqual([{}, [], 'hr-meteo'])
    }
    expect(notices.some(({ shown }) => (shown.onsetMs ?? 0) < Date.parse(shown.of.triple.sent))).toBe(true)
  })

  test('a prefix on every element, HTML in text, circles: read, with the HTML named', () => {
    const { bodies, defects, notices } = read('cap/valid/australia-rfs-bushfire.xml')

    expect(bodies[0]?.alert.info[0]?.area[0]?.circle).toHaveLength(1)
    expect(defects).toContain('cap/html-in-text')
    expect(notices.every(({ state }) => state === 'in-force')).toBe(true)
  })

  test('another text encoding, signed: the declaration is honoured, the signature judged', () => {
    const { bodies } = read('cap/valid/earthquake-iso-8859-1.xml')

    expect(bodies[0]?.alert.signatures).toBe(1)
    expect(bodies[0]?.signature.kind).not.toBe('unsigned')
    expect(bodies[0]?.alert.info[0]).toMatchObject({ urgency: 'Past', severity: 'Unknown' })
  })

  test('an all-clear Update that says Actual and speaks of a test, with empty elements: an end, with all named', () => {
    const { bodies, defects, notices } = read('cap/valid/canada-bilingual-allclear-update.xml')

    expect(bodies[0]?.alert.msgType).toBe('Update')
    expect(defects).toEqual(expect.arrayContaining(['cap/element-empty', 'cap/actual-says-test']))
    expect(notices.map(({ state }) => state)).toEqual(notices.map(() => 'ended'))
    expect(notices[0]?.dangling).toHaveLength(2)
    expect(Object.keys(notices[0] ? noticeBody(notices[0], undefined).texts.event : {}).sort()).toEqual([
      'en-CA',
      'fr-CA',
    ])
  })

  test('elements outside the namespace: their content is read, the slip is counted at the source', () => {
    const { bodies, defects } = read('cap/invalid/gdacs-value-without-namespace.xml')

    expect(bodies[0]?.alert.info[0]?.parameter.every(({ valueName }) => valueName !== '')).toBe(true)
    expect(defects).toContain('cap/element-outside-namespace')
    expect(bodies[0]?.defects.map(({ rule }) => rule)).not.toContain('cap/element-outside-namespace')
  })

  test.each([
    ['cap/invalid/canada-profile-errors.xml', 'cap/element-empty'],
    ['cap/invalid/gdacs-bad-date-in-parameter.xml', 'cap/parameter-date'],
    ['cap/invalid/signature-bad-digest.xml', 'cap/signature-digest-differs'],
    ['cap/invalid/signature-bad-value.xml', 'cap/signature-value-differs'],
  ])('%s passes the schema and is wrong: published with what is wrong', (path, rule) => {
    const { bodies, defects } = read(path)

    expect(bodies).toHaveLength(1)
    expect(defects).toContain(rule)
  })

  test('a message whose signature fails never stands in for the one whose signature holds', () => {
    const bodies = ['cap/invalid/signature-bad-digest.xml', 'cap/valid/seychelles-signed.xml'].flatMap(
      (path) => read(path).bodies,
    )
    const [forged, sound] = bodies

    expect([forged?.signature.kind, sound?.signature.kind]).toEqual(['failed', 'verified'])
    const notices = resolve(
      bodies.map(({ alert, signature }, nth) =>
        known(alert, { recordedMs: nth, isForged: signature.kind === 'failed' }),
      ),
    )
    expect(notices).toHaveLength(1)
    expect(notices[0]?.shown.of.alert).toEqual(sound?.alert)
  })

  test.each([
    'cap/invalid/ATTACK-external-entities.xml',
    'feeds/atom-rss/ATTACK-external-entities.atom.xml',
  ])('%s: refused before any parser sees it', (path) => {
    expect(read(path)).toMatchObject({ bodies: [], links: [], rejected: ['xml/doctype'] })
  })

  test('an empty feed: all clear or failure? Nothing is read, nothing is rejected, nothing follows', () => {
    expect(read('feeds/atom-rss/empty-index.atom.xml')).toEqual({
      bodies: [],
      tests: 0,
      rejected: [],
      defects: [],
      links: [],
      notices: [],
    })
  })

  test('every reference dangles: all 20 Updates stand, each names what is missing', () => {
    const { bodies, notices, rejected } = read('feeds/meteoalarm/croatia.json')

    expect(rejected).toEqual([])
    expect(bodies).toHaveLength(63)
    expect(notices).toHaveLength(63)
    expect(notices.every(({ state }) => state === 'in-force')).toBe(true)
    expect(notices.filter(({ dangling }) => dangling.length > 0)).toHaveLength(20)
    expect(notices.every(({ authority }) => authority === 'hr-meteo')).toBe(true)
    expect([...new Set(notices.map(({ shown }) => shown.level?.code))].sort()).toEqual(['2', '3', '4'])
  })

  test('two shapes of one fact: one bulletin of a service, and one message for each area, are the same notices', () => {
    const [bulletin] = read('cap/valid/dhmz-croatia-2026-09-11.xml').bodies
    const whole = bulletin?.alert
    const copies = (whole?.info ?? [])
      .filter((_, nth) => nth % 2 === 0)
      .map((info, nth) => {
        const area = info.area[0]?.geocode[0]?.value
        const twins = whole?.info.filter(
          (each) =>
            each.onset === info.onset &&
            each.expires === info.expires &&
            each.area[0]?.geocode[0]?.value === area &&
            each.parameter[1]?.value === info.parameter[1]?.value,
        )
        return { ...(whole as NonNullable<typeof whole>), identifier: `copy.${nth}`, info: twins ?? [] }
      })

    const notices = resolve([...(whole ? [whole] : []), ...copies].map((alert) => known(alert)))

    expect(copies).toHaveLength(15)
    expect(notices).toHaveLength(15)
    expect(notices.every(({ messages }) => messages.length === 2)).toBe(true)
  })

  test('seven fires of one province in one envelope stay seven', () => {
    const { bodies, notices, tests } = read('feeds/atom-rss/bushfire-valid.edxl-de.xml')

    expect([bodies.length, notices.length, tests]).toEqual([7, 7, 0])
  })
})

describeWithData('every sample', 'hazards', (data) => {
  /** File → how many messages are read, how many addresses named, and the first rule by which something is refused. */
  const expected: Readonly<Record<string, readonly [number, number, string?]>> = {
    'cap/cap-1.1/earthquake.xml': [1, 0],
    'cap/cap-1.1/no-optional-fields.xml': [1, 0],
    'cap/cap-1.1/weather.xml': [1, 0],
    'cap/invalid/ATTACK-external-entities.xml': [0, 0, 'xml/doctype'],
    'cap/invalid/canada-profile-errors.xml': [1, 0],
    'cap/invalid/gdacs-bad-date-in-parameter.xml': [1, 0],
    'cap/invalid/gdacs-no-identifier.xml': [0, 0, 'cap/element-missing'],
    'cap/invalid/gdacs-truncated.xml': [0, 0, 'cap/element-missing'],
    'cap/invalid/gdacs-value-without-namespace.xml': [1, 0],
    'cap/invalid/missing-elements.xml': [0, 0, 'cap/element-missing'],
    'cap/invalid/noaa-profile-errors-cap11.xml': [1, 0],
    'cap/invalid/signature-bad-digest.xml': [1, 0],
    'cap/invalid/signature-bad-value.xml': [1, 0],
    'cap/invalid/togo-schema-error.xml': [1, 0],
    'cap/valid/australia-rfs-bushfire.xml': [1, 0],
    'cap/valid/canada-bilingual-allclear-update.xml': [1, 0],
    'cap/valid/dhmz-croatia-2026-09-11.xml': [1, 0],
    'cap/valid/earthquake-iso-8859-1.xml': [1, 0],
    'cap/valid/gdacs-alert-no-parameters.xml': [1, 0],
    'cap/valid/gdacs-alert-valid.xml': [1, 0],
    'cap/valid/hsas-example.xml': [1, 0],
    'cap/valid/seychelles-signed.xml': [1, 0],
    'cap/valid/thunderstorm-example.xml': [1, 0],
    'cap/valid/togo-signed-multipolygon.xml': [1, 0],
    'cap/valid/togo-unsigned.xml': [1, 0],
    'feeds/atom-rss/ATTACK-external-entities.atom.xml': [0, 0, 'xml/doctype'],
    'feeds/atom-rss/bushfire-valid.edxl-de.xml': [7, 0],
    'feeds/atom-rss/earthquake-index.atom.xml': [0, 1],
    'feeds/atom-rss/empty-index.atom.xml': [0, 0],
    'feeds/atom-rss/invalid-element.atom.xml': [0, 0, 'feed/entry-without-message'],
    'feeds/atom-rss/invalid.rss.xml': [0, 0, 'feed/entry-without-id'],
    'feeds/atom-rss/no-id.atom.xml': [0, 0, 'feed/entry-without-id'],
    'feeds/atom-rss/no-link.atom.xml': [0, 0, 'feed/entry-without-message'],
    'feeds/atom-rss/weather-index.atom.xml': [0, 2],
    'feeds/atom-rss/weather-inline.atom.xml': [1, 0],
    'feeds/gdacs/cap-rss-2021-07.xml': [64, 0],
    'feeds/gdacs/cap-rss-item-1.xml': [1, 0],
    'feeds/meteoalarm/croatia.json': [63, 0],
  }
  const seen = new Set<string>()

  test.each(Object.entries(expected))('%s', (path, [messages, links, rule]) => {
    seen.add(path)
    const read = readBytes(new Uint8Array(readFileSync(data(path))))

    expect([read.bodies.length, read.links.length]).toEqual([messages, links])
    expect(read.rejected[0]).toBe(rule)
  })

  test('none is left out', () => {
    const folders = ['cap/cap-1.1', 'cap/invalid', 'cap/valid', 'feeds/atom-rss', 'feeds/meteoalarm']
    const files = folders.flatMap((folder) => readdirSync(data(folder)).map((file) => `${folder}/${file}`))
    expect(files.filter((file) => !(file in expected))).toEqual([])
  })

  afterAll(() => expect(seen.size).toBe(Object.keys(expected).length))
})

describe('the same message by several paths', () => {
  const xml = (sent: string, spaced = ''): string =>
    `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a</identifier><sender>a@meteo.hr</sender><sent>${sent}</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><category>Met</category><event>Wind${spaced}</event><urgency>Future</urgency><severity>Moderate</severity><certainty>Likely</certainty><expires>2026-09-11T20:00:00-00:00</expires><description>Strong wind</description><area><areaDesc>x</areaDesc><geocode><valueName>EMMA_ID</valueName><value>HR004</value></geocode></area></info></alert>`
  const drafts = (text: string) =>
    decoder.decode({ bytes: new TextEncoder().encode(text), mediaType: '', receivedAt }).observations
  const alone = xml('2026-09-11T08:00:00-00:00')
  const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><entry><id>e</id><content>${alone}</content></entry></feed>`
  const envelope = (status: string) =>
    `<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><distributionID>d</distributionID><distributionStatus>${status}</distributionStatus><contentObject><xmlContent><embeddedXMLContent>${alone.replaceAll(/<(\/?)(?=[a-z])/gi, '<$1c:').replace('xmlns=', 'xmlns:c=')}</embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>`
  const json = JSON.stringify({
    warnings: [
      {
        uuid: 'u',
        alert: {
          identifier: 'a',
          sender: 'a@meteo.hr',
          sent: '2026-09-11T08:00:00-00:00',
          status: 'Actual',
          msgType: 'Alert',
          scope: 'Public',
          info: [
            {
              category: ['Met'],
              event: 'Wind',
              urgency: 'Future',
              severity: 'Moderate',
              certainty: 'Likely',
              expires: '2026-09-11T20:00:00-00:00',
              description: 'Strong wind',
              area: [{ areaDesc: 'x', geocode: [{ valueName: 'EMMA_ID', value: 'HR004' }] }],
            },
          ],
        },
      },
    ],
  })

  test.each([
    ['inside an Atom entry', atom],
    ['inside an envelope, with a prefix', envelope('Actual')],
    ['as JSON', json],
  ])('%s it is the same record, to the byte', (_, text) => {
    expect(drafts(text)).toEqual(drafts(alone))
  })

  test('in another zone and with other white space it has the same key', () => {
    const [other] = drafts(xml('2026-09-11T10:00:00+02:00', '\n '))

    expect(other?.key).toBe(drafts(alone)[0]?.key)
  })

  test('with other content it has another key under the same name', () => {
    const [first] = drafts(alone)
    const [other] = drafts(alone.replace('Strong', 'Weak'))

    expect(other?.key.split('#')[0]).toBe(first?.key.split('#')[0])
    expect(other?.key).not.toBe(first?.key)
  })

  test('in an envelope that is an exercise it is a test, whatever it says itself', () => {
    expect(drafts(envelope('Exercise'))).toMatchObject([{ isTest: true }])
    expect(drafts(alone.replace('Actual', 'Draft'))).toMatchObject([{ isTest: true }])
  })

  test('a message that is not for the public is bound as its scope says', () => {
    expect(drafts(alone.replace('>Public<', '>Private<'))[0]?.handling).toEqual({ tlp: 'TLP:RED' })
  })

  test('two services in one feed are two authorities: a message belongs to whom its sender names', () => {
    const ofUna = alone.replace('a@meteo.hr', 'una@other.example').replace('>a<', '>b<')
    const feed = `<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><entry><id>1</id><content>${alone}</content></entry><entry><id>2</id><content>${ofUna}</content></entry></feed>`
    const bodies = drafts(feed).map(({ body }) => body as AlertBody)

    expect(
      resolve(bodies.map(({ alert }) => known(alert)))
        .map(({ authority }) => authority)
        .sort(),
    ).toEqual(['hr-meteo', 'sender:una@other.example'])
  })

  test('a feed of one country is not believed for the authority of another', () => {
    const elsewhere = alertDecoder(register, ['XB'])
    const payload = { bytes: new TextEncoder().encode(alone), mediaType: '', receivedAt }

    expect(elsewhere.decode(payload)).toMatchObject({
      observations: [],
      rejected: [{ issues: [{ rule: 'warn/sender-out-of-place', value: 'a@meteo.hr' }] }],
    })
    expect(alertDecoder(register, ['HR']).decode(payload).observations).toHaveLength(1)
  })

  test('a file inlined in the message is left to the raw bytes', () => {
    const resource = `<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><derefUri>${'A'.repeat(10_000)}</derefUri></resource><area>`
    const [draft] = drafts(alone.replace('<area>', resource))

    expect(JSON.stringify(draft?.body).length).toBeLessThan(5_000)
  })
})
