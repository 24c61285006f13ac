/**
 * Readings above an agreed limit: so many hours in a row as the limit asks for, with none missing, become one exceedance
 * that grows while readings stay above and ends with the first that does not. A station's own revision shortens it or takes it
 * back.
 *
 * Readings come late and out of order, so every stretch that the reading in hand can belong to is looked at anew: the
 * unbroken row of readings above the limit around it, at most `longestHours` to either side. An exceedance whose time
 * the row touches is the same one. Limits: ours (`limits.ts`), and `environment.limit` records beside or in place of them.
 */
import type { Detection, Detector } from '../../engines/assess/index.ts'
import { type Held, type Instant, type Link, millis, plusMs } from '../../engines/record/index.ts'
import type { ReactorView } from '../../engines/store/index.ts'
import type { World } from '../pack.ts'
import { directiveLimits } from './limits.ts'
import {
  type ExceedanceBody,
  exceedanceRecord,
  type Limit,
  type LimitBody,
  limitRecord,
  type ReadingBody,
  readingRecord,
} from './records.ts'

const hourMs = 3_600_000
/** Between readings of one row: an hour, and what clocks of stations differ by. */
const gapMs = 1.5 * hourMs
const longestHours = 72
/** How many of the readings are named as what it is derived from: the first ones and the newest. */
const namedReadings = 12

type HeldReading = Held<ReadingBody>

export const exceedanceDetector: Detector<World> = {
  name: 'environment.exceedance',
  version: '1',
  reads: [readingRecord.type],
  writes: exceedanceRecord.type,
  detect: async (input, view) => {
    const reading = input as HeldReading
    const value = countedValue(reading)
    if (value === undefined && reading.record.version === 1) return []
    const limits = await limitsFor(reading, view)
    if (limits.length === 0) return []
    const earlier = await exceedancesOf(reading, view)
    if (earlier.length === 0 && limits.every((limit) => (value ?? limit.value) <= limit.value)) return []
    const around = await readingsAround(reading, view)
    return limits.flatMap((limit) => {
      const own = earlier.filter(({ record }) => record.body.limit.id === limit.id)
      const finding = { reading, limit, around, own }
      if (value === undefined) return revised(finding)
      return value > limit.value ? grown(finding) : [...ended(finding), ...revised(finding)]
    })
  },
}

/** Words of sources for a value that they do not stand by: it is kept, and neither exceeds nor ends anything. */
const notStoodBy = /^(invalid|bad|poor|erroneous|rejected|missing)$/i

function countedValue({ record: { body } }: HeldReading): number | undefined {
  return body.quality !== undefined && notStoodBy.test(body.quality) ? undefined : body.value
}

/** What holds for this series: an agreed limit of the same id stands in the place of ours, one of the series beside both. */
async function limitsFor(reading: HeldReading, view: ReactorView): Promise<readonly Limit[]> {
  const { property, series } = reading.record.body
  const agreed = (await view.read({ types: [limitRecord.type] })) as readonly Held<LimitBody>[]
  const fitting = agreed
    .filter(({ record }) => record.origin === reading.record.origin) // a peer moves no limit of ours
    .map(({ record }) => record.body)
    .filter((body) => body.limit.property === property && (body.series ?? series) === series)
  const byId = new Map(directiveLimits.filter((one) => one.property === property).map((one) => [one.id, one]))
  for (const { limit, state } of fitting) {
    if (state === 'ended') byId.delete(limit.id)
    else byId.set(limit.id, limit)
  }
  return [...byId.values()]
}

/** All readings of the series near this one, in order of time. */
async function readingsAround(reading: HeldReading, view: ReactorView): Promise<readonly HeldReading[]> {
  const { series, time } = reading.record.body
  const found = await view.read({
    types: [readingRecord.type],
    validFrom: plusMs(time, -longestHours * hourMs),
    validUntil: plusMs(time, longestHours * hourMs),
    ...(reading.record.place?.cells && { cells: reading.record.place.cells }),
  })
  return (found as readonly HeldReading[])
    .filter(({ record }) => record.body.series === series && record.origin === reading.record.origin)
    .toSorted((a, b) => (a.record.body.time < b.record.body.time ? -1 : 1))
}

async function exceedancesOf(
  reading: HeldReading,
  view: ReactorView,
): Promise<readonly Held<ExceedanceBody>[]> {
  const { series, time } = reading.record.body
  const found = (await view.read({
    types: [exceedanceRecord.type],
    validFrom: plusMs(time, -longestHours * hourMs),
    validUntil: plusMs(time, longestHours * hourMs),
    ...(reading.record.place?.cells && { cells: reading.record.place.cells }),
  })) as readonly Held<ExceedanceBody>[]
  return found.filter(
    ({ record }) => record.body.series === series && record.origin === reading.record.origin,
  )
}

type Finding = {
  readonly reading: HeldReading
  readonly limit: Limit
  readonly around: readonly HeldReading[]
  readonly own: readonly Held<ExceedanceBody>[]
}

function grown({ reading, limit, around, own }: Finding): readonly Detection<ExceedanceBody>[] {
  const row = rowAround(reading, around, limit)
  const [first, last] = [row[0], row.at(-1)]
  if (first === undefined || last === undefined || hoursOf(row) < limit.consecutiveHours) return []
  const known = own.find(({ record }) => touches(record.body, timeOf(first), timeOf(last)))
  const after = around.find((one) => timeOf(one) > timeOf(last) && countedValue(one) !== undefined)
  const isOver = after === undefined || millis(timeOf(after)) - millis(timeOf(last)) > gapMs
  return [draftOf({ row, limit, known, state: isOver ? 'over' : 'ended' })]
}

/** The first reading that is no longer above. */
function ended({ reading, limit, around, own }: Finding): readonly Detection<ExceedanceBody>[] {
  const { time } = reading.record.body
  const open = own.find(
    ({ record: { body } }) =>
      body.state === 'over' && body.until < time && millis(time) - millis(body.until) <= gapMs,
  )
  if (open === undefined) return []
  const last = around.find((one) => timeOf(one) === open.record.body.until)
  const row = last === undefined ? [] : rowAround(last, around, limit)
  return row.length === 0 ? [] : [draftOf({ row, limit, known: open, state: 'ended' })]
}

/** A value that was above is no longer: what is left of the exceedance, or nothing, which takes it back. */
function revised({ reading, limit, around, own }: Finding): readonly Detection<ExceedanceBody>[] {
  const { time } = reading.record.body
  const known = own.find(
    ({ record: { body } }) => body.state !== 'withdrawn' && body.from <= time && time <= body.until,
  )
  if (known === undefined) return []
  const { from, until } = known.record.body
  const rows = around
    .filter((one) => timeOf(one) >= from && timeOf(one) <= until)
    .map((one) => rowAround(one, around, limit))
    .filter((row) => row.every((one) => (countedValue(one) ?? limit.value) > limit.value))
  const longest = rows.reduce((a, b) => (b.length > a.length ? b : a), [])
  if (hoursOf(longest) >= limit.consecutiveHours)
    return [draftOf({ row: longest, limit, known, state: 'ended' })]
  const { key, valid, place, body } = known.record
  const links = [{ type: 'derivedFrom', id: reading.record.id, version: reading.record.version }] as const
  return [{ key, valid, ...(place && { place }), links, body: { ...body, state: 'withdrawn' } }]
}

/** The unbroken row of readings above the limit that holds this one. */
function rowAround(
  reading: HeldReading,
  around: readonly HeldReading[],
  limit: Limit,
): readonly HeldReading[] {
  const given = around.filter((one) => countedValue(one) !== undefined)
  const at = given.findIndex(({ record }) => record.id === reading.record.id)
  const isAbove = (one: HeldReading | undefined): one is HeldReading =>
    one !== undefined && (countedValue(one) ?? limit.value) > limit.value
  const isNext = (a: HeldReading, b: HeldReading): boolean => millis(timeOf(b)) - millis(timeOf(a)) <= gapMs
  let [from, to] = [at, at]
  for (let one = given[from - 1], here = given[from]; here && isAbove(one) && isNext(one, here); ) {
    from -= 1
    here = one
    one = given[from - 1]
  }
  for (let one = given[to + 1], here = given[to]; here && isAbove(one) && isNext(here, one); ) {
    to += 1
    here = one
    one = given[to + 1]
  }
  return at < 0 ? [] : given.slice(from, to + 1)
}

/** Each reading stands for the hour before it. */
function hoursOf(row: readonly HeldReading[]): number {
  const [first, last] = [row[0], row.at(-1)]
  return first && last ? Math.round((millis(timeOf(last)) - millis(timeOf(first))) / hourMs) + 1 : 0
}

const touches = (body: ExceedanceBody, from: Instant, until: Instant): boolean =>
  plusMs(body.from, -gapMs) <= until && plusMs(body.until, gapMs) >= from

type Drafting = {
  readonly row: readonly HeldReading[]
  readonly limit: Limit
  readonly known: Held<ExceedanceBody> | undefined
  readonly state: ExceedanceBody['state']
}

function draftOf({ row, limit, known, state }: Drafting): Detection<ExceedanceBody> {
  const first = row[0] as HeldReading
  const last = row.at(-1) as HeldReading
  const peak = row.reduce((a, b) => ((b.record.body.value ?? 0) > (a.record.body.value ?? 0) ? b : a))
  const { series, station, property } = first.record.body
  const { place } = last.record
  const seen = {
    from: timeOf(first),
    peak: peak.record.body.value ?? limit.value,
    peakAt: timeOf(peak),
    readings: row.length,
  }
  const figures =
    known !== undefined && isCut(row, known.record.body) ? continued(known.record.body, row, seen) : seen
  return {
    key: known?.record.key ?? `${series}:${limit.id}:${timeOf(first)}`,
    valid: { from: figures.from, until: timeOf(last) },
    ...(place && { place }),
    links: linksTo(row, peak),
    body: { series, station, property, limit, ...figures, until: timeOf(last), state },
  }
}

type Figures = Pick<ExceedanceBody, 'from' | 'peak' | 'peakAt' | 'readings'>

/** The row reaches back as far as readings are looked at, and the exceedance further. */
const isCut = (row: readonly HeldReading[], known: ExceedanceBody): boolean => {
  const [first, last] = [row[0], row.at(-1)]
  if (first === undefined || last === undefined || known.state === 'withdrawn') return false
  return (
    known.from < timeOf(first) &&
    millis(timeOf(last)) - millis(timeOf(first)) >= longestHours * hourMs - gapMs
  )
}

function continued(known: ExceedanceBody, row: readonly HeldReading[], seen: Figures): Figures {
  const more = row.filter((one) => timeOf(one) > known.until).length
  const { peak, peakAt } = known.peak >= seen.peak ? known : seen
  return { from: known.from, peak, peakAt, readings: known.readings + more }
}

function linksTo(row: readonly HeldReading[], peak: HeldReading): readonly Link[] {
  const named =
    row.length <= namedReadings ? row : [...row.slice(0, namedReadings / 2), ...row.slice(-namedReadings / 2)]
  const all = named.includes(peak) ? named : [...named, peak]
  return all.map(({ record }) => ({ type: 'derivedFrom', id: record.id, version: record.version }))
}

const timeOf = ({ record }: HeldReading): Instant => record.body.time
