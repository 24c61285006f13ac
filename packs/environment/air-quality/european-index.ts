/**
 * The European Air Quality Index: the class of the worst pollutant. Particles count as the running mean of 24 hours,
 * gases by the hour; a value on a bound belongs to the better class.
 *
 * Our choice: a running mean needs 24 hours of record with at least 18 of them valid. A traffic station's index counts
 * as complete with NO₂ and a particle, a background station's with NO₂, O₃ and a particle.
 */
import { type Bands, european2020, type Pollutant, pollutants } from './bands.ts'

/** In µg/m³; absent where there is no valid value. */
export type Concentrations = Partial<Record<Pollutant, number>>
export type AirQuality = {
  /** 1 is best. */
  readonly levels: Partial<Record<Pollutant, number>>
  readonly index: number | undefined
  /** Every pollutant that is as bad as the index. */
  readonly dominant: readonly Pollutant[]
  readonly isCompleteForTraffic: boolean
  readonly isCompleteForBackground: boolean
}

export function airQualityOf(values: Concentrations, bands: Bands = european2020): AirQuality {
  const levels = byPollutant(values, (value, pollutant) => levelOf(value, bands[pollutant]))
  const found = Object.values(levels)
  const index = found.length === 0 ? undefined : Math.max(...found)
  const hasParticles = levels.PM10 !== undefined || levels['PM2.5'] !== undefined
  const isCompleteForTraffic = levels.NO2 !== undefined && hasParticles
  return {
    levels,
    index,
    dominant: pollutants.filter((pollutant) => index !== undefined && levels[pollutant] === index),
    isCompleteForTraffic,
    isCompleteForBackground: isCompleteForTraffic && levels.O3 !== undefined,
  }
}

/** Position in the bands as a number: 20 points a class, linear inside it, at most 100. */
export function continuousEuropean(value: number, bounds: readonly number[]): number {
  return Math.min(100, 20 * positionIn(value, bounds))
}

/** Hours in order, particles as running means; hours at which a mean cannot be formed have none. */
export function asAveraged(hours: readonly Concentrations[]): readonly Concentrations[] {
  const particles = ['PM2.5', 'PM10'] as const
  return hours.map((hour, at) => {
    const means = particles.flatMap((pollutant) => {
      const mean = runningMean(hours.slice(Math.max(0, at - 23), at + 1).map((one) => one[pollutant]))
      return mean === undefined ? [] : [[pollutant, mean] as const]
    })
    const gases = Object.entries(hour).filter(([name]) => name !== 'PM2.5' && name !== 'PM10')
    return Object.fromEntries([...gases, ...means])
  })
}

export function runningMean(
  window: readonly (number | undefined)[],
  { hours = 24, valid = 18 }: { readonly hours?: number; readonly valid?: number } = {},
): number | undefined {
  const given = window.filter((value) => value !== undefined)
  if (window.length < hours || given.length < valid) return undefined
  return given.reduce((sum, value) => sum + value, 0) / given.length
}

/** How many classes up, with the fraction inside the class; beyond the last bound at the slope of the last class. */
export function positionIn(value: number, bounds: readonly number[]): number {
  const passed = bounds.findIndex((bound) => value <= bound)
  const at = passed < 0 ? bounds.length - 1 : passed
  const low = bounds[at - 1] ?? 0
  const high = bounds[at] ?? low
  return at + (value - low) / (high - low)
}

export function byPollutant<T>(
  values: Concentrations,
  of: (value: number, pollutant: Pollutant) => T,
): Partial<Record<Pollutant, T>> {
  return Object.fromEntries(
    pollutants.flatMap((pollutant) => {
      const value = values[pollutant]
      return value === undefined ? [] : [[pollutant, of(value, pollutant)] as const]
    }),
  )
}

const levelOf = (value: number, bounds: readonly number[]): number =>
  1 + bounds.filter((bound) => value > bound).length
