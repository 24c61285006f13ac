/**
 * Fire weather of one station from its noon weather by day. The codes carry over from day to day, so a missing day breaks
 * the chain: it starts anew with the spring codes, and the days until `settled` say that they have not settled.
 */
import {
  type FireDanger,
  type FireWeather,
  type FireWeatherOptions,
  fireDangerOf,
  fireWeatherOf,
  springCodes,
} from './fire-weather-index.ts'
import type { NoonWeather } from './fuel-moisture.ts'

export type StationDay = Omit<NoonWeather, 'month' | 'latitude'> & {
  /** `2026-07-14`. */
  readonly date: string
}
export type FireWeatherDay = FireWeather & {
  readonly date: string
  readonly danger: FireDanger
  /** False in the first days of a chain that began with spring codes: DC takes weeks to forget them. */
  readonly isSettled: boolean
}

/** Time lag of DC, the slowest of the codes (Van Wagner 1987, table 1). */
export const settledAfterDays = 52
const dayMs = 86_400_000

export function fireWeatherOfStation(
  days: readonly StationDay[],
  latitude: number,
  options: FireWeatherOptions = {},
): readonly FireWeatherDay[] {
  const sorted = days.toSorted((a, b) => (a.date < b.date ? -1 : 1))
  let codes = options.start ?? springCodes
  let known = options.start === undefined ? 0 : settledAfterDays
  let before: string | undefined
  return sorted.map((day) => {
    if (before !== undefined && Date.parse(day.date) - Date.parse(before) !== dayMs) {
      codes = springCodes
      known = 0
    }
    before = day.date
    const today = fireWeatherOf(codes, { ...day, latitude, month: Number(day.date.slice(5, 7)) }, options)
    codes = today
    known += 1
    return { date: day.date, ...today, danger: fireDangerOf(today.fwi), isSettled: known > settledAfterDays }
  })
}
