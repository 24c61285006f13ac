/**
 * Times in CAP (CAP 1.2 §3.3.2): `YYYY-MM-DDThh:mm:ss±hh:mm`, whole seconds, no letter for the zone, UTC as `-00:00`.
 * Real senders write `+00:00`, `Z` and fractions; these are read, with what is wrong about them, and never written.
 */
import { type Instant, millis } from '../../record/index.ts'

const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|z|[+-]\d\d:\d\d)?$/

export type CapTimeFault = 'fraction' | 'zulu' | 'plus-zero'
export type CapTimeRead =
  | { readonly ok: true; readonly ms: number; readonly faults: readonly CapTimeFault[] }
  | { readonly ok: false; readonly reason: 'not-a-time' | 'no-zone' }

/** One time stands in a message a dozen times and is asked for by as many rules: the newest answers are kept. */
export function readCapTime(text: string): CapTimeRead {
  const known = answers.get(text)
  if (known !== undefined) return known
  if (answers.size >= mostAnswers) answers.clear()
  const read = readTime(text)
  if (text.length <= longestKept) answers.set(text, read)
  return read
}

/** No message is from beyond; and a day before or after is still an instant that every part of a node can write. */
const earliestYear = 1000
const latestYear = 9998

const answers = new Map<string, CapTimeRead>()
const mostAnswers = 4_096
const longestKept = 40

function readTime(text: string): CapTimeRead {
  const found = shape.exec(text)
  if (found === null) return { ok: false, reason: 'not-a-time' }
  const [, year, month, day, hour, minute, second, fraction, zone] = found
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  const isReal = new Date(utc).toISOString().startsWith(`${year}-${month}-${day}T${hour}:${minute}:${second}`)
  if (!isReal || Number(year) < earliestYear || Number(year) > latestYear)
    return { ok: false, reason: 'not-a-time' }
  if (zone === undefined) return { ok: false, reason: 'no-zone' }
  const offset = offsetMinutes(zone)
  if (offset === undefined) return { ok: false, reason: 'not-a-time' }

  const faults: CapTimeFault[] = []
  if (fraction !== undefined) faults.push('fraction')
  if (/z/i.test(zone)) faults.push('zulu')
  if (zone === '+00:00') faults.push('plus-zero')
  return { ok: true, ms: utc - offset * 60_000 + Math.floor(Number(`0${fraction ?? ''}`) * 1000), faults }
}

/** Milliseconds since 1970, or undefined when the text is no time that states its zone. */
export function capMillis(text: string | undefined): number | undefined {
  const read = text === undefined ? undefined : readCapTime(text)
  return read?.ok ? read.ms : undefined
}

/**
 * The one form we write. Parts of a second are cut, never rounded up: a message must not come from the future.
 *
 *     capTime(instant('2019-11-26T02:54:12.480Z')) // '2019-11-26T02:54:12-00:00'
 *     capTime(instant('2019-11-26T02:54:12Z'), 60) // '2019-11-26T03:54:12+01:00'
 */
export function capTime(at: Instant, offsetMinutesEast = 0): string {
  const local = new Date(millis(at) + offsetMinutesEast * 60_000).toISOString().slice(0, 19)
  if (offsetMinutesEast === 0) return `${local}-00:00`
  const size = Math.abs(offsetMinutesEast)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${local}${offsetMinutesEast < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** ±14:00 at most, as xs:dateTime allows. */
function offsetMinutes(zone: string): number | undefined {
  if (/^z$/i.test(zone)) return 0
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number)
  if (minutes > 59 || hours * 60 + minutes > 840) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
