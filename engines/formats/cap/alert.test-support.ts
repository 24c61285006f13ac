/** Arbitrary CAP alerts that are clean by our own rules, for property tests here and in the engines above. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { instant } from '../../record/index.ts'
import {
  type CapAlert,
  type CapArea,
  type CapInfo,
  type CapPoint,
  type CapResource,
  capCategories,
  capCertainties,
  capResponseTypes,
  capSeverities,
  capStatuses,
  capUrgencies,
} from './alert.ts'
import { capTime } from './time.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)

/** Letters of every script and the marks XML treats specially; no "<" or "&" before a letter, which would look like HTML. */
const words = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
        fc.constantFrom('č', 'Ш', 'ë', 'ş', 'ő', ' ', '\n', '\r\n', '"', "'", '< ', '& ', '>', ']]>'),
      ),
      { minLength: 1, maxLength: Math.floor(maxLength / 3) },
    )
    .map((parts) =>
      parts
        .join('')
        .replace(/(?![\r\n])[\p{Cc}\p{Cn}\p{Co}\p{Cs}]/gu, '·')
        .replace(/[<&](?=[\p{L}/!#])/gu, '·')
        .trim(),
    )
    .filter((text) => text !== '' && [...text].length <= maxLength)

const token = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,20}$/)
const pair = fc.record({ valueName: token, value: words(20) })
const degrees = (limit: number): fc.Arbitrary<number> =>
  fc.integer({ min: -limit * 1e4, max: limit * 1e4 }).map((n) => n / 1e4 + 0)
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })

/** A rectangle: never crosses itself, always encloses something. */
const rectangle: fc.Arbitrary<readonly CapPoint[]> = fc
  .record({
    lat: degrees(80),
    lon: degrees(170),
    high: fc.integer({ min: 1, max: 9 }),
    wide: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ lat, lon, high, wide }) => [
    [lat, lon],
    [lat + high, lon],
    [lat + high, lon + wide],
    [lat, lon + wide],
    [lat, lon],
  ])

const area: fc.Arbitrary<CapArea> = fc
  .record({
    areaDesc: words(40),
    polygon: fc.array(rectangle, { maxLength: 2 }),
    circle: fc.array(
      fc.record({
        center: fc.tuple(degrees(90), degrees(180)),
        radiusKm: fc.integer({ min: 1, max: 5000 }).map((n) => n / 10),
      }),
      { maxLength: 2 },
    ),
    geocode: fc.array(pair, { minLength: 1, maxLength: 2 }),
    heights: maybe(
      fc.record({
        altitude: fc.integer({ min: -100, max: 10_000 }),
        above: maybe(fc.integer({ min: 1, max: 5000 })),
      }),
    ),
  })
  .map(({ heights, ...rest }) => {
    const ceiling = heights?.above === undefined ? undefined : heights.altitude + heights.above
    return compact({ ...rest, altitude: heights?.altitude, ceiling }) as CapArea
  })

const resource: fc.Arbitrary<CapResource> = fc
  .record({
    resourceDesc: words(20),
    content: fc.uint8Array({ minLength: 1, maxLength: 20 }),
    isInside: fc.boolean(),
  })
  .map(({ resourceDesc, content, isInside }) => {
    if (!isInside) return { resourceDesc, mimeType: 'image/png', uri: 'https://hydromet.example/map.png' }
    return {
      resourceDesc,
      mimeType: 'application/octet-stream',
      size: content.length,
      uri: 'map.bin',
      derefUri: Buffer.from(content).toString('base64'),
      digest: createHash('sha1').update(content).digest('hex'),
    }
  })

const codes = fc.record({
  category: fc.uniqueArray(fc.constantFrom(...capCategories), { minLength: 1, maxLength: 3 }),
  eventCode: fc.array(pair, { maxLength: 2 }),
  area: fc.array(area, { minLength: 1, maxLength: 2 }),
})

const infoOf = (
  language: string,
  shared: Pick<CapInfo, 'category' | 'eventCode' | 'area'>,
  sentMs: number,
): fc.Arbitrary<CapInfo> =>
  fc
    .record({
      event: words(35),
      responseType: fc.uniqueArray(fc.constantFrom(...capResponseTypes), { maxLength: 2 }),
      urgency: fc.constantFrom(...capUrgencies),
      severity: fc.constantFrom(...capSeverities),
      certainty: fc.constantFrom(...capCertainties),
      audience: maybe(words(20)),
      onsetHours: maybe(fc.integer({ min: 0, max: 20 })),
      senderName: maybe(words(30)),
      headline: maybe(words(100)),
      description: words(200),
      instruction: maybe(words(100)),
      web: maybe(fc.constant('https://hydromet.example/a?b=1&c=2')),
      contact: maybe(words(20)),
      parameter: fc.array(pair, { maxLength: 3 }),
      resource: fc.array(resource, { maxLength: 2 }),
    })
    .map(({ onsetHours, ...rest }) => ({
      ...(compact(rest) as Omit<CapInfo, 'language' | 'category' | 'eventCode' | 'area'>),
      ...shared,
      language,
      ...(rest.headline === undefined ? {} : { headline: `${language} ${rest.headline}` }),
      description: `${language} ${rest.description}`,
      ...(rest.instruction === undefined ? {} : { instruction: `${language} ${rest.instruction}` }),
      effective: time(sentMs),
      ...(onsetHours === undefined ? {} : { onset: time(sentMs + onsetHours * hour) }),
      expires: time(sentMs + 24 * hour),
    }))

export const cleanAlerts: fc.Arbitrary<CapAlert> = fc
  .record({
    identifier: token,
    sender: token,
    minutes: fc.integer({ min: 0, max: 500_000 }),
    status: fc.constantFrom(...capStatuses),
    msgType: fc.constantFrom('Alert' as const, 'Update' as const),
    source: maybe(words(20)),
    scope: fc.constantFrom('Public' as const, 'Restricted' as const, 'Private' as const),
    reason: words(20),
    addresses: fc.array(fc.oneof(token, fc.constant('two words')), { minLength: 1, maxLength: 3 }),
    code: fc.array(token, { maxLength: 2 }),
    note: maybe(words(40)),
    earlier: fc.uniqueArray(token, { minLength: 1, maxLength: 3 }),
    incidents: fc.array(fc.oneof(token, fc.constant('great flood')), { maxLength: 2 }),
    languages: fc.uniqueArray(fc.constantFrom('sq', 'en', 'sr-Cyrl', 'el', 'tr'), {
      minLength: 1,
      maxLength: 3,
    }),
    shared: codes,
  })
  .chain(({ minutes, reason, earlier, languages, shared, addresses, ...rest }) => {
    const sentMs = start + minutes * 60_000
    const others = earlier.filter((each) => each !== rest.identifier)
    const references = others.map((identifier) => ({
      sender: rest.sender,
      identifier,
      sent: time(sentMs - hour),
    }))
    return fc.tuple(...languages.map((language) => infoOf(language, shared, sentMs))).map((info) => ({
      ...(compact(rest) as Pick<
        CapAlert,
        'identifier' | 'sender' | 'status' | 'scope' | 'code' | 'incidents'
      >),
      version: '1.2' as const,
      sent: time(sentMs),
      msgType: references.length === 0 ? ('Alert' as const) : rest.msgType,
      ...(rest.scope === 'Restricted' ? { restriction: reason } : {}),
      addresses: rest.scope === 'Private' ? addresses : [],
      references,
      info,
      signatures: 0,
    }))
  })

const time = (ms: number): string => capTime(instant(ms))

/** Leaves out what is undefined: absent is absent in an alert. */
const compact = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>
