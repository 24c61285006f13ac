/**
 * When tellings of any other disaster are one: drought, cyclone, volcano, tsunami, landslide, pollution, accidents.
 *
 * A shared name (GDACS, GLIDE, Copernicus EMS) settles it. Else the kind must be the same, and
 *
 *   score = 0.5 near + 0.3 time + 0.2 country, and 0 when near or time is 0 · ≥ 0.8 one event · 0.5 … 0.8 a person decides
 *
 *   near     1 − km / reach between the areas, 1 where they touch; without a shape 0.4 within one country
 *   time     1 where the times overlap, else 1 − days / pause
 *   country  1 when both name one country
 *
 * Reach and pause are by kind, below: as far as one such thing is told of differently by two systems. They are assumed,
 * on the generous side; that is why so much is asked and only what agrees in all three is joined. One system tells its
 * own events apart by their ids, so two of its reports stay two unless linked. A drought whose episodes grow is one
 * report in several versions, and so one event whose area grows.
 */
import type { FusionRule, Match } from '../../../engines/fuse/index.ts'
import type { Held } from '../../../engines/record/index.ts'
import { noticeRecord } from '../../../engines/warn/index.ts'
import { type Located, summarise } from '../event-figures.ts'
import type { HazardKind } from '../kinds.ts'
import { hazardsEvent } from '../records.ts'
import { hazardsReport } from '../report-records.ts'
import {
  agencyOf,
  extentOf,
  familyOf,
  hardLinks,
  hoursApart,
  isNotice,
  isTold,
  kmApart,
  remembering,
  revisedAt,
  shareCountry,
  type Telling,
} from '../tellings.ts'

type Bounds = { readonly reachKm: number; readonly pauseDays: number }

const bounds: Partial<Readonly<Record<HazardKind, Bounds>>> = {
  tsunami: { reachKm: 500, pauseDays: 1 },
  volcano: { reachKm: 30, pauseDays: 30 },
  landslide: { reachKm: 10, pauseDays: 3 },
  drought: { reachKm: 200, pauseDays: 60 },
  cyclone: { reachKm: 300, pauseDays: 3 },
  'air-pollution': { reachKm: 100, pauseDays: 3 },
  'water-pollution': { reachKm: 100, pauseDays: 7 },
  'industrial-accident': { reachKm: 10, pauseDays: 2 },
  radiation: { reachKm: 50, pauseDays: 2 },
}
const otherwise: Bounds = { reachKm: 10, pauseDays: 1 }
const withinCountry = 0.4

export const disastersIn = (places: Located): FusionRule<Telling> => ({
  name: 'hazards.disaster',
  version: '1',
  reads: [hazardsReport.type, noticeRecord.type],
  writes: hazardsEvent.type,
  applies: (body) => familyOf(body) === 'disaster' && isTold(body),
  revisedAt,
  hardLinks: (body) => (isNotice(body) ? [`notices:${body.group}`] : hardLinks(body)),
  agency: agencyOf,
  windowMs: 60 * 24 * 3_600_000,
  match: remembering(matchDisasters),
  marks: { merge: 0.8, ask: 0.5 },
  summarise: (members) => summarise(members, places),
})

function matchDisasters(a: Held<Telling>, b: Held<Telling>): Match {
  const [one, two] = [extentOf(a), extentOf(b)]
  if (one.kind !== two.kind) return { score: 0, reasons: [] }
  const { reachKm, pauseDays } = bounds[one.kind] ?? otherwise
  const hours = hoursApart(one, two)
  const time = Math.max(0, 1 - hours / 24 / pauseDays)
  const isOneCountry = shareCountry(one, two)
  const km = kmApart(one, two, reachKm)
  const near = nearOf(km, reachKm, isOneCountry)
  const score = near > 0 && time > 0 ? 0.5 * near + 0.3 * time + (isOneCountry ? 0.2 : 0) : 0
  return {
    score: decimals(score),
    reasons: [
      km === undefined
        ? { name: 'no shape', value: Number(isOneCountry), unit: '1', weight: decimals(0.5 * near) }
        : { name: 'distance', value: decimals(km), unit: 'km', weight: decimals(0.5 * near) },
      { name: 'time', value: decimals(hours), unit: 'h', weight: decimals(0.3 * time) },
      { name: 'same country', value: Number(isOneCountry), unit: '1', weight: isOneCountry ? 0.2 : 0 },
    ],
  }
}

function nearOf(km: number | undefined, reachKm: number, isOneCountry: boolean): number {
  if (km !== undefined) return Math.max(0, 1 - km / reachKm)
  return isOneCountry ? withinCountry : 0
}

const decimals = (value: number): number => Number((Number.isFinite(value) ? value : 99_999).toFixed(4))
