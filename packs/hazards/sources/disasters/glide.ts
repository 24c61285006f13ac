/**
 * GLIDE, the common number of a disaster among agencies (glidenumber.net, kept by ADRC): two letters of the hazard, year,
 * number, country. It names events for others; itself it measures little.
 *
 * Saved answers begin with comment lines (`//` address and time of recording): they are dropped. Of killed, injured,
 * affected, homeless and magnitude a 0 means "not filled in". It gives no time of revision, so a later text with the same
 * number is simply the next version. An event is over when it has a duration; `status` is A long afterwards.
 */
import { readJson } from '../../../../engines/formats/index.ts'
import type { Decoded, Payload, SourceDeclaration } from '../../../../engines/ingest/index.ts'
import { type Attribution, type Instant, plusMs } from '../../../../engines/record/index.ts'
import { kindOfGlide } from '../../kinds.ts'
import type { HazardReport } from '../../report-records.ts'
import { countryCodes } from './country-codes.ts'
import { amountIn, type Fields, fieldsIn, numberIn, textIn, timeIn } from './fields.ts'
import { decodedItems, type Item, missing, refusedWhole, reportOf } from './report.ts'

export const glideAttribution: Attribution = {
  source: 'GLIDE, Asian Disaster Reduction Center and partners',
  licence: 'Free use with credit',
  credit: 'GLIDE (ADRC)',
  url: 'https://www.glidenumber.net/',
}

const mediaType = 'application/json'
const dayMs = 24 * 3_600_000

/** The service takes a span of years: an open one needs no clock. */
const firstYear = 2024

export const glide: SourceDeclaration = {
  id: 'glide',
  title: { en: 'GLIDE numbers of disasters' },
  transport: {
    kind: 'http',
    url: `https://www.glidenumber.net/glide/jsonglideset.jsp?fromyear=${firstYear}&toyear=2099`,
    intervalMs: 60 * 60_000,
    timeoutMs: 60_000,
    maxBytes: 16 * 1024 * 1024,
    accept: mediaType,
  },
  attribution: glideAttribution,
  decode: decodeGlide,
}

export function decodeGlide({ bytes, mediaType: given }: Payload): Decoded {
  const json = readJson(withoutComments(bytes))
  if (!json.ok) return refusedWhole(bytes, given, json.issue)
  const set = fieldsIn(json.value)['glideset']
  if (!Array.isArray(set)) return refusedWhole(bytes, given, notGlide)
  const items = set.map((entry: unknown, at): Item => {
    const fields = fieldsIn(entry)
    return { read: disaster(fields, `/glideset/${at}`), raw: () => JSON.stringify(entry) }
  })
  return decodedItems(items, mediaType, { defects: json.defects })
}

/** Comment lines stand only before the JSON. */
function withoutComments(bytes: Uint8Array): Uint8Array {
  let at = 0
  for (;;) {
    while (at < bytes.length && [0x20, 0x09, 0x0a, 0x0d].includes(bytes[at] ?? 0)) at++
    if (bytes[at] !== 0x2f || bytes[at + 1] !== 0x2f) return bytes.subarray(at)
    const end = bytes.indexOf(0x0a, at)
    if (end === -1) return bytes.subarray(bytes.length)
    at = end + 1
  }
}

function disaster(fields: Fields, place: string): Item['read'] {
  const [event, number, country] = ['event', 'number', 'geocode'].map((name) =>
    textIn(fields[name])?.toUpperCase(),
  )
  const name = `${event}-${number}-${country}`
  if (!/^[A-Z]{2}-\d{4}-\d{6}-[A-Z]{3}$/.test(name))
    return {
      issues: [
        missing(
          place,
          'name',
          `The parts of its number give ${name.slice(0, 60)}, which is no GLIDE number.`,
        ),
      ],
    }
  const from = dayOf(fields)
  const title = textIn(fields['comments'], 1000)
  const docid = textIn(fields['docid'])
  const until = from === undefined ? undefined : endOf(from, fields)
  const longitude = numberIn(fields['longitude'])
  const latitude = numberIn(fields['latitude'])
  return reportOf(
    {
      key: `glide:${name}`,
      kind: kindOfGlide(name.slice(0, 2)),
      source: 'glide',
      agency: 'GLIDE',
      eventId: name,
      ids: [`glide:${name}`],
      ...(title === undefined ? {} : { title }),
      status: until === undefined ? 'active' : 'ended',
      countries: [...countryCodes([country ?? ''])],
      measures: tolls(fields),
      ...(docid === undefined
        ? {}
        : { url: `https://www.glidenumber.net/glide/public/search/details.jsp?glide=${docid}` }),
      from,
      until,
      updated: from,
      at: longitude === undefined || latitude === undefined ? undefined : [longitude, latitude],
    },
    place,
  )
}

function dayOf(fields: Fields): Instant | undefined {
  const [year, month, day] = ['year', 'month', 'day'].map((name) => numberIn(fields[name]))
  const two = (value: number | undefined) => String(value).padStart(2, '0')
  return timeIn(`${year}-${two(month)}-${two(day)}`)
}

function endOf(from: Instant, fields: Fields): Instant | undefined {
  const days = amountIn(fields['duration'])
  return days === undefined || days === 0 || days > 3650 ? undefined : plusMs(from, days * dayMs)
}

const tolls = (fields: Fields): HazardReport['measures'] =>
  ['killed', 'injured', 'affected', 'homeless'].flatMap((name) => {
    const value = amountIn(fields[name])
    return value === undefined || value === 0 ? [] : [{ name, value, unit: '{people}' }]
  })

const notGlide = {
  rule: 'glide/unknown-document',
  place: '',
  message: 'An answer of GLIDE holds "glideset"; this does not.',
}
