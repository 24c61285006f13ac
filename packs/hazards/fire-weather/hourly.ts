/** The fine fuel moisture code by the hour (Van Wagner 1977): the daily equations with rates for one hour. */
import {
  codeOf,
  equilibria,
  exchangeRate,
  type MoistureConstant,
  moistureOf,
  wettedBy,
} from './fuel-moisture.ts'

export type HourlyWeather = {
  readonly temperatureC: number
  readonly relativeHumidityPercent: number
  readonly windKmh: number
  readonly rainMm: number
}

export function hourlyFineFuelMoistureCode(
  before: number,
  weather: HourlyWeather,
  constant: MoistureConstant,
): number {
  const { relativeHumidityPercent: humidity, windKmh, rainMm, temperatureC } = weather
  const dry = moistureOf(before, constant)
  const moisture = rainMm > 0 ? wettedBy(rainMm, dry) : dry
  const { drying, wetting } = equilibria(weather)
  const left = (percent: number): number =>
    10 ** -(exchangeRate(percent, windKmh) * 0.0579 * Math.exp(0.0365 * temperatureC))
  if (moisture > drying) return codeOf(drying + (moisture - drying) * left(humidity), constant)
  if (moisture < wetting) return codeOf(wetting - (wetting - moisture) * left(100 - humidity), constant)
  return codeOf(moisture, constant)
}
