/**
 * Copernicus EMS rapid mapping: satellites asked to map a disaster. mapping.emergency.copernicus.eu
 *
 * The list of activations is an index: each activation is fetched when its `lastUpdate` changes, since the list has
 * neither the areas of interest nor the ids of others. The areas are where maps were asked for, not how far the disaster
 * reached. `gdacsId` and `charterNumber` name the same event elsewhere: hard links. Times are UTC.
 *
 * A product's `statusCode`: F finished, I in production, W waiting, N not produced (`reason` says why: clouds, nothing
 * seen). That none was produced says nothing about the disaster.
 */
import type { MultiPolygon } from 'geojson'
import { readJson } from '../../../../engines/formats/index.ts'
import type { Decoded, IndexLink, Payload, SourceDeclaration } from '../../../../engines/ingest/index.ts'
import type { Attribution } from '../../../../engines/record/index.ts'
import type { HazardKind } from '../../kinds.ts'
import type { HazardReport } from '../../report-records.ts'
import { countryCodes } from './country-codes.ts'
import { amountIn, type Fields, fieldsIn, isFields, latest, listIn, textIn, timeIn } from './fields.ts'
import { decodedItems, type Item, missing, refusedWhole, reportOf } from './report.ts'
import { readWkt } from './wkt.ts'

const host = 'rapidmapping.emergency.copernicus.eu'
const api = `https://${host}/backend/dashboard-api`
const mediaType = 'application/json'
const codeShape = /^EMSR\d{3,5}$/

export const copernicusEmsAttribution: Attribution = {
  source: 'Copernicus Emergency Management Service, Rapid Mapping (European Commission)',
  licence: 'Copernicus data: free, full and open, with credit (Regulation (EU) 2021/696)',
  credit: '© European Union, Copernicus Emergency Management Service',
  url: 'https://mapping.emergency.copernicus.eu/',
}

export const copernicusEms: SourceDeclaration = {
  id: 'copernicus-ems',
  title: { en: 'Copernicus EMS rapid mapping activations' },
  transport: {
    kind: 'http',
    url: `${api}/public-activations-info/?limit=50`,
    intervalMs: 15 * 60_000,
    timeoutMs: 30_000,
    maxBytes: 4 * 1024 * 1024,
    accept: mediaType,
  },
  attribution: copernicusEmsAttribution,
  decode: decodeCopernicusEms,
  index: {
    links: linksIn,
    hosts: [host],
    accept: mediaType,
    maxBytes: 8 * 1024 * 1024,
    maxPerPoll: 20,
    atOnce: 2,
  },
}

/** A list becomes links and no observations; an activation becomes a report. */
export function decodeCopernicusEms({ bytes, mediaType: given }: Payload): Decoded {
  const json = readJson(bytes)
  if (!json.ok) return refusedWhole(bytes, given, json.issue)
  const results = fieldsIn(json.value)['results']
  if (!Array.isArray(results)) return refusedWhole(bytes, given, notEms)
  const items = results.flatMap((result: unknown, at): readonly Item[] => {
    const place = `/results/${at}`
    const code = codeIn(result)
    const raw = () => JSON.stringify(result)
    if (code === undefined)
      return [
        { read: { issues: [missing(place, 'name', 'An activation has a code such as EMSR847.')] }, raw },
      ]
    return isFields(result) && Array.isArray(result['aois'])
      ? [{ read: activation(result, code, place), raw }]
      : []
  })
  return decodedItems(items, mediaType, { defects: json.defects })
}

function linksIn({ bytes }: Payload): readonly IndexLink[] {
  const json = readJson(bytes)
  return listIn(fieldsIn(json.ok ? json.value : undefined)['results']).flatMap((result) => {
    const code = codeIn(result)
    const updated = textIn(fieldsIn(result)['lastUpdate'])
    if (code === undefined || Array.isArray(fieldsIn(result)['aois'])) return []
    const url = `${api}/public-activations/?code=${code}`
    return [{ id: code, url, ...(updated === undefined ? {} : { updated }) }]
  })
}

function codeIn(result: unknown): string | undefined {
  const code = textIn(fieldsIn(result)['code'])?.toUpperCase()
  return code !== undefined && codeShape.test(code) ? code : undefined
}

function activation(fields: Fields, code: string, place: string): Item['read'] {
  const aois = listIn(fields['aois']).map(fieldsIn)
  const products = aois.flatMap((aoi) => listIn(aoi['products']).map(fieldsIn))
  const versions = products.map((product) => fieldsIn(product['version']))
  const title = textIn(fields['name'], 1000)
  const activated = timeIn(fields['activationTime'])
  const updated = latest([activated, ...versions.map((version) => timeIn(version['deliveryTime']))])
  const isClosed = fields['closed'] === true
  const centre = readWkt(fields['centroid'])
  const at =
    centre?.type === 'Point' ? ([centre.coordinates[0] ?? 0, centre.coordinates[1] ?? 0] as const) : undefined
  const area = areaOf(aois)
  return reportOf(
    {
      key: `cems:${code}`,
      kind: kindOf(textIn(fields['category']) ?? '', textIn(fields['subCategory']) ?? ''),
      source: 'copernicus-ems',
      agency: 'Copernicus EMS',
      eventId: code,
      ids: idsOf(fields, code),
      ...(title === undefined ? {} : { title }),
      status: isClosed ? 'ended' : 'active',
      countries: [
        ...countryCodes(
          listIn(fields['countries']).flatMap((each) => textIn(isFields(each) ? each['name'] : each) ?? []),
        ),
      ],
      measures: [...statistics(fieldsIn(fields['stats'])), ...productCounts(versions)],
      url: `https://${host}/${code}`,
      from: timeIn(fields['eventTime']) ?? activated,
      until: isClosed ? updated : undefined,
      updated,
      at,
      ...(area === undefined ? {} : { area }),
    },
    place,
  )
}

function idsOf(fields: Fields, code: string): string[] {
  const gdacs = textIn(fields['gdacsId'])?.toUpperCase()
  const charter = textIn(fields['charterNumber'])
  return [
    `cems:${code}`,
    ...(gdacs !== undefined && /^[A-Z]{2}\d{4,12}$/.test(gdacs) ? [`gdacs:${gdacs}`] : []),
    ...(charter !== undefined && /^\d{1,6}$/.test(charter) ? [`charter:${charter}`] : []),
  ]
}

function areaOf(aois: readonly Fields[]): MultiPolygon | undefined {
  const polygons = aois.flatMap((aoi) => {
    const shape = readWkt(aoi['extent'])
    if (shape?.type === 'Polygon') return [shape.coordinates]
    return shape?.type === 'MultiPolygon' ? shape.coordinates : []
  })
  return polygons.length === 0 ? undefined : { type: 'MultiPolygon', coordinates: polygons }
}

const byCategory: readonly (readonly [RegExp, HazardKind])[] = [
  [/tsunami/i, 'tsunami'],
  [/cyclone|hurricane|typhoon/i, 'cyclone'],
  [/avalanche/i, 'avalanche'],
  [/flood/i, 'flood'],
  [/fire/i, 'wildfire'],
  [/storm|wind/i, 'storm'],
  [/earthquake/i, 'earthquake'],
  [/volcan/i, 'volcano'],
  [/landslide|mass movement|mudflow/i, 'landslide'],
  [/drought/i, 'drought'],
  [/industrial|technological|explosion/i, 'industrial-accident'],
  [/oil|spill/i, 'water-pollution'],
]

/** The closer word first: a tropical cyclone is a storm by category. */
const kindOf = (category: string, sub: string): HazardKind =>
  [sub, category].flatMap((text) => byCategory.find(([words]) => words.test(text))?.[1] ?? [])[0] ?? 'other'

/** `Population [No.]`: what was seen or estimated inside the maps, with the unit in the name. */
const statistics = (stats: Fields): HazardReport['measures'] =>
  Object.entries(stats).flatMap(([written, value]) => {
    const amount = amountIn(value)
    const [, name = written.slice(0, 400), unit = ''] = /^(.*?)\s*\[(.*)\]$/.exec(written.slice(0, 400)) ?? []
    return amount === undefined || name === '' ? [] : [{ name, value: amount, unit: unit.slice(0, 60) }]
  })

const productStates = {
  F: 'maps finished',
  I: 'maps in production',
  W: 'maps waiting',
  N: 'maps not produced',
} as const

const productCounts = (versions: readonly Fields[]): HazardReport['measures'] =>
  Object.entries(productStates).flatMap(([code, name]) => {
    const value = versions.filter((version) => version['statusCode'] === code).length
    return value === 0 ? [] : [{ name, value, unit: '1' }]
  })

const notEms = {
  rule: 'copernicus-ems/unknown-document',
  place: '',
  message: 'An answer of Copernicus EMS holds "results"; this does not.',
}
