/**
 * The kinds of hazard that this pack tells apart, and how others name them: the two letters of GLIDE (glidenumber.net,
 * used by GDACS too), the number in Meteoalarm's `awareness_type`, the category of CAP 1.2 (§3.2.2). A kind that a
 * list does not have has no word there.
 */
import type { CapCategory } from '../../engines/formats/index.ts'

export const hazardKinds = [
  'earthquake',
  'tsunami',
  'volcano',
  'landslide',
  'avalanche',
  'flood',
  'storm',
  'wind',
  'thunderstorm',
  'rain',
  'snow-ice',
  'fog',
  'heat',
  'cold',
  'coastal',
  'wildfire',
  'drought',
  'cyclone',
  'air-pollution',
  'water-pollution',
  'industrial-accident',
  'radiation',
  'other',
] as const
export type HazardKind = (typeof hazardKinds)[number]

export type KindWords = {
  readonly category: CapCategory
  readonly glide?: readonly string[]
  readonly awarenessType?: readonly number[]
}

export const kindWords: Readonly<Record<HazardKind, KindWords>> = {
  earthquake: { category: 'Geo', glide: ['EQ'] },
  tsunami: { category: 'Geo', glide: ['TS'] },
  volcano: { category: 'Geo', glide: ['VO'] },
  landslide: { category: 'Geo', glide: ['LS', 'MS'] },
  avalanche: { category: 'Geo', glide: ['AV'], awarenessType: [9] },
  flood: { category: 'Met', glide: ['FL', 'FF'], awarenessType: [12, 13] },
  storm: { category: 'Met', glide: ['ST', 'VW'] },
  wind: { category: 'Met', awarenessType: [1] },
  thunderstorm: { category: 'Met', awarenessType: [3] },
  rain: { category: 'Met', awarenessType: [10] },
  'snow-ice': { category: 'Met', glide: ['SS'], awarenessType: [2] },
  fog: { category: 'Met', awarenessType: [4] },
  heat: { category: 'Met', glide: ['HT'], awarenessType: [5] },
  cold: { category: 'Met', glide: ['CW'], awarenessType: [6] },
  coastal: { category: 'Met', glide: ['SU'], awarenessType: [7] },
  wildfire: { category: 'Fire', glide: ['WF', 'FR'], awarenessType: [8] },
  drought: { category: 'Met', glide: ['DR'] },
  cyclone: { category: 'Met', glide: ['TC', 'EC'] },
  'air-pollution': { category: 'Env' },
  'water-pollution': { category: 'Env' },
  'industrial-accident': { category: 'CBRNE', glide: ['AC'] },
  radiation: { category: 'CBRNE' },
  other: { category: 'Other', glide: ['OT'] },
}

export const kindOfGlide = (code: string): HazardKind =>
  hazardKinds.find((kind) => kindWords[kind].glide?.includes(code.toUpperCase())) ?? 'other'

export const kindOfAwareness = (number: number): HazardKind =>
  hazardKinds.find((kind) => kindWords[kind].awarenessType?.includes(number)) ?? 'other'
