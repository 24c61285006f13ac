/**
 * PDC DisasterAWARE hazards as JSON (Pacific Disaster Center, disasteraware.pdc.org). For partners: its address and login
 * are the operator's (`PartnerSource`). Times are milliseconds since 1970, written as text.
 *
 * `severity_ID` is PDC's own word (WARNING, WATCH, ADVISORY, INFORMATION, TERMINATION) and stands beside the mapped one.
 */

import type { CapSeverity } from '../../../../engines/formats/index.ts'
import { readJson } from '../../../../engines/formats/index.ts'
import type { Decoded, PartnerSource, Payload } from '../../../../engines/ingest/index.ts'
import { type Attribution, type Instant, instant } from '../../../../engines/record/index.ts'
import type { HazardKind } from '../../kinds.ts'
import { type Fields, fieldsIn, isFields, numberIn, textIn } from './fields.ts'
import { decodedItems, type Item, missing, refusedWhole, reportOf } from './report.ts'

export const pdcAttribution: Attribution = {
  source: 'Pacific Disaster Center, DisasterAWARE',
  licence: 'By agreement with the Pacific Disaster Center; not for passing on',
  credit: 'Pacific Disaster Center',
  url: 'https://www.pdc.org/',
}

const mediaType = 'application/json'

export const pdc: PartnerSource = {
  id: 'pdc',
  title: { en: 'PDC DisasterAWARE hazards' },
  open: ({ url, credentials }) => ({
    id: 'pdc',
    title: { en: 'PDC DisasterAWARE hazards' },
    transport: {
      kind: 'http',
      ...{ url, credentials },
      intervalMs: 10 * 60_000,
      timeoutMs: 60_000,
      maxBytes: 16 * 1024 * 1024,
      accept: mediaType,
    },
    attribution: pdcAttribution,
    decode: decodePdc,
  }),
}

export function decodePdc({ bytes, mediaType: given }: Payload): Decoded {
  const json = readJson(bytes)
  if (!json.ok) return refusedWhole(bytes, given, json.issue)
  if (!Array.isArray(json.value)) return refusedWhole(bytes, given, notPdc)
  const items = json.value.map(
    (entry: unknown, at): Item => ({
      read: hazard(fieldsIn(entry), `/${at}`),
      raw: () => JSON.stringify(entry),
    }),
  )
  return decodedItems(items, mediaType, { defects: json.defects })
}

const severities: Readonly<Record<string, CapSeverity>> = {
  WARNING: 'Severe',
  WATCH: 'Moderate',
  ADVISORY: 'Minor',
  INFORMATION: 'Minor',
}

const kinds: Readonly<Record<string, HazardKind>> = {
  AVALANCHE: 'avalanche',
  BIOMEDICAL: 'other',
  CYCLONE: 'cyclone',
  DROUGHT: 'drought',
  EARTHQUAKE: 'earthquake',
  EXTREMETEMPERATURE: 'heat',
  FLOOD: 'flood',
  HIGHSURF: 'coastal',
  HIGHWIND: 'wind',
  LANDSLIDE: 'landslide',
  SEVEREWEATHER: 'storm',
  STORM: 'storm',
  TORNADO: 'wind',
  TSUNAMI: 'tsunami',
  VOLCANO: 'volcano',
  WILDFIRE: 'wildfire',
  WINTERSTORM: 'snow-ice',
}

function hazard(fields: Fields, place: string): Item['read'] {
  const id = textIn(fields['hazard_ID'])
  if (id === undefined || !isFields(fields))
    return { issues: [missing(place, 'name', 'A hazard of PDC has a hazard_ID.')] }
  const word = textIn(fields['severity_ID'])?.toUpperCase()
  const severity = severities[word ?? '']
  const title = textIn(fields['hazard_Name'], 1000)
  const [longitude, latitude] = [numberIn(fields['longitude']), numberIn(fields['latitude'])]
  const glide = /([A-Z]{2}-\d{4}-\d{6}-[A-Z]{3})/.exec(textIn(fields['glide_Uri']) ?? '')?.[1]
  const charter = /(\d{1,6})\/?$/.exec(textIn(fields['charter_Uri']) ?? '')?.[1]
  const url = textIn(fields['snc_url'], 2000)
  const isOver = word === 'TERMINATION' || textIn(fields['status'])?.toUpperCase() === 'E'
  return reportOf(
    {
      key: `pdc:${id}`,
      kind: kinds[textIn(fields['type_ID'])?.toUpperCase() ?? ''] ?? 'other',
      source: 'pdc',
      agency: 'PDC',
      eventId: id,
      ids: [
        `pdc:${id}`,
        ...(glide === undefined ? [] : [`glide:${glide}`]),
        ...(charter === undefined ? [] : [`charter:${charter}`]),
      ],
      ...(title === undefined ? {} : { title }),
      status: isOver ? 'ended' : 'active',
      countries: [],
      ...(word === undefined ? {} : { level: { scheme: 'PDC', value: word } }),
      ...(severity === undefined ? {} : { severity }),
      measures: [],
      ...(url !== undefined && /^https?:/.test(url) ? { url } : {}),
      from: millisecondsIn(fields['start_Date']) ?? millisecondsIn(fields['create_Date']),
      until: millisecondsIn(fields['end_Date']),
      updated: millisecondsIn(fields['last_Update']) ?? millisecondsIn(fields['update_Date']),
      at: longitude === undefined || latitude === undefined ? undefined : [longitude, latitude],
      handling: { tlp: 'TLP:AMBER+STRICT' },
    },
    place,
  )
}

function millisecondsIn(value: unknown): Instant | undefined {
  const ms = numberIn(value)
  return ms !== undefined && ms > 0 && ms < 253_402_300_800_000 ? instant(ms) : undefined
}

const notPdc = {
  rule: 'pdc/unknown-document',
  place: '',
  message: 'An answer of PDC is a list of hazards; this is not.',
}
