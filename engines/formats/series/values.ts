/**
 * Times and numbers of series, as ISO 8601 and XML Schema write them. A time must say its zone, unless the source
 * declared one for all its times: a reading that is an hour off looks right and is not.
 */
import { type Instant, instant } from '../../record/index.ts'

const timeShape = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?$/i

export type TimeRead = { readonly time: Instant } | { readonly fault: 'series/not-a-time' | 'series/no-zone' }

/** `offset` (`Z`, `+01:00`) holds for times that name no zone of their own. */
export function readSeriesTime(text: string, offset?: string): TimeRead {
  const found = timeShape.exec(text.trim())
  if (found === null) return { fault: 'series/not-a-time' }
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone = offset] = found
  if (zone === undefined) return { fault: 'series/no-zone' }
  const shift = offsetMinutes(zone)
  if (shift === undefined || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 59)
    return { fault: 'series/not-a-time' }
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day))
    return { fault: 'series/not-a-time' }
  if (Number(hour) === 24 && Number(minute) + Number(second) > 0) return { fault: 'series/not-a-time' }
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'))
  date.setUTCHours(Number(hour), Number(minute) - shift, Number(second), ms)
  const isWritable = date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999
  return isWritable ? { time: instant(date.getTime()) } : { fault: 'series/not-a-time' }
}

/** A decimal number; no hexadecimal, no "Infinity", no thousands. */
export function readSeriesNumber(text: string, decimalComma = false): number | undefined {
  const trimmed = decimalComma ? text.trim().replace(',', '.') : text.trim()
  if (trimmed.length > 64 || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(trimmed)) return undefined
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : undefined
}

function offsetMinutes(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? []
  if (sign === undefined || Number(hours) > 14 || Number(minutes) > 59) return undefined
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
