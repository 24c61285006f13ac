/**
 * The air of a station at an hour, from the readings that are held: European index from hourly gases and particles as
 * running means of 24 hours, and the hourly common index beside it. Each reading stands for the hour that it ends.
 */
import { type Instant, instant, millis } from '../../../engines/record/index.ts'
import type { ReadingBody } from '../records.ts'
import { type Pollutant, pollutants } from './bands.ts'
import { type CommonIndex, commonIndexOf } from './common-index.ts'
import { type AirQuality, airQualityOf, asAveraged, type Concentrations } from './european-index.ts'

const hourMs = 3_600_000

export type StationAir = {
  readonly hour: Instant
  readonly european: AirQuality
  readonly common: CommonIndex
}

/** `hour` is the end of the hour; undefined where nothing of it was measured. */
export function stationAir(readings: readonly ReadingBody[], hour: Instant): StationAir | undefined {
  const end = Math.ceil(millis(hour) / hourMs)
  const hours = Array.from({ length: 24 }, (_, at) => concentrationsAt(readings, end - 23 + at))
  const now = hours.at(-1)
  const averaged = asAveraged(hours).at(-1)
  if (now === undefined || averaged === undefined || Object.keys({ ...now, ...averaged }).length === 0)
    return undefined
  return { hour: instant(end * hourMs), european: airQualityOf(averaged), common: commonIndexOf(now) }
}

/** The newest hour of which there is a reading. */
export function newestHour(readings: readonly ReadingBody[]): Instant | undefined {
  const times = readings.flatMap(({ time, value }) => (value === undefined ? [] : [time]))
  return times.length === 0 ? undefined : times.reduce((a, b) => (a > b ? a : b))
}

/** Of several readings of one property in an hour their mean. */
function concentrationsAt(readings: readonly ReadingBody[], hour: number): Concentrations {
  const own = readings.filter(({ time }) => Math.ceil(millis(time) / hourMs) === hour)
  return Object.fromEntries(
    pollutants.flatMap((pollutant) => {
      const values = own.flatMap(({ property, value }) =>
        isOf(property, pollutant) && value !== undefined ? [value] : [],
      )
      return values.length === 0 ? [] : [[pollutant, Math.max(0, mean(values))] as const]
    }),
  )
}

const isOf = (property: string, pollutant: Pollutant): boolean => property === pollutant
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length
