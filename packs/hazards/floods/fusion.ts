/**
 * When tellings of floods are one flood: basin and week.
 *
 * A shared name (GDACS, GLIDE, Copernicus EMS) settles it. Else water and time:
 *
 *   place  1 where the areas touch · 1 − km / 50 between near ones · along the flow of one river, or from a tributary
 *          into the river below it, 1 − km / 500 of the rough line; the best of them. Without a shape: one country 0.45,
 *          neighbours that share a river 0.35, since nothing says where in the country it is.
 *   time   1 where the times overlap, 1 − days / 7 between them
 *
 *   score = 0.7 place + 0.3 time, and 0 when either is 0 · ≥ 0.6 one flood · 0.5 … 0.6 a person decides
 *
 * So areas that touch join within the week; places 285 km apart on one river join when their times overlap, and are asked
 * about up to 355 km; two authorities that name codes only are asked about when they share a river. Seven days and
 * touching areas are the rule of Kontur's event fusion for disaster lists; the river is ours, since the basin of a great
 * river is too wide to be one place: half of the region drains into one. A flood wave travels, so linkage is single.
 */
import type { FusionRule, Match } from '../../../engines/fuse/index.ts'
import { type Places, type RiverNet, type RiverStretch, riverNet } from '../../../engines/place/index.ts'
import type { Held } from '../../../engines/record/index.ts'
import { noticeRecord } from '../../../engines/warn/index.ts'
import { summarise } from '../event-figures.ts'
import { hazardsEvent } from '../records.ts'
import { hazardsReport } from '../report-records.ts'
import {
  agencyOf,
  type Extent,
  extentOf,
  familyOf,
  hardLinks,
  hoursApart,
  isTold,
  kmApart,
  remembering,
  revisedAt,
  shareCountry,
  type Telling,
} from '../tellings.ts'

const nearKm = 50
const flowFarKm = 500
const weekHours = 7 * 24
/** How far from a river's rough line an area still lies on it. */
export const bankKm = 15
const coarse = { country: 0.45, river: 0.35 } as const

export function floodsIn(places: Pick<Places, 'region' | 'towns'>): FusionRule<Telling> {
  const rivers = riverNet(places.region.rivers ?? [])
  const water: Water = { rivers, stretchesOf: stretchFinder(rivers) }
  return {
    name: 'hazards.flood',
    version: '1',
    reads: [hazardsReport.type, noticeRecord.type],
    writes: hazardsEvent.type,
    applies: (body) => familyOf(body) === 'flood' && isTold(body),
    revisedAt,
    hardLinks,
    agency: agencyOf,
    agencyTellsApart: false,
    windowMs: 14 * 24 * 3_600_000,
    linkage: 'single',
    match: remembering((a, b) => matchFloods(a, b, water)),
    marks: { merge: 0.6, ask: 0.5 },
    summarise: (members) => summarise(members, places),
  }
}

type Water = { readonly rivers: RiverNet; readonly stretchesOf: ReturnType<typeof stretchFinder> }

function matchFloods(a: Held<Telling>, b: Held<Telling>, water: Water): Match {
  const [one, two] = [extentOf(a), extentOf(b)]
  const hours = hoursApart(one, two)
  const time = Math.max(0, 1 - hours / weekHours)
  const where = nearness(a, b, water)
  const score = time > 0 && where.share > 0 ? 0.7 * where.share + 0.3 * time : 0
  return {
    score: decimals(score),
    reasons: [
      { name: where.name, value: where.value, unit: where.unit, weight: decimals(0.7 * where.share) },
      { name: 'time', value: decimals(hours), unit: 'h', weight: decimals(0.3 * time) },
    ],
  }
}

type Nearness = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly share: number
}

function nearness(a: Held<Telling>, b: Held<Telling>, { rivers, stretchesOf }: Water): Nearness {
  const [one, two] = [extentOf(a), extentOf(b)]
  const km = kmApart(one, two, nearKm)
  if (km === undefined) return withoutShape(one, two, rivers)
  const near = { name: 'distance', value: decimals(km), unit: 'km', share: Math.max(0, 1 - km / nearKm) }
  if (near.share === 1) return near
  const flow = rivers.flowKm(stretchesOf(a), stretchesOf(b))
  const share = flow === undefined ? 0 : Math.max(0, 1 - flow / flowFarKm)
  if (flow !== undefined && share > near.share)
    return { name: 'along the river', value: decimals(flow), unit: 'km', share }
  return Number.isFinite(km) ? near : { ...near, value: farthest }
}
/** Stands for "further than was worth measuring". */
const farthest = 99_999

function withoutShape(a: Extent, b: Extent, rivers: RiverNet): Nearness {
  if (shareCountry(a, b))
    return { name: 'same country, no shape', value: 1, unit: '1', share: coarse.country }
  const shared = a.countries.flatMap((one) => b.countries.flatMap((two) => rivers.sharedBy(one, two)))
  const count = new Set(shared).size
  return { name: 'rivers shared, no shape', value: count, unit: '1', share: count > 0 ? coarse.river : 0 }
}

/** On which rivers a telling lies, looked up once: it is compared with many. */
function stretchFinder(rivers: RiverNet) {
  const known = new WeakMap<object, readonly RiverStretch[]>()
  return ({ record }: Held<Telling>): readonly RiverStretch[] => {
    const geometry = record.place?.geometry
    if (geometry === undefined) return []
    const found = known.get(geometry) ?? rivers.stretchesIn(geometry, bankKm)
    known.set(geometry, found)
    return found
  }
}

const decimals = (value: number): number => Number((Number.isFinite(value) ? value : farthest).toFixed(4))
