/**
 * What the estimate would have said of earthquakes whose toll is known, beside that toll. Prints the table that
 * COMPARISON.md discusses:
 *
 *     npx node packs/hazards/impact/compare.ts regions/see/region.ts
 *
 * Only what an agency knew within the hour goes in: hypocentre and magnitude, no mechanism, no recorded shaking. People
 * are today's, which matters for old shocks. Deaths: Durrës 2019, 51 (EM-DAT, NOAA, BBC, Balkan Insight agree);
 * Petrinja 2020, 7 (Croatia earthquake, Rapid Damage and Needs Assessment 2020, World Bank and Government of Croatia,
 * 2021); the older ones as PAGER's catalogue EXPO-CAT states them (U.S. Geological Survey).
 */
import { pathToFileURL } from 'node:url'
import type { Places, Region } from '../../../engines/place/index.ts'
import { impactOf } from '../impact.ts'
import type { ImpactBody } from '../impact-record.ts'

export type KnownShock = {
  readonly name: string
  readonly magnitude: number
  readonly latitude: number
  readonly longitude: number
  /** Metres. */
  readonly depth: number
  readonly deaths: number
}

export const knownShocks: readonly KnownShock[] = [
  { name: 'Durrës 2019', magnitude: 6.4, latitude: 41.514, longitude: 19.526, depth: 22_000, deaths: 51 },
  { name: 'Petrinja 2020', magnitude: 6.4, latitude: 45.424, longitude: 16.257, depth: 10_000, deaths: 7 },
  { name: 'Gjilan 2002', magnitude: 5.7, latitude: 42.42, longitude: 21.533, depth: 10_000, deaths: 1 },
  { name: 'Tirana 1988', magnitude: 5.9, latitude: 41.21, longitude: 19.757, depth: 10_000, deaths: 0 },
  { name: 'Banja Luka 1981', magnitude: 5.7, latitude: 44.827, longitude: 17.361, depth: 10_000, deaths: 0 },
  { name: 'Athens 1999', magnitude: 6, latitude: 38.102, longitude: 23.626, depth: 10_000, deaths: 143 },
  { name: 'Vrancea 1977', magnitude: 7.5, latitude: 45.777, longitude: 26.704, depth: 94_000, deaths: 1581 },
  { name: 'Vrancea 1990', magnitude: 6.9, latitude: 45.852, longitude: 26.646, depth: 89_000, deaths: 13 },
]

export type Compared = KnownShock & {
  readonly impact: Omit<ImpactBody, 'event'>
  /** How many of the known deaths' range the estimate's own probabilities gave. */
  readonly probability: number
}

export const compareWithHistory = (places: Places, shocks = knownShocks): readonly Compared[] =>
  shocks.map((shock) => {
    const impact = impactOf({ ...shock, magnitudeType: 'mw' }, places)
    const range = impact.fatalities.ranges.findLast(({ from }) => shock.deaths >= from)
    return { ...shock, impact, probability: range?.probability ?? 0 }
  })

export function asTable(compared: readonly Compared[]): string {
  const rows = compared.map(({ name, magnitude, deaths, impact, probability }) => {
    const { expected, low, high } = impact.fatalities
    const vi = impact.countries.flatMap(({ exposed }) => exposed.filter(({ mmi }) => mmi >= 6))
    const people = (side: 'low' | 'high') => Math.round(vi.reduce((sum, band) => sum + band[side], 0) / 1000)
    return `| ${name} | ${magnitude} | ${deaths} | ${expected} (${low}–${high}) | ${impact.level} | ${probability.toFixed(2)} | ${impact.maxMmi.toFixed(1)} | ${people('low')}–${people('high')} |`
  })
  const head =
    '| shock | M | deaths | estimated (range) | level | probability given to the true range | largest MMI | thousands at VI and above |\n| --- | --- | --- | --- | --- | --- | --- | --- |'
  return [head, ...rows].join('\n')
}

if (import.meta.main) {
  const file = process.argv[2]
  if (file === undefined)
    throw new Error('Name the region: npx node packs/hazards/impact/compare.ts regions/see/region.ts')
  const { openPlaces } = await import('../../../engines/place/index.ts')
  const found: Readonly<Record<string, Region>> = await import(pathToFileURL(file).href)
  for (const region of Object.values(found))
    process.stdout.write(`${asTable(compareWithHistory(await openPlaces(region)))}\n`)
}
