/**
 * What is told of a hazard other than shaking and hot spots, whoever tells it: a system's report (`hazards.report`) or a
 * warning of another authority (`warn.notice`). Here both are read as one thing, a *telling*: which kind, by whom, when,
 * where, how grave. Every fusion rule but those of earthquakes and fires compares tellings.
 *
 * Which rule a telling belongs to follows from its kind alone, so that no two rules make an event of one telling:
 *   flood                                                           floods
 *   wind, rain, thunderstorm, snow, fog, heat, cold, coast, avalanche, storm; warnings of forest fire (danger of it)   weather
 *   report of a wildfire                                            fires, together with hot spots
 *   every other kind                                                disasters
 *   earthquake                                                      none: shocks are told in `hazards.observation`
 *
 * A notice counts while it stands and after it was ended, as long as it warned of something: an all-clear alone is no
 * telling, and one that goes on under another key is told there. A cancelled warning was given all the same, so it stays
 * in the event, as ended; a report that its system took back leaves it.
 */

import type { Match } from '../../engines/fuse/index.ts'
import {
  boundsOf,
  cornersOf,
  distanceKm,
  type LonLat,
  prepareShape,
  type Shape,
  shapesTouch,
} from '../../engines/place/index.ts'
import { type Held, millis } from '../../engines/record/index.ts'
import type { NoticeBody } from '../../engines/warn/index.ts'
import type { HazardKind } from './kinds.ts'
import { inEnglish, kindOfNotice } from './notice-kind.ts'
import type { HazardReport } from './report-records.ts'

export type Telling = HazardReport | NoticeBody
export type Family = 'flood' | 'weather' | 'fire' | 'disaster' | 'none'

export const isNotice = (body: Telling): body is NoticeBody => 'authority' in body
export const kindOf = (body: Telling): HazardKind => (isNotice(body) ? kindOfNotice(body) : body.kind)

const weatherKinds: ReadonlySet<HazardKind> = new Set<HazardKind>([
  'storm',
  'wind',
  'thunderstorm',
  'rain',
  'snow-ice',
  'fog',
  'heat',
  'cold',
  'coastal',
  'avalanche',
])

export function familyOf(body: Telling): Family {
  const kind = kindOf(body)
  if (kind === 'earthquake') return 'none'
  if (kind === 'flood') return 'flood'
  if (kind === 'wildfire') return isNotice(body) ? 'weather' : 'fire'
  return weatherKinds.has(kind) ? 'weather' : 'disaster'
}

/** It tells of a hazard, and is not taken back or told elsewhere. */
export function isTold(body: Telling): boolean {
  if (!isNotice(body)) return body.status !== 'withdrawn'
  return body.goesOnAs === undefined && body.messages.some(({ role }) => warnings.has(role))
}
const warnings: ReadonlySet<NoticeBody['messages'][number]['role']> = new Set(['first', 'update', 're-issue'])

/**
 * Of two versions of a notice the one that knows the later message is the newer, then the one that says where it goes on,
 * then the one that knows more messages, then the one in whose place fewer codes lack a shape. In seconds, as CAP tells
 * time, so that what follows the point is exact enough to order by.
 */
export function revisedAt(body: Telling): number {
  if (!isNotice(body)) return millis(body.updated)
  const known = body.goesOnAs === undefined ? Math.min(body.messages.length, 90_000) : 95_000
  const lacking = Math.min(body.areaFallback?.length ?? 0, 9)
  return Math.floor(saidAt(body) / 1000) + (known * 10 + 9 - lacking) / 1_000_000
}

/** When it was last said. */
export const saidAt = (body: Telling): number =>
  isNotice(body)
    ? Math.max(...body.messages.map(({ triple }) => millis(triple.sent)), 0)
    : millis(body.updated)

/** Names that a report gives its event; notices of others name none. */
export const hardLinks = (body: Telling): readonly string[] => (isNotice(body) ? [] : body.ids)
export const agencyOf = (body: Telling): string => (isNotice(body) ? body.authority.id : body.agency)

/** As people know it. */
export const agencyName = (body: Telling): string =>
  isNotice(body) ? (inEnglish(body.authority.names) ?? body.authority.id) : body.agency

export const countriesOf = (body: Telling): readonly string[] =>
  isNotice(body) ? (body.authority.country === undefined ? [] : [body.authority.country]) : body.countries

/** Where and when, prepared once for each body: one telling is compared with many. */
export type Extent = {
  readonly kind: HazardKind
  readonly fromMs: number
  readonly untilMs: number
  readonly countries: readonly string[]
  readonly codes: readonly string[]
  /** Absent: it names codes or a country only. */
  readonly shape?: Shape
  readonly corners: readonly LonLat[]
}
const extents = new WeakMap<object, Extent>()

/** A version never changes: what two of them are to each other is found once, however often they are regrouped. */
export function remembering(match: (a: Held<Telling>, b: Held<Telling>) => Match): typeof match {
  const known = new Map<string, Match>()
  return (a, b) => {
    const pair = `${a.record.id}@${a.record.version}|${b.record.id}@${b.record.version}`
    const found = known.get(pair)
    if (found !== undefined) return found
    if (known.size >= mostRemembered) known.clear()
    const made = match(a, b)
    known.set(pair, made)
    return made
  }
}
const mostRemembered = 100_000

export function extentOf({ record }: Held<Telling>): Extent {
  const known = extents.get(record.body)
  if (known !== undefined) return known
  const geometry = record.place?.geometry
  const fromMs = millis(record.valid.from)
  const extent: Extent = {
    kind: kindOf(record.body),
    fromMs,
    untilMs: Math.max(fromMs, record.valid.until === undefined ? fromMs : millis(record.valid.until)),
    countries: countriesOf(record.body),
    codes: (record.place?.areas ?? []).map(({ scheme, code }) => `${scheme}:${code}`),
    ...(geometry === undefined ? {} : { shape: prepareShape(geometry) }),
    corners: geometry === undefined ? [] : cornersOf(geometry),
  }
  extents.set(record.body, extent)
  return extent
}

/** Hours between the end of the one and the begin of the other; 0 when they overlap. */
export const hoursApart = (a: Extent, b: Extent): number =>
  Math.max(0, a.fromMs - b.untilMs, b.fromMs - a.untilMs) / 3_600_000

/** Between the nearest corners, 0 for what touches; beyond `farKm` it is enough to know that it is far. */
export function kmApart(a: Extent, b: Extent, farKm: number): number | undefined {
  if (a.shape === undefined || b.shape === undefined) return undefined
  const [one, two] = [boundsOf(a.shape), boundsOf(b.shape)]
  const degrees = farKm / 55 // a degree of longitude is 55 km at 60° north: never too narrow south of it
  const isFar =
    one[0] - degrees > two[2] ||
    two[0] - degrees > one[2] ||
    one[1] - degrees > two[3] ||
    two[1] - degrees > one[3]
  if (isFar) return Number.POSITIVE_INFINITY
  if (shapesTouch(a.shape, b.shape)) return 0
  return nearestKm(a.corners, b.corners)
}

/** The nearest pair on the plane at their latitude, which orders distances well at these sizes; then on the sphere. */
function nearestKm(some: readonly LonLat[], others: readonly LonLat[]): number {
  const [first] = some
  const [second] = others
  if (first === undefined || second === undefined) return Number.POSITIVE_INFINITY
  const wide = Math.cos((first[1] * Math.PI) / 180)
  let least = Number.POSITIVE_INFINITY
  let nearest: readonly [LonLat, LonLat] = [first, second]
  for (const from of some)
    for (const to of others) {
      const x = (from[0] - to[0]) * wide
      const y = from[1] - to[1]
      const square = x * x + y * y
      if (square >= least) continue
      least = square
      nearest = [from, to]
    }
  return distanceKm(...nearest)
}

export const shareCountry = (a: Extent, b: Extent): boolean =>
  a.countries.some((code) => b.countries.includes(code))
export const shareCode = (a: Extent, b: Extent): boolean => a.codes.some((code) => b.codes.includes(code))
