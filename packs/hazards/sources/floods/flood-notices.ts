/**
 * Flood notifications of EFAS and GloFAS (Copernicus EMS, version 5.2): formal, informal and flash-flood notices about
 * rivers, days ahead. In real time they are for partner authorities only: address and login are the operator's
 * (`PartnerSource`), and every record is TLP:AMBER+STRICT, so that it stays with this node's own organisation.
 *
 * **The live form is not confirmed.** No open sample was found; the form read here is ours, written down in
 * docs/interop.md, as JSON (`{"notifications": […]}`) or CSV with the same names. An operator brings the service's export
 * into it, and it will be replaced when a partner's sample is at hand.
 *
 * A notice that does not keep the rule of its own kind (`notice-rules.ts`) is taken all the same, and what it breaks is noted.
 */
import { readCsv, readJson } from '../../../../engines/formats/index.ts'
import type { Decoded, PartnerSource, Payload } from '../../../../engines/ingest/index.ts'
import type { Attribution, Handling, Issue } from '../../../../engines/record/index.ts'
import type { HazardReport } from '../../report-records.ts'
import { countryCodes } from '../disasters/country-codes.ts'
import {
  amountIn,
  type Fields,
  fieldsIn,
  isFields,
  listIn,
  numberIn,
  textIn,
  timeIn,
} from '../disasters/fields.ts'
import { decodedItems, type Item, missing, refusedWhole, reportOf } from '../disasters/report.ts'
import { broken, noticeRules } from './notice-rules.ts'

export const floodNoticeAttribution: Attribution = {
  source:
    'European and Global Flood Awareness Systems (EFAS, GloFAS), Copernicus Emergency Management Service',
  licence: 'Real-time data for EFAS partners only; not for passing on',
  credit: 'EFAS, © European Union',
  url: 'https://european-flood.emergency.copernicus.eu/',
}

export const partnersOnly: Handling = { tlp: 'TLP:AMBER+STRICT' }

const title = { en: 'EFAS and GloFAS flood notifications' }

export const floodNotices: PartnerSource = {
  id: 'efas',
  title,
  open: ({ url, credentials }) => ({
    id: 'efas',
    title,
    transport: {
      kind: 'http',
      ...{ url, credentials },
      intervalMs: 30 * 60_000,
      timeoutMs: 60_000,
      maxBytes: 16 * 1024 * 1024,
      accept: 'application/json, text/csv;q=0.9',
    },
    attribution: floodNoticeAttribution,
    decode: decodeFloodNotices,
  }),
}

const required = ['id', 'type', 'issued', 'from', 'probability'] as const

export function decodeFloodNotices({ bytes, mediaType }: Payload): Decoded {
  if (!startsAsDocument(bytes)) return decodeTable(bytes)
  const json = readJson(bytes)
  if (!json.ok) return refusedWhole(bytes, mediaType, json.issue)
  const notices = fieldsIn(json.value)['notifications']
  if (!Array.isArray(notices)) return refusedWhole(bytes, mediaType, notNotices)
  const items = notices.map(
    (notice: unknown, at): Item => ({
      read: noticeOf(fieldsIn(notice), `/notifications/${at}`),
      raw: () => JSON.stringify(notice),
    }),
  )
  return decodedItems(items, 'application/json', { defects: json.defects })
}

/** Media types are often wrong; a table begins with the name of a column. */
const startsAsDocument = (bytes: Uint8Array): boolean =>
  /^(?:ï»¿)?\s*(?:[[{<]|$)/.test(new TextDecoder('latin1').decode(bytes.subarray(0, 64)))

function decodeTable(bytes: Uint8Array): Decoded {
  const table = readCsv(bytes, { required })
  if (!table.ok) return refusedWhole(bytes, 'text/csv', table.issue)
  const items = table.rows.map(
    ({ line, raw, cells }): Item => ({
      read: noticeOf(cells, `line ${line}`),
      raw: () => raw,
    }),
  )
  const rejected = table.rejected.map(({ raw, issues }) => ({
    bytes: new TextEncoder().encode(raw),
    mediaType: 'text/csv',
    issues,
  }))
  return decodedItems(items, 'text/csv', { rejected, defects: table.defects })
}

const statuses: Readonly<Record<string, HazardReport['status']>> = {
  active: 'forecast',
  forecast: 'forecast',
  ended: 'ended',
  deactivated: 'ended',
  withdrawn: 'withdrawn',
}

function noticeOf(fields: Fields, place: string): Item['read'] {
  const id = textIn(fields['id'])
  const type = textIn(fields['type'])?.toLowerCase()
  const rule = type === undefined || !Object.hasOwn(noticeRules, type) ? undefined : noticeRules[type]
  const issued = timeIn(fields['issued'])
  const probability = chanceIn(fields['probability'])
  const issues = [
    ...(id !== undefined && /^[\w.:-]{1,100}$/.test(id)
      ? []
      : [missing(place, 'name', 'A notice has an id without spaces.')]),
    ...(rule === undefined ? [wrongType(place, type)] : []),
    ...(issued === undefined ? [missing(place, 'time', 'A notice says when it was issued.')] : []),
    ...(probability === undefined
      ? [missing(place, 'probability', 'The chance is 0 to 1, or per cent with its sign.')]
      : []),
  ]
  if (issues.length > 0 || !id || !rule || !issued || probability === undefined) return { issues }
  const from = timeIn(fields['from'])
  const area = amountIn(fields['upstreamAreaKm2'])
  const river = textIn(fields['river'])
  const system = textIn(fields['system']) ?? 'EFAS'
  const [longitude, latitude] = [numberIn(fields['longitude']), numberIn(fields['latitude'])]
  const geometry = isFields(fields['area']) ? fields['area'] : undefined
  const read = reportOf(
    {
      key: `efas:${id}`,
      kind: 'flood',
      source: 'efas',
      agency: system,
      eventId: id,
      ids: [`efas:${id}`],
      title: `${capital(rule.name)}${river === undefined ? '' : `: ${river}`}`,
      status: statuses[textIn(fields['status'])?.toLowerCase() ?? 'forecast'] ?? 'forecast',
      countries: [...countryCodes(countriesIn(fields))],
      level: { scheme: system, value: rule.name },
      severity: rule.severity,
      probability,
      measures: measuresOf(fields),
      handling: partnersOnly,
      from,
      until: timeIn(fields['until']),
      updated: timeIn(fields['updated']) ?? issued,
      at: longitude === undefined || latitude === undefined ? undefined : [longitude, latitude],
      ...(geometry === undefined ? {} : { area: geometry }),
    },
    place,
  )
  if ('issues' in read) return read
  return { ...read, defects: [...read.defects, ...broken(rule, { area, probability, issued, from }, place)] }
}

const countriesIn = (fields: Fields): readonly string[] => [
  ...listIn(fields['countries']).flatMap((each) => textIn(each) ?? []),
  ...(textIn(fields['countries']) === undefined ? [] : [String(fields['countries'])]),
  ...(textIn(fields['country']) === undefined ? [] : [String(fields['country'])]),
]

function measuresOf(fields: Fields): HazardReport['measures'] {
  const named = [
    ['upstreamAreaKm2', 'upstream area', 'km2'],
    ['returnPeriodYears', 'return period exceeded', 'a'],
    ['dischargeM3s', 'discharge', 'm3/s'],
  ] as const
  return named.flatMap(([field, name, unit]) => {
    const value = amountIn(fields[field])
    return value === undefined ? [] : [{ name, value, unit }]
  })
}

/** 0.62, `62 %`, `62%`; a bare 62 is neither. */
function chanceIn(value: unknown): number | undefined {
  const percent = /^([\d.]+)\s*%$/.exec(textIn(value) ?? '')?.[1]
  const chance = percent === undefined ? amountIn(value) : Number(percent) / 100
  return chance !== undefined && chance >= 0 && chance <= 1 ? chance : undefined
}

const wrongType = (place: string, type: string | undefined): Issue => ({
  rule: 'efas/unknown-type',
  place,
  ...(type === undefined ? {} : { value: type.slice(0, 60) }),
  message: `A notice is one of: ${Object.keys(noticeRules).join(', ')}.`,
})

const notNotices: Issue = {
  rule: 'efas/unknown-document',
  place: '',
  message: 'A document with "notifications" was expected, or CSV. A page of login looks like this.',
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
