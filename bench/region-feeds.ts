/**
 * One HTTP server on loopback that stands for every source of the region, each in its own format. At every asking a source
 * has one item that it never had before, beside the last few; what has no format that is easily made up gives the same file
 * again, as most of the world does most of the time. It notes when each item was first given away whole.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Served = { readonly source: string; readonly mark: string; readonly atMs: number }
export type RegionFeeds = AsyncDisposable & {
  readonly base: string
  readonly served: () => readonly Served[]
  readonly asked: () => number
  /** From now on nothing new. */
  readonly dry: () => void
}

export const timesFaster = 10
const kept = 5
const fixture = (name: string) => readFileSync(new URL(`../packs/hazards/fixtures/${name}`, import.meta.url))
const same: Readonly<Record<string, string>> = {
  'copernicus-ems': 'copernicus-ems-activation.json',
  glide: 'glide.json',
  'effis-burnt-areas': 'effis.json',
}

export async function openRegionFeeds(): Promise<RegionFeeds> {
  const numbers = new Map<string, number>()
  const served: Served[] = []
  const startedAt = Date.now()
  let [asked, isDry] = [0, false]
  const server = createServer((request, response) => {
    const source = decodeURIComponent(request.url?.slice(1) ?? '')
    asked += 1
    const number = (numbers.get(source) ?? 0) + (isDry ? 0 : 1)
    numbers.set(source, number)
    const { body, mark, mediaType } = payloadOf(source, Math.max(1, number), startedAt)
    response.on('finish', () => {
      if (mark !== undefined && !isDry) served.push({ source, mark, atMs: Date.now() })
    })
    response.writeHead(200, { 'content-type': mediaType }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    served: () => served,
    asked: () => asked,
    dry: () => {
      isDry = true
    },
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

type Payload = { readonly body: string | Buffer; readonly mark?: string; readonly mediaType: string }

function payloadOf(source: string, number: number, startedAt: number): Payload {
  const file = same[source]
  if (file !== undefined) return { body: fixture(file), mediaType: 'application/json' }
  const numbers = Array.from({ length: Math.min(kept, number) }, (_, at) => number - at)
  if (source.startsWith('firms-'))
    return {
      body: firms(source, numbers, startedAt),
      mark: spotOf(source, number)[0].toFixed(5),
      mediaType: 'text/csv',
    }
  if (source.startsWith('gdacs'))
    return {
      body: gdacs(source, number, startedAt),
      mark: `${gdacsId(source)}/${number}`,
      mediaType: 'application/rss+xml',
    }
  if (source.includes('earthquakes')) {
    const body = JSON.stringify(shocks(source, numbers, startedAt))
    return { body, mark: shockId(source, number), mediaType: 'application/json' }
  }
  const body = JSON.stringify({ warnings: numbers.map((one) => warning(source, one, startedAt)) })
  return { body, mark: warningId(source, number), mediaType: 'application/json' }
}

const warningId = (source: string, number: number): string => `bench-${source}-${number}`
const cap = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}+00:00`

/** One area for each number, so that every message is a warning of its own. */
function warning(source: string, number: number, startedAt: number) {
  const [lat, lon] = placeOf(source, number)
  const ring = [
    [lat, lon],
    [lat, lon + 0.1],
    [lat + 0.1, lon + 0.1],
    [lat, lon],
  ]
  return {
    uuid: warningId(source, number),
    alert: {
      identifier: warningId(source, number),
      sender: `bench@${source}.example`,
      sent: cap(startedAt + number * 1000),
      status: 'Actual',
      msgType: 'Alert',
      scope: 'Public',
      info: [
        {
          language: 'en',
          category: ['Met'],
          event: 'Wind',
          responseType: ['Monitor'],
          urgency: 'Future',
          severity: 'Moderate',
          certainty: 'Likely',
          onset: cap(startedAt + 3_600_000),
          expires: cap(startedAt + 7_200_000),
          senderName: 'A source under load',
          headline: `Wind ${number}`,
          description: 'Written by a bench.',
          parameter: [
            { valueName: 'awareness_level', value: '2; yellow; Moderate' },
            { valueName: 'awareness_type', value: '1; Wind' },
          ],
          area: [
            {
              areaDesc: `Area ${number}`,
              polygon: [ring.map(([y, x]) => `${y?.toFixed(3)},${x?.toFixed(3)}`).join(' ')],
            },
          ],
        },
      ],
    },
  }
}

/** Fires lie apart: one at each knot of a wide net, so that they do not become one. */
function spotOf(source: string, number: number): readonly [number, number] {
  const [lat, lon] = placeOf(source, number)
  return [lat + number * 0.00001, lon]
}

function firms(source: string, numbers: readonly number[], startedAt: number): string {
  const isModis = source === 'firms-modis'
  const satellite =
    { 'firms-viirs-snpp': 'N', 'firms-viirs-noaa20': 'N20', 'firms-viirs-noaa21': 'N21' }[source] ?? 'Aqua'
  const head = isModis
    ? 'latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,confidence,version,bright_t31,frp,daynight'
    : 'latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight'
  const at = new Date(startedAt - 3_600_000).toISOString()
  const rows = numbers.map((number) => {
    const [lat, lon] = spotOf(source, number)
    return `${lat.toFixed(5)},${lon.toFixed(5)},340.1,0.4,0.4,${at.slice(0, 10)},${at.slice(11, 16).replace(':', '')},${satellite},${isModis ? 80 : 'nominal'},2.0NRT,298.1,12.0,D`
  })
  return `${[head, ...rows].join('\n')}\n`
}

const gdacsId = (source: string): string => (source === 'gdacs' ? '9900001' : '9900002')
function gdacs(source: string, number: number, startedAt: number): string {
  const at = (ms: number) => new Date(startedAt + ms).toUTCString()
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" xmlns:gdacs="http://www.gdacs.org"><channel><title>GDACS</title>
<item><title>Orange flood alert</title><link>https://www.gdacs.org/</link><pubDate>${at(number * 1000)}</pubDate>
<gdacs:iscurrent>true</gdacs:iscurrent><gdacs:fromdate>${at(-86_400_000)}</gdacs:fromdate><gdacs:todate>${at(number * 1000)}</gdacs:todate>
<geo:Point><geo:lat>44.7</geo:lat><geo:long>18.1</geo:long></geo:Point><gdacs:eventtype>FL</gdacs:eventtype>
<gdacs:alertlevel>Orange</gdacs:alertlevel><gdacs:eventid>${gdacsId(source)}</gdacs:eventid><gdacs:episodeid>${number}</gdacs:episodeid>
<gdacs:country>Bosnia and Herzegovina</gdacs:country></item></channel></rss>`
}

const shockId = (source: string, number: number): string =>
  source.startsWith('usgs') ? `usbench${number}` : `bench_${source.endsWith('live') ? 'l' : 'h'}${number}`

function shocks(source: string, numbers: readonly number[], startedAt: number): unknown {
  const features = numbers.map((number) => shock(source, number, startedAt))
  if (source.endsWith('live')) return { action: 'create', data: features[0] }
  return { type: 'FeatureCollection', metadata: { count: features.length }, features }
}

function shock(source: string, number: number, startedAt: number): unknown {
  const [lat, lon] = placeOf(source, number)
  const [id, at] = [shockId(source, number), startedAt - 600_000 + number * 500]
  const time = new Date(at).toISOString()
  const properties = source.startsWith('usgs')
    ? {
        ...{ mag: 3.1, magType: 'ml', place: 'Bench', time: at, updated: at + 60_000, status: 'reviewed' },
        ...{
          net: 'us',
          code: id.slice(2),
          ids: `,${id},`,
          sources: ',us,',
          types: ',origin,',
          type: 'earthquake',
          title: id,
        },
      }
    : {
        ...{
          source_id: id,
          source_catalog: 'EMSC-RTS',
          lastupdate: time,
          time,
          flynn_region: 'BENCH',
          lat,
          lon,
        },
        ...{ depth: 10, evtype: 'ke', auth: 'EMSC', mag: 3.1, magtype: 'ml', unid: id },
      }
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, lat, source.startsWith('usgs') ? 10 : -10] },
    id,
    properties,
  }
}

/** Knots of a net of half a degree over the region, each source its own way through it. */
function placeOf(source: string, number: number): readonly [number, number] {
  const start = [...source].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const knot = (start * 37 + number * 11) % 700
  return [35 + 0.5 * (knot % 25), 14 + 0.5 * Math.floor(knot / 25)]
}
