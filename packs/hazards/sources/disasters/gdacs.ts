/**
 * GDACS, the Global Disaster Alert and Coordination System of the European Commission and the United Nations: cyclones,
 * floods, droughts, volcanoes, tsunamis, wildfires and earthquakes of the world. gdacs.org/feed_reference.aspx
 *
 * Asked: the main RSS, and that of the past day, which has the smaller shocks. The main one lists all that GDACS holds for
 * current: what vanishes from it was taken back (`vanishedGdacs`). For what lies near the region the polygons of the newest
 * episode are fetched from the API; they replace the point, and nothing else. The API's list of events is read by the
 * same decoder and not asked: it says the same in other words, and two tellings of one event would take turns.
 * GDACS's CAP messages are read here too, not as warnings: it is no warning authority, and they say what the RSS says.
 */
import { readJson } from '../../../../engines/formats/index.ts'
import type { Decoded, IndexLink, Payload, SourceDeclaration } from '../../../../engines/ingest/index.ts'
import type { Attribution } from '../../../../engines/record/index.ts'
import { vanishedGdacs } from './gdacs-alert.ts'
import { readGdacsJson } from './gdacs-json.ts'
import { gdacsAreaLinks, readGdacsXml } from './gdacs-xml.ts'
import { decodedItems, refusedWhole } from './report.ts'

export const gdacsAttribution: Attribution = {
  source: 'Global Disaster Alert and Coordination System (GDACS), European Commission and United Nations',
  licence: 'Reuse with acknowledgement',
  credit: 'GDACS, © European Union',
  url: 'https://www.gdacs.org/',
}

/** RSS, CAP or JSON: the bytes decide. */
export function decodeGdacs({ bytes, mediaType, about }: Payload): Decoded {
  if (!startsAsJson(bytes)) {
    const { items, rejected, defects } = readGdacsXml(bytes)
    return decodedItems(items, 'application/xml', { rejected, defects })
  }
  const json = readJson(bytes)
  if (!json.ok) return refusedWhole(bytes, mediaType, json.issue)
  const read = readGdacsJson(json.value, about)
  if ('issue' in read) return refusedWhole(bytes, mediaType, read.issue)
  return decodedItems(read.items, 'application/json', { defects: [...json.defects, ...read.defects] })
}

function startsAsJson(bytes: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 64))
  return /^(?:ï»¿)?\s*[[{]/.test(head)
}

const transport = {
  kind: 'http',
  intervalMs: 5 * 60_000,
  timeoutMs: 30_000,
  maxBytes: 8 * 1024 * 1024,
  accept: 'application/rss+xml, application/xml;q=0.9, text/xml;q=0.8',
} as const

const linksIn = ({ bytes }: Payload): readonly IndexLink[] => gdacsAreaLinks(bytes)

export const gdacs: SourceDeclaration = {
  id: 'gdacs',
  title: { en: 'GDACS alerts, all that are current' },
  family: 'gdacs',
  transport: { ...transport, url: 'https://www.gdacs.org/xml/rss.xml' },
  attribution: gdacsAttribution,
  decode: decodeGdacs,
  index: {
    links: linksIn,
    hosts: ['www.gdacs.org'],
    accept: 'application/geo+json, application/json;q=0.9',
    maxBytes: 8 * 1024 * 1024,
    maxPerPoll: 20,
    atOnce: 2,
  },
  listing: { absences: 3, forMs: 60 * 60_000, vanished: vanishedGdacs },
}

export const gdacsPastDay: SourceDeclaration = {
  id: 'gdacs-24h',
  title: { en: 'GDACS alerts of the past day' },
  family: 'gdacs',
  transport: { ...transport, url: 'https://www.gdacs.org/xml/rss_24h.xml' },
  attribution: gdacsAttribution,
  decode: decodeGdacs,
}
