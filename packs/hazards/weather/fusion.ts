/**
 * When warnings of weather are one event: kind, code, time, across borders.
 *
 *   kind   must be the same word of the pack's list (`wind` and `rain` of one storm are two warnings, and two events)
 *   place  1 where they share an area code or their areas touch · 1 − km / 100 between near ones · without a shape: 0.45
 *          within one country, since nothing says where in it; 0 across a border
 *   time   1 where the times overlap, 1 − hours / 6 between them
 *
 *   score = 0.6 place + 0.4 time, and 0 when either is 0 · ≥ 0.6 one event · 0.5 … 0.6 a person decides
 *
 * So areas that touch, on either side of a border, are one event while the warnings follow each other within six hours,
 * and near ones up to 66 km apart; to 83 km a person is asked. Weather wanders and lasts, so linkage is single; what
 * begins more than a day later is compared through what lies between.
 */
import type { FusionRule, Match } from '../../../engines/fuse/index.ts'
import type { Held } from '../../../engines/record/index.ts'
import { noticeRecord } from '../../../engines/warn/index.ts'
import { type Located, summarise } from '../event-figures.ts'
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
  shareCode,
  shareCountry,
  type Telling,
} from '../tellings.ts'

const nearKm = 100
const pauseHours = 6
const withinCountry = 0.45

export const weatherIn = (places: Located): FusionRule<Telling> => ({
  name: 'hazards.weather',
  version: '1',
  reads: [hazardsReport.type, noticeRecord.type],
  writes: hazardsEvent.type,
  applies: (body) => familyOf(body) === 'weather' && isTold(body),
  revisedAt,
  hardLinks,
  agency: agencyOf,
  agencyTellsApart: false,
  windowMs: 24 * 3_600_000,
  linkage: 'single',
  match: remembering(matchWeather),
  marks: { merge: 0.6, ask: 0.5 },
  summarise: (members) => summarise(members, places),
})

function matchWeather(a: Held<Telling>, b: Held<Telling>): Match {
  const [one, two] = [extentOf(a), extentOf(b)]
  const hours = hoursApart(one, two)
  const time = Math.max(0, 1 - hours / pauseHours)
  if (one.kind !== two.kind || time === 0) return nothing
  const where = nearness(one, two)
  const score = where.share > 0 ? 0.6 * where.share + 0.4 * time : 0
  return {
    score: decimals(score),
    reasons: [
      { name: where.name, value: where.value, unit: where.unit, weight: decimals(0.6 * where.share) },
      { name: 'time', value: decimals(hours), unit: 'h', weight: decimals(0.4 * time) },
    ],
  }
}
const nothing: Match = { score: 0, reasons: [] }

function nearness(a: Extent, b: Extent) {
  if (shareCode(a, b)) return { name: 'same area code', value: 1, unit: '1', share: 1 }
  const km = kmApart(a, b, nearKm)
  if (km === undefined) {
    const isOne = shareCountry(a, b)
    const name = isOne ? 'same country, no shape' : 'no shape'
    return { name, value: Number(isOne), unit: '1', share: isOne ? withinCountry : 0 }
  }
  return { name: 'distance', value: decimals(km), unit: 'km', share: Math.max(0, 1 - km / nearKm) }
}

const decimals = (value: number): number => Number((Number.isFinite(value) ? value : 99_999).toFixed(4))
