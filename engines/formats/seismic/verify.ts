/**
 * What every reader of seismic events asks of what it read, so that no format lets in what another refuses.
 *
 * Bounds: latitude ±90, longitude ±180; depth from 10 km above the geoid (higher than any station or summit) to 1000 km
 * (the deepest known shocks are near 735 km); magnitude −3 to 11; time from the year 1000 (the earliest the European
 * historical catalogues reach) to ten minutes after the bytes came, which is more than any tolerable clock error.
 */
import { type Instant, type Issue, instant, millis } from '../../record/index.ts'
import type { RejectedSeismic, SeismicEvent, SeismicOrigin } from './event.ts'

export const seismicBounds = {
  depthM: [-10_000, 1_000_000],
  magnitude: [-3, 11],
  earliestYear: 1000,
  futureMs: 10 * 60_000,
} as const

/** Collects what is wrong with one item while it is read: an issue refuses it, a defect is only noted. */
export type Findings = { readonly place: string; readonly issues: Issue[]; readonly defects: Issue[] }
export const findingsAt = (place: string): Findings => ({ place, issues: [], defects: [] })

export function issueOf(rule: string, place: string, value: unknown, message: string): Issue {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return { rule, place, ...(text === '' ? {} : { value: text.slice(0, 200) }), message }
}

/** Adds the issues of one event that was read whole. */
export function verify(event: SeismicEvent, receivedAt: Instant, findings: Findings): void {
  verifyOrigin(event.origin, receivedAt, findings)
  if (event.magnitude !== undefined) {
    refuseOutside('magnitude', event.magnitude.mag, seismicBounds.magnitude, findings)
  }
  for (const id of [event.publicId, event.eventId, ...event.ids]) {
    if (id === '' || id.length > 255) {
      findings.issues.push(issueOf('seismic/bad-id', findings.place, id, 'An id has 1 to 255 characters.'))
    }
  }
}

export function rejectedItem(raw: string, findings: Findings): RejectedSeismic {
  return { place: findings.place, raw: new TextEncoder().encode(raw), issues: findings.issues }
}

export const sortedIds = (ids: readonly string[]): readonly string[] =>
  [...new Set(ids.map((id) => id.trim()).filter((id) => id !== ''))].sort()

function verifyOrigin(origin: SeismicOrigin, receivedAt: Instant, findings: Findings): void {
  refuseOutside('latitude', origin.latitude, [-90, 90], findings)
  refuseOutside('longitude', origin.longitude, [-180, 180], findings)
  if (origin.depth !== undefined) refuseOutside('depth', origin.depth, seismicBounds.depthM, findings)
  const at = millis(origin.time)
  if (at < Date.UTC(seismicBounds.earliestYear, 0)) {
    const message = `No seismic event is known before the year ${seismicBounds.earliestYear}.`
    findings.issues.push(issueOf('seismic/time-too-early', findings.place, origin.time, message))
  }
  if (at > millis(receivedAt) + seismicBounds.futureMs) {
    const message = `The origin time lies in the future: it came at ${receivedAt}. Check the sender's clock, and ours.`
    findings.issues.push(issueOf('seismic/time-in-future', findings.place, origin.time, message))
  }
}

function refuseOutside(
  name: string,
  value: number,
  [low, high]: readonly [number, number],
  findings: Findings,
): void {
  if (value >= low && value <= high) return
  const message = `The ${name} must lie between ${low} and ${high}.`
  findings.issues.push(issueOf(`seismic/${name}-out-of-range`, findings.place, value, message))
}

const timeShape = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?$/i

/** A time as seismic sources write it; without a zone UTC is meant (FDSN event 1.2 §2). Cut to milliseconds. */
export function readTime(text: string): Instant | undefined {
  const found = timeShape.exec(text.trim())
  if (found === null) return undefined
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone = 'Z'] = found
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'))
  date.setUTCHours(Number(hour), Number(minute), Number(second), ms)
  return instantOrNothing(date.getTime() - offsetMs(zone))
}

/** Undefined outside the years 0000 to 9999. */
export function instantOrNothing(ms: number): Instant | undefined {
  return ms >= -62_167_219_200_000 && ms <= 253_402_300_799_999 ? instant(Math.trunc(ms)) : undefined
}

function offsetMs(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0
  const sign = zone.startsWith('-') ? -1 : 1
  const digits = zone.slice(1).replace(':', '')
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000
}

/** A decimal number as text formats write it; no hexadecimal, no "Infinity", no empty text. */
export function readNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed.length > 64 || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(trimmed)) return undefined
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : undefined
}
