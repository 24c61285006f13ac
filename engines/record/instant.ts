/**
 * An instant in time, UTC, as the record writes it: RFC 3339 with milliseconds and `Z` (`2019-11-26T02:54:12.000Z`).
 * One spelling only, so that equal instants are equal strings and strings sort as time does (years 0000 to 9999).
 */
import type { Brand } from './brand.ts'
import { InvalidRecord } from './errors.ts'

export type Instant = Brand<string, 'instant'>

const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** From milliseconds since 1970 UTC, or from any date that states its zone. Throws `record/invalid` when it is no date. */
export function instant(value: number | string | Date): Instant {
  if (typeof value === 'string' && !/(Z|[+-]\d\d:?\d\d)$/i.test(value)) {
    throw new InvalidRecord(`"${value}" states no time zone; write it with Z or an offset such as +01:00.`)
  }
  const date = value instanceof Date ? value : new Date(value)
  const isDate = !Number.isNaN(date.getTime()) && (typeof value !== 'string' || isDayOfMonth(value))
  const text = isDate ? date.toISOString() : ''
  if (!shape.test(text))
    throw new InvalidRecord(`"${String(value)}" is not an instant between the years 0000 and 9999.`)
  return text as Instant
}

export const isInstant = (value: unknown): value is Instant =>
  typeof value === 'string' && shape.test(value) && !Number.isNaN(Date.parse(value)) && isDayOfMonth(value)

/** Dates roll over: 30 February is read as 1 or 2 March unless somebody looks. */
function isDayOfMonth(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? []
  return (
    day === undefined ||
    Number(day) <= new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate()
  )
}

/** Milliseconds since 1970 UTC. */
export const millis = (at: Instant): number => Date.parse(at)

export const plusMs = (at: Instant, ms: number): Instant => instant(millis(at) + ms)

/** Where "now" comes from. Engines take a clock and never read the machine's. */
export type Clock = { now(): Instant }
export const systemClock: Clock = { now: () => instant(Date.now()) }

/** A clock that stands where it is set: for scenarios, replays and tests. */
export class SettableClock implements Clock {
  #at: Instant

  constructor(at: Instant) {
    this.#at = at
  }

  now(): Instant {
    return this.#at
  }

  set(at: Instant): void {
    this.#at = at
  }
}
