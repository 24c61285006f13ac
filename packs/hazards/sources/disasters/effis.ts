/**
 * EFFIS, burnt areas mapped from satellites almost in real time (Copernicus EMS): layer `nrt.ba.poly` of its WFS, as
 * GeoJSON. maps.effis.emergency.copernicus.eu; the traps are those that the package effis-client (PyPI) lists.
 *
 * - It is MapServer behind `/gwis` (`/gwis/ows` hangs), WFS 1.1.0 with parameters in lower case; a box and a filter together
 *   cut the connection, and filters by date are ignored: whatever is asked for, every fire comes back. So the box alone is
 *   asked for, and here only fires are kept whose last change lies within 30 days of the newest in the answer; how many
 *   were left out is said.
 * - Errors are XML with HTTP 200: held whole, and the source counts as failing.
 * - Its rasters of fire weather are not read: a day out of range is all zeros, which would read as "no danger". For the
 *   same reason an area of 0 ha is no measure, and an answer without fires ends none.
 *
 * `FIREDATE` is when a satellite first saw it, `LASTUPDATE` when the outline was last drawn. A fire counts as burning while
 * the two lie within three days of each other. Severity by area is the scale of the fire rule. Columns go by name, in
 * any case. Country codes are Eurostat's (EL, UK).
 */
import { readJson } from '../../../../engines/formats/index.ts'
import type { Decoded, Payload, SourceDeclaration } from '../../../../engines/ingest/index.ts'
import { type Attribution, type Issue, millis } from '../../../../engines/record/index.ts'
import { burningSeverity } from '../../fires/outline.ts'
import { countryCodes } from './country-codes.ts'
import { amountIn, type Fields, fieldsIn, latest, textIn, timeIn } from './fields.ts'
import { decodedItems, type Item, missing, refusedWhole, reportOf } from './report.ts'

export const effisAttribution: Attribution = {
  source: 'European Forest Fire Information System (EFFIS), Copernicus Emergency Management Service',
  licence: 'CC-BY-4.0',
  credit: 'EFFIS, © European Union',
  url: 'https://forest-fire.emergency.copernicus.eu/',
}

const mediaType = 'application/geo+json'
const dayMs = 24 * 3_600_000
const keptMs = 30 * dayMs
const burningMs = 3 * dayMs
/** More than a whole season of the region has. */
const mostFires = 5_000

export const effis: SourceDeclaration = {
  id: 'effis-burnt-areas',
  title: { en: 'EFFIS burnt areas' },
  transport: {
    kind: 'http',
    url: 'https://maps.effis.emergency.copernicus.eu/gwis?service=WFS&version=1.1.0&request=getfeature&typename=nrt.ba.poly&outputformat=geojson&srsname=EPSG:4326&bbox=12,33,46,50',
    intervalMs: 60 * 60_000,
    timeoutMs: 120_000,
    maxBytes: 32 * 1024 * 1024,
    accept: 'application/geo+json, application/json;q=0.9',
  },
  attribution: effisAttribution,
  decode: decodeEffis,
}

export function decodeEffis({ bytes, mediaType: given }: Payload): Decoded {
  const json = readJson(bytes)
  if (!json.ok) return refusedWhole(bytes, given, json.issue)
  const features = fieldsIn(json.value)['features']
  if (!Array.isArray(features)) return refusedWhole(bytes, given, notEffis)
  const all = features.map((feature: unknown, at) => fireOf(feature, `/features/${at}`))
  const newest = all.reduce((most, { changedMs }) => Math.max(most, changedMs ?? 0), 0)
  const recent = all
    .filter(({ changedMs }) => changedMs === undefined || newest - changedMs <= keptMs)
    .slice(0, mostFires)
  const left = all.length - recent.length
  const items = recent.map(
    (fire): Item => ({ read: reportedFire(fire), raw: () => JSON.stringify(fire.feature) }),
  )
  return decodedItems(items, mediaType, {
    defects: [...json.defects, ...(left === 0 ? [] : [leftOut(left)])],
  })
}

type Fire = {
  readonly feature: unknown
  readonly columns: Fields
  readonly geometry: unknown
  readonly place: string
  readonly changedMs?: number
}

function fireOf(feature: unknown, place: string): Fire {
  const columns = Object.fromEntries(
    Object.entries(fieldsIn(fieldsIn(feature)['properties'])).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  )
  const changed = latest([timeIn(columns['lastupdate']), timeIn(columns['firedate'])])
  const geometry = fieldsIn(feature)['geometry']
  return {
    feature,
    columns,
    geometry,
    place,
    ...(changed === undefined ? {} : { changedMs: millis(changed) }),
  }
}

function reportedFire({ columns, geometry, place }: Fire): Item['read'] {
  const id = textIn(columns['id'])
  if (id === undefined || !/^[\w.-]{1,60}$/.test(id))
    return { issues: [missing(place, 'name', 'A burnt area has an id.')] }
  const from = timeIn(columns['firedate'])
  const lastSeen = timeIn(columns['lastfiredate'])
  const updated = latest([timeIn(columns['lastupdate']), from])
  const hectares = amountIn(columns['area_ha'])
  const isBurning = from !== undefined && updated !== undefined && millis(updated) - millis(from) <= burningMs
  const title = [columns['commune'], columns['province']].flatMap((part) => textIn(part) ?? []).join(', ')
  return reportOf(
    {
      key: `effis:${id}`,
      kind: 'wildfire',
      source: 'effis-burnt-areas',
      agency: 'EFFIS',
      eventId: id,
      ids: [`effis:${id}`],
      ...(title === '' ? {} : { title: `Burnt area: ${title}` }),
      status: isBurning ? 'active' : 'ended',
      countries: [...countryCodes([textIn(columns['country']) ?? ''])],
      ...(hectares ? { severity: burningSeverity(hectares / 100) } : {}),
      measures: hectares ? [{ name: 'burnt area', value: hectares, unit: 'ha' }] : [],
      from,
      until: lastSeen,
      updated,
      at: undefined,
      area: geometry,
    },
    place,
  )
}

const leftOut = (count: number): Issue => ({
  rule: 'effis/old-fires-left-out',
  place: '/features',
  value: String(count),
  message: `The service answers with every fire it ever mapped; those unchanged for 30 days, and what is beyond the first ${mostFires}, were left out.`,
})

const notEffis: Issue = {
  rule: 'effis/unknown-document',
  place: '',
  message: 'A list of features in GeoJSON was expected; an answer of error looks like this.',
}
