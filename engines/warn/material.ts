/**
 * When a revision is worth an Update. Agencies revise an earthquake many times in its first hour; a message for each
 * would teach people to ignore them. A revision counts when any code of the message changes (severity, urgency,
 * certainty, category, response, event code, area codes), when the area moves or grows noticeably, when a figure that
 * the rule calls material leaves its tolerance, or when the end shifts. Every comparison is with what was last issued,
 * not with the last revision, so that many small steps add up to one that counts and a value that trembles does not.
 */
import { isDeepStrictEqual } from 'node:util'
import { type Instant, millis } from '../record/index.ts'
import type { ProposalBody } from './contract.ts'

export type Tolerances = {
  /** Shift of a circle's centre, as a share of its radius. */
  readonly centreShare: number
  /** Shift of one side of the box around the polygons, as a share of its diagonal. */
  readonly extentShare: number
  /** Change of a circle's radius, as a share of it. */
  readonly radiusShare: number
  /** Shift of the end, milliseconds. */
  readonly expiresMs: number
}
/** Assumed: a fifth of the radius is seen on a map of a country, an hour in a message. */
export const defaultTolerances: Tolerances = {
  centreShare: 0.2,
  extentShare: 0.2,
  radiusShare: 0.2,
  expiresMs: 3_600_000,
}

/** Names of what changed enough; empty when the issued message still says it. */
export function materialChanges(
  issued: ProposalBody,
  now: ProposalBody,
  tolerances: Tolerances = defaultTolerances,
): readonly string[] {
  const codes = ['severity', 'urgency', 'certainty', 'category', 'responseType', 'eventCode'] as const
  return [
    ...codes.filter((name) => !isDeepStrictEqual(issued[name], now[name])),
    ...(areasChanged(issued, now, tolerances) ? ['areas'] : []),
    ...(shift(issued.expires, now.expires) > tolerances.expiresMs ? ['expires'] : []),
    ...figuresChanged(issued.material ?? [], now.material ?? []),
  ]
}

type Figures = NonNullable<ProposalBody['material']>

function figuresChanged(issued: Figures, now: Figures): string[] {
  const before = new Map(issued.map((figure) => [figure.name, figure.value]))
  const gone = issued.filter(({ name }) => !now.some((figure) => figure.name === name))
  const changed = now.filter(({ name, value, tolerance = 0 }) => {
    const old = before.get(name)
    if (typeof old !== 'number' || typeof value !== 'number') return old !== value
    return Math.abs(value - old) > tolerance
  })
  return [...changed, ...gone].map(({ name }) => name)
}

type Area = ProposalBody['areas'][number]

function areasChanged(issued: ProposalBody, now: ProposalBody, tolerances: Tolerances): boolean {
  if (issued.areas.length !== now.areas.length) return true
  return now.areas.some((area, at) => {
    const old = issued.areas[at]
    if (!old || !isDeepStrictEqual(old.geocodes, area.geocodes)) return true
    if (polygonsChanged(old.polygons, area.polygons, tolerances)) return true
    return circlesChanged(old.circles, area.circles, tolerances)
  })
}

/** Compared by the box around them: a hull gains and loses corners with every small town. */
function polygonsChanged(
  issued: Area['polygons'],
  now: Area['polygons'],
  { extentShare }: Tolerances,
): boolean {
  if (issued.length !== now.length) return true
  if (now.length === 0) return false
  const [old, box] = [boxAround(issued), boxAround(now)]
  const diagonal = Math.hypot(old[2] - old[0], old[3] - old[1])
  return box.some((side, at) => Math.abs(side - (old[at] ?? side)) > extentShare * diagonal)
}

type Box = readonly [south: number, west: number, north: number, east: number]

function boxAround(polygons: Area['polygons']): Box {
  const lats = polygons.flat().map(([lat]) => lat)
  const lons = polygons.flat().map(([, lon]) => lon)
  return [Math.min(...lats), Math.min(...lons), Math.max(...lats), Math.max(...lons)]
}

function circlesChanged(issued: Area['circles'], now: Area['circles'], tolerances: Tolerances): boolean {
  if (issued.length !== now.length) return true
  return now.some((circle, at) => {
    const old = issued[at]
    if (!old) return true
    return (
      Math.abs(circle.radiusKm - old.radiusKm) > tolerances.radiusShare * old.radiusKm ||
      kmBetween(circle.center, old.center) > tolerances.centreShare * old.radiusKm
    )
  })
}

/** Flat-earth distance, good to a percent over the few hundred kilometres in question. */
function kmBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const perDegree = 111.195
  const middle = ((a[0] + b[0]) / 2) * (Math.PI / 180)
  const east = (((a[1] - b[1] + 540) % 360) - 180) * perDegree * Math.cos(middle)
  return Math.hypot((a[0] - b[0]) * perDegree, east)
}

const shift = (a: Instant, b: Instant) => Math.abs(millis(a) - millis(b))
