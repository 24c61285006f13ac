/**
 * Which readings are let in: known property, unit that can be converted, a time that has come, a value that can be, an
 * instrument that moves. What fails is held whole with its reason, for a person; nothing is put right by guessing.
 *
 * A value that repeats beyond what its property allows is held from its first repetition on, because nobody can say when
 * the instrument stopped. Known limit: a run is seen only within one payload.
 */
import type { SeriesPoint, TimeSeries } from '../../engines/formats/index.ts'
import { type Instant, type Issue, millis, plusMs } from '../../engines/record/index.ts'
import { type Property, propertyNamed } from './properties.ts'
import { convert, ucumOf } from './units.ts'

/** More than any tolerable clock error. */
const futureMs = 10 * 60_000

export type Reading = {
  readonly point: SeriesPoint
  readonly received?: { readonly value: number; readonly unit: string }
  readonly value?: number
}
export type HeldPoint = { readonly point: SeriesPoint; readonly issue: Issue }
export type Judged =
  | {
      readonly kind: 'known'
      readonly property: Property
      /** UCUM. */
      readonly unitReceived: string
      readonly readings: readonly Reading[]
      readonly held: readonly HeldPoint[]
    }
  | { readonly kind: 'unknown'; readonly issue: Issue }

export function judge(series: TimeSeries, receivedAt: Instant): Judged {
  const property = propertyNamed(series.property)
  if (property === undefined)
    return unknown(
      'environment/unknown-property',
      series,
      series.property.name,
      'Nobody here knows this property; add its name to packs/environment/properties.ts.',
    )
  const unitReceived = series.unit === undefined ? undefined : ucumOf(series.unit)
  if (unitReceived === undefined)
    return unknown(
      'environment/wrong-unit',
      series,
      series.unit ?? '',
      `The unit is not known, and ${property.code} is kept in ${property.unit}.`,
    )
  const still = stillPoints(series.points, property)
  const judged = series.points.map((point) => judgePoint(point, { series, property, receivedAt, still }))
  return {
    kind: 'known',
    property,
    unitReceived,
    readings: judged.flatMap((one) => ('issue' in one ? [] : [one])),
    held: judged.flatMap((one) => ('issue' in one ? [one] : [])),
  }
}

type Context = {
  readonly series: TimeSeries
  readonly property: Property
  readonly receivedAt: Instant
  readonly still: ReadonlySet<SeriesPoint>
}

function judgePoint(
  point: SeriesPoint,
  { series, property, receivedAt, still }: Context,
): Reading | HeldPoint {
  const hold = (rule: string, value: string, message: string): HeldPoint => ({
    point,
    issue: { rule, place: point.place, value, message },
  })
  if (point.time > plusMs(receivedAt, futureMs))
    return hold(
      'environment/time-in-future',
      point.time,
      `It came at ${receivedAt}. Check the clock of the station, its zone, and ours.`,
    )
  if (point.value === undefined) return { point }
  const written = point.unit ?? series.unit ?? ''
  const { unit, gramsPerMole } = property
  const value = convert(point.value, { from: written, to: unit, ...(gramsPerMole && { gramsPerMole }) })
  if (value === undefined)
    return hold(
      'environment/wrong-unit',
      written,
      `"${written}" cannot become ${unit}, which ${property.code} is kept in.`,
    )
  const [low, high] = property.possible
  if (value < low || value > high || (value === 0 && property.isNeverZero === true))
    return hold(
      'environment/impossible-value',
      `${point.value} ${written}`,
      `${point.value} ${written} cannot be: ${property.title} lies between ${low} and ${high} ${unit}; ${property.because}.`,
    )
  if (still.has(point))
    return hold(
      'environment/flat-line',
      `${point.value} ${written}`,
      `${point.value} ${written} for too long for ${property.title}; the instrument may stand still.`,
    )
  return { point, value, received: { value: point.value, unit: ucumOf(written) ?? written } }
}

/** Points of runs of one value that are longer than the property allows, but for the first of each. */
function stillPoints(points: readonly SeriesPoint[], { flatAfter }: Property): ReadonlySet<SeriesPoint> {
  if (flatAfter === undefined) return new Set()
  const sorted = points
    .filter(({ value }) => value !== undefined)
    .toSorted((a, b) => (a.time < b.time ? -1 : 1))
  const still = new Set<SeriesPoint>()
  let run: SeriesPoint[] = []
  const close = (): void => {
    const [first, last] = [run[0], run.at(-1)]
    if (first === undefined || last === undefined || run.length < flatAfter.values) return
    if (millis(last.time) - millis(first.time) < (flatAfter.hours - 1) * 3_600_000) return
    for (const point of run.slice(1)) still.add(point)
  }
  for (const point of sorted) {
    if (run[0] !== undefined && run[0].value !== point.value) {
      close()
      run = []
    }
    run.push(point)
  }
  close()
  return still
}

const unknown = (rule: string, series: TimeSeries, value: string, message: string): Judged => ({
  kind: 'unknown',
  issue: { rule, place: `series ${series.id}`, value: value.slice(0, 200), message },
})
