/**
 * NASA FIRMS, hot spots of the past 24 hours over Europe: VIIRS on Suomi NPP, NOAA-20 and NOAA-21 (375 m), MODIS on
 * Terra and Aqua (1 km). The lists that need no key; those of the area service read alike.
 * earthdata.nasa.gov/data/tools/firms/active-fire-data-attributes-modis-viirs
 *
 * Columns go by their names: VIIRS has `bright_ti4`, MODIS `brightness`; the country service puts `country_id` first,
 * the 24-hour lists leave `instrument` out. `acq_time` is HHMM in UTC and may have lost its zeros on the left. A row
 * that is off the Earth or incomplete is held; the others stay.
 */
import type { CsvRow } from '../../../../engines/formats/index.ts'
import { readCsv } from '../../../../engines/formats/index.ts'
import type { Decoded, Payload, SourceDeclaration } from '../../../../engines/ingest/index.ts'
import { cellOf } from '../../../../engines/place/index.ts'
import { type Instant, type Issue, instant, millis } from '../../../../engines/record/index.ts'
import { type FireDetection, hazardsDetection } from '../../report-records.ts'

/** H3 resolution at which the pixels of one pass are put together: cells of 36 km², edges near 3.7 km. */
export const passResolution = 6

const required = ['latitude', 'longitude', 'acq_date', 'acq_time', 'satellite', 'confidence'] as const
const mediaType = 'text/csv'

type Product = {
  readonly id: string
  readonly title: string
  readonly path: string
  readonly instrument: 'VIIRS' | 'MODIS'
}

const products: readonly Product[] = [
  {
    id: 'firms-viirs-snpp',
    title: 'FIRMS hot spots, VIIRS on Suomi NPP, past day',
    path: 'suomi-npp-viirs-c2/csv/SUOMI_VIIRS_C2_Europe_24h.csv',
    instrument: 'VIIRS',
  },
  {
    id: 'firms-viirs-noaa20',
    title: 'FIRMS hot spots, VIIRS on NOAA-20, past day',
    path: 'noaa-20-viirs-c2/csv/J1_VIIRS_C2_Europe_24h.csv',
    instrument: 'VIIRS',
  },
  {
    id: 'firms-viirs-noaa21',
    title: 'FIRMS hot spots, VIIRS on NOAA-21, past day',
    path: 'noaa-21-viirs-c2/csv/J2_VIIRS_C2_Europe_24h.csv',
    instrument: 'VIIRS',
  },
  {
    id: 'firms-modis',
    title: 'FIRMS hot spots, MODIS on Terra and Aqua, past day',
    path: 'modis-c6.1/csv/MODIS_C6_1_Europe_24h.csv',
    instrument: 'MODIS',
  },
]

export const firmsSources: readonly SourceDeclaration[] = products.map(({ id, title, path, instrument }) => ({
  id,
  title: { en: title },
  family: 'firms',
  transport: {
    kind: 'http',
    url: `https://firms.modaps.eosdis.nasa.gov/data/active_fire/${path}`,
    intervalMs: 10 * 60_000,
    timeoutMs: 60_000,
    maxBytes: 32 * 1024 * 1024,
    accept: mediaType,
  },
  attribution: {
    source: 'NASA Fire Information for Resource Management System (FIRMS)',
    licence: 'NASA Earth science data: open, with credit',
    credit: 'NASA FIRMS',
    url: 'https://www.earthdata.nasa.gov/firms',
  },
  decode: (payload) => decodeFirms(payload, instrument),
}))

export function decodeFirms({ bytes }: Pick<Payload, 'bytes'>, instrument: Product['instrument']): Decoded {
  const read = readCsv(bytes, { required })
  if (!read.ok)
    return { observations: [], rejected: [{ bytes, mediaType, issues: [read.issue] }], defects: [] }
  const spots = read.rows.map((row) => spotOf(row, instrument))
  const good = spots.filter((spot) => 'pixel' in spot)
  const bad = spots.filter((spot) => 'issues' in spot)
  const newest = good.reduce((latest, { acquired }) => Math.max(latest, millis(acquired)), 0)
  return {
    observations: [...Map.groupBy(good, keyOf)].map(([key, own]) => draftOf(key, own)),
    rejected: [...read.rejected, ...bad].map(({ raw, issues }) => ({
      bytes: new TextEncoder().encode(raw),
      mediaType,
      issues,
    })),
    defects: read.defects,
    ...(newest === 0 ? {} : { newest: instant(newest) }),
  }
}

type Pixel = FireDetection['pixels'][number]
type Spot = {
  readonly pixel: Pixel
  readonly acquired: Instant
  readonly cell: string
  readonly satellite: string
  readonly instrument: string
  readonly isDay?: boolean
  readonly latency?: string
}
type BadSpot = { readonly raw: string; readonly issues: readonly Issue[] }

const keyOf = ({ satellite, acquired, cell }: Spot): string =>
  `${satellite}:${acquired.slice(0, 16)}Z:${cell}`

function spotOf({ line, raw, cells }: CsvRow, instrument: Product['instrument']): Spot | BadSpot {
  const issues: Issue[] = []
  const number = (name: string, low: number, high: number): number => {
    const value = Number(cells[name] ?? Number.NaN)
    if (!(value >= low && value <= high)) issues.push(outside(line, name, cells[name], `${low} to ${high}`))
    return value
  }
  const latitude = number('latitude', -90, 90)
  const longitude = number('longitude', -180, 180)
  const acquired = acquiredAt(cells['acq_date'], cells['acq_time'])
  if (acquired === undefined)
    issues.push(
      outside(line, 'acq_date, acq_time', `${cells['acq_date']} ${cells['acq_time']}`, 'a day and HHMM'),
    )
  const confidence = confidenceOf(cells['confidence'])
  if (confidence === undefined)
    issues.push(outside(line, 'confidence', cells['confidence'], '0 to 100, or low, nominal, high'))
  if (cells['satellite'] === undefined) issues.push(outside(line, 'satellite', undefined, 'a satellite'))
  const measured = Object.fromEntries(
    Object.entries({
      scan: cells['scan'],
      track: cells['track'],
      frp: cells['frp'],
      brightness: cells['bright_ti4'] ?? cells['brightness'],
    }).flatMap(([name, text]) =>
      text !== undefined && Number.isFinite(Number(text)) ? [[name, Number(text)]] : [],
    ),
  )
  if (issues.length > 0 || acquired === undefined || confidence === undefined) return { raw, issues }
  const latency = /(NRT|URT|RT)$/.exec(cells['version'] ?? '')?.[1]
  return {
    pixel: { latitude, longitude, ...measured, confidence },
    acquired,
    cell: cellOf([longitude, latitude], passResolution),
    satellite: satelliteOf(cells['satellite'] ?? ''),
    instrument: cells['instrument'] ?? instrument,
    ...(cells['daynight'] === undefined ? {} : { isDay: cells['daynight'] === 'D' }),
    ...(latency === undefined ? {} : { latency }),
  }
}

/** `2020-11-02`, `112` → 01:12 UTC of that day; undefined for what is no time. */
function acquiredAt(day: string | undefined, clock: string | undefined): Instant | undefined {
  const time = /^\d{1,4}$/.test(clock ?? '') ? (clock ?? '').padStart(4, '0') : ''
  const at = Date.parse(`${day}T${time.slice(0, 2)}:${time.slice(2)}:00Z`)
  return Number.isNaN(at) || time === '' ? undefined : instant(at)
}

const letters: Readonly<Record<string, 'low' | 'nominal' | 'high'>> = {
  l: 'low',
  low: 'low',
  n: 'nominal',
  nominal: 'nominal',
  h: 'high',
  high: 'high',
}

function confidenceOf(text = ''): Pixel['confidence'] | undefined {
  const word = letters[text.toLowerCase()]
  if (word !== undefined) return word
  const value = text === '' ? Number.NaN : Number(text)
  return value >= 0 && value <= 100 ? value : undefined
}

/** The lists' codes and words; another is shown as it stands. */
const satellites: Readonly<Record<string, string>> = {
  N: 'Suomi NPP',
  N20: 'NOAA-20',
  '1': 'NOAA-20',
  N21: 'NOAA-21',
  '2': 'NOAA-21',
  T: 'Terra',
  A: 'Aqua',
}
const satelliteOf = (code: string): string => satellites[code] ?? code

function draftOf(key: string, spots: readonly Spot[]): Decoded['observations'][number] {
  const [first] = spots
  if (first === undefined) throw new Error('a group has at least one spot')
  const { acquired, cell, satellite, instrument, isDay, latency } = first
  const pixels = [
    ...new Map(spots.map(({ pixel }) => [`${pixel.latitude},${pixel.longitude}`, pixel])).values(),
  ].sort((a, b) => a.latitude - b.latitude || a.longitude - b.longitude)
  const body: FireDetection = {
    kind: 'wildfire',
    source: 'firms',
    agency: satellite,
    instrument,
    satellite,
    acquired,
    cell,
    ...(isDay === undefined ? {} : { isDay }),
    ...(latency === undefined ? {} : { latency }),
    pixels,
  }
  return {
    type: hazardsDetection.type,
    key,
    valid: { from: acquired, until: acquired },
    place: {
      geometry: {
        type: 'MultiPoint',
        coordinates: pixels.map(({ longitude, latitude }) => [longitude, latitude]),
      },
      cells: [cell],
    },
    body,
  }
}

const outside = (line: number, name: string, found: string | undefined, wanted: string): Issue => ({
  rule: 'firms/out-of-range',
  place: `line ${line}, ${name}`,
  message: `${name} is ${found === undefined ? 'empty' : JSON.stringify(found)}; ${wanted} is expected.`,
})
